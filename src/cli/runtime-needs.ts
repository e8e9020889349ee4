/**
 * `--with`, `--without`, `--include`, `--package` and `--dlopen`: which needs of the programs count.
 */

import { detectRuntimeNeeds, traceRuntimeNeeds } from '../api/runtime-needs.js';
import type { Trace } from '../closure/trace.js';
import { UsageError } from '../errors.js';
import { withoutExcluded } from '../needs/excluded-files.js';
import type { RuntimeNeed } from '../needs/need.js';
import type { NeedOptions } from '../needs/program-facts.js';
import type { ImageNeedOptions, TraceWithNeeds } from '../needs/trace-needs.js';
import { baseName } from '../root/path-text.js';
import { choiceOf } from './choices.js';
import { splitDestination } from './file-argument.js';
import type { ImageOptions } from './image-options.js';
import { startOf } from './image-start.js';
import { opensMore, type SharedOptions } from './options.js';
import { toRootPath } from './root-path.js';
import type { TraceRequest } from './trace-request.js';

/** The value of --dlopen, or `usual` without it. */
function dlopenLevel(
  { dlopen }: SharedOptions,
  usual: NonNullable<NeedOptions['dlopen']>,
): NonNullable<NeedOptions['dlopen']> {
  return dlopen === undefined ? usual : choiceOf('dlopen', dlopen);
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

/** Every need of each program, and what a run opened, for reports. */
export function needsByProgram(
  trace: Trace,
  { chosen }: TraceWithNeeds,
  options: SharedOptions,
): ReadonlyMap<string, readonly RuntimeNeed[]> {
  const dlopen = dlopenLevel(options, 'required');
  const needs = [
    ...detectRuntimeNeeds(trace, { dlopen, ...startOf(trace.root, options) }),
    ...chosen.filter(({ kind }) => kind === 'opened'),
  ];
  const byProgram = new Map<string, RuntimeNeed[]>();
  for (const need of needs.map((each) => withoutExcluded(each, trace.exclusions, trace.files)))
    byProgram.set(need.program, [...(byProgram.get(need.program) ?? []), need]);
  return byProgram;
}

/** A trace with what --include, --package, --opened and --dlopen name, and with no other need: for reports. */
export function traceIncluded(
  { trace, opened }: Pick<TraceRequest, 'trace' | 'opened'>,
  options: SharedOptions,
): TraceWithNeeds {
  const { package: packages, dlopen } = options;
  if (!opensMore(options)) return { trace, chosen: [], suggested: [] };
  const level = dlopenLevel(options, 'required');
  const included = includedPaths(trace, options);
  const named = traceRuntimeNeeds(trace, {
    with: dlopen === undefined ? [] : ['dlopen'],
    without: ['all'],
    dlopen: level,
    include: included,
    packages,
    opened,
  });
  if (opened === undefined) return named;
  // What a run opened is compared with all that an image would have.
  const about = {
    dlopen: level,
    include: included,
    packages,
    opened,
    ...startOf(trace.root, options),
  };
  return { ...named, opened: traceRuntimeNeeds(trace, about).opened };
}

/**
 * Patterns of --include as paths in the root; relative ones start in the working directory. What is
 * `FILE:DEST` is at DEST already.
 */
function includedPaths({ root, options }: Trace, { include = [] }: SharedOptions): string[] {
  return include.map((given) => {
    const { file, destination } = splitDestination(root, given, options.cwd ?? '/');
    if (destination?.endsWith('/')) return `${destination}${baseName(file)}`;
    const path = destination ?? given.replace(/(?<=.)\/+$/, '');
    return root.isHost ? toRootPath(path, options.cwd ?? '/') : path;
  });
}

/** The names in the value of --with or --without, between commas or spaces. */
export function nameList(value = ''): string[] {
  return value.split(/[\s,]+/).filter((name) => name !== '');
}
