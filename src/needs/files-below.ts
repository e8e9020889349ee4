/**
 * What is below a directory of a root, listed once in a run however many needs copy it. Links are
 * listed and not followed, as an image keeps them.
 */

import { madeOncePerPath } from '../files/made-once-per-path.js';
import type { RootFiles } from '../files/root-files.js';
import { entryAt, namesIn } from '../root/list-directory.js';
import { baseName, pathFrom } from '../root/path-text.js';
import type { Entry, RealPath } from '../root/root.js';

/** Something below a directory, at its real path. */
export interface FileBelow {
  readonly path: RealPath;
  readonly name: string;
  readonly entry: Entry;
}

/** Larger trees are no part of one program. */
const MOST_FILES = 1 << 18;

const treeAt = madeOncePerPath(listBelow);

/**
 * Everything below the directory that `path` leads to, parents first; of one that has more than a
 * quarter of a million entries only so many. Empty where there is no directory.
 */
export function filesBelow(files: RootFiles, path: string): readonly FileBelow[] {
  const start = files.resolve(path);
  if (!start.found || start.entry.kind !== 'directory') return [];
  return treeAt(files, start.path);
}

/** The same, and a file itself; none where there is nothing. */
export function filesAt(files: RootFiles, path: string): readonly FileBelow[] {
  const file = files.resolve(path);
  if (!file.found || file.entry.kind === 'directory') return filesBelow(files, path);
  return [{ path: file.path, name: baseName(path), entry: file.entry }];
}

/** The bytes of all of them. */
export function bytesBelow(files: RootFiles, path: string): number {
  return filesBelow(files, path).reduce((sum, { entry }) => sum + entry.size, 0);
}

function listBelow({ root }: RootFiles, start: string): readonly FileBelow[] {
  const found: FileBelow[] = [];
  const pending = [start];
  for (let at = 0; at < pending.length && found.length < MOST_FILES; at++) {
    const directory = pending[at] as string;
    for (const name of namesIn(root, directory)) {
      const path = pathFrom(directory, name) as RealPath;
      const entry = entryAt(root, path);
      if (entry === undefined) continue;
      found.push({ path, name, entry });
      if (entry.kind === 'directory') pending.push(path);
    }
  }
  return found;
}
