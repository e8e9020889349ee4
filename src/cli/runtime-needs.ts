/**
 * `--with`, `--without`, `--include` and `--dlopen`: which needs of the programs count, and a trace
 * that knows what they open and start.
 */
import {
  chooseNeeds,
  detectRuntimeNeeds,
  ElfdepsError,
  globRoot,
  hasWildcard,
  loadableFiles,
  type NeedOptions,
  opensOf,
  type Root,
  type RuntimeNeed,
  resolvePath,
  type Trace,
  traceDependencies,
  UsageError,
} from '../index.js';
import { toRootPath } from './inputs.js';
import type { ImageOptions, SharedOptions } from './options.js';
import type { TraceRequest } from './trace-request.js';

const PRIORITIES = ['required', 'recommended', 'suggested', 'none'] as const;

/** The value of --dlopen, or `usual` without it. */
export function dlopenLevel(
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
  about: Pick<NeedOptions, 'environment' | 'user'>,
): NeedRequest {
  const asked = namesOf(options.with);
  const refused = namesOf(options.without);
  const dlopen = dlopenLevel(options, 'recommended');
  const included = includedNeed(request, options.include ?? []);
  let known = traceAgain(request, included);
  // What was opened for a need is no reason any more to open it.
  const found = new Map<string, RuntimeNeed>();
  for (let round = 1; ; round++) {
    for (const need of detectRuntimeNeeds(known.trace, { ...about, asked, dlopen }))
      found.set(`${need.program}\0${need.kind}`, need);
    const needs = [...found.values()];
    const chosen = chooseNeeds(needs, { with: asked, without: refused });
    const all = [...included, ...chosen];
    const next = traceAgain(request, all);
    // What is opened has needs too.
    if (round < MOST_ROUNDS && opens(next) > opens(known)) {
      known = next;
      continue;
    }
    const suggested = needs.filter(
      (need) => !chosen.includes(need) && !refused.includes(need.kind),
    );
    return { request: next, chosen: all, suggested };
  }
}

/** What is opened opens more at most twice in practice. */
const MOST_ROUNDS = 4;

/** How many programs and calls of dlopen() a request traces. */
function opens({ trace }: TraceRequest): number {
  const calls = [...(trace.options.opens?.values() ?? [])].flat().length;
  return calls + trace.closures.length;
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

/** The same with what the user names explicitly only: for reports. */
export function withIncluded(request: TraceRequest, options: SharedOptions): TraceRequest {
  if (options.include === undefined && options.dlopen === undefined) return request;
  const { trace } = request;
  const notes =
    options.dlopen === undefined
      ? []
      : detectRuntimeNeeds(trace, { dlopen: dlopenLevel(options, 'required') }).filter(
          ({ kind }) => kind === 'dlopen',
        );
  return traceAgain(request, [...includedNeed(request, options.include ?? []), ...notes]);
}

function traceAgain(request: TraceRequest, needs: readonly RuntimeNeed[]): TraceRequest {
  const opens = opensOf(needs);
  const named = new Set(request.inputs.programs);
  const started = needs.flatMap(({ starts }) => starts).filter((path) => !named.has(path));
  if (opens.size === 0 && started.length === 0) return request;
  const { trace } = request;
  const options = { ...request.options, opens };
  const programs = [...new Set([...request.inputs.programs, ...started])];
  return {
    ...request,
    options,
    trace: traceDependencies(trace.root, programs, { ...options, files: trace.files }),
  };
}

function namesOf(list: string | undefined): string[] {
  return (list ?? '').split(/[\s,]+/).filter((name) => name !== '');
}

/** Included files belong to the first program: its loader resolves what is a library. */
function includedNeed(
  { trace: { root, files: known, closures }, options }: TraceRequest,
  patterns: readonly string[],
): RuntimeNeed[] {
  const [first] = closures;
  if (patterns.length === 0 || first === undefined) return [];
  const files = patterns.flatMap((pattern) => expand(root, pattern, options.cwd ?? '/'));
  const { libraries, programs } = loadableFiles(known, files);
  return [
    {
      kind: 'include',
      program: first.program.path,
      because: `--include ${patterns.join(' ')}`,
      confidence: 'sure',
      files,
      except: [],
      opens: libraries.map((name) => ({ name })),
      starts: programs,
      directories: [],
      generated: {},
    },
  ];
}

function expand(root: Root, given: string, cwd: string): string[] {
  const path = given.replace(/(?<=.)\/+$/, '');
  const pattern = root.isHost ? toRootPath(path, cwd) : path;
  if (!pattern.startsWith('/'))
    throw new UsageError(`--include '${given}': not an absolute path in the root`);
  const found = resolvePath(root, pattern).found
    ? [pattern]
    : hasWildcard(pattern)
      ? globRoot(root, pattern, { globstar: true })
      : [];
  if (found.length > 0) return [...found];
  throw new ElfdepsError('FILE_NOT_FOUND', 'nothing to include there', { path: pattern });
}
