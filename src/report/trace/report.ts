/**
 * What a report is: a pure function from closures to text. One format per file; nothing here reads
 * a file or knows a terminal.
 */
import type { Closure } from '../../closure/closure.js';
import type { ElfdepsError } from '../../errors.js';
import type { RuntimeNeed } from '../../needs/need.js';

/** What a report is made of. */
export interface ReportInput {
  /** The name of the root, for the reader. */
  readonly root: string;
  readonly closures: readonly Closure[];
  /** Programs that could not be read. */
  readonly errors: readonly ElfdepsError[];
  /** How the user named a program, by its path; the path itself where there is no entry. */
  readonly names: ReadonlyMap<string, string>;
  /** Tell all attempts, not only those of what is missing. */
  readonly verbose: boolean;
  /** Tell nothing but the answer: no notes. */
  readonly quiet?: boolean;
  /** What the loader says before it lists, by the program's path; for formats that want it. */
  readonly loaderMessages?: ReadonlyMap<string, readonly string[]>;
  /** What programs need at run time, where somebody looked; by the program's path. */
  readonly needs?: ReadonlyMap<string, readonly RuntimeNeed[]>;
  /** The paths of the root that serve a need, for formats that list them. */
  readonly filesOf?: (need: RuntimeNeed) => readonly string[];
  /** Terminal colours. */
  readonly color: boolean;
}

/** One way to write down a trace. */
export interface Report {
  readonly name: string;
  /** One line for the help text. */
  readonly summary: string;
  /** Whether `loaderMessages` shall be there, which takes a look at the versions of symbols. */
  readonly wantsLoaderMessages?: boolean;
  /** The whole text, with a newline at the end unless it is empty. */
  format(input: ReportInput): string;
  /** Whether it tells needs at run time: always, or with --verbose. */
  readonly needs?: 'always' | 'verbose';
  /** What the format has no place for: one line each, for standard error. */
  notes?(input: ReportInput): readonly string[];
}

/** Levels of a tree that are drawn. Real programs have some ten; deeper text is mostly indentation. */
export const MAX_LEVELS = 100;

/** How the user named the program of a closure. */
export function nameOf(input: ReportInput, closure: Closure): string {
  return input.names.get(closure.program.path) ?? closure.program.path;
}
