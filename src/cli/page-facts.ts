/**
 * What the HTML page shows beside the trace: what the checks find, and whose the files are.
 */
import type { CheckOptions } from '../check/check.js';
import { Checker, checkEach } from '../check/check-closure.js';
import type { Trace } from '../closure/trace.js';
import { findPackages } from '../packages/find-packages.js';
import { checks } from '../registry/checks.js';
import type { ReportInput } from '../report/trace/report.js';

/**
 * Runs every check for programs that are started so. The package database is read when the first file is
 * asked for.
 */
export function pageFacts(
  trace: Trace,
  start: Pick<CheckOptions, 'environment' | 'user'> = {},
): Pick<ReportInput, 'checked' | 'packageOf'> {
  const checked = checkEach(trace, new Checker(trace, start, checks));
  return {
    checked: new Map(checked.map((each) => [each.closure.program.path, each])),
    packageOf: (path) => findPackages(trace.files).database?.ownerOf(path)?.name,
  };
}
