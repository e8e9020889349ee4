/**
 * glob(3) in a Root: fast-glob walks, over its `fs` option, so that no pattern leaves the root.
 * fast-glob takes 15 ms to load and is wanted only where a pattern has a wildcard.
 */

import { createRequire } from 'node:module';
import type fastGlob from 'fast-glob';
import { compareBytes } from './byte-order.js';
import { compilePattern } from './glob-pattern.js';
import { entryAt, namesIn } from './list-directory.js';
import { baseName, componentsOf, directoryOf, pathFrom } from './path-text.js';
import { resolvePath } from './resolve-path.js';
import type { Entry, Root } from './root.js';

const WILDCARD = /[*?[\\]/;

/** Whether a pattern is more than a name. */
export function hasWildcard(pattern: string): boolean {
  return WILDCARD.test(pattern);
}

/** How many names patterns may still look at; shared by those that may come from anybody. */
export interface GlobLimit {
  names: number;
}

/** What one more pattern costs, in names. */
const START = 256;
/** Longer ones are of no use but to take time. */
const MAX_PATTERN = 4096;
/** Components that mean themselves in fast-glob too, which has more special characters than glob(3). */
const PLAIN = /^[\p{L}\p{N} _.,:=@%~+-]+$/u;

/**
 * The existing paths that an absolute pattern matches, sorted by bytes as in the C locale. Names
 * with a leading dot match only a pattern with one. `**` is special only where `globstar` is set,
 * and then passes by links, as in bash: two that lead upwards would multiply what is below. Where a
 * `limit` is used up, directories look empty.
 */
export function globRoot(
  root: Root,
  pattern: string,
  options: { readonly globstar?: boolean; readonly limit?: GlobLimit } = {},
): string[] {
  if (!hasWildcard(pattern)) return resolvePath(root, pattern).found ? [pattern] : [];
  const { globstar = false, limit = { names: Number.POSITIVE_INFINITY } } = options;
  limit.names -= START;
  if (limit.names <= 0 || pattern.length > MAX_PATTERN) return [];
  const matches = compilePattern(pattern, globstar);
  // fast-glob walks; what a name must be like is decided here.
  const walked = componentsOf(pattern).map((part) =>
    (globstar && part === '**') || PLAIN.test(part) ? part : '*',
  );
  const require = createRequire(import.meta.url);
  const glob = require('fast-glob') as typeof fastGlob;
  const relative = glob.globSync(walked.join('/'), {
    cwd: '/',
    fs: fileSystemOf(root, limit),
    onlyFiles: false,
    braceExpansion: false,
    extglob: false,
    dot: /(?:^|\/)\\?\./.test(pattern),
    globstar,
    followSymbolicLinks: !(globstar && pattern.includes('**')),
    suppressErrors: true,
  });
  return relative
    .map((path) => `/${realName(path)}`)
    .filter((path) => matches(path))
    .filter((path) => !pattern.endsWith('/') || resolvePath(root, `${path}/`).found)
    .sort(compareBytes);
}

/** Characters of names that fast-glob takes for the end of a line, or for a separator. */
const SPECIAL = '\n\r\u2028\u2029\\';
/** What stands for the first of them while it walks: half of a surrogate pair, which no name has alone. */
const STAND_IN = 0xdd00;

const walkedName = (name: string) =>
  name.replaceAll(/[\n\r\u2028\u2029\\]/g, (special) =>
    String.fromCharCode(STAND_IN + SPECIAL.indexOf(special)),
  );
const realName = (path: string) =>
  path.replaceAll(/[\udd00-\udd04]/gu, (sign) => SPECIAL.charAt(sign.charCodeAt(0) - STAND_IN));

type GlobFileSystem = NonNullable<fastGlob.Options['fs']>;

/** The part of node:fs that fast-glob calls when it works synchronously. */
function fileSystemOf(root: Root, limit: GlobLimit): GlobFileSystem {
  const inRoot = (path: string) =>
    realName(path.replace(/^[A-Za-z]:/, '').replaceAll('\\', '/') || '/');
  const lstat = (path: string) => {
    const file = resolvePath(root, inRoot(path));
    // The last component must not be followed: look it up below its resolved directory.
    const parent = resolvePath(root, directoryOf(inRoot(path)));
    const name = baseName(inRoot(path));
    const entry = parent.found ? entryAt(root, pathFrom(parent.path, name)) : undefined;
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
    const names = limit.names > 0 ? namesIn(root, directory.path) : [];
    limit.names -= names.length + 1;
    return names.map((name) => {
      const entry = entryAt(root, `${prefix}/${name}`);
      return {
        name: walkedName(name),
        ...statsOf(entry ?? { kind: 'other', size: 0, mode: 0, id: '' }),
      };
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
