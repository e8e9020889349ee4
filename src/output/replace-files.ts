/**
 * A tree that is written already into a directory that is in use: every entry gets its place, or the
 * directory is again what it was. A file is replaced by one rename, so whoever opens it has the old one
 * or the new one.
 */
import fs from 'node:fs';
import nodePath from 'node:path';
import { OutputError, writeError } from '../errors.js';
import type { PlanEntry } from '../image/image-plan.js';

/** Where things are: the directory in use, the tree beside it, and an empty place for old files. */
interface Places {
  readonly target: string;
  readonly staging: string;
  readonly aside: string;
}

/**
 * Renames `entries` one by one from the staging tree into the target. Files that stand there are
 * replaced, directories keep their modes and what else is in them. Throws {@link OutputError}:
 * OUTPUT_EXISTS before anything is changed where a directory would meet a file, OUTPUT_FAILED when the
 * system refuses a rename; what was moved until then is moved back.
 */
export function moveInto(places: Places, entries: readonly PlanEntry[]): void {
  for (const entry of entries) requirePlace(nodePath.join(places.target, entry.path), entry);
  const undo: (() => void)[] = [];
  const made: (() => void)[] = [];
  try {
    for (const [index, entry] of entries.entries()) {
      const to = nodePath.join(places.target, entry.path);
      try {
        if (entry.kind !== 'directory') {
          const old = nodePath.join(places.aside, String(index));
          undo.push(replace(nodePath.join(places.staging, entry.path), to, old));
        } else if (standingAt(to) === undefined) {
          fs.mkdirSync(to);
          undo.push(() => fs.rmdirSync(to));
          made.push(() => {
            undo.push(() => fs.chmodSync(to, 0o700));
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
    for (const step of undo.reverse()) step();
    throw error;
  }
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

/** Puts `file` at `to`; what the result does puts back what stood there, kept at `old` until then. */
function replace(file: string, to: string, old: string): () => void {
  const standing = standingAt(to);
  if (standing === undefined) {
    fs.renameSync(file, to);
    return () => fs.rmSync(to);
  }
  const putBack = () => fs.renameSync(old, to);
  const isMoved = keep(standing, to, old);
  try {
    fs.renameSync(file, to);
  } catch (error) {
    if (isMoved) putBack();
    throw error;
  }
  return putBack;
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
