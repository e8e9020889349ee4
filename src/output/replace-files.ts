/**
 * Moves a tree that is already written into a directory that is in use. Either every entry is moved, or
 * the directory is as it was before. Each file is replaced by one rename, so a process that opens it
 * gets the old file or the new one.
 */
import fs from 'node:fs';
import nodePath from 'node:path';
import { OutputError, writeError } from '../errors.js';
import type { PlanEntry } from '../image/image-plan.js';
import { removeTree } from './remove-tree.js';

/** The directory in use, and the tree, which is on the same file system. */
interface Places {
  readonly target: string;
  readonly staging: string;
}

/** Undoes one change. */
interface Undo {
  readonly run: () => void;
  /** Whether it restores a file of the user. */
  readonly isOld: boolean;
}

/**
 * Renames `entries` one by one from the staging tree into the target. Existing files are replaced;
 * existing directories keep their modes and their other files. Throws {@link OutputError}:
 * OUTPUT_EXISTS, before anything is changed, if a directory would replace a file or the reverse;
 * OUTPUT_FAILED if the system refuses a rename. Then all earlier changes are undone. Old files that
 * cannot be restored stay in a directory `.elfdeps-old-*` of the target, which the hint names.
 */
export function moveInto({ target, staging }: Places, entries: readonly PlanEntry[]): void {
  for (const entry of entries) requirePlace(nodePath.join(target, entry.path), entry);
  // Outside the directory that the caller removes, because old files may have to stay here.
  const aside = fs.mkdtempSync(nodePath.join(target, '.elfdeps-old-'));
  const undo: Undo[] = [];
  const made: (() => void)[] = [];
  try {
    for (const entry of entries) {
      const to = nodePath.join(target, entry.path);
      try {
        if (entry.kind !== 'directory') {
          replace(nodePath.join(staging, entry.path), to, nodePath.join(aside, entry.path), undo);
        } else if (standingAt(to) === undefined) {
          fs.mkdirSync(to);
          undo.push({ run: () => fs.rmdirSync(to), isOld: false });
          made.push(() => {
            undo.push({ run: () => fs.chmodSync(to, 0o700), isOld: false });
            fs.chmodSync(to, entry.mode & 0o7777);
          });
        }
      } catch (error) {
        throw writeError(to, error);
      }
    }
    // Last, because nothing can be moved into a read-only directory.
    for (const setMode of made) setMode();
  } catch (error) {
    if (!undoAll(undo)) throw withHint(error, `what could not be put back is in ${aside}`);
    removeTree(aside);
    throw error;
  }
  removeTree(aside);
}

/** Undoes as much as the system allows; false if a file of the user could not be restored. */
function undoAll(steps: readonly Undo[]): boolean {
  let isBack = true;
  for (const { run, isOld } of steps.toReversed())
    try {
      run();
    } catch {
      // The error of the refused change is the one to report. Go on with the other steps.
      if (isOld) isBack = false;
    }
  return isBack;
}

function withHint(error: unknown, hint: string): unknown {
  if (!(error instanceof OutputError)) return error;
  const { code, fact, path, cause } = error;
  return new OutputError(code, fact, { path, cause, hint });
}

function standingAt(path: string): fs.Stats | undefined {
  return fs.lstatSync(path, { throwIfNoEntry: false });
}

function requirePlace(path: string, { kind }: PlanEntry): void {
  const standing = standingAt(path);
  if (standing === undefined || standing.isDirectory() === (kind === 'directory')) return;
  throw new OutputError(
    'OUTPUT_EXISTS',
    kind === 'directory'
      ? 'is a file, where a directory must be'
      : 'is a directory, where a file must be',
    { path },
  );
}

/** Puts `file` at `to`. An existing file is kept at `old`, and `undo` restores it from there. */
function replace(file: string, to: string, old: string, undo: Undo[]): void {
  const standing = standingAt(to);
  if (standing === undefined) {
    fs.renameSync(file, to);
    undo.push({ run: () => fs.rmSync(to), isOld: false });
    return;
  }
  fs.mkdirSync(nodePath.dirname(old), { recursive: true });
  const putBack = { run: () => fs.renameSync(old, to), isOld: true };
  const isMoved = keep(standing, to, old);
  if (isMoved) undo.push(putBack);
  fs.renameSync(file, to);
  if (!isMoved) undo.push(putBack);
}

/** Gives the file at `path` a second name; true if it had to be moved instead. */
function keep(standing: fs.Stats, path: string, old: string): boolean {
  try {
    // Some systems cannot make a hard link to a symbolic link.
    if (standing.isSymbolicLink()) fs.symlinkSync(fs.readlinkSync(path), old);
    else fs.linkSync(path, old);
    return false;
  } catch {
    // The file system has no hard links, or refuses them for files of other users.
    fs.renameSync(path, old);
    return true;
  }
}
