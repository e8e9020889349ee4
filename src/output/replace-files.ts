/**
 * A tree that is written already into a directory that is in use: every entry gets its place, or the
 * directory is again what it was. A file is replaced by one rename, so whoever opens it has the old one
 * or the new one.
 */
import fs from 'node:fs';
import nodePath from 'node:path';
import { OutputError, writeError } from '../errors.js';
import type { PlanEntry } from '../image/image-plan.js';

/** Where things are: the directory in use, and the tree, in a place of the same file system. */
interface Places {
  readonly target: string;
  readonly staging: string;
}

/** Takes back one change. */
interface Undo {
  readonly run: () => void;
  /** It puts back a file of the user. */
  readonly isOld: boolean;
}

/**
 * Renames `entries` one by one from the staging tree into the target. Files that stand there are
 * replaced, directories keep their modes and what else is in them. Throws {@link OutputError}:
 * OUTPUT_EXISTS before anything is changed where a directory would meet a file, OUTPUT_FAILED when the
 * system refuses a rename; what was moved until then is moved back. What the system will not have
 * back stays in a directory `.elfdeps-old-*` of the target, and the hint names that.
 */
export function moveInto({ target, staging }: Places, entries: readonly PlanEntry[]): void {
  for (const entry of entries) requirePlace(nodePath.join(target, entry.path), entry);
  // Not within what the caller removes: old files may have to stay there.
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
    // Only now: nothing can be moved into a directory that may not be written into.
    for (const setMode of made) setMode();
  } catch (error) {
    if (!undoAll(undo)) throw withHint(error, `what could not be put back is in ${aside}`);
    fs.rmSync(aside, { recursive: true, force: true });
    throw error;
  }
  fs.rmSync(aside, { recursive: true, force: true });
}

/** Takes back as much as the system allows; false where a file of the user did not come back. */
function undoAll(steps: readonly Undo[]): boolean {
  let isBack = true;
  for (const { run, isOld } of steps.toReversed())
    try {
      run();
    } catch {
      // Why the first change was refused is what the user is told; the others may still come back.
      if (isOld) isBack = false;
    }
  return isBack;
}

function withHint(error: unknown, hint: string): unknown {
  if (!(error instanceof OutputError)) return error;
  const { code, fact, path, cause } = error;
  return new OutputError(code, fact, { ...(path === undefined ? {} : { path }), cause, hint });
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
      ? 'stands where a directory must be'
      : 'a directory stands where a file must be',
    { path },
  );
}

/** Puts `file` at `to`. What stands there is kept at `old`, from where `undo` gets it back. */
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

/** A second name for what stands at `path`, which stays; true where it had to be moved instead. */
function keep(standing: fs.Stats, path: string, old: string): boolean {
  try {
    // Not every system makes a hard link to a symbolic one.
    if (standing.isSymbolicLink()) fs.symlinkSync(fs.readlinkSync(path), old);
    else fs.linkSync(path, old);
    return false;
  } catch {
    // No hard links in this file system, or none to a file of somebody else.
    fs.renameSync(path, old);
    return true;
  }
}
