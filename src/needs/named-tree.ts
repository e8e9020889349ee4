/**
 * A named file or directory as the files that an image would get for it: without documentation and
 * what else is of no use at run time.
 */

import { isLibraryName } from '../elf/library-name.js';
import { madeOncePerPath } from '../files/made-once-per-path.js';
import type { RootFiles } from '../files/root-files.js';
import { compareBytes } from '../root/byte-order.js';
import { addTo } from '../root/multimap.js';
import { directoryOf, rebased } from '../root/path-text.js';
import type { Entry } from '../root/root.js';
import { isExecutable } from '../root/user.js';
import { isIdle } from './copied-directory.js';
import { bytesBelow, type FileBelow, filesBelow } from './files-below.js';
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
export const namedTree = madeOncePerPath(findTree);

function findTree(files: RootFiles, path: string): NamedTree {
  const start = files.resolve(path);
  if (!start.found) return { path, isFile: false, files: [], bytes: 0, unused: [] };
  const { path: real, entry } = start;
  if (entry.kind === 'file') {
    const found = [treeFile(path, real, entry)];
    return { path, isFile: true, files: found, bytes: entry.size, unused: [] };
  }
  const below = filesBelow(files, path);
  const out = unusedPaths(below);
  const shown = (realPath: string) => rebased(realPath, real, path);
  const found = below.flatMap((one) =>
    out.has(one.path) ? [] : (fileOf(files, one, shown(one.path)) ?? []),
  );
  const sizes = new Map(found.map(({ id, size }) => [id, size]));
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  // What an unused directory has is left out with it.
  const unused = [...out].filter((each) => !out.has(directoryOf(each))).map(shown);
  return { path, isFile: false, files: found, bytes, unused };
}

/** Real paths of what is of no use at run time, with all that is below it. */
function unusedPaths(below: readonly FileBelow[]): ReadonlySet<string> {
  const out = new Set<string>();
  for (const { path, name } of below)
    if (out.has(directoryOf(path)) || isUnused(name)) out.add(path);
  const headers = below.filter(({ name }) => HEADER.test(name));
  if (headers.length > 0) for (const path of includedHeaders(below, headers)) out.delete(path);
  return out;
}

const HEADER = /\.h$/;
/** What headers in C belong to, and what includes none. */
const WITH_OTHERS =
  /\.(?:c|cc|cpp|cxx|hh|hpp|s|so|l?a|o|pyc?|pyi|pyx|pxd|rb|[cm]?js|ts|p[lm]|lua|tcl|php|R|java|jar)$/i;

/** Headers among more files of a language that includes them when it runs: `localization.h` beside `Year.pike`. */
function includedHeaders(below: readonly FileBelow[], headers: readonly FileBelow[]): string[] {
  const directories = new Set(headers.map(({ path }) => directoryOf(path)));
  const beside = new Map<string, string[]>();
  for (const { path, name, entry } of below) {
    const directory = directoryOf(path);
    if (entry.kind === 'file' && directories.has(directory)) addTo(beside, directory, name);
  }
  const isOwn = (directory: string) => {
    const names = beside.get(directory) ?? [];
    const own = names.filter((name) => HEADER.test(name));
    return own.length * 2 < names.length && !names.some((name) => WITH_OTHERS.test(name));
  };
  return headers.map(({ path }) => path).filter((path) => isOwn(directoryOf(path)));
}

/** The file at a path, or that a link there leads to; a link to a directory is one with all that is there. */
function fileOf(files: RootFiles, { path, entry }: FileBelow, shown: string): TreeFile | undefined {
  const target = entry.kind === 'symlink' ? files.resolve(path) : undefined;
  if (target?.found && target.entry.kind === 'directory' && !isIdle(path, target))
    return treeFile(shown, path, { ...entry, size: bytesBelow(files, target.path) });
  const file = target?.found ? target.entry : entry;
  return file.kind === 'file'
    ? treeFile(shown, target?.found ? target.path : path, file)
    : undefined;
}

function treeFile(path: string, realPath: string, entry: Entry): TreeFile {
  const { id, size } = entry;
  return { path, realPath, id, size, ...codeOf(path, isExecutable({ entry })) };
}

function codeOf(path: string, isStarted: boolean): Pick<TreeFile, 'isCode' | 'isProgram'> {
  const isLibrary = isLibraryName(path);
  return { isCode: isStarted || isLibrary, isProgram: isStarted && !isLibrary };
}

/** Paths that have these files of a tree and no others, directories where they can be whole. */
export function wholePaths(tree: NamedTree, files: readonly TreeFile[]): string[] {
  const taken = new Set(files);
  const left = [...tree.unused, ...tree.files.filter((f) => !taken.has(f)).map(({ path }) => path)];
  if (left.length === 0) return [tree.path];
  const broken = new Set<string>();
  // A link may lead to the top, above which there is nothing.
  const isInside = (path: string) => path !== '/' && directoryOf(path).length >= tree.path.length;
  for (const path of left)
    for (let at = path; isInside(at); at = directoryOf(at)) broken.add(directoryOf(at));
  const paths = files.map(({ path }) => {
    let whole = path;
    while (isInside(whole) && !broken.has(directoryOf(whole))) whole = directoryOf(whole);
    return whole;
  });
  return [...new Set(paths)].sort(compareBytes);
}
