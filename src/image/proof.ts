/**
 * The proof of a plan: every program is traced again in the plan alone, and each name must lead to
 * the same file as in the root.
 */
import type { Closure } from '../closure/closure.js';
import type { Trace } from '../closure/trace.js';
import type { RealPath } from '../root/root.js';
import type { ImagePlan } from './image-plan.js';
import { incompleteProblems, type PlanProblem } from './plan-problem.js';
import { sourceFinder } from './plan-root.js';
import { traceInImage } from './trace-in-image.js';

/** A plan, the trace in its image, and what is otherwise there than in the root. */
export interface ProvenPlan {
  readonly plan: ImagePlan;
  readonly image: Trace;
  /** Nothing of it is about what the root lacks too. */
  readonly problems: readonly PlanProblem[];
}

/** Traces the programs of the plan in its image, and compares. */
export function prove(trace: Trace, plan: ImagePlan): ProvenPlan {
  const image = traceInImage(trace, plan);
  const sourceOf = sourceFinder(plan);
  const proofs = new Map(image.closures.map((closure) => [closure.program.path, closure]));
  const problems = trace.closures.flatMap((closure, index): PlanProblem[] => {
    const place = plan.programs[index];
    const proof = place === undefined ? undefined : proofs.get(place);
    if (proof !== undefined) return differences(closure, proof, sourceOf);
    const error = image.errors.find(({ path }) => path === place);
    return [{ code: 'NOT_READABLE', program: closure.program.path, error }];
  });
  return { plan, image, problems };
}

/** `sourceOf` gives the file of the root for a path of the image. */
function differences(
  closure: Closure,
  proof: Closure,
  sourceOf: (path: string) => RealPath | undefined,
): PlanProblem[] {
  const { path: program } = closure.program;
  const secure = proof.secureExecution?.because;
  const problems: PlanProblem[] = [];
  const compare = (name: string, wanted: RealPath | undefined, there: RealPath | undefined) => {
    const found = there && sourceOf(there);
    if (wanted !== undefined && found !== wanted)
      problems.push({ code: 'FOUND_ELSEWHERE', program, name, wanted, found, secure });
  };
  const { interpreter } = closure;
  if (interpreter !== null)
    compare(interpreter.path, interpreter.realPath, proof.interpreter?.realPath);
  closure.libraries.forEach(({ name, needed, object }, index) => {
    // By the text in the file, as `$ORIGIN` in a name leads elsewhere when the program has moved.
    const row =
      proof.libraries[index]?.needed === needed
        ? proof.libraries[index]
        : proof.libraries.find((library) => library.needed === needed);
    compare(name, object?.realPath, row?.object?.realPath);
  });
  closure.auditModules.forEach(({ name, refusal, objects }, index) => {
    const there = proof.auditModules[index]?.objects ?? [];
    if (refusal === undefined)
      objects.forEach((object, place) => {
        compare(place === 0 ? name : object.name, object.realPath, there[place]?.realPath);
      });
  });
  if (problems.length > 0 || !closure.complete || proof.complete) return problems;
  return incompleteProblems(proof).map((problem) => ({ ...problem, program }));
}
