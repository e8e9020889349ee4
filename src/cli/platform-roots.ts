/**
 * `--platform-root linux/ARCH=DIR`, once for each CPU: plans the same files in each of the roots.
 */
import type { Command } from 'commander';
import { PlanError, UsageError } from '../errors.js';
import { COMPLETE } from './exit-code.js';
import { repeated } from './options.js';
import type { PlannedRequest } from './plan-request.js';

/** Declares the option. */
export function addPlatformRootOption(command: Command): Command {
  return command.option(
    '--platform-root <platform=dir>',
    'a root for each of several CPUs, such as linux/arm64=DIR; may be repeated',
    repeated,
  );
}

/** The plans of several platforms. */
interface PlannedPlatforms {
  readonly planned: readonly PlannedRequest[];
  /** The highest exit code of the plans. */
  readonly exitCode: number;
}

/**
 * A plan for each platform, in the order given. Throws {@link UsageError} for a root whose programs are
 * for another CPU than the option says, and what `planIn` throws.
 */
export async function planPlatforms(
  platformRoots: readonly string[],
  planIn: (root: string) => Promise<PlannedRequest>,
): Promise<PlannedPlatforms> {
  const all: PlannedRequest[] = [];
  for (const given of platformRoots) {
    const [, architecture, root] = /^(?:linux\/)?(\w+)(?:\/v\d+)?=(.+)$/.exec(given) ?? [];
    if (architecture === undefined || root === undefined)
      throw new UsageError(`--platform-root takes linux/ARCH=DIR, not '${given}'`);
    const planned = await naming(given, () => planIn(root));
    const actual = planned.plan.platform.architecture;
    if (actual !== architecture)
      throw new UsageError(`--platform-root ${given}: the programs there are for ${actual}`);
    if (all.some(({ plan }) => plan.platform.architecture === architecture))
      throw new UsageError(`--platform-root names ${architecture} twice`);
    all.push(planned);
  }
  return { planned: all, exitCode: Math.max(COMPLETE, ...all.map(({ exitCode }) => exitCode)) };
}

/** Adds to the error of a plan that cannot be made which platform it is for. */
async function naming<T>(given: string, make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    const { code, fact, path, hint, advice } = error;
    throw new PlanError(code, `${fact} (--platform-root ${given})`, {
      cause: error,
      path,
      hint,
      advice,
    });
  }
}
