/**
 * Why a needed name of a trace is not found: what `check` says, for the reports that tell it too.
 */
import type { Trace } from '../closure/trace.js';
import { secureLoss } from '../needs/secure-loss.js';
import { whyMissing } from '../needs/why-missing.js';
import type { ReasonOf } from '../report/trace/report.js';

/** Looks the reasons up in the root of the trace. */
export function missReasons({ files, options }: Trace): ReasonOf {
  return (closure, library) =>
    secureLoss(library.name, closure) ??
    whyMissing(library, { closure, files, cwd: options.cwd ?? '/' });
}
