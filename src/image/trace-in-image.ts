/**
 * Traces the programs of a plan in the image that it makes: the only place that decides with which
 * user, working directory, environment, CPU and loader a program is started there.
 */
import type { DlopenCalls } from '../closure/dlopen-call.js';
import { excludedNames } from '../closure/exclusions.js';
import type { Trace } from '../closure/trace.js';
import type { Root } from '../root/root.js';
import { findUser, ORDINARY_USER, ROOT_USER } from '../root/user.js';
import type { ImagePlan } from './image-plan.js';
import { planRoot } from './plan-root.js';

/**
 * The trace in the image; its programs are in the order of the closures of `trace`. `root` is the file system
 * of the image; by default that of the plan alone.
 */
export function traceInImage(
  trace: Trace,
  plan: ImagePlan,
  root: Root = planRoot(plan, trace.root),
): Trace {
  const { exclude = [], hwcaps = 'none', loader } = trace.options;
  // Without a USER, root starts it. Names are those of the image; one that it does not have owns nothing.
  const startedBy = plan.user === undefined ? ROOT_USER : findUser(root, plan.user);
  const { PATH, LD_LIBRARY_PATH, LD_PRELOAD, LD_AUDIT } = plan.environment;
  return trace.inRoot(root, plan.programs, {
    // Images are for every CPU of the platform, unless the user took variants for newer ones.
    hwcaps,
    loader,
    // A pattern of a path means a file that the image does not have, so by the name too.
    exclude: [...exclude, ...excludedNames(trace.closures)],
    startedBy: startedBy ?? ORDINARY_USER,
    // A container without a WORKDIR starts at the top.
    cwd: plan.workdir ?? '/',
    searchPath: PATH ?? root.image?.environment.PATH,
    libraryPath: LD_LIBRARY_PATH || undefined,
    preload: LD_PRELOAD || undefined,
    audit: LD_AUDIT || undefined,
    opens: callsInImage(trace, plan),
  });
}

/** The calls that were traced, by where the programs are in the image. */
function callsInImage({ closures, options }: Trace, plan: ImagePlan): DlopenCalls {
  return new Map(
    closures.flatMap(({ program }, index) => {
      const [calls, place] = [options.opens?.get(program.path), plan.programs[index]];
      return calls === undefined || place === undefined ? [] : [[place, calls] as const];
    }),
  );
}
