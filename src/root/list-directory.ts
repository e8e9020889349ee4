/**
 * Looking around in a root without being stopped by what may not be looked at: a directory or an entry
 * that the system refuses counts as empty or absent, as it does for a loader.
 */
import { compareBytes } from './byte-order.js';
import { resolvePath } from './resolve-path.js';
import type { Entry, Root } from './root.js';

/**
 * The names in the directory that `path` leads to, in byte order. Empty when there is none, when it
 * is no directory, and when it cannot be read.
 */
export function namesIn(root: Root, path: string): string[] {
  const directory = resolvePath(root, path);
  if (!directory.found || directory.entry.kind !== 'directory') return [];
  try {
    return [...root.readdir(directory.path)].sort(compareBytes);
  } catch {
    return [];
  }
}

/** The entry at a path whose directories are no links; undefined too when the system refuses. */
export function entryAt(root: Root, path: string): Entry | undefined {
  try {
    return root.lstat(path);
  } catch {
    return undefined;
  }
}
