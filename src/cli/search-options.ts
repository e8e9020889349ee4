/**
 * Options, and the variables of the environment that count, as what to trace with: the loader and its
 * search, where names are looked up, and who starts the programs.
 */
import type { TraceOptions } from '../closure/trace.js';
import { UsageError } from '../errors.js';
import { DEFAULT_PATH } from '../files/path-search.js';
import { loaders } from '../registry/loaders.js';
import type { Root } from '../root/root.js';
import { findUser, type User } from '../root/user.js';
import { requireUser } from './image-names.js';
import { imageStart } from './image-options.js';
import { environmentOf, type SearchOptions, workdirOf } from './image-start.js';
import type { SharedOptions } from './options.js';
import { toRootPath } from './root-path.js';
import type { Terminal } from './terminal.js';

/** Who starts the programs: undefined unless the options or an image say it. Throws {@link UsageError}. */
export function starter({ user }: SharedOptions, { image }: Root, root: Root): User | undefined {
  if (user === undefined) return image?.user === undefined ? undefined : findUser(root, image.user);
  requireUser(user);
  const found = findUser(root, user);
  if (found === undefined)
    throw new UsageError(`--user ${user}: no such name in the root's /etc/passwd or /etc/group`, {
      hint: 'a number needs no entry there',
    });
  return found;
}

/** Where names without a slash are looked up: as this shell does, or as a container would. */
export function namesPath(root: Root, options: SearchOptions, { env }: Terminal): string {
  return root.isHost ? (env.PATH ?? '') : (environmentOf(root, options).PATH ?? DEFAULT_PATH);
}

/** The PATH that programs are started with; undefined where nothing says it. */
export function startPath(root: Root, options: SearchOptions, { env }: Terminal, usual?: string) {
  const given = environmentOf(root, options).PATH;
  return given ?? usual ?? (root.isHost ? env.PATH : undefined);
}

/**
 * How needs are resolved. The variables of this machine count only for its own root, those of an image
 * for that image. Throws {@link UsageError} for a loader that is not known.
 */
export function searchOptions(
  options: SearchOptions,
  { env, cwd }: Terminal,
  root: Root,
): TraceOptions {
  const variables = root.isHost ? env : environmentOf(root, options);
  const names = loaders.map(({ name }) => name);
  const loader = names.find((name) => name === options.loader);
  if (options.loader !== undefined && loader === undefined)
    throw new UsageError(`unknown loader '${options.loader}'`, {
      hint: `known: ${names.join(', ')}`,
    });
  return {
    cwd: root.isHost
      ? (imageStart(options).workdir ?? toRootPath('.', cwd))
      : workdirOf(root, options),
    libraryPath: options.libraryPath ?? variables.LD_LIBRARY_PATH,
    preload: options.preload ?? variables.LD_PRELOAD,
    audit: variables.LD_AUDIT,
    loader,
    exclude: excludedPatterns(options, root, cwd),
    ldconfig: options.ldconfig,
  };
}

/** The values of --exclude; relative paths of this machine's root start in the working directory. */
function excludedPatterns({ exclude }: SharedOptions, root: Root, cwd: string) {
  return exclude?.map((text) =>
    root.isHost && text.includes('/') && !text.startsWith('/') ? toRootPath(text, cwd) : text,
  );
}
