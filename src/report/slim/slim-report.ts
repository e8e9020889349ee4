/**
 * What a format of slim's report is.
 */
import type { SlimResult } from '../../slim/slim-result.js';

/** How much a report shows. */
export interface SlimReportOptions {
  /** Every package, not only the largest. */
  readonly verbose: boolean;
  /** Columns of the terminal that the report goes to; undefined where it goes into a file or a pipe. */
  readonly columns?: number;
}

/** One format: a pure function from the results, one for each platform, to text. */
export interface SlimReport {
  readonly name: string;
  readonly summary: string;
  format(results: readonly SlimResult[], options: SlimReportOptions): string;
}
