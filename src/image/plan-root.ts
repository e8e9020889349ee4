/**
 * A plan as a Root of its own: what the image will hold, and nothing else. The proof walks in it.
 */
import { addTo } from '../root/multimap.js';
import { baseName, directoryOf } from '../root/path-text.js';
import type { Entry, RealPath, Root } from '../root/root.js';
import type { ImagePlan, PlanEntry, PlannedOwner, PlannedTree } from './image-plan.js';

/** The file of the source root that stands at a path of the image; undefined for what is no file. */
export function sourceFinder({
  entries,
}: Pick<ImagePlan, 'entries'>): (path: string) => RealPath | undefined {
  const files = new Map(
    entries.flatMap((entry) =>
      entry.kind === 'file' ? [[entry.path, entry.source] as const] : [],
    ),
  );
  const trees = entries.filter((entry) => entry.kind === 'tree');
  return (path) => files.get(path) ?? sourceInTrees(trees, path);
}

/** The path in the source of what a whole directory brings. */
function sourceInTrees(trees: readonly PlannedTree[], path: string): RealPath | undefined {
  const tree = trees.find((one) => path === one.path || path.startsWith(`${one.path}/`));
  return tree && ((tree.source + path.slice(tree.path.length)) as RealPath);
}

/** `source` is the root that the plan's files come from. */
export function planRoot(plan: Pick<ImagePlan, 'entries'>, source: Root): Root {
  const byPath = new Map(plan.entries.map((entry) => [entry.path, entry]));
  const children = new Map<string, string[]>();
  for (const path of byPath.keys()) addTo(children, directoryOf(path), baseName(path));
  const trees = plan.entries.filter((entry) => entry.kind === 'tree');
  const inTree = (path: string) => sourceInTrees(trees, path);
  const top: Entry = { kind: 'directory', size: 0, mode: 0o755, uid: 0, gid: 0, id: '/' };
  return {
    name: 'the image',
    isHost: false,
    lstat(path) {
      if (path === '/') return top;
      const entry = byPath.get(path);
      if (entry !== undefined && entry.kind !== 'tree') return rootEntry(entry);
      const copied = inTree(path);
      return copied === undefined ? undefined : source.lstat(copied);
    },
    readlink(path) {
      const entry = byPath.get(path);
      const copied = entry === undefined ? inTree(path) : undefined;
      if (copied !== undefined) return source.readlink(copied);
      if (entry?.kind !== 'symlink') throw Object.assign(new Error(path), { code: 'EINVAL' });
      return entry.target;
    },
    readdir(path) {
      const copied = inTree(path);
      return copied === undefined ? (children.get(path) ?? []) : source.readdir(copied);
    },
    read(path, offset, length) {
      const entry = byPath.get(path);
      if (entry?.kind === 'file') return source.read(entry.source, offset, length);
      const copied = entry === undefined ? inTree(path) : undefined;
      if (copied !== undefined) return source.read(copied, offset, length);
      if (entry?.kind === 'generated') return entry.bytes.subarray(offset, offset + length);
      throw Object.assign(new Error(path), { code: 'ENOENT' });
    },
    origin(path) {
      const entry = byPath.get(path);
      const from = entry?.kind === 'file' ? entry.source : inTree(path);
      return from && { root: source, path: from };
    },
  };
}

function rootEntry(entry: Exclude<PlanEntry, PlannedTree>): Entry {
  const id = entry.path;
  const owner = { uid: 0, gid: 0 };
  switch (entry.kind) {
    case 'directory':
      return { kind: 'directory', size: 0, mode: entry.mode, ...ownerOf(entry), id };
    case 'symlink':
      return { kind: 'symlink', size: 0, mode: 0o777, ...owner, id };
    case 'file':
      return {
        kind: 'file',
        size: entry.size,
        mode: entry.mode,
        ...ownerOf(entry),
        id: entry.hardLinkTo ?? id,
        capability: entry.capability,
      };
    case 'generated':
      return { kind: 'file', size: entry.bytes.length, mode: entry.mode, ...owner, id };
  }
}

function ownerOf({ uid = 0, gid = 0 }: PlannedOwner) {
  return { uid, gid };
}
