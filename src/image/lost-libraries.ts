/**
 * Libraries that a program found in the root by what the image has not: by a large cache, or by the
 * environment of whoever asked. A file that the loader reads makes them findable again, or
 * LD_LIBRARY_PATH where an image can have no such file. The proof says whether that is enough.
 */
import type { Closure } from '../closure/closure.js';
import type { Trace, TraceAgain } from '../closure/trace.js';
import type { ConfigurationFile, NamedLibrary, SearchRule } from '../loader/loader.js';
import { resolvePath } from '../root/resolve-path.js';
import { readFile } from '../root/root.js';
import type { ImagePlan } from './image-plan.js';
import type { PlanEntries } from './plan-entries.js';
import { planRoot } from './plan-root.js';
import { findProblems, type Problem } from './proof.js';

/** A plan, and what its proof finds wrong. */
interface ProvenPlan {
  readonly plan: ImagePlan;
  readonly problems: readonly Problem[];
}

interface FindableRequest {
  readonly trace: Trace;
  readonly plan: ImagePlan;
  readonly entries: PlanEntries;
  /** Where each closure's files go, by their path in the trace. */
  readonly places: readonly ReadonlyMap<string, string>[];
  /** Whether there may be files that elfdeps makes; COPY has only those of a stage. */
  readonly canHoldMadeFiles: boolean;
  /** Whether LD_LIBRARY_PATH is only what the trace was made with, and may be left out. */
  readonly isLibraryPathOptional: boolean;
  readonly traceAgain: TraceAgain;
}

/** The plan, with what it takes so that everything is found; problems that are left are returned. */
export function makeFindable(request: FindableRequest): ProvenPlan {
  const { trace, plan, canHoldMadeFiles, traceAgain } = request;
  const prove = (made: ImagePlan): ProvenPlan => ({
    plan: made,
    problems: findProblems(trace, made, traceAgain),
  });
  const { LD_LIBRARY_PATH: libraryPath, ...environment } = plan.environment;
  let best: ProvenPlan;
  if (request.isLibraryPathOptional && libraryPath !== undefined) {
    // Trees have no environment, and a file that the loader reads says the same.
    const note = (words: string) => `LD_LIBRARY_PATH=${libraryPath}: ${words}`;
    const notes = [
      ...plan.notes,
      note('not set in the image: needed libraries are found without it'),
    ];
    const without = prove({ ...plan, environment, notes });
    if (without.problems.length === 0) return without;
    const made = canHoldMadeFiles ? byConfiguration(request, without) : undefined;
    const proven = made && prove(made);
    if (proven?.problems.length === 0) return proven;
    best = prove({ ...plan, notes: [...plan.notes, note('yours, kept for the image')] });
  } else best = prove(plan);
  for (const remedy of canHoldMadeFiles ? [byConfiguration, byLibraryPath] : [byLibraryPath]) {
    const made = best.problems.length > 0 ? remedy(request, best) : undefined;
    const next = made && prove(made);
    if (next !== undefined && next.problems.length < best.problems.length) best = next;
  }
  return best;
}

/** With an ld.so.cache, or what else the loaders read. */
function byConfiguration(
  { trace, entries, places }: FindableRequest,
  { plan, problems }: ProvenPlan,
): ImagePlan | undefined {
  const made = new Map<string, ConfigurationFile>();
  const root = planRoot(plan, trace.root);
  const standing = (path: string) => {
    const known = made.get(path);
    if (known !== undefined) return known.bytes;
    const file = resolvePath(root, path);
    return file.found && file.entry.kind === 'file' ? readFile(root, file.path) : undefined;
  };
  const notes: string[] = [];
  trace.closures.forEach((closure, index) => {
    const libraries = lostLibraries(closure, places[index], problems, ['cache', 'library-path']);
    const loader = trace.loaderOf(closure.program.path);
    if (libraries.length === 0 || loader?.configurationFor === undefined) return;
    const file = loader.configurationFor(libraries, standing);
    made.set(file.path, file);
    for (const { path } of libraries)
      notes.push(`${file.path}: made for the image, so that ${path} is found`);
  });
  if (made.size === 0) return undefined;
  const extended = entries.clone();
  for (const { path, bytes } of made.values()) extended.setGenerated(path, bytes, 'configuration');
  return { ...plan, entries: extended.linked(), notes: [...plan.notes, ...new Set(notes)] };
}

/** With the directories in LD_LIBRARY_PATH, behind what the user has there. */
function byLibraryPath(
  { trace, places }: FindableRequest,
  { plan, problems }: ProvenPlan,
): ImagePlan | undefined {
  const directories = new Set(
    trace.closures.flatMap((closure, index) =>
      lostLibraries(closure, places[index], problems, ['cache']).map(({ path }) =>
        path.slice(0, path.lastIndexOf('/')),
      ),
    ),
  );
  if (directories.size === 0) return undefined;
  const path = [plan.environment.LD_LIBRARY_PATH, ...directories].filter(Boolean).join(':');
  return {
    ...plan,
    environment: { ...plan.environment, LD_LIBRARY_PATH: path },
    notes: [
      ...plan.notes,
      `LD_LIBRARY_PATH=${path}: set in the image, which has no ld.so.cache that knows it`,
    ],
  };
}

/** What was found by one of the rules, and is not found in the image. */
function lostLibraries(
  closure: Closure,
  places: ReadonlyMap<string, string> | undefined,
  problems: readonly Problem[],
  rules: readonly SearchRule[],
): NamedLibrary[] {
  const lost = new Set(
    problems.flatMap(({ program, library }) =>
      program === closure.program.path && library !== undefined ? [library] : [],
    ),
  );
  return closure.libraries.flatMap(({ name, rule, object, opened }) => {
    if (object === undefined || rule === undefined || !lost.has(object.realPath)) return [];
    const path = opened?.path ?? object.path;
    // Only absolute paths mean the same in the image.
    if (!rules.includes(rule) || places?.has(path) || !path.startsWith('/')) return [];
    return [{ name, path }];
  });
}
