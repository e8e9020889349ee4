/**
 * What a directory brings into an image: all that is below it, and below the directories that its links
 * lead to. The tests for secrets and for what is excluded look at the same files as the plan of an image.
 */
import type { RootFiles } from '../files/root-files.js';
import { compareBytes } from '../root/byte-order.js';
import { entryAt, namesIn } from '../root/list-directory.js';
import { directoryOf, pathFrom } from '../root/path-text.js';
import { type ResolvedPath, resolvePath } from '../root/resolve-path.js';
import type { RealPath, Root } from '../root/root.js';
import type { FileBelow } from './files-below.js';

/** A directory, and the path that it is found by. */
interface Place {
  readonly shown: string;
  readonly path: RealPath;
}

/** Something in a directory that is copied. */
export interface BroughtFile extends FileBelow {
  /** The path that it is found by, which may lead through links. */
  readonly shown: string;
  /** Where a link leads; absent for all else, and for a link that leads nowhere. */
  readonly target?: ResolvedPath;
}

/** A directory without a part of it. */
export interface DirectoryPart {
  /** The topmost paths that have nothing in them of what is taken out, in byte order. */
  readonly paths: readonly string[];
  /** What is taken out. */
  readonly taken: readonly BroughtFile[];
}

/** Where a package's link may lead that no program needs. */
const DOCUMENTATION = /^\/usr\/(?:local\/)?share\/(?:doc|man|info|gtk-doc)(?:\/|$)/;
/** Paths that the parts of a directory have at most; links that lead back and forth would make more. */
const MOST_PATHS = 1 << 18;

/**
 * What a copied directory has directly in it, in byte order: without links to a directory that they are
 * in, which would never end, and without links to documentation.
 */
export function* broughtBy(root: Root, at: Place): Generator<BroughtFile> {
  for (const name of namesIn(root, at.path)) {
    const path = pathFrom(at.path, name) as RealPath;
    const entry = entryAt(root, path);
    if (entry === undefined) continue;
    const leads = entry.kind === 'symlink' ? resolvePath(root, path) : undefined;
    const target = leads?.found ? leads : undefined;
    if (target !== undefined && isIdle(path, target)) continue;
    yield { path, name, entry, shown: pathFrom(at.shown, name), target };
  }
}

/** The same without names and real paths in `except`. */
function* broughtWithout(root: Root, at: Place, except: readonly string[]): Generator<BroughtFile> {
  for (const file of broughtBy(root, at))
    if (!except.includes(file.name) && !except.includes(file.path)) yield file;
}

/**
 * The real paths of the files that a directory brings, each once, in no order; of a link that leads to one,
 * where it leads. Names and real paths in `except` stay behind, with all that is below.
 */
export function broughtFiles(
  root: Root,
  directory: RealPath,
  except: readonly string[],
): readonly RealPath[] {
  const found = new Set<RealPath>();
  const visited = new Set<RealPath>([directory]);
  for (const at of visited)
    for (const file of broughtWithout(root, { shown: at, path: at }, except)) {
      const { path, entry } = file.target ?? file;
      if (entry.kind === 'file') found.add(path);
      if (entry.kind === 'directory') visited.add(path);
    }
  return [...found];
}

/** Whether a link is one that a copied directory does without. */
export function isIdle(path: string, { path: target, entry }: ResolvedPath): boolean {
  if (entry.kind !== 'directory') return false;
  return path.startsWith(target === '/' ? target : `${target}/`) || DOCUMENTATION.test(target);
}

/** The directory that it is or leads to; undefined of all else. */
function directoryIn({ path, shown, entry, target }: BroughtFile): Place | undefined {
  if (entry.kind === 'directory') return { shown, path };
  return target?.entry.kind === 'directory' ? { shown, path: target.path } : undefined;
}

/** Which directory, and the names and real paths in it that stay behind anyway. */
export interface CopiedDirectory {
  readonly path: string;
  readonly except: readonly string[];
}

/** The directory without what `isTaken` says; undefined where that is nothing. */
export function partWithout(
  files: RootFiles,
  { path, except }: CopiedDirectory,
  isTaken: (file: BroughtFile) => boolean,
): DirectoryPart | undefined {
  const directory = files.resolve(path);
  if (!directory.found) return undefined;
  const start = { shown: path, path: directory.path };
  const list = (at: Place) => broughtWithout(files.root, at, except);
  const taken = takenFrom(list, start, isTaken);
  if (taken.files.size === 0) return undefined;
  const paths = pathsAround(list, start, taken).sort(compareBytes);
  return { paths, taken: [...taken.files.values()] };
}

/** What a directory has directly in it, as far as it is copied. */
type Listing = (at: Place) => Iterable<BroughtFile>;

interface Taken {
  /** By real path. */
  readonly files: ReadonlyMap<string, BroughtFile>;
  /** Real paths of the directories that bring some of it, through links too. */
  readonly around: ReadonlySet<string>;
}

/** Looks at each directory once, however many links lead there. */
function takenFrom(list: Listing, start: Place, isTaken: (file: BroughtFile) => boolean): Taken {
  const files = new Map<string, BroughtFile>();
  /** By directory, those that hold it or a link to it. */
  const holders = new Map<string, string[]>([[start.path, []]]);
  // What is in the directory itself has the shortest path, so links come last.
  const pending = [start];
  const linked: Place[] = [];
  const visit = (file: BroughtFile, holder: string) => {
    if (isTaken(file)) {
      files.set(file.path, file);
      return;
    }
    const inner = directoryIn(file);
    if (inner === undefined) return;
    const known = holders.get(inner.path);
    known?.push(holder);
    if (known !== undefined) return;
    holders.set(inner.path, [holder]);
    (file.target === undefined ? pending : linked).push(inner);
  };
  for (let at = pending.pop(); at !== undefined; at = pending.pop() ?? linked.pop())
    for (const file of list(at)) visit(file, at.path);
  return { files, around: directoriesAround([...files.keys()], holders) };
}

/** The topmost paths that have nothing in them of what is taken. */
function pathsAround(list: Listing, start: Place, { files, around }: Taken): string[] {
  const paths: string[] = [];
  const pending = [start];
  const followed = new Set<string>();
  const visit = (file: BroughtFile) => {
    if (files.has(file.path)) return;
    const inner = directoryIn(file);
    if (inner === undefined || !around.has(inner.path)) {
      paths.push(file.shown);
      return;
    }
    // Directories end, links may not.
    if (file.target !== undefined && followed.has(file.path)) return;
    followed.add(file.path);
    if (paths.length < MOST_PATHS) pending.push(inner);
  };
  for (let at = pending.pop(); at !== undefined; at = pending.pop())
    for (const file of list(at)) visit(file);
  return paths;
}

function directoriesAround(
  paths: readonly string[],
  holders: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const around = new Set<string>();
  const pending = paths.map(directoryOf);
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    if (around.has(at)) continue;
    around.add(at);
    pending.push(...(holders.get(at) ?? []));
  }
  return around;
}
