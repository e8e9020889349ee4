/**
 * What a report is: a pure function from closures to text, one format per file. Nothing here reads
 * files or knows a terminal.
 */
import type { CheckedClosure } from '../../check/check-closure.js';
import type { LoaderMessages } from '../../check/symbols/symbol-versions.js';
import type { Closure, Library } from '../../closure/closure.js';
import type { ElfdepsError } from '../../errors.js';
import type { Alike } from '../../needs/miss-reason.js';
import type { RuntimeNeed } from '../../needs/need.js';
import { count } from '../style.js';

/** Orders of a table. */
export type ReportOrder = 'load' | 'size' | 'name';

/** Why a program does not find a needed name, and what helps; one sentence each, without a full stop. */
export type ReasonOf = (
  closure: Closure,
  library: Library,
) => {
  readonly cause: string;
  readonly remedy: string;
  /**
   * What other names may have in common with it.
   * @internal
   */
  readonly alike?: Alike;
};

/** Why the kernel does not start a program. */
export interface StartReason {
  readonly cause: string;
  readonly remedy: string;
  /** Whether missing libraries have the same cause and remedy. */
  readonly explainsLibraries: boolean;
}

/** The input of a report. */
export interface ReportInput {
  /** The root, as the user named it. */
  readonly root: string;
  readonly closures: readonly Closure[];
  /** Programs that could not be read. */
  readonly errors: readonly ElfdepsError[];
  /** How the user named a program, by its path. A program without an entry is named by its path. */
  readonly names: ReadonlyMap<string, string>;
  /** Show every attempt, not only those for missing libraries. */
  readonly verbose: boolean;
  /** Leave out notes. */
  readonly quiet?: boolean;
  /** What the loader prints before its list, by the program's path; for formats that want it. */
  readonly loaderMessages?: ReadonlyMap<string, LoaderMessages>;
  /** Run-time needs by the program's path; undefined if they were not looked for. */
  readonly needs?: ReadonlyMap<string, readonly RuntimeNeed[]>;
  /** The paths in the root that satisfy a need, for formats that list them. */
  readonly filesOf?: (need: RuntimeNeed) => readonly string[];
  /** End each path of a list with a NUL instead of a line break. */
  readonly isNullSeparated?: boolean;
  /** Show only what is at most so many needs away from a program; undefined for all. */
  readonly depth?: number;
  /** Draw needs that other needs imply too. */
  readonly hasAllEdges?: boolean;
  /** What the checks say, by the program's path; for formats that want it. */
  readonly checked?: ReadonlyMap<string, CheckedClosure>;
  /** The package that the file at a path without links belongs to; undefined where no database tells. */
  readonly packageOf?: (path: string) => string | undefined;
  /** Terminal colours. */
  readonly color: boolean;
  /** Columns of the terminal that the report goes to; undefined where it goes into a file or a pipe. */
  readonly columns?: number;
  /** Show all: on a terminal, long tables are cut without it. */
  readonly all?: boolean;
  /** The order of tables; load order without it. */
  readonly sort?: ReportOrder;
  /** Whether every program of this kind has a library: the C library and its loader. None is without it. */
  readonly isUsual?: (closure: Closure, library: Library) => boolean;
  /** The oldest glibc that a program runs with, such as `2.34`; undefined where none is needed. */
  readonly minimumGlibc?: (closure: Closure) => string | undefined;
  /** Why a needed name is not found, and what helps: the answer that `check` gives. Not told without it. */
  readonly reasonOf?: ReasonOf;
  /** Why a program is not started whose interpreter is missing; likewise. */
  readonly startReasonOf?: (closure: Closure) => StartReason | undefined;
  /** The options that another command needs for the same answer; without them none is proposed. */
  readonly options?: readonly string[];
}

/** A format of `elfdeps FILE`. */
export interface Report {
  readonly name: string;
  /** One line for the help text. */
  readonly summary: string;
  /** Whether the format uses `loaderMessages`. They cost a look at symbol versions. */
  readonly wantsLoaderMessages?: boolean;
  /** Whether the exit code is 1 where the loader itself ends or dies, as that of ldd is. */
  readonly failsWithLoader?: boolean;
  /** Which of the options that only some formats have it has; with others it is refused. */
  readonly options?: readonly ('null' | 'depth' | 'allEdges' | 'sort' | 'all')[];
  /** Whether the format uses `checked` and `packageOf`. They cost a whole `check`. */
  readonly wantsChecks?: boolean;
  /** The whole text, with a newline at the end unless it is empty. */
  format(input: ReportInput): string;
  /** When it shows run-time needs: always, with --needs, or with --verbose too. Undefined: never. */
  readonly needs?: 'always' | 'asked' | 'verbose';
  /** Facts that the format cannot show, one line each, for standard error. */
  notes?(input: ReportInput): readonly string[];
}

/** The deepest level of a tree that is drawn. Real programs have about ten. */
export const MAX_LEVELS = 100;

/** Whether the user named the program; scripts start others. */
export function isNamed({ names }: Pick<ReportInput, 'names'>, { program }: Closure): boolean {
  return names.size === 0 || names.has(program.path);
}

/** `2 programs`, or `2 programs and 1 that they start`. */
export function programCount(
  closures: readonly Closure[],
  input: Pick<ReportInput, 'names'>,
): string {
  const named = closures.filter((closure) => isNamed(input, closure)).length;
  const others = closures.length - named;
  const start = named === 1 ? 'it starts' : 'they start';
  return `${count(named, 'program')}${others === 0 ? '' : ` and ${others} that ${start}`}`;
}

/** The program of a closure, as the user named it. */
export function nameOf(input: ReportInput, closure: Closure): string {
  return input.names.get(closure.program.path) ?? closure.program.path;
}
