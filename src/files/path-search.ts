/**
 * Which file a command name means in a root: the search in PATH that execvp(3) and shells do.
 * Source: POSIX, "Environment Variables" (PATH); glibc posix/execvpe.c.
 */
import { pathFrom } from '../root/path-text.js';
import type { ResolvedPath, UnresolvedPath } from '../root/resolve-path.js';

/** The PATH of an image that sets none (runc, and Docker's default). */
export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Follows the links of a path: resolvePath() with its root, or RootFiles.resolve(). */
type Resolve = (path: string) => ResolvedPath | UnresolvedPath;

/**
 * The path of the first executable file called `name` in the directories of `searchPath`; an empty or
 * relative directory is one of `cwd`, without which it is passed over. Undefined where no directory
 * has such a file. `name` has no slash: with one it is a path already, and not searched.
 */
export function findInPath(
  resolve: Resolve,
  name: string,
  searchPath: string,
  cwd?: string,
): string | undefined {
  if (name === '') return undefined;
  for (const element of searchPath.split(':')) {
    if (!element.startsWith('/') && cwd === undefined) continue;
    const directory = pathFrom(cwd ?? '/', element).replace(/\/+$/, '');
    const candidate = `${directory}/${name}`;
    const file = resolve(candidate);
    if (file.found && isExecutable(file)) return candidate;
  }
  return undefined;
}

/** Whether a file has an execute bit: execve(2) starts no other, whoever asks. */
export function isExecutable({ entry }: ResolvedPath): boolean {
  return entry.kind === 'file' && (entry.mode & 0o111) !== 0;
}
