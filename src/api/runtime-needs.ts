/**
 * What traced programs need at run time, by the detectors of the registry.
 */
import { requireLists, requireTrace } from '../closure/arguments.js';
import type { Trace } from '../closure/trace.js';
import { detectNeeds, publicNeed } from '../needs/detect-needs.js';
import type { RuntimeNeed } from '../needs/need.js';
import type { NeedOptions } from '../needs/program-facts.js';
import { type ImageNeedOptions, type TraceWithNeeds, traceNeeds } from '../needs/trace-needs.js';
import { needDetectors } from '../registry.js';

/**
 * What the programs of a trace need at run time that no DT_NEEDED shows, with the evidence and the files
 * of the root. Reads more bytes than a trace: symbol tables, and the data of the programs.
 */
export function detectRuntimeNeeds(trace: Trace, options: NeedOptions = {}): RuntimeNeed[] {
  requireTrace(trace);
  const needs = detectNeeds(trace, options, needDetectors);
  return needs.map((need) => publicNeed(need, trace.files));
}

/**
 * Traces again with what the programs open and start at run time, for planImage(), which takes
 * the needs that were chosen: those that are sure, and those that the options add. Throws UsageError
 * for an unknown kind or package, and FILE_NOT_FOUND when `include` matches nothing.
 */
export function traceRuntimeNeeds(trace: Trace, options: ImageNeedOptions = {}): TraceWithNeeds {
  requireTrace(trace);
  requireLists(options);
  return traceNeeds(trace, options, needDetectors);
}

/** A kind of need that `with` and `without` take. */
export interface NeedKind {
  readonly kind: string;
  /** What is missing without it, in a few words. */
  readonly summary: string;
}

/** Every kind of need that elfdeps looks for. */
export const needKinds: readonly NeedKind[] = needDetectors;
