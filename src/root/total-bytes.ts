/**
 * What a whole root weighs.
 */

import { entryAt, namesIn } from './list-directory.js';
import { pathFrom } from './path-text.js';
import type { Root } from './root.js';

/** Bytes of all files, each counted once whatever its names; what cannot be read does not count. */
export function totalBytes(root: Root): number {
  const seen = new Set<string>();
  let bytes = 0;
  const pending = ['/'];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    for (const name of namesIn(root, directory)) {
      const path = pathFrom(directory, name);
      const entry = entryAt(root, path);
      if (entry?.kind === 'directory') pending.push(path);
      if (entry?.kind !== 'file' || seen.has(entry.id)) continue;
      seen.add(entry.id);
      bytes += entry.size;
    }
  }
  return bytes;
}
