/**
 * What every report of `elfdeps why` is made from: one file a format, in the list of the registry.
 */
import type { Closure } from '../../closure/closure.js';
import type { NeedNode } from '../../closure/need-graph.js';
import type { ElfdepsError } from '../../errors.js';
import type { RuntimeNeed } from '../../needs/need.js';
import type { ReasonOf } from '../trace/report.js';

/** The input of a report of `why`. */
export interface WhyInput {
  readonly root: string;
  readonly closures: readonly Closure[];
  readonly errors: readonly ElfdepsError[];
  readonly names: ReadonlyMap<string, string>;
  /** The library, as the user named it. */
  readonly wanted: string;
  /** Why a needed name is not found, and what helps: the answer that `check` gives. Not told without it. */
  readonly reasonOf?: ReasonOf;
  /** Needs at run time that bring it into an image, where nothing loads it at the start of a program. */
  readonly needs?: readonly RuntimeNeed[];
  /** Show all chains (at most ALL_CHAINS) and all attempts. */
  readonly verbose: boolean;
  readonly color: boolean;
  /** Columns of the terminal that the report goes to; undefined where it goes into a file or a pipe. */
  readonly columns?: number;
}

/** A format of `elfdeps why`. */
export interface WhyReport {
  readonly name: string;
  readonly summary: string;
  format(input: WhyInput): string;
}

/** How many chains are shown, and how many with --verbose. */
export const SHOWN_CHAINS = 8;
export const ALL_CHAINS = 10_000;

/** Why a missing library is not found, each reason once; none for what is found. */
export function missReasons(
  closure: Closure,
  { role, rows }: NeedNode,
  { reasonOf }: Pick<WhyInput, 'reasonOf'>,
): readonly { readonly cause: string; readonly remedy: string }[] {
  if (role !== 'missing' || reasonOf === undefined) return [];
  const reasons = rows.map((row) => reasonOf(closure, row));
  const byText = new Map(
    reasons.map(({ cause, remedy }) => [`${cause}\0${remedy}`, { cause, remedy }]),
  );
  return [...byText.values()];
}
