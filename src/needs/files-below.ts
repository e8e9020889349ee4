/**
 * What is below a directory of a root, listed once in a run however many needs copy it. Links are
 * listed and not followed, as an image keeps them.
 */

import type { RootFiles } from '../files/root-files.js';
import { entryAt, namesIn } from '../root/list-directory.js';
import { pathFrom } from '../root/path-text.js';
import type { Entry, RealPath } from '../root/root.js';

/** Something below a directory, at its real path. */
export interface FileBelow {
  readonly path: RealPath;
  readonly name: string;
  readonly entry: Entry;
}

/** Larger trees are no part of one program. */
const MOST_FILES = 1 << 18;

const known = new WeakMap<RootFiles, Map<string, readonly FileBelow[]>>();

/**
 * Everything below the directory that `path` leads to, parents first; of one that has more than a
 * quarter of a million entries only so many. Empty where there is no directory.
 */
export function filesBelow(files: RootFiles, path: string): readonly FileBelow[] {
  const start = files.resolve(path);
  if (!start.found || start.entry.kind !== 'directory') return [];
  let trees = known.get(files);
  if (trees === undefined) {
    trees = new Map();
    known.set(files, trees);
  }
  let below = trees.get(start.path);
  if (below === undefined) {
    below = listBelow(files, start.path);
    trees.set(start.path, below);
  }
  return below;
}

function listBelow({ root }: RootFiles, start: RealPath): FileBelow[] {
  const found: FileBelow[] = [];
  const pending: string[] = [start];
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
