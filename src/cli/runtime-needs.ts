/**
 * `--with`, `--without`, `--include` and `--dlopen`: which needs of the programs count, and a trace
 * that knows what they open and start.
 */
import type { Trace } from '../closure/trace.js';
import { UsageError } from '../errors.js';
import { detectRuntimeNeeds, traceRuntimeNeeds } from '../index.js';
import type { RuntimeNeed } from '../needs/need.js';
import type { NeedOptions } from '../needs/program-facts.js';
import type { ImageNeedOptions } from '../needs/trace-needs.js';
import type { ImageOptions, SharedOptions } from './options.js';
import { toRootPath } from './root-path.js';
import type { TraceRequest } from './trace-request.js';

const PRIORITIES = ['required', 'recommended', 'suggested', 'none'] as const;

/** The value of --dlopen, or `usual` without it. */
function dlopenLevel(
  { dlopen }: SharedOptions,
  usual: NonNullable<NeedOptions['dlopen']>,
): NonNullable<NeedOptions['dlopen']> {
  const level = PRIORITIES.find((name) => name === (dlopen ?? usual));
  if (level !== undefined) return level;
  throw new UsageError(`unknown priority '${dlopen}'`, {
    hint: `known are ${PRIORITIES.join(', ')}`,
  });
}

/** A request that was traced again with what its programs need, and the needs. */
export interface NeedRequest {
  readonly request: TraceRequest;
  /** Those that count. */
  readonly chosen: readonly RuntimeNeed[];
  /** Those that would be added on demand. */
  readonly suggested: readonly RuntimeNeed[];
}

/** What an image shall have beside the libraries of its programs. */
export function withNeeds(
  request: TraceRequest,
  options: ImageOptions,
  about: Pick<ImageNeedOptions, 'environment' | 'user'>,
): NeedRequest {
  const { trace, ...needs } = traceRuntimeNeeds(request.trace, {
    ...about,
    with: namesOf(options.with),
    without: namesOf(options.without),
    dlopen: dlopenLevel(options, 'recommended'),
    include: includedPaths(request.trace, options),
  });
  return { request: { ...request, trace, options: trace.options }, ...needs };
}

/** Every need, for reports. */
export function needsByProgram(
  trace: Trace,
  options: SharedOptions,
): ReadonlyMap<string, readonly RuntimeNeed[]> {
  const needs = detectRuntimeNeeds(trace, { dlopen: dlopenLevel(options, 'required') });
  const byProgram = new Map<string, RuntimeNeed[]>();
  for (const need of needs)
    byProgram.set(need.program, [...(byProgram.get(need.program) ?? []), need]);
  return byProgram;
}

/** A request with what the user names explicitly, and no need beside that: for reports. */
export function withIncluded(request: TraceRequest, options: SharedOptions): TraceRequest {
  if (options.include === undefined && options.dlopen === undefined) return request;
  const { trace } = traceRuntimeNeeds(request.trace, {
    with: options.dlopen === undefined ? [] : ['dlopen'],
    without: ['all'],
    dlopen: dlopenLevel(options, 'required'),
    include: includedPaths(request.trace, options),
  });
  return { ...request, trace };
}

/** Patterns of --include as paths in the root; on this machine relative ones start here. */
function includedPaths({ root, options }: Trace, { include = [] }: SharedOptions): string[] {
  return include.map((given) => {
    const path = given.replace(/(?<=.)\/+$/, '');
    return root.isHost ? toRootPath(path, options.cwd ?? '/') : path;
  });
}

/** The names in a list of --with or --without. */
export function namesOf(list: string | undefined): string[] {
  return (list ?? '').split(/[\s,]+/).filter((name) => name !== '');
}
