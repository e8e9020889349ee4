/**
 * A plan as a directory tree: links kept, modes kept, complete or absent. Everything is written
 * into a temporary directory first: beside a new destination, which it is then renamed to; in one
 * that exists, since that may be a mount point or the working directory of a shell.
 */
import fs from 'node:fs';
import nodePath from 'node:path';
import { errnoOf, OutputError, writeError } from '../errors.js';
import type { ImagePlan, PlanEntry } from '../image/image-plan.js';
import type { Root } from '../root/root.js';
import { drain } from './byte-sink.js';
import { fileBytes } from './file-bytes.js';
import { moveInto } from './replace-files.js';
import { keepCapabilities } from './tree-capabilities.js';

/** How writeDirectory treats what is there; every field may be left out. */
export interface DirectoryOptions {
  /**
   * Write into a directory that is not empty. Files and links that have the path of an entry are
   * replaced, each by one rename, once the whole tree is written beside them; everything else stays,
   * directories with their modes too. When one of them cannot be replaced, those before it come back.
   */
  readonly force?: boolean;
  /** Ends the writing between two pieces; nothing is left then. */
  readonly signal?: AbortSignal;
  /** Called with the length of each piece of the tree that was passed on. */
  readonly onBytes?: (length: number) => void;
}

/**
 * Writes the tree to `destination`, and gives the paths in it whose file capabilities could not be
 * set. Throws {@link OutputError}: OUTPUT_EXISTS when there is something already that `force` does not
 * cover, OUTPUT_FAILED when writing fails. After an error the destination is what it was before. Only
 * a process that is killed while it renames leaves a directory with old and new files in it, and a
 * system that refuses to rename back, with the old ones where the hint says.
 */
export async function writeDirectory(
  plan: ImagePlan,
  root: Root,
  destination: string,
  options: DirectoryOptions = {},
): Promise<readonly string[]> {
  const target = nodePath.resolve(destination);
  for (const { path } of plan.entries) requireName(path);
  const isNew = !requireUsable(target, destination, options.force ?? false);
  const parents = missingDirectories(nodePath.dirname(target));
  const directories = plan.entries.filter((entry) => entry.kind === 'directory');
  let temporary: string | undefined;
  let isPublished = false;
  try {
    // Not with `recursive`, which never ends where the kernel refuses, as below /proc.
    for (const directory of parents) fs.mkdirSync(directory);
    temporary = fs.mkdtempSync(isNew ? `${target}.elfdeps-` : nodePath.join(target, '.elfdeps-'));
    // mkdtemp makes a private directory, which the tree shall not be.
    const staging = nodePath.join(temporary, 'tree');
    fs.mkdirSync(staging);
    for (const entry of plan.entries) await writeEntry(entry, root, staging, options);
    const lost = await keepCapabilities(plan, root, staging);
    // Only now: a directory that may not be written into could not have been filled.
    if (isNew) {
      for (const { path, mode } of directories) setMode(nodePath.join(staging, path), mode);
      fs.renameSync(staging, target);
    } else {
      moveInto({ target, staging }, plan.entries);
    }
    isPublished = true;
    return lost;
  } catch (error) {
    throw writeError(destination, error);
  } finally {
    if (temporary !== undefined) fs.rmSync(temporary, { recursive: true, force: true });
    if (!isPublished) for (const directory of parents.reverse()) removeEmpty(directory);
  }
}

/** Whether the destination exists. Throws where it is no directory, or not empty without `force`. */
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

/** A root has names that Windows would take apart, and put somewhere else. */
function requireName(path: string): void {
  if (nodePath.sep === '\\' && /[\\:]/.test(path))
    throw new OutputError('OUTPUT_FAILED', 'no file of this system can have that name', {
      path,
      hint: 'a tar or an image can: elfdeps tar, elfdeps image',
    });
}

/** What must be made so that `directory` exists, the outermost first. */
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
    // It was never made, or somebody else uses it by now.
  }
}

function setMode(path: string, mode: number): void {
  fs.chmodSync(path, mode & 0o7777);
}

async function writeEntry(
  entry: PlanEntry,
  root: Root,
  staging: string,
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
      const fd = fs.openSync(path, 'wx', 0o600);
      try {
        // Unlike writeSync, goes on after a partial write.
        await drain(fileBytes(entry, root), (bytes) => fs.writeFileSync(fd, bytes), options);
        fs.fchmodSync(fd, entry.mode & 0o7777);
      } finally {
        fs.closeSync(fd);
      }
    }
  }
}
