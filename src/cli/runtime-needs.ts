/**
 * `--with`, `--without`, `--include`, `--package` and `--dlopen`: which needs of the programs count.
 */
import type { Trace } from '../closure/trace.js';
import { UsageError } from '../errors.js';
import { detectRuntimeNeeds, traceRuntimeNeeds } from '../index.js';
import type { RuntimeNeed } from '../needs/need.js';
import type { NeedOptions } from '../needs/program-facts.js';
import type { ImageNeedOptions } from '../needs/trace-needs.js';
import type { ImageOptions } from './image-options.js';
import type { SharedOptions } from './options.js';
import { toRootPath } from './root-path.js';

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

/** Which needs an image serves. Throws {@link UsageError} for an unknown priority. */
export function needChoice(
  trace: Trace,
  options: ImageOptions,
): Pick<ImageNeedOptions, 'with' | 'without' | 'dlopen' | 'include' | 'packages'> {
  return {
    with: nameList(options.with),
    without: nameList(options.without),
    dlopen: dlopenLevel(options, 'recommended'),
    include: includedPaths(trace, options),
    packages: options.package,
  };
}

/** Every need of each program, for reports. */
export function needsByProgram(
  trace: Trace,
  options: SharedOptions,
): ReadonlyMap<string, readonly RuntimeNeed[]> {
  const { environment, user } = trace.root.image ?? {};
  const dlopen = dlopenLevel(options, 'required');
  const needs = detectRuntimeNeeds(trace, { dlopen, environment, user });
  const byProgram = new Map<string, RuntimeNeed[]>();
  for (const need of needs)
    byProgram.set(need.program, [...(byProgram.get(need.program) ?? []), need]);
  return byProgram;
}

/** A trace with what --include, --package and --dlopen name, and with no other need: for reports. */
export function traceIncluded(trace: Trace, options: SharedOptions): Trace {
  const { include, package: packages, dlopen } = options;
  if ([include, packages, dlopen].every((value) => value === undefined)) return trace;
  return traceRuntimeNeeds(trace, {
    with: dlopen === undefined ? [] : ['dlopen'],
    without: ['all'],
    dlopen: dlopenLevel(options, 'required'),
    include: includedPaths(trace, options),
    packages,
  }).trace;
}

/** Patterns of --include as paths in the root; relative ones start in the working directory. */
function includedPaths({ root, options }: Trace, { include = [] }: SharedOptions): string[] {
  return include.map((given) => {
    const path = given.replace(/(?<=.)\/+$/, '');
    return root.isHost ? toRootPath(path, options.cwd ?? '/') : path;
  });
}

/** The names in the value of --with or --without, between commas or spaces. */
export function nameList(value = ''): string[] {
  return value.split(/[\s,]+/).filter((name) => name !== '');
}
