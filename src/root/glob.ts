/**
 * glob(3) in a Root, by fast-glob over its `fs` option, so that no pattern leaves the root.
 * fast-glob takes 15 ms to load and is wanted only where a pattern has a wildcard.
 */
import { createRequire } from 'node:module';
import type fastGlob from 'fast-glob';
import { compareBytes } from './byte-order.js';
import { entryAt, namesIn } from './list-directory.js';
import { resolvePath } from './resolve-path.js';
import type { Entry, Root } from './root.js';

export { compareBytes } from './byte-order.js';

const WILDCARD = /[*?[\\]/;

/** Whether a pattern is more than a name. */
export function hasWildcard(pattern: string): boolean {
  return WILDCARD.test(pattern);
}

/**
 * The existing paths that an absolute pattern matches, sorted by bytes as in the C locale. Names
 * with a leading dot match only a pattern with one. `**` is special only where `globstar` is set,
 * and then passes by links, as in bash: two that lead upwards would multiply what is below.
 */
export function globRoot(
  root: Root,
  pattern: string,
  options: { readonly globstar?: boolean } = {},
): string[] {
  if (!hasWildcard(pattern)) return resolvePath(root, pattern).found ? [pattern] : [];
  const require = createRequire(import.meta.url);
  const glob = require('fast-glob') as typeof fastGlob;
  const relative = glob.globSync(pattern.replace(/^\/+/, ''), {
    cwd: '/',
    fs: fileSystemOf(root),
    onlyFiles: false,
    braceExpansion: false,
    extglob: false,
    globstar: options.globstar ?? false,
    followSymbolicLinks: !(options.globstar && pattern.includes('**')),
    suppressErrors: true,
  });
  return relative.map((path) => `/${path}`).sort(compareBytes);
}

type GlobFileSystem = NonNullable<fastGlob.Options['fs']>;

/** The part of node:fs that fast-glob calls when it works synchronously. */
function fileSystemOf(root: Root): GlobFileSystem {
  const inRoot = (path: string) => path.replace(/^[A-Za-z]:/, '').replaceAll('\\', '/') || '/';
  const lstat = (path: string) => {
    const file = resolvePath(root, inRoot(path));
    // The last component must not be followed: look it up below its resolved directory.
    const parent = resolvePath(root, inRoot(path).replace(/\/[^/]*$/, '') || '/');
    const name = inRoot(path).split('/').pop() ?? '';
    const entry = parent.found
      ? entryAt(root, `${parent.path === '/' ? '' : parent.path}/${name}`)
      : undefined;
    if (entry !== undefined) return statsOf(entry);
    if (file.found) return statsOf(file.entry);
    throw missing(path);
  };
  const stat = (path: string) => {
    const file = resolvePath(root, inRoot(path));
    if (!file.found) throw missing(path);
    return statsOf(file.entry);
  };
  const readdir = (path: string) => {
    const directory = resolvePath(root, inRoot(path));
    if (!directory.found || directory.entry.kind !== 'directory') throw missing(path);
    const prefix = directory.path === '/' ? '' : directory.path;
    return namesIn(root, directory.path).map((name) => {
      const entry = entryAt(root, `${prefix}/${name}`);
      return { name, ...statsOf(entry ?? { kind: 'other', size: 0, mode: 0, id: '' }) };
    });
  };
  return {
    lstatSync: lstat,
    statSync: stat,
    readdirSync: readdir,
  } as unknown as GlobFileSystem;
}

function missing(path: string): Error {
  return Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
}

function statsOf(entry: Entry) {
  const is = (kind: Entry['kind']) => () => entry.kind === kind;
  return {
    isFile: is('file'),
    isDirectory: is('directory'),
    isSymbolicLink: is('symlink'),
    isBlockDevice: () => false,
    isCharacterDevice: () => false,
    isFIFO: () => false,
    isSocket: () => false,
  };
}
