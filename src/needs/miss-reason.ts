/**
 * What the answer to "why is this library missing" is made from, and what it is; why-missing.ts finds it.
 */
import type { Closure } from '../closure/closure.js';
import type { RootFiles } from '../files/root-files.js';

/** Where a library was searched for. */
export interface MissContext {
  readonly closure: Closure;
  readonly files: RootFiles;
  /** The working directory of the trace, in the root. */
  readonly cwd: string;
}

/** A reason in words: why, and what to do. */
export interface Reason {
  readonly cause: string;
  readonly remedy: string;
}

/** A reason, and the code of the finding that states it. */
export interface MissReason extends Reason {
  readonly code: 'LIBRARY_WRONG_TARGET' | 'HOST_PROVIDED' | 'LIBRARY_NOT_FOUND';
}
