/**
 * A named file or directory as the files that an image would get for it: without documentation and
 * what else is of no use at run time.
 */
import type { RootFiles } from '../files/root-files.js';
import { compareBytes } from '../root/byte-order.js';
import { directoryOf } from '../root/path-text.js';
import { filesBelow } from './files-below.js';
import { isUnused } from './named-places.js';

/** A file, or a link that leads to one. */
export interface TreeFile {
  /** From the path that was named. */
  readonly path: string;
  readonly realPath: string;
  /** The same for two names of one file. */
  readonly id: string;
  /** Bytes that it adds to an image. */
  readonly size: number;
  /** Whether it may be an ELF file: a library by its name, or executable. */
  readonly isCode: boolean;
  /** Executable, and named like no library. */
  readonly isProgram: boolean;
}

export interface NamedTree {
  readonly path: string;
  readonly isFile: boolean;
  readonly files: readonly TreeFile[];
  /** Bytes of the files, those with several names once. */
  readonly bytes: number;
  /** Everything below it that is left out; empty where the directory can be taken as a whole. */
  readonly unused: readonly string[];
}

/** The files at and below a path; none where it leads nowhere. */
export function namedTree(files: RootFiles, path: string): NamedTree {
  const start = files.resolve(path);
  const found: TreeFile[] = [];
  const unused: string[] = [];
  const isFile = start.found && start.entry.kind === 'file';
  if (isFile) {
    const { id, size, mode } = start.entry;
    found.push({ path, realPath: start.path, id, size, ...codeOf(path, mode) });
  }
  const out = new Set<string>();
  for (const { path: below, name, entry } of filesBelow(files, path)) {
    const shown = `${path}${below.slice(start.found ? start.path.length : 0)}`;
    if (out.has(directoryOf(below)) || isUnused(name)) {
      out.add(below);
      if (!out.has(directoryOf(below))) unused.push(shown);
      continue;
    }
    const target = entry.kind === 'symlink' ? files.resolve(below) : undefined;
    const file = target?.found ? target.entry : entry;
    if (file.kind !== 'file') continue;
    const realPath = target?.found ? target.path : below;
    const { id, size } = file;
    found.push({ path: shown, realPath, id, size, ...codeOf(shown, file.mode) });
  }
  const sizes = new Map(found.map(({ id, size }) => [id, size]));
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  return { path, isFile, files: found, bytes, unused };
}

function codeOf(path: string, mode: number): Pick<TreeFile, 'isCode' | 'isProgram'> {
  const isLibrary = /\.(?:so|node)(?:\.|$)/.test(path);
  const isExecutable = (mode & 0o111) !== 0;
  return { isCode: isExecutable || isLibrary, isProgram: isExecutable && !isLibrary };
}

/** Paths that have these files of a tree and no others, directories where they can be whole. */
export function wholePaths(tree: NamedTree, files: readonly TreeFile[]): string[] {
  const taken = new Set(files);
  const left = [...tree.unused, ...tree.files.filter((f) => !taken.has(f)).map(({ path }) => path)];
  if (left.length === 0) return [tree.path];
  const broken = new Set<string>();
  for (const path of left)
    for (let at = directoryOf(path); at.length >= tree.path.length; at = directoryOf(at))
      broken.add(at);
  const paths = files.map(({ path }) => {
    let whole = path;
    while (!broken.has(directoryOf(whole)) && whole !== tree.path) whole = directoryOf(whole);
    return whole;
  });
  return [...new Set(paths)].sort(compareBytes);
}
