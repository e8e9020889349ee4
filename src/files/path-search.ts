/**
 * Finds the file that a command name means in a root: the search of execvp(3) and shells in PATH.
 * Source: POSIX, "Environment Variables" (PATH); glibc posix/execvpe.c.
 */
import { pathFrom } from '../root/path-text.js';
import type { ResolvedPath, UnresolvedPath } from '../root/resolve-path.js';
import { isExecutable } from '../root/user.js';
import type { RootFiles } from './root-files.js';

/** The PATH of an image that sets none (runc, and Docker's default). */
export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The directories of {@link DEFAULT_PATH}, which hold programs of all packages. */
export const PROGRAM_DIRECTORIES: readonly string[] = DEFAULT_PATH.split(':');

/** Where a process looks for the programs that it starts. */
export interface StartPlace {
  /** Its working directory, in the root. */
  readonly cwd: string;
  /** Its PATH. */
  readonly searchPath: string;
}

/** The place that options say; a container without a WORKDIR starts at the top. */
export function startPlace({
  cwd = '/',
  searchPath = DEFAULT_PATH,
}: Partial<StartPlace>): StartPlace {
  return { cwd, searchPath };
}

/** Follows the links of a path: resolvePath() with its root, or RootFiles.resolve(). */
type Resolve = (path: string) => ResolvedPath | UnresolvedPath;

/**
 * The path of the first executable file with this name in the directories of `searchPath`. An empty or
 * relative directory starts from `cwd`; without `cwd` it is skipped. Undefined if no directory has such a
 * file. `name` must have no slash: a name with one is a path, and is not searched for.
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

/**
 * The path of the program that a word of a command line means: a name with a slash is a path, others are searched
 * for. Undefined where no executable file is there.
 */
export function findProgram(
  files: RootFiles,
  word: string,
  { cwd, searchPath }: StartPlace,
): string | undefined {
  if (!word.includes('/')) return findInPath((path) => files.resolve(path), word, searchPath, cwd);
  const path = pathFrom(cwd, word);
  const file = files.resolve(path);
  return file.found && isExecutable(file) ? path : undefined;
}
