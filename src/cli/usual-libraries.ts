/**
 * Which libraries of a program are those of its C library and its loader, which every program has.
 */
import type { ReportInput } from '../report/trace/report.js';
import { baseName } from '../root/path-text.js';

/** By the names that the loader knows as those of its own package. */
export const isUsual: NonNullable<ReportInput['isUsual']> = ({ traits }, { name, object }) =>
  object?.role === 'interpreter' || traits?.isOwn(baseName(name)) === true;
