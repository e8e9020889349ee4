/**
 * The oldest glibc of each program of a trace, for the first line of the report.
 */
import { minimumGlibc } from '../check/symbols/minimum-versions.js';
import type { Closure } from '../closure/closure.js';
import type { Trace } from '../closure/trace.js';
import { ElfdepsError } from '../errors.js';

/** Reads the tables of a closure; undefined where nothing asks for a version, or its tables are damaged. */
export function oldestGlibc({ files }: Trace): (closure: Closure) => string | undefined {
  return (closure) => {
    if (closure.traits?.versionFamily === undefined) return undefined;
    try {
      return minimumGlibc(closure, files.symbols);
    } catch (error) {
      // `check` reports the damage.
      if (!(error instanceof ElfdepsError)) throw error;
      return undefined;
    }
  };
}
