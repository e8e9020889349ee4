/**
 * What a report shows beside the trace: needs, and why something is missing. The code for it is loaded only
 * where an option or a program asks for it, since most reports start faster without.
 */
import type { Trace } from '../closure/trace.js';
import type { TraceWithNeeds } from '../needs/trace-needs.js';
import type { ReportInput } from '../report/trace/report.js';
import { opensMore, type SharedOptions } from './options.js';
import type { TraceRequest } from './trace-request.js';

/** A trace with what the options add to it, and the needs that a report shows. */
export interface ShownTrace
  extends Pick<TraceWithNeeds, 'trace' | 'opened'>,
    Pick<ReportInput, 'needs' | 'filesOf'> {}

/** Looks for needs only if they are shown. Throws {@link UsageError} for an unknown priority. */
export async function withNeeds(
  request: TraceRequest,
  options: SharedOptions,
  wantsNeeds: boolean,
): Promise<ShownTrace> {
  if (!wantsNeeds && !opensMore(options)) return { trace: request.trace };
  const { needsByProgram, traceIncluded } = await import('./runtime-needs.js');
  const included = traceIncluded(request, options);
  const { trace, opened } = included;
  if (!wantsNeeds) return { trace, opened };
  const { needFiles } = await import('../needs/dlopen-probe.js');
  const needs = needsByProgram(request.trace, included, options);
  return { trace, opened, needs, filesOf: (need) => needFiles(trace, need) };
}

/** Why names are missing and programs are not started; nothing where all programs are complete. */
export async function missingReasons(
  trace: Trace,
): Promise<Pick<ReportInput, 'reasonOf' | 'startReasonOf'>> {
  if (trace.closures.every(({ complete }) => complete)) return {};
  const { missReasons } = await import('./miss-reasons.js');
  const { startReasons } = await import('./start-reasons.js');
  return { reasonOf: missReasons(trace), startReasonOf: startReasons(trace) };
}
