/**
 * The parts of a directory that COPY takes where not all of it is wanted: COPY has no exceptions without a
 * newer syntax, so that the directories that have something to leave out are taken apart.
 */
import { namesIn } from '../root/list-directory.js';
import { directoryOf } from '../root/path-text.js';
import type { RealPath, Root } from '../root/root.js';

/** Something below a directory, with a slash in front; the directory itself is ''. */
export interface CopiedPart {
  /** A directory with all that is below it, or one file or link. */
  readonly kind: 'tree' | 'entry';
  readonly below: string;
}

/** The directory itself, with all that is below it. */
export const WHOLE: CopiedPart = { kind: 'tree', below: '' };

/**
 * COPY lines that leaving something out may cost. Each is a layer, and an image has at most 127 (the limit of
 * Docker's overlay2 driver).
 */
const MOST_LINES = 12;

/** Bytes that must be left out: fewer are not worth the lines. */
const LEAST_BYTES = 1_000_000;

/**
 * The parts of a directory without what `except` names: base names at any depth, or real paths. The whole
 * directory where that names less than a megabyte, or where it would take too many COPY lines.
 */
export function copiesOf(
  root: Root,
  directory: RealPath,
  except: readonly string[],
): readonly CopiedPart[] {
  if (except.length === 0) return [WHOLE];
  const search: Search = { root, directory, except: new Set(except), left: [] };
  const parts = partsOf(search, '');
  if (parts === undefined || bytesOf(search) < LEAST_BYTES) return [WHOLE];
  const lines = new Set(
    parts.map(({ kind, below }) => (kind === 'tree' ? below : `${directoryOf(below)}/`)),
  );
  return lines.size > MOST_LINES ? [WHOLE] : parts;
}

interface Search {
  readonly root: Root;
  readonly directory: RealPath;
  readonly except: ReadonlySet<string>;
  /** The paths that are left out. */
  readonly left: string[];
}

/** The bytes of all that is left out. */
function bytesOf({ root, left }: Search): number {
  let bytes = 0;
  const pending = [...left];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const entry = root.lstat(path);
    if (entry?.kind === 'file') bytes += entry.size;
    if (entry?.kind !== 'directory') continue;
    for (const name of namesIn(root, path as RealPath)) pending.push(`${path}/${name}`);
  }
  return bytes;
}

/** The parts below a directory; undefined where nothing is left out. Links are not followed. */
function partsOf(search: Search, below: string): CopiedPart[] | undefined {
  const { root, directory, except } = search;
  const parts: CopiedPart[] = [];
  let isWhole = true;
  for (const name of namesIn(root, directory + below)) {
    const next = `${below}/${name}`;
    if (except.has(name) || except.has(directory + next)) {
      search.left.push(directory + next);
      isWhole = false;
      continue;
    }
    const isDirectory = root.lstat(directory + next)?.kind === 'directory';
    const inner = isDirectory ? partsOf(search, next) : undefined;
    if (inner !== undefined) isWhole = false;
    parts.push(...(inner ?? [{ kind: isDirectory ? 'tree' : 'entry', below: next } as const]));
  }
  return isWhole ? undefined : parts;
}
