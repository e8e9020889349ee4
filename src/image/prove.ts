/**
 * The proof of a plan: every program is traced again in the plan alone, and each name must lead to
 * the same file as in the root.
 */
import type { Trace, TraceOptions } from '../closure/trace.js';
import { PlanError } from '../errors.js';
import type { RealPath, Root } from '../root/root.js';
import type { ImagePlan } from './image-plan.js';
import { planRoot } from './plan-root.js';

/** Traces programs in a root: traceDependencies with its loaders. */
export type TraceAgain = (root: Root, programs: readonly string[], options: TraceOptions) => Trace;

/** Walks the plan again, alone. A library that only the cache found gets LD_LIBRARY_PATH. */
export function prove(
  trace: Trace,
  plan: ImagePlan,
  places: readonly ReadonlyMap<string, string>[],
  traceAgain: TraceAgain,
): ImagePlan {
  const problems = proofProblems(trace, plan, traceAgain);
  if (problems.length === 0) return plan;
  const directories = cacheOnlyDirectories(trace, places, problems);
  if (directories.length > 0) {
    const path = [plan.environment.LD_LIBRARY_PATH, ...directories].filter(Boolean).join(':');
    const second = {
      ...plan,
      environment: { ...plan.environment, LD_LIBRARY_PATH: path },
      notes: [
        ...plan.notes,
        `LD_LIBRARY_PATH=${path}: found through ld.so.cache, which the image has not`,
      ],
    };
    const left = proofProblems(trace, second, traceAgain);
    if (left.length === 0) return second;
    throw unproven(left);
  }
  throw unproven(problems);
}

function unproven(problems: readonly Problem[]): PlanError {
  const facts = problems.map(({ program, name, found, wanted }) =>
    found === undefined
      ? `${program} would not find ${name} (${wanted}) in the image`
      : `${program} would find ${found} for ${name}, not ${wanted}`,
  );
  return new PlanError('PLAN_INCOMPLETE', [...new Set(facts)].join('; '), {
    hint: 'keep the paths that the programs have in the root, or use --allow-incomplete',
  });
}

interface Problem {
  readonly program: string;
  readonly name: string;
  readonly wanted: RealPath;
  readonly found?: RealPath;
}

/** Every name that does not lead to the same file in the image as in the root. */
function proofProblems(trace: Trace, plan: ImagePlan, traceAgain: TraceAgain): Problem[] {
  const root = planRoot(plan, trace.root);
  const sources = new Map(
    plan.entries.flatMap((entry) =>
      entry.kind === 'file' ? [[entry.path, entry.source] as const] : [],
    ),
  );
  const again = traceAgain(root, plan.programs, {
    ...(plan.environment.LD_LIBRARY_PATH ? { libraryPath: plan.environment.LD_LIBRARY_PATH } : {}),
    ...(plan.environment.LD_PRELOAD ? { preload: plan.environment.LD_PRELOAD } : {}),
  });
  return trace.closures.flatMap((closure, index) => {
    const proof = again.closures[index];
    return closure.libraries.flatMap((library): Problem[] => {
      const wanted = library.object?.realPath;
      if (wanted === undefined) return [];
      const row = proof?.libraries.find((l) => l.name === library.name);
      const found = row?.object && sources.get(row.object.realPath);
      if (found === wanted) return [];
      const { path: program } = closure.program;
      return [{ program, name: library.name, wanted, ...(found === undefined ? {} : { found }) }];
    });
  });
}

/** Directories of what was not found in the image but through the cache in the root. */
function cacheOnlyDirectories(
  { closures }: Trace,
  places: readonly ReadonlyMap<string, string>[],
  problems: readonly Problem[],
): string[] {
  const wanted = new Set(problems.map((problem) => problem.wanted));
  const directories = new Set<string>();
  closures.forEach(({ objects }, index) => {
    for (const { rule, path, realPath } of objects)
      if (rule === 'cache' && wanted.has(realPath) && !places[index]?.has(path))
        directories.add(path.slice(0, path.lastIndexOf('/')));
  });
  return [...directories];
}
