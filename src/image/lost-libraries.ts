/**
 * Libraries that a program found in the root by something that the image does not have: a large cache,
 * or the environment of the user. A file that the loader reads makes them findable again, or
 * LD_LIBRARY_PATH where an image can have no such file. The proof says whether that is enough.
 */
import { auditRows } from '../closure/audit-modules.js';
import type { Closure } from '../closure/closure.js';
import type { Trace } from '../closure/trace.js';
import type { NamedLibrary } from '../loader/diagnostic.js';
import type { ConfigurationFile, SearchRule } from '../loader/loader.js';
import { resolvePath } from '../root/resolve-path.js';
import { readFile } from '../root/root.js';
import type { ImageNote } from './image-note.js';
import type { ImagePlan } from './image-plan.js';
import { searchedDirectory } from './lower-variants.js';
import type { PlanEntries } from './plan-entries.js';
import { planRoot } from './plan-root.js';
import { type ProvenPlan, prove } from './proof.js';

interface FindableRequest {
  readonly trace: Trace;
  readonly plan: ImagePlan;
  readonly entries: PlanEntries;
  /** Where each closure's files go, by their path in the trace. */
  readonly places: readonly ReadonlyMap<string, string>[];
  /** The same programs on lesser CPUs. */
  readonly lower: readonly Trace[];
  /** Whether there may be files that elfdeps makes; COPY has only those of a stage. */
  readonly canHoldMadeFiles: boolean;
  /** Whether each path that is opened is a plain file. */
  readonly isFlat: boolean;
  /** Whether LD_LIBRARY_PATH is only what the trace was made with, and may be left out. */
  readonly isLibraryPathOptional: boolean;
}

/** The plan with what makes every library findable. The problems that remain are in the result. */
export function makeFindable(request: FindableRequest): ProvenPlan {
  const { trace, plan } = request;
  const { LD_LIBRARY_PATH: libraryPath } = plan.environment;
  if (!request.isLibraryPathOptional || libraryPath === undefined)
    return mended(request, prove(trace, plan));
  return (
    withoutLibraryPath(request, libraryPath) ??
    mended(request, prove(trace, withNote(plan, libraryPathNote('VARIABLE_KEPT', libraryPath))))
  );
}

/** The plan without LD_LIBRARY_PATH, which trees do not have; undefined if a library is not found then. */
function withoutLibraryPath(request: FindableRequest, value: string): ProvenPlan | undefined {
  const { trace, plan, canHoldMadeFiles } = request;
  const { LD_LIBRARY_PATH: _, ...environment } = plan.environment;
  const note = libraryPathNote('VARIABLE_LEFT_OUT', value);
  const without = prove(trace, withNote({ ...plan, environment }, note));
  if (without.problems.length === 0) return without;
  const made = canHoldMadeFiles ? byConfiguration(request, without) : undefined;
  const proven = made && prove(trace, made);
  return proven?.problems.length === 0 ? proven : undefined;
}

/** The first of the remedies that leave fewer problems, one after the other. */
function mended(request: FindableRequest, proven: ProvenPlan): ProvenPlan {
  let best = proven;
  const { trace, canHoldMadeFiles } = request;
  const remedies = [canHoldMadeFiles ? byConfiguration : byCacheOfRoot, byLibraryPath];
  for (const remedy of remedies) {
    const made = best.problems.length > 0 ? remedy(request, best) : undefined;
    const next = made && prove(trace, made);
    if (next !== undefined && next.problems.length < best.problems.length) best = next;
  }
  return best;
}

function withNote(plan: ImagePlan, note: ImageNote): ImagePlan {
  return { ...plan, notes: [...plan.notes, note] };
}

function libraryPathNote(
  code: 'VARIABLE_LEFT_OUT' | 'VARIABLE_KEPT' | 'VARIABLE_MADE',
  value: string,
): ImageNote {
  return { code, name: 'LD_LIBRARY_PATH', value };
}

/** With an ld.so.cache, or what else the loaders read. */
function byConfiguration(
  { trace, entries, places, lower }: FindableRequest,
  proven: ProvenPlan,
): ImagePlan | undefined {
  const { plan } = proven;
  const made = new Map<string, ConfigurationFile>();
  const root = planRoot(plan, trace.root);
  const standing = (path: string) => {
    const known = made.get(path);
    if (known !== undefined) return known.bytes;
    const file = resolvePath(root, path);
    return file.found && file.entry.kind === 'file' ? readFile(root, file.path) : undefined;
  };
  const notes = new Map<string, ImageNote>();
  trace.closures.forEach((closure, index) => {
    const lost = lostLibraries(closure, places[index], proven, ['cache', 'library-path']);
    const libraries = [...lost, ...onLesserCpus(lost, closure, lower)];
    const loader = trace.loaderOf(closure.program.path);
    if (libraries.length === 0 || loader?.configurationFor === undefined) return;
    const file = loader.configurationFor(libraries, standing);
    made.set(file.path, file);
    for (const { path } of libraries)
      notes.set(`${file.path}\0${path}`, {
        code: 'CONFIGURATION_MADE',
        path: file.path,
        library: path,
      });
  });
  if (made.size === 0) return undefined;
  const extended = entries.clone();
  for (const { path, bytes } of made.values()) extended.setGenerated(path, bytes, 'configuration');
  return { ...plan, entries: extended.linked(), notes: [...plan.notes, ...notes.values()] };
}

/**
 * With the cache of the root, where an image can hold no file that elfdeps makes. Only for programs that
 * ignore LD_LIBRARY_PATH, since this cache also lists what the image does not have.
 */
function byCacheOfRoot(
  { trace, entries, isFlat }: FindableRequest,
  { plan, problems }: ProvenPlan,
): ImagePlan | undefined {
  const extended = entries.clone();
  const copied = new Set<string>();
  for (const problem of problems) {
    if (problem.code !== 'FOUND_ELSEWHERE' || problem.secure === undefined) continue;
    for (const path of trace.loaderOf(problem.program)?.caches ?? []) {
      if (copied.has(path) || !resolvePath(trace.root, path).found) continue;
      extended.addConfiguration(path, isFlat);
      copied.add(path);
    }
  }
  if (copied.size === 0) return undefined;
  const notes = [...copied].map((path): ImageNote => ({ code: 'CACHE_COPIED', path }));
  return { ...plan, entries: extended.sorted(), notes: [...plan.notes, ...notes] };
}

/** With the directories in LD_LIBRARY_PATH, behind what the user has there. */
function byLibraryPath(
  { trace, places }: FindableRequest,
  proven: ProvenPlan,
): ImagePlan | undefined {
  const { plan } = proven;
  const directories = new Set(
    trace.closures.flatMap((closure, index) =>
      lostLibraries(closure, places[index], proven, ['cache']).map(({ path }) =>
        searchedDirectory(path.slice(0, path.lastIndexOf('/'))),
      ),
    ),
  );
  if (directories.size === 0) return undefined;
  const path = [plan.environment.LD_LIBRARY_PATH, ...directories].filter(Boolean).join(':');
  const environment = { ...plan.environment, LD_LIBRARY_PATH: path };
  return withNote({ ...plan, environment }, libraryPathNote('VARIABLE_MADE', path));
}

/**
 * What was found by one of the rules, and is not found in the image. A program in secure-execution mode
 * also loses what its own search path led to, which may be a library that moves with it.
 */
function lostLibraries(
  closure: Closure,
  places: ReadonlyMap<string, string> | undefined,
  { problems }: ProvenPlan,
  rules: readonly SearchRule[],
): NamedLibrary[] {
  const lost = new Map(
    problems.flatMap((problem) =>
      problem.code === 'FOUND_ELSEWHERE' && problem.program === closure.program.path
        ? [[problem.wanted, problem.secure !== undefined] as const]
        : [],
    ),
  );
  return [...closure.libraries, ...auditRows(closure)].flatMap(({ name, rule, object, opened }) => {
    if (object === undefined || rule === undefined) return [];
    const isSecure = lost.get(object.realPath);
    if (isSecure === undefined) return [];
    const path = opened?.path ?? object.path;
    const place = isSecure ? (places?.get(path) ?? path) : path;
    const isFit = rules.includes(rule) || (isSecure && OWN_PATHS.includes(rule));
    // Only absolute paths mean the same in the image.
    if (!isFit || (!isSecure && places?.has(path)) || !place.startsWith('/')) return [];
    return [{ name, path: place }];
  });
}

/** What the same names lead to on lesser CPUs. */
function onLesserCpus(
  lost: readonly NamedLibrary[],
  { program }: Closure,
  lower: readonly Trace[],
): NamedLibrary[] {
  const known = new Set(lost.map(({ name, path }) => `${name}\0${path}`));
  const names = new Set(lost.map(({ name }) => name));
  const rows = lower.flatMap(({ closures }) =>
    closures.flatMap((closure) => (closure.program.path === program.path ? closure.libraries : [])),
  );
  return rows.flatMap(({ name, object }) => {
    if (object === undefined || !names.has(name) || !object.path.startsWith('/')) return [];
    const key = `${name}\0${object.path}`;
    if (known.has(key)) return [];
    known.add(key);
    return [{ name, path: object.path }];
  });
}

const OWN_PATHS: readonly SearchRule[] = ['rpath', 'runpath'];
