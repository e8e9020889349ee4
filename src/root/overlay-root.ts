/**
 * A root with a few files of other roots put into it: a program of this machine examined in a
 * sysroot, or a program given another place. Everything else shows through.
 */
import { baseName, componentsOf, directoryOf } from './path-text.js';
import { resolvePath } from './resolve-path.js';
import type { Entry, RealPath, Root } from './root.js';

/** A file to put at `path`: the bytes of `source` in `root`. */
export interface Placement {
  readonly path: string;
  readonly root: Root;
  readonly source: RealPath;
}

/**
 * Lays the placements over `base`. The directories of a placement are followed through the links of
 * `base` first, so that a file put at `/lib/x` of a merged-/usr root stands at `/usr/lib/x`.
 */
export function overlayRoot(base: Root, placements: readonly Placement[]): Root {
  if (placements.length === 0) return base;
  const files = new Map<string, Placement>();
  const directories = new Map<string, Set<string>>([['/', new Set()]]);
  for (const placement of placements) {
    const path = throughLinks(base, placement.path);
    files.set(path, placement);
    for (let at = path; at !== '/'; ) {
      const parent = directoryOf(at);
      const names = directories.get(parent) ?? new Set();
      directories.set(parent, names.add(baseName(at)));
      at = parent;
    }
  }
  const created: Entry = { kind: 'directory', size: 0, mode: 0o755, uid: 0, gid: 0, id: 'overlay' };
  return {
    name: base.name,
    isHost: base.isHost,
    image: base.image,
    isFixed: base.isFixed,
    lstat(path) {
      const placed = files.get(path);
      if (placed !== undefined) return placed.root.lstat(placed.source);
      return base.lstat(path) ?? (directories.has(path) ? { ...created, id: path } : undefined);
    },
    readlink: (path) => base.readlink(path),
    readdir(path) {
      const isNew = base.lstat(path) === undefined && directories.has(path);
      const below = isNew ? [] : base.readdir(path);
      return [...new Set([...below, ...(directories.get(path) ?? [])])];
    },
    read(path, offset, length) {
      const placed = files.get(path);
      return placed === undefined
        ? base.read(path, offset, length)
        : placed.root.read(placed.source, offset, length);
    },
    capability(path) {
      const placed = files.get(path);
      return placed === undefined
        ? base.capability?.(path)
        : placed.root.capability?.(placed.source);
    },
    origin(path) {
      const placed = files.get(path);
      return placed === undefined
        ? { root: base, path }
        : { root: placed.root, path: placed.source };
    },
    close() {
      base.close?.();
      for (const { root } of placements) root.close?.();
    },
  };
}

/** `path` with the links of its directories followed as far as they exist; the name itself stays. */
export function throughLinks(base: Root, path: string): string {
  const parts = componentsOf(path);
  for (let depth = parts.length - 1; depth > 0; depth--) {
    const resolved = resolvePath(base, `/${parts.slice(0, depth).join('/')}`);
    if (!resolved.found) continue;
    const directory = resolved.path === '/' ? '' : resolved.path;
    return `${directory}/${parts.slice(depth).join('/')}`;
  }
  return `/${parts.join('/')}`;
}
