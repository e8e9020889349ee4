/**
 * Which libraries of a program are those of its C library and its loader, which every program has.
 */
import type { Trace } from '../closure/trace.js';
import type { ReportInput } from '../report/trace/report.js';
import { baseName } from '../root/path-text.js';

/** By the names that the loader knows as those of its own package. */
export function usualLibraries(trace: Trace): NonNullable<ReportInput['isUsual']> {
  return ({ program }, { name, object }) =>
    object?.role === 'interpreter' ||
    (trace.loaderOf(program.path)?.own?.(baseName(name)) ?? false);
}
