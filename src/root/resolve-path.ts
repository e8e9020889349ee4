/**
 * The one function that follows symbolic links, with the rules of a process that was chrooted into
 * the root: component by component, absolute targets start again at the root's `/`, `..` at the top
 * stays there, and `a/..` is never shortened as text, since `a` may be a link.
 * Source: path_resolution(7); Linux fs/namei.c, MAXSYMLINKS.
 */
import { errnoOf } from '../errors.js';
import type { Entry, PathProblem, RealPath, Root } from './root.js';

/** A symbolic link that was passed. `path` has no link before its last component. */
export interface SymlinkHop {
  readonly path: string;
  /** The text of the link, as it stands. */
  readonly target: string;
}

/** A path that leads to something, and what that is. */
export interface ResolvedPath {
  readonly found: true;
  readonly path: RealPath;
  readonly entry: Entry;
  /** Links passed on the way, in order. */
  readonly links: readonly SymlinkHop[];
}

/** A path that leads to nothing, and why. */
export interface UnresolvedPath {
  readonly found: false;
  readonly problem: PathProblem;
  /** The component at which it ended. */
  readonly at: string;
  readonly links: readonly SymlinkHop[];
}

const MAX_HOPS = 40;
const NAME_MAX = 255;
const PATH_MAX = 4096;

/** Finds what `path` (absolute) stands for in `root`. Problems are data, as open(2) reports them. */
export function resolvePath(root: Root, path: string): ResolvedPath | UnresolvedPath {
  const links: SymlinkHop[] = [];
  const fail = (problem: PathProblem, at: string): UnresolvedPath => ({
    found: false,
    problem,
    at,
    links,
  });
  if (isLonger(path, PATH_MAX - 1)) return fail('ENAMETOOLONG', path);

  // Components still to walk, the next one last; trailing "/" and "." need a directory.
  const pending = components(path).reverse();
  const real: string[] = [];
  let current = '';
  let entry = rootEntry(root);
  while (pending.length > 0) {
    const name = pending.pop() as string;
    if (entry.kind !== 'directory') return fail('ENOTDIR', current);
    if (name === '.') continue;
    if (name === '..') {
      real.pop();
      current = real.length === 0 ? '' : `/${real.join('/')}`;
      entry = current === '' ? rootEntry(root) : (root.lstat(current) ?? entry);
      continue;
    }
    if (isLonger(name, NAME_MAX)) return fail('ENAMETOOLONG', `${current}/${name}`);
    const next = `${current}/${name}`;
    let found: Entry | undefined;
    try {
      found = root.lstat(next);
    } catch (error) {
      return fail(problemOf(error), next);
    }
    if (found === undefined) return fail('ENOENT', next);
    if (found.kind === 'symlink') {
      if (links.length >= MAX_HOPS) return fail('ELOOP', path);
      let target: string;
      try {
        target = root.readlink(next);
      } catch (error) {
        return fail(problemOf(error), next);
      }
      // The kernel makes no such link, but a tar can have it.
      if (isLonger(target, PATH_MAX - 1)) return fail('ENAMETOOLONG', next);
      links.push({ path: next, target });
      if (target.startsWith('/')) {
        real.length = 0;
        current = '';
        entry = rootEntry(root);
      }
      pending.push(...components(target).reverse());
      continue;
    }
    real.push(name);
    current = next;
    entry = found;
  }
  return { found: true, path: (current === '' ? '/' : current) as RealPath, entry, links };
}

/** Whether the text has more than `limit` bytes; file systems count bytes, not characters. */
function isLonger(text: string, limit: number): boolean {
  if (text.length * 3 <= limit) return false;
  return text.length > limit || new TextEncoder().encode(text).length > limit;
}

/** Components in order; a trailing slash becomes a last `.`, which demands a directory. */
function components(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '');
  if (path.endsWith('/') && parts.length > 0) parts.push('.');
  return parts;
}

function rootEntry(root: Root): Entry {
  return root.lstat('/') ?? { kind: 'directory', size: 0, mode: 0o755, id: 'root' };
}

const PROBLEMS = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'ENAMETOOLONG']);

/** The code of a system error as a {@link PathProblem}; what has no meaning here is EIO. */
function problemOf(error: unknown): PathProblem {
  const code = errnoOf(error) ?? '';
  if (code === 'EPERM') return 'EACCES';
  return (PROBLEMS.has(code) ? code : 'EIO') as PathProblem;
}
