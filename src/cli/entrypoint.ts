/**
 * Whether an image has the program that it starts and the user who starts it. A container engine would
 * fail only when the image is started.
 */

import { UsageError } from '../errors.js';
import { DEFAULT_PATH, findInPath } from '../files/path-search.js';
import type { ImagePlan } from '../image/image-plan.js';
import { planRoot } from '../image/plan-root.js';
import { accountsIn, groupsIn } from '../root/accounts.js';
import { resolvePath } from '../root/resolve-path.js';
import type { Root } from '../root/root.js';
import type { ImageOptions } from './image-options.js';

/** Throws {@link UsageError} for a name that is not in the image; `source` is the root that was traced. */
export function requireStart(plan: ImagePlan, source: Root, options: ImageOptions): void {
  const image = planRoot(plan, source);
  const [program] = plan.entrypoint;
  if (options.entrypoint !== undefined && program !== undefined && !isThere(image, plan, program))
    throw new UsageError(`--entrypoint ${program}: there is no such file in the image`, {
      hint: 'name the program as a file argument too, or add it by --include',
    });
  const [user = '', group = ''] = (options.user ?? '').split(':');
  requireName(accountsIn(image), '/etc/passwd', user);
  requireName(groupsIn(image), '/etc/group', group);
}

/** Bare names are looked up in the PATH of the image. Relative paths may be anywhere. */
function isThere(image: Root, { environment }: ImagePlan, program: string): boolean {
  if (program.startsWith('/')) return resolvePath(image, program).found;
  if (program.includes('/')) return true;
  const resolve = (path: string) => resolvePath(image, path);
  return findInPath(resolve, program, environment.PATH ?? DEFAULT_PATH) !== undefined;
}

function requireName(known: readonly { name: string }[], path: string, name: string): void {
  if (name === '' || /^\d+$/.test(name) || known.some((each) => each.name === name)) return;
  throw new UsageError(`--user ${name}: no such name in the image's ${path}`, {
    hint: 'a number needs no entry there',
  });
}
