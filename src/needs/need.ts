/**
 * What a program needs at run time that no DT_NEEDED shows: the shape that every detector in this
 * room gives, one file per need.
 */
import type { DlopenCall } from '../closure/walk.js';
import type { ProgramFacts } from './program-facts.js';

/** How much the evidence is worth: only what is `sure` goes into images unasked. */
export type Confidence = 'sure' | 'likely' | 'possible';

/** A need, with the evidence for it and the files of the root that satisfy it. */
export interface RuntimeNeed {
  /** The name for `--with` and `--without`: `nss`, `certs`, `tz`, `gconv`, ... */
  readonly kind: string;
  /** The program that needs it, as it is named in the trace. */
  readonly program: string;
  /** The evidence in one line: which object imports which symbol, or which note says so. */
  readonly because: string;
  readonly confidence: Confidence;
  /** Absolute paths in the root, each a file or a directory, which counts with all below it. */
  readonly files: readonly string[];
  /** Names in those directories that nobody asks for. */
  readonly except: readonly string[];
  /** What the program opens with dlopen(), with its own needs to be resolved as the loader does. */
  readonly opens: readonly DlopenCall[];
  /** Programs that it starts, traced like those that the user names. */
  readonly starts: readonly string[];
  /** Directories that must be there, with their mode; they may be empty. */
  readonly directories: readonly { readonly path: string; readonly mode: number }[];
  /** Text of small files to make, by path. */
  readonly generated: Readonly<Record<string, string>>;
  /** Its files are found from the program's own directory, so the program has to keep that. */
  readonly isBesideProgram?: boolean;
}

/** What a detector finds; absent lists are empty, and without a confidence it is sure. */
export type FoundNeed = Pick<RuntimeNeed, 'because'> &
  Partial<Omit<RuntimeNeed, 'kind' | 'program'>>;

/** One kind of need. */
export interface NeedDetector {
  readonly kind: string;
  /** What is missing without it, for the help text and the documentation: a few words. */
  readonly summary: string;
  /** The need of one program; undefined when nothing speaks for it. */
  detect(context: ProgramFacts): FoundNeed | undefined;
}
