/**
 * A root in memory that tells what was read and listed, and that may claim other sizes of files.
 */
import { type MemoryNode, memoryRoot } from '../../src/root/memory-root.js';
import type { Root } from '../../src/root/root.js';

/** The root, with the paths of its reads and listings in order. */
export interface CountedRoot {
  readonly root: Root;
  readonly reads: string[];
  readonly listings: string[];
}

/** A root of these files; `sizes` are what lstat() says of some of them. */
export function countedRoot(
  nodes: Readonly<Record<string, MemoryNode>>,
  sizes: Readonly<Record<string, number>> = {},
): CountedRoot {
  const inner = memoryRoot(nodes);
  const reads: string[] = [];
  const listings: string[] = [];
  const root: Root = {
    ...inner,
    lstat(path) {
      const entry = inner.lstat(path);
      const size = sizes[path];
      return entry === undefined || size === undefined ? entry : { ...entry, size };
    },
    readdir(path) {
      listings.push(path);
      return inner.readdir(path);
    },
    read(path, offset, length) {
      reads.push(path);
      return inner.read(path, offset, length);
    },
  };
  return { root, reads, listings };
}
