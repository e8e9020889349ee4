/**
 * The one function that follows symbolic links, with the rules of a process that was chrooted into
 * the root: component by component, absolute targets start again at the root's `/`, `..` at the top
 * stays there, and `a/..` is never shortened as text, since `a` may be a link.
 * Source: path_resolution(7); Linux fs/namei.c, MAXSYMLINKS.
 */
import { errnoOf } from '../errors.js';
import { madeOnce } from './made-once.js';
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
/** A root that looks for a path from its top takes longer for a long one. */
const CHARACTERS_PER_STEP = 16;

/**
 * Finds what `path` (absolute) stands for in `root`. Problems are data, as open(2) reports them. Where
 * `budget` is used up, its steps are below 0 and the answer is ELOOP; a component costs a step or more.
 */
export function resolvePath(
  root: Root,
  path: string,
  budget?: { steps: number },
): ResolvedPath | UnresolvedPath {
  if (isLonger(path, PATH_MAX - 1))
    return { found: false, problem: 'ENAMETOOLONG', at: path, links: [] };
  const { hops: links, place, failure } = new Walker(root, budget).resolve(path);
  if (place !== undefined)
    return { found: true, path: (place.path || '/') as RealPath, entry: place.entry, links };
  const { problem, at = path } = failure;
  return { found: false, problem, at, links };
}

/** Something in a root, reached without links: the way back to the top is the way of `..`. */
interface Place {
  /** Empty for the top. */
  readonly path: string;
  readonly entry: Entry;
  readonly parent?: Place;
}

/** Why a walk ended; `at` is undefined where the whole path is to blame. */
interface Failure {
  readonly problem: PathProblem;
  readonly at?: string;
}

type Walk = { readonly hops: readonly SymlinkHop[] } & (
  | { readonly place: Place; readonly failure?: undefined }
  | { readonly place?: undefined; readonly failure: Failure }
);

/** What was found out about a root whose files stay as they are. */
interface Memory {
  /** Where links lead, by the path of the link. */
  readonly links: Map<string, Walk>;
  /** Where directories of asked paths are, by their text. */
  readonly directories: Map<string, Walk>;
}

const memories = madeOnce((_root: Root): Memory => ({ links: new Map(), directories: new Map() }));
/** Directories that are remembered; programs look for libraries in far fewer. */
const MAX_DIRECTORIES = 1 << 14;

function memoryOf(root: Root): Memory | undefined {
  return root.isFixed ? memories(root) : undefined;
}

const LOOP: Failure = { problem: 'ELOOP' };

/** Walks in one root. */
class Walker {
  readonly #root: Root;
  readonly #budget: { steps: number } | undefined;
  readonly #memory: Memory | undefined;

  constructor(root: Root, budget: { steps: number } | undefined) {
    this.#root = root;
    this.#budget = budget;
    this.#memory = memoryOf(root);
  }

  /** Walks to the directory of a path, which may be known, and to the name in it. */
  resolve(path: string): Walk {
    const cut = path.lastIndexOf('/') + 1;
    const directory = this.#directory(path.slice(0, cut));
    const name = path.slice(cut);
    if (directory.place === undefined || name === '') return directory;
    const walk = this.#step(directory.place, name, directory.hops.length);
    return { ...walk, hops: joined(directory.hops, walk.hops) };
  }

  /** Where the text before a name leads, to a directory or to something else. */
  #directory(text: string): Walk {
    const known = this.#memory?.directories.get(text);
    if (known !== undefined) return known;
    const walk = this.#walk(this.#top(), text, 0);
    if (this.#memory !== undefined) {
      const { directories } = this.#memory;
      if (directories.size >= MAX_DIRECTORIES) directories.clear();
      directories.set(text, walk);
    }
    return walk;
  }

  #top(): Place {
    const entry = this.#root.lstat('/') ?? TOP;
    return { path: '', entry };
  }

  /** Walks the components of `text` from `from`, after `used` other links. */
  #walk(from: Place, text: string, used: number): Walk {
    let place = from;
    let hops: readonly SymlinkHop[] = [];
    for (const name of components(text)) {
      const next = this.#step(place, name, used + hops.length);
      hops = joined(hops, next.hops);
      if (next.place === undefined) return { hops, failure: next.failure };
      place = next.place;
    }
    return { hops, place };
  }

  /** Goes from a place to `name` in it, through links, after `used` other links. */
  #step(from: Place, name: string, used: number): Walk {
    if (from.entry.kind !== 'directory') return failed('ENOTDIR', from.path);
    if (name === '.') return { hops: [], place: from };
    if (name === '..') return this.#spend(1) ?? { hops: [], place: from.parent ?? from };
    const path = `${from.path}/${name}`;
    if (isLonger(name, NAME_MAX)) return failed('ENAMETOOLONG', path);
    const spent = this.#spend(1 + Math.floor(path.length / CHARACTERS_PER_STEP));
    if (spent !== undefined) return spent;
    let entry: Entry | undefined;
    try {
      entry = this.#root.lstat(path);
    } catch (error) {
      return failed(problemOf(error), path);
    }
    if (entry === undefined) return failed('ENOENT', path);
    if (entry.kind === 'symlink') return this.#follow(path, from, used);
    return { hops: [], place: { path, entry, parent: from } };
  }

  #spend(steps: number): Walk | undefined {
    if (this.#budget === undefined) return undefined;
    this.#budget.steps -= steps;
    return this.#budget.steps < 0 ? { hops: [], failure: LOOP } : undefined;
  }

  /** Where the link at `path` leads, after `used` other links. */
  #follow(path: string, directory: Place, used: number): Walk {
    const left = MAX_HOPS - used;
    const known = this.#memory?.links.get(path);
    if (known !== undefined) {
      // A loop was found after so many links; with more of them left, it might not be one.
      const least = known.hops.length + (known.failure === LOOP ? 1 : 0);
      if (least > left) return { hops: known.hops.slice(0, left), failure: LOOP };
      if (known.failure !== LOOP) return known;
    }
    if (left <= 0) return { hops: [], failure: LOOP };
    const walk = this.#followNew(path, directory, used);
    this.#memory?.links.set(path, walk);
    return walk;
  }

  #followNew(path: string, directory: Place, used: number): Walk {
    let target: string;
    try {
      target = this.#root.readlink(path);
    } catch (error) {
      return failed(problemOf(error), path);
    }
    // The kernel makes no such link, but a tar can have it.
    if (isLonger(target, PATH_MAX - 1)) return failed('ENAMETOOLONG', path);
    const from = target.startsWith('/') ? this.#top() : directory;
    const walk = this.#walk(from, target, used + 1);
    return { ...walk, hops: [{ path, target }, ...walk.hops] };
  }
}

const TOP: Entry = { kind: 'directory', size: 0, mode: 0o755, id: 'root' };

function joined(first: readonly SymlinkHop[], second: readonly SymlinkHop[]) {
  if (second.length === 0) return first;
  return first.length === 0 ? second : [...first, ...second];
}

function failed(problem: PathProblem, at: string): Walk {
  return { hops: [], failure: { problem, at } };
}

/** Whether the text has more than `limit` bytes; file systems count bytes, not characters. */
function isLonger(text: string, limit: number): boolean {
  if (text.length * 3 <= limit) return false;
  return text.length > limit || new TextEncoder().encode(text).length > limit;
}

/** Components in order; a trailing slash becomes a last `.`, which demands a directory. */
function* components(text: string): Generator<string> {
  let start = 0;
  for (let end = 0; start < text.length; start = end + 1) {
    end = text.indexOf('/', start);
    if (end < 0) end = text.length;
    if (end > start) yield text.slice(start, end);
  }
  if (text.endsWith('/') && text.length > 1) yield '.';
}

const PROBLEMS = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'ENAMETOOLONG']);

/** The code of a system error as a {@link PathProblem}; what has no meaning here is EIO. */
function problemOf(error: unknown): PathProblem {
  const code = errnoOf(error) ?? '';
  if (code === 'EPERM') return 'EACCES';
  return (PROBLEMS.has(code) ? code : 'EIO') as PathProblem;
}
