/**
 * What loaders and the walk tell about a root or a program beside the result: codes with fields, and their
 * words. What stops a program is a finding of the checks.
 */
import type { SecureCause } from './process-rights.js';

/** A name that is searched for, and the path that is to be opened for it. */
export interface NamedLibrary {
  readonly name: string;
  readonly path: string;
}

/**
 * A fact about the root or the program that is worth telling, but stops nothing. `code` tells what it
 * is, the fields beside it of what, `message` and `hint` say it in words.
 */
export type Diagnostic = { readonly message: string; readonly hint?: string } & (
  | {
      /** Only a cache leads to the library, and the root has no cache, or one without this library. */
      readonly code: 'CACHE_MISSING' | 'CACHE_STALE';
      /** The name that was searched for. */
      readonly name: string;
      /** The file that a new cache would lead to. */
      readonly path: string;
    }
  | {
      /** The loader does not replace $ORIGIN in a list of directories of the program at `path`. */
      readonly code: 'ORIGIN_IGNORED';
      readonly path: string;
    }
  | {
      /** The program at `path` runs in secure-execution mode for the user who starts it. */
      readonly code: 'SECURE_EXECUTION';
      readonly path: string;
      readonly because: SecureCause;
      /** What the loader ignores therefore: names of variables, elements of search paths. */
      readonly ignored: readonly string[];
      /** Needed names that are missing, and the files that it would find otherwise. */
      readonly lost: readonly NamedLibrary[];
    }
  | {
      /** A preload that the loader passes over; `path` is as it was asked for. */
      readonly code: 'PRELOAD_IGNORED';
      readonly path: string;
    }
  | {
      /** Calls of dlopen() for a kind of need would fail. */
      readonly code: 'OPEN_FAILS';
      readonly need: string;
      readonly path?: undefined;
    }
  | {
      /** env finds no program of this name in PATH. */
      readonly code: 'SCRIPT_PROGRAM_MISSING';
      readonly name: string;
      readonly path?: undefined;
    }
  | {
      /** The env of a script does not know the option `name` of its first line. */
      readonly code: 'SCRIPT_OPTION_REFUSED';
      readonly name: string;
      readonly path?: undefined;
    }
);
