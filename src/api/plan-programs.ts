/**
 * From programs or a trace to a proven image plan, with the lists of the registry.
 */
import { requireTrace } from '../closure/arguments.js';
import type { Trace, TraceOptions } from '../closure/trace.js';
import type { ImagePlan } from '../image/image-plan.js';
import { type PlanOptions, planImage as planProven } from '../image/plan-image.js';
import type { ImageNeedOptions, TraceWithNeeds } from '../needs/trace-needs.js';
import { startChecks } from '../registry.js';
import type { Root } from '../root/root.js';
import { traceRuntimeNeeds } from './runtime-needs.js';
import { traceDependencies } from './trace-dependencies.js';

/**
 * Plans an image that holds what the traced programs need, and proves the plan by tracing them
 * again in it. Throws PlanError when something is missing or would not be found, or when the loader
 * would not start a program with these files.
 */
export function planImage(trace: Trace, options: PlanOptions): ImagePlan {
  requireTrace(trace);
  return planProven(trace, options, startChecks).plan;
}

/** What {@link planTrace} plans with: how an image is laid out, and which needs it serves. */
export interface PlanTraceOptions
  extends Omit<ImageNeedOptions, 'environment' | 'user'>,
    Omit<PlanOptions, 'layout' | 'needs'> {
  /** As in {@link PlanOptions}; `links` without it. */
  readonly layout?: PlanOptions['layout'];
}

/** A plan, and what it was made from. */
export interface PlannedPrograms extends TraceWithNeeds {
  readonly plan: ImagePlan;
  /**
   * The programs as the proof traced them: with the files of the plan alone.
   * @internal
   */
  readonly image: Trace;
}

/**
 * {@link traceRuntimeNeeds}, then {@link planImage} with the needs that were chosen. Throws what these
 * throw.
 */
export function planTrace(trace: Trace, options: PlanTraceOptions = {}): PlannedPrograms {
  requireTrace(trace);
  const needs = traceRuntimeNeeds(trace, options);
  trace.exclusions.requireMet(needs.trace.closures, trace.programs);
  const settings: PlanOptions = {
    ...options,
    layout: options.layout ?? 'links',
    libraryPath: options.libraryPath ?? trace.options.libraryPath,
    preload: options.preload ?? trace.options.preload,
    audit: options.audit ?? trace.options.audit,
    needs: needs.chosen,
  };
  return { ...needs, ...planProven(needs.trace, settings, startChecks) };
}

/** What {@link planPrograms} traces and plans with. */
export interface PlanProgramsOptions
  extends PlanTraceOptions,
    Pick<TraceOptions, 'loader' | 'hwcaps' | 'ldconfig' | 'cwd' | 'onProgress'> {}

/**
 * The whole way from programs to an image plan that a writer takes: traces `programs` (absolute paths in
 * `root`), finds what they need at run time, and plans an image for every CPU of their platform. Throws
 * the first error of the trace when a program cannot be read, and what {@link planTrace} throws.
 */
export function planPrograms(
  root: Root,
  programs: readonly string[],
  options: PlanProgramsOptions = {},
): PlannedPrograms {
  const { loader, hwcaps = 'none', ldconfig, cwd, onProgress, ...planned } = options;
  const { libraryPath, preload, audit } = planned;
  const searchPath = planned.environment?.PATH;
  const search = { loader, hwcaps, ldconfig, cwd, searchPath, libraryPath, preload, audit };
  // The user of the image starts the programs, and only there.
  const startedBy = 'trusted';
  const trace = traceDependencies(root, programs, { ...search, startedBy, onProgress });
  const [error] = trace.errors;
  if (error !== undefined) throw error;
  return planTrace(trace, planned);
}
