/**
 * Whether the programs of a plan run on a base image: they are traced and checked in the base with files of
 * the plan laid over it.
 */
import type { Check } from '../check/check.js';
import { closureFiles } from '../closure/closure-files.js';
import type { Trace } from '../closure/trace.js';
import { overlayRoot } from '../root/overlay-root.js';
import type { Root } from '../root/root.js';
import type { Placed } from './base-places.js';
import type { ImagePlan } from './image-plan.js';
import { incompleteProblems, type PlanProblem, problemKey } from './plan-problem.js';
import { startProblems } from './start-problems.js';
import { traceInImage } from './trace-in-image.js';

/** What is built on which base. */
export interface BaseRequest {
  readonly trace: Trace;
  /** A flat plan that is proven on its own. */
  readonly plan: ImagePlan;
  readonly base: Root;
  /** What is wrong in the build image too, which says nothing about the base. */
  readonly known: readonly PlanProblem[];
  /** Plan even what would not run there. */
  readonly allowIncomplete: boolean;
  /** What stops a program at its start. */
  readonly startChecks: readonly Check[];
}

/** What became of the programs there. */
export interface Run {
  /** Why the programs would not run. */
  readonly problems: readonly PlanProblem[];
  /** Real paths of the files that are mapped. */
  readonly used: ReadonlySet<string>;
}

/** Traces and checks the programs with `added` files, of all that the plan places. */
export function traceOnBase(
  { trace, plan, base, known, startChecks }: BaseRequest,
  added: readonly Placed[],
  placed: readonly Placed[],
): Run {
  const root = overlayRoot(
    base,
    added.map(({ file, path }) => ({ path, root: trace.root, source: file.source })),
  );
  const image = traceInImage(trace, plan, root);
  const used = image.closures.flatMap(closureFiles).map(({ realPath }) => realPath as string);
  const found = [
    ...image.errors.map(
      (error): PlanProblem => ({ code: 'NOT_READABLE', program: error.path ?? '', error }),
    ),
    ...image.closures.flatMap(incompleteProblems),
    ...image.closures.flatMap((closure) => mixedLibc(closure, added, placed)),
    ...startProblems(image, startChecks),
  ];
  const keys = new Set(known.map(problemKey));
  // Programs have their paths in the root among the known ones.
  const places = new Map(
    plan.programs.map((place, index) => [place, trace.closures[index]?.program.path]),
  );
  const problems = found.filter(
    (problem) =>
      !keys.has(
        problemKey({ ...problem, program: places.get(problem.program) ?? problem.program }),
      ),
  );
  return { problems, used: new Set(used) };
}

/** A C library and a loader of two builds do not work together. */
function mixedLibc(
  { program, interpreter, objects, traits }: Trace['closures'][number],
  added: readonly Placed[],
  placed: readonly Placed[],
): PlanProblem[] {
  const mine = new Set<string>(added.map(({ path }) => path));
  if (traits === null || interpreter?.realPath === undefined) return [];
  // The base has the same loader, so its C library is that of the build image.
  if (placed.some(({ file, there }) => there === 'same' && file.path === interpreter.path))
    return [];
  const isMine = mine.has(interpreter.realPath);
  return objects
    .filter(({ name, realPath }) => traits.isOwn(name) && mine.has(realPath) !== isMine)
    .map(({ path }) => ({
      code: 'MIXED_LIBC',
      program: program.path,
      interpreter: interpreter.path,
      library: path,
      interpreterIsOurs: isMine,
    }));
}
