/**
 * Where the files of a plan go in a base image, whose links are respected, and what stands there.
 */
import { PlanError } from '../errors.js';
import { entryAt } from '../root/list-directory.js';
import { throughLinks } from '../root/overlay-root.js';
import { baseName, directoryOf } from '../root/path-text.js';
import { resolvePath } from '../root/resolve-path.js';
import type { Root } from '../root/root.js';
import type { PlannedFile } from './image-plan.js';
import { sameBytes } from './same-bytes.js';

/** A file of the plan, and what the base has at its place. */
export interface Placed {
  readonly file: PlannedFile;
  /** The planned path with the links of the base followed. */
  readonly path: string;
  readonly there: 'nothing' | 'same' | 'other';
}

/** Where a file goes in the base. Throws {@link PlanError} PLAN_CONFLICT where a file cannot stand. */
export function placeInBase(file: PlannedFile, root: Root, base: Root): Placed {
  const path = throughLinks(base, file.path);
  // A file of the base stays, even a link that leads nowhere.
  if (isData(file) && entryAt(base, path) !== undefined) return { file, path, there: 'same' };
  const conflict = (fact: string) => new PlanError('PLAN_CONFLICT', fact, { path });
  const parent = resolvePath(base, directoryOf(path));
  if (parent.found ? parent.entry.kind !== 'directory' : parent.problem !== 'ENOENT')
    throw conflict('in the base that is below something else than a directory');
  const standing = resolvePath(base, path);
  // A link that leads nowhere ends at another path.
  const isNothing = !standing.found && standing.problem === 'ENOENT' && isAt(standing.at, path);
  if (isNothing) return { file, path, there: 'nothing' };
  if (!standing.found || standing.entry.kind !== 'file')
    throw conflict('the base has something else than a file there');
  if (sameBytes(root, file.source, base, standing.path)) return { file, path, there: 'same' };
  // COPY into the directory replaces a link; COPY to another name writes through it.
  if (standing.path !== path && baseName(file.openedAs) !== baseName(path))
    throw conflict('a link of the base, which COPY would write through');
  return { file, path, there: 'other' };
}

/** A file that is read, not mapped: users, certificates, time zones. */
function isData({ because }: PlannedFile): boolean {
  return !MAPPED.has(because);
}

const MAPPED: ReadonlySet<string> = new Set(['program', 'interpreter', 'library', 'preload']);

/** Whether `at`, where resolvePath ended, is the path or a directory above it that is not there. */
function isAt(at: string, path: string): boolean {
  return path === at || path.startsWith(`${at}/`);
}
