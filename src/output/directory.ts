/**
 * Writes a plan as a directory tree with its links and modes, completely or not at all. Everything is
 * written into a temporary directory first. For a new destination that is a directory beside it, which
 * is then renamed. For an existing destination it is inside, because the destination may be a mount
 * point or the working directory of a shell.
 */
import fs from 'node:fs';
import nodePath from 'node:path';
import { errnoOf, OutputError, requireArgument, writeError } from '../errors.js';
import type { ImagePlan, PlanEntry, PlannedOwner } from '../image/image-plan.js';
import { originOf, type Root } from '../root/root.js';
import { letSignalsIn } from './byte-sink.js';
import { copiedFile } from './copied-file.js';
import { ParallelCopies } from './parallel-copies.js';
import { removeTree } from './remove-tree.js';
import { moveInto } from './replace-files.js';
import { requirePlan } from './required-plan.js';
import { keepCapabilities } from './tree-capabilities.js';

/** How writeDirectory treats an existing destination, and how it is watched. */
export interface DirectoryOptions {
  /**
   * Write into a directory that is not empty. Once the whole tree is written, files and links that have
   * the path of an entry are replaced, each by one rename. Everything else stays, and so do the modes of
   * directories. If one file cannot be replaced, those before it are restored.
   */
  readonly force?: boolean;
  /** Ends the writing between two pieces. Nothing is left then. */
  readonly signal?: AbortSignal;
  /** Called with the length of each piece of the tree that was passed on. */
  readonly onBytes?: (length: number) => void;
}

/**
 * Writes the tree to `destination` and returns the paths in it whose file capabilities could not be
 * set. Throws {@link OutputError}: OUTPUT_EXISTS if something is there that `force` does not cover,
 * OUTPUT_FAILED if writing fails. After an error the destination is as it was before, with two
 * exceptions: a process that is killed during the renames leaves old and new files, and if the system
 * refuses to rename a file back, the hint says where the old one is.
 */
export async function writeDirectory(
  plan: ImagePlan,
  root: Root,
  destination: string,
  options: DirectoryOptions = {},
): Promise<readonly string[]> {
  requirePlan(plan);
  requireArgument(typeof destination === 'string', 'destination', 'the path of a directory');
  const target = nodePath.resolve(destination);
  for (const { path } of plan.entries) requireName(path);
  const isNew = !requireUsable(target, destination, options.force ?? false);
  const parents = missingDirectories(nodePath.dirname(target));
  const directories = plan.entries.filter((entry) => entry.kind === 'directory');
  const copies = new ParallelCopies();
  let temporary: string | undefined;
  let isPublished = false;
  try {
    // Without `recursive`, which never ends if the kernel refuses, as below /proc.
    for (const directory of parents) fs.mkdirSync(directory);
    temporary = fs.mkdtempSync(isNew ? `${target}.elfdeps-` : nodePath.join(target, '.elfdeps-'));
    // mkdtemp makes a directory of mode 0700. The tree gets the usual mode, whatever the umask.
    const staging = nodePath.join(temporary, 'tree');
    fs.mkdirSync(staging);
    setMode(staging, TOP_MODE);
    await writeEntries(plan, root, staging, copies, options);
    const lost = await keepCapabilities(plan, root, staging, options.signal);
    // Last, because a read-only directory could not be filled.
    if (isNew) {
      for (const { path, mode, ...owner } of directories) {
        setOwner(nodePath.join(staging, path), owner);
        setMode(nodePath.join(staging, path), mode);
      }
      fs.renameSync(staging, target);
    } else {
      moveInto({ target, staging }, plan.entries);
    }
    isPublished = true;
    return lost;
  } catch (error) {
    throw writeError(destination, error);
  } finally {
    await copies.settle();
    if (temporary !== undefined) removeTree(temporary);
    if (!isPublished) for (const directory of parents.reverse()) removeEmpty(directory);
  }
}

/** Fills the new tree; its directories get their modes later. */
async function writeEntries(
  { entries }: ImagePlan,
  root: Root,
  staging: string,
  copies: ParallelCopies,
  options: DirectoryOptions,
): Promise<void> {
  // One time for all: an interpreter takes compiled code for old if its source is newer.
  const written = fs.statSync(staging).mtime;
  for (const entry of entries) {
    await letSignalsIn(options.signal);
    // The file that it is another name of must be there.
    if (entry.kind === 'file' && entry.hardLinkTo !== undefined) await copies.end();
    const writing = () => writeEntry(entry, root, staging, written, options);
    if (isCopiedByKernel(entry, root)) await copies.start(writing);
    else await writing();
  }
  await copies.end();
}

/** Whether the destination exists. Throws if it is not a directory, or not empty without `force`. */
function requireUsable(target: string, shown: string, force: boolean): boolean {
  let names: string[];
  try {
    names = fs.readdirSync(target);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw writeError(shown, error);
  }
  if (names.length > 0 && !force)
    throw new OutputError('OUTPUT_EXISTS', 'the directory is not empty', {
      path: shown,
      hint: 'give another one, or --force to write into it',
    });
  return true;
}

/** Refuses names that Windows would split into a path, or read as a drive or stream. */
function requireName(path: string): void {
  if (nodePath.sep === '\\' && /[\\:]/.test(path))
    throw new OutputError('OUTPUT_FAILED', 'no file of this system can have that name', {
      path,
      hint: 'a tar or an image can: elfdeps tar, elfdeps image',
    });
}

/** The directories to make so that `directory` exists, the outermost first. */
function missingDirectories(directory: string): string[] {
  const missing: string[] = [];
  let at = directory;
  while (!fs.existsSync(at) && at !== nodePath.dirname(at)) {
    missing.unshift(at);
    at = nodePath.dirname(at);
  }
  return missing;
}

function removeEmpty(directory: string): void {
  try {
    fs.rmdirSync(directory);
  } catch {
    // It was never made, or another process uses it now.
  }
}

/** Only root may give files away; those of others stay the writer's. */
function setOwner(path: string | number, { uid = 0, gid = 0 }: PlannedOwner): void {
  if (uid === 0 && gid === 0) return;
  try {
    if (typeof path === 'number') fs.fchownSync(path, uid, gid);
    else fs.chownSync(path, uid, gid);
  } catch (error) {
    if (errnoOf(error) !== 'EPERM') throw error;
  }
}

/** The mode of the top directory of a new tree; plans do not have it. */
const TOP_MODE = 0o755;

function setMode(path: string, mode: number): void {
  fs.chmodSync(path, mode & 0o7777);
}

/** Whether the kernel copies the bytes of an entry, so that others can be written meanwhile. */
function isCopiedByKernel(entry: PlanEntry, root: Root): boolean {
  if (entry.kind !== 'file' || entry.hardLinkTo !== undefined) return false;
  return originOf(root, entry.source).root.copyTo !== undefined;
}

async function writeEntry(
  entry: PlanEntry,
  root: Root,
  staging: string,
  written: Date,
  options: DirectoryOptions,
): Promise<void> {
  const path = nodePath.join(staging, entry.path);
  switch (entry.kind) {
    case 'directory':
      fs.mkdirSync(path, { recursive: true });
      return;
    case 'symlink':
      fs.symlinkSync(entry.target, path);
      return;
    case 'tree':
      throw new OutputError('OUTPUT_FAILED', 'this plan is for COPY', { path: entry.path });
    case 'generated':
      fs.writeFileSync(path, entry.bytes, { mode: 0o600 });
      setMode(path, entry.mode);
      return;
    case 'file': {
      if (entry.hardLinkTo !== undefined) {
        fs.linkSync(nodePath.join(staging, entry.hardLinkTo), path);
        return;
      }
      const fd = await copiedFile(entry, root, path, options);
      try {
        setOwner(fd, entry);
        fs.fchmodSync(fd, entry.mode & 0o7777);
        fs.futimesSync(fd, written, written);
      } finally {
        fs.closeSync(fd);
      }
    }
  }
}
