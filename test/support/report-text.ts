/**
 * The text of a report about traced programs, without anything that a command adds.
 */
import type { Closure } from '../../src/closure/closure.js';
import { reports } from '../../src/registry.js';

/** What `--format NAME` prints for `closures`; throws for a name that no report has. */
export function reportText(name: string, closures: readonly Closure[]): string {
  const report = reports.find((each) => each.name === name);
  if (report === undefined) throw new Error(`no report ${name}`);
  const names = new Map<string, string>();
  return report.format({ root: '/', closures, errors: [], names, verbose: false, color: false });
}
