/**
 * What a user should know about a plan: a choice that was made, a thing that was left out. Notes are
 * data here; src/report/notes.ts words them.
 */
import type { FailingDlopens } from '../closure/failing-dlopens.js';
import type { PlanProblem } from './plan-problem.js';

/** What a note about one path says. */
export type PathNoteCode =
  /** COPY cannot make this file, and the stage has none. */
  | 'FILE_NOT_MADE'
  /** A variant of a library for newer CPUs stays behind. */
  | 'VARIANT_LEFT_OUT'
  /** A variant of a library for newer CPUs, and there is none for others. */
  | 'BASELINE_MISSING'
  /** The commands of a script are unknown. */
  | 'SCRIPT'
  /** COPY may lose its file capabilities. */
  | 'CAPABILITY_AT_RISK'
  /** The cache of the root, for programs that ignore LD_LIBRARY_PATH. */
  | 'CACHE_COPIED';

/** A note about one path. */
export interface PathNote {
  readonly code: PathNoteCode;
  readonly path: string;
}

/** What a note about several paths says. */
export type PathsNoteCode =
  /** Empty directories, which COPY cannot make. */
  | 'DIRECTORIES_NOT_MADE'
  /** One file under several names, which COPY stores once for each. */
  | 'STORED_AGAIN'
  /** The base image has the same files. */
  | 'BASE_HAS'
  /** The base image has other builds of these, and they do. */
  | 'BASE_BUILDS_USED'
  /** Nothing loads these on the base image. */
  | 'NOT_USED_ON_BASE'
  /** These replace other builds of the base image. */
  | 'BASE_REPLACED'
  /** These may hold secrets, so they are added only if the user names them. */
  | 'SECRET_LEFT_OUT'
  /** The same for those that only stand in a directory that was added. */
  | 'SECRET_INSIDE'
  /** Configuration names these directories of data, which only the user knows to belong to the image. */
  | 'DATA_LEFT_OUT'
  /** The user leaves these out: names of libraries. */
  | 'EXCLUDED';

/** A note about several paths. */
export interface PathsNote {
  readonly code: PathsNoteCode;
  readonly paths: readonly string[];
}

/** What a note about a variable says. */
export type VariableNoteCode =
  /** The image does without it. */
  | 'VARIABLE_LEFT_OUT'
  /** The user's value, kept in the image. */
  | 'VARIABLE_KEPT'
  /** Made for the image, which has no cache that knows the libraries. */
  | 'VARIABLE_MADE';

/** A note about a variable of the environment. */
export interface VariableNote {
  readonly code: VariableNoteCode;
  readonly name: 'LD_LIBRARY_PATH' | 'LD_PRELOAD' | 'LD_AUDIT';
  readonly value: string;
}

/** Anything that a plan notes. */
export type ImageNote =
  | PathNote
  | PathsNote
  | VariableNote
  /** A program finds libraries beside itself, so it stands where its file really is. */
  | { readonly code: 'PROGRAM_MOVED'; readonly path: string; readonly place: string }
  /** A configuration file that is made so that a library is found. */
  | { readonly code: 'CONFIGURATION_MADE'; readonly path: string; readonly library: string }
  | ({ readonly code: 'DLOPEN_FAILS' } & FailingDlopens)
  /** The user allowed that a program does not run; `onBase` when only on the base image. */
  | { readonly code: 'PROBLEM'; readonly problem: PlanProblem; readonly onBase?: boolean };
