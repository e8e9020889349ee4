/**
 * What a format of `elfdeps check` is: the checked programs into text.
 */
import type { CheckedClosure } from '../../check/check-closure.js';
import type { MinimumVersions } from '../../check/symbols/minimum-versions.js';
import type { Closure } from '../../closure/closure.js';
import type { ElfdepsError } from '../../errors.js';

/** What a report of a check is made of. */
export interface CheckReportInput {
  /** The name of the root, for the reader. */
  readonly root: string;
  readonly programs: readonly CheckedClosure[];
  /** Programs that could not be read. */
  readonly errors: readonly ElfdepsError[];
  /** How the user named a program, by its path; the path itself where there is no entry. */
  readonly names: ReadonlyMap<string, string>;
  /** Whether absolute names are paths of this machine; without it, where the root is its `/`. */
  readonly namesOfHost?: boolean;
  /** The version of elfdeps, for formats that name their tool. */
  readonly version: string;
  readonly color: boolean;
  /** Columns of the terminal that the report goes to; undefined where it goes into a file or a pipe. */
  readonly columns?: number;
  /** Show all: on a terminal, long lists are cut without it. */
  readonly all?: boolean;
  /** Show every finding about each of several programs. */
  readonly verbose?: boolean;
  /** What a program asks of the system under it; undefined where its tables are damaged. */
  readonly minimumOf?: (closure: Closure) => MinimumVersions | undefined;
}

/** One way to write down what a check found. */
export interface CheckReport {
  readonly name: string;
  /** One line for the help text. */
  readonly summary: string;
  /** Which of the options that only some formats have it has; with others it is refused. */
  readonly options?: readonly 'all'[];
  /** The whole text, with a newline at the end unless it is empty. */
  format(input: CheckReportInput): string;
}
