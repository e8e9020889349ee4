/**
 * Whether an image has the program that it starts and the user who starts it. A container engine would
 * fail only when the image is started.
 */

import { UsageError } from '../errors.js';
import { DEFAULT_PATH, findInPath } from '../files/path-search.js';
import type { ImagePlan } from '../image/image-plan.js';
import { planRoot } from '../image/plan-root.js';
import { accountsOf, hasName } from '../root/accounts.js';
import { resolvePath } from '../root/resolve-path.js';
import type { Root } from '../root/root.js';
import type { ImageOptions } from './image-options.js';

/**
 * Throws {@link UsageError} for a program or user of the plan that is not in the image, be it from the
 * options or from the image that is the root; `source` is the root that was traced.
 */
export function requireStart(plan: ImagePlan, source: Root, options: ImageOptions): void {
  const image = planRoot(plan, source);
  const [program] = plan.entrypoint;
  const given = (option: string | undefined, name: string, word: string) =>
    option === undefined ? word : `--${name}`;
  if (program !== undefined && !isThere(image, plan, program))
    throw new UsageError(
      `${given(options.entrypoint, 'entrypoint', 'ENTRYPOINT')} ${program}: there is no such file in the image`,
      { hint: 'name the program as a file argument too, or add it by --include' },
    );
  const [user = '', group = ''] = (plan.user ?? '').split(':');
  const all = accountsOf(image);
  const isKnown = (names: typeof all.accounts | typeof all.groups, name: string) =>
    name === '' || /^\d+$/.test(name) || hasName(all, names, name);
  const missing = !isKnown(all.accounts, user)
    ? [user, '/etc/passwd']
    : !isKnown(all.groups, group) && [group, '/etc/group'];
  if (missing)
    throw new UsageError(
      `${given(options.user, 'user', 'USER')} ${missing[0]}: no such name in the image's ${missing[1]}`,
      { hint: 'a number needs no entry there' },
    );
}

/** Bare names are looked up in the PATH of the image. Relative paths may be anywhere. */
function isThere(image: Root, { environment }: ImagePlan, program: string): boolean {
  if (program.startsWith('/')) return resolvePath(image, program).found;
  if (program.includes('/')) return true;
  const resolve = (path: string) => resolvePath(image, path);
  return findInPath(resolve, program, environment.PATH ?? DEFAULT_PATH) !== undefined;
}
