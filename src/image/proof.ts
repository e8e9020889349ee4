/**
 * The proof of a plan: every program is traced again in the plan alone, and each name must lead to
 * the same file as in the root.
 */
import type { Closure } from '../closure/closure.js';
import type { Trace, TraceAgain, TraceOptions } from '../closure/trace.js';
import type { RealPath } from '../root/root.js';
import type { ImagePlan } from './image-plan.js';
import { incompleteFacts } from './incomplete-facts.js';
import { planRoot, sourceFinder } from './plan-root.js';

/** Something that would be otherwise in the image than in the root. */
export interface Problem {
  /** The program's path in the root. */
  readonly program: string;
  /** For people; names paths. */
  readonly fact: string;
  /** The library that would not be found, where it is one. */
  readonly library?: RealPath;
}

/** Everything that would be otherwise; nothing of it is about what is missing in the root too. */
export function findProblems(trace: Trace, plan: ImagePlan, traceAgain: TraceAgain): Problem[] {
  const root = planRoot(plan, trace.root);
  const sourceOf = sourceFinder(plan);
  const { hwcaps, loader } = trace.options;
  const again = traceAgain(root, plan.programs, {
    // Images are for every CPU of the platform, unless the user took variants for newer ones.
    hwcaps: hwcaps ?? 'none',
    // Where the program is started; a container without a WORKDIR starts at the top.
    cwd: plan.workdir ?? '/',
    opens: opensInImage(trace, plan),
    ...(loader === undefined ? {} : { loader }),
    ...(plan.environment.LD_LIBRARY_PATH ? { libraryPath: plan.environment.LD_LIBRARY_PATH } : {}),
    ...(plan.environment.LD_PRELOAD ? { preload: plan.environment.LD_PRELOAD } : {}),
  });
  const proofs = new Map(again.closures.map((closure) => [closure.program.path, closure]));
  const problems = trace.closures.flatMap((closure, index) => {
    const place = plan.programs[index];
    const proof = place === undefined ? undefined : proofs.get(place);
    if (proof !== undefined) return differences(closure, proof, sourceOf);
    const error = again.errors.find(({ path }) => path === place);
    const fact = `${closure.program.path} could not be read in the image`;
    return [
      {
        program: closure.program.path,
        fact: error === undefined ? fact : `${fact}: ${error.message}`,
      },
    ];
  });
  const known = new Set(problems.map(({ fact }) => fact));
  return problems.filter(({ fact }) => known.delete(fact));
}

/** The calls of dlopen() that were traced, by where the programs are in the image. */
export function opensInImage(
  { closures, options }: Trace,
  plan: ImagePlan,
): NonNullable<TraceOptions['opens']> {
  return new Map(
    closures.flatMap(({ program }, index) => {
      const [opens, place] = [options.opens?.get(program.path), plan.programs[index]];
      return opens === undefined || place === undefined ? [] : [[place, opens] as const];
    }),
  );
}

/** `sourceOf` gives the file of the root for a path of the image. */
function differences(
  closure: Closure,
  proof: Closure,
  sourceOf: (path: string) => RealPath | undefined,
): Problem[] {
  const { path: program } = closure.program;
  const problems: Problem[] = [];
  const compare = (name: string, wanted: RealPath | undefined, there: RealPath | undefined) => {
    const found = there && sourceOf(there);
    if (wanted === undefined || found === wanted) return;
    const fact =
      found === undefined
        ? `${program} would not find ${name} (${wanted}) in the image`
        : `${program} would find ${found} for ${name}, not ${wanted}`;
    problems.push({ program, fact, library: wanted });
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
  if (problems.length > 0 || !closure.complete || proof.complete) return problems;
  return incompleteFacts(proof).map((fact) => ({ program, fact }));
}
