/**
 * A plan as a Root of its own: what the image will hold, and nothing else. The proof walks in it.
 */
import type { Entry, Root } from '../root/root.js';
import type { ImagePlan, PlanEntry } from './image-plan.js';

/** `source` is the root that the plan's files come from. */
export function planRoot(plan: Pick<ImagePlan, 'entries'>, source: Root): Root {
  const byPath = new Map(plan.entries.map((entry) => [entry.path, entry]));
  const children = new Map<string, string[]>();
  for (const path of byPath.keys()) {
    const parent = path.slice(0, path.lastIndexOf('/')) || '/';
    const names = children.get(parent);
    if (names === undefined) children.set(parent, [path.slice(path.lastIndexOf('/') + 1)]);
    else names.push(path.slice(path.lastIndexOf('/') + 1));
  }
  const top: Entry = { kind: 'directory', size: 0, mode: 0o755, id: '/' };
  return {
    name: 'the image',
    isHost: false,
    lstat(path) {
      if (path === '/') return top;
      const entry = byPath.get(path);
      return entry === undefined ? undefined : rootEntry(entry);
    },
    readlink(path) {
      const entry = byPath.get(path);
      if (entry?.kind !== 'symlink') throw Object.assign(new Error(path), { code: 'EINVAL' });
      return entry.target;
    },
    readdir: (path) => children.get(path) ?? [],
    read(path, offset, length) {
      const entry = byPath.get(path);
      if (entry?.kind === 'file') return source.read(entry.source, offset, length);
      if (entry?.kind === 'generated') return entry.bytes.subarray(offset, offset + length);
      throw Object.assign(new Error(path), { code: 'ENOENT' });
    },
  };
}

function rootEntry(entry: PlanEntry): Entry {
  const id = entry.path;
  switch (entry.kind) {
    case 'directory':
      return { kind: 'directory', size: 0, mode: entry.mode, id };
    case 'symlink':
      return { kind: 'symlink', size: 0, mode: 0o777, id };
    case 'file':
      return { kind: 'file', size: entry.size, mode: entry.mode, id: entry.hardLinkTo ?? id };
    case 'generated':
      return { kind: 'file', size: entry.bytes.length, mode: entry.mode, id };
  }
}
