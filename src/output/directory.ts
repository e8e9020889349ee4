/**
 * A plan as a directory tree: links kept, modes kept, complete or absent. Everything is written
 * into a temporary directory beside the destination, which is then renamed.
 */
import fs from 'node:fs';
import nodePath from 'node:path';
import { describeErrno, errnoOf, OutputError } from '../errors.js';
import type { ImagePlan, PlanEntry } from '../image/image-plan.js';
import type { Root } from '../root/root.js';

export interface DirectoryOptions {
  /** Write into a directory that is not empty, replacing files of the same name. */
  readonly force: boolean;
}

const CHUNK = 1 << 20;

/**
 * Writes the tree to `destination`. Throws {@link OutputError}: OUTPUT_EXISTS when there is
 * something already, OUTPUT_FAILED when writing fails; then nothing is left behind.
 */
export function writeDirectory(
  plan: ImagePlan,
  root: Root,
  destination: string,
  options: DirectoryOptions,
): void {
  const target = nodePath.resolve(destination);
  if (!options.force) requireAbsentOrEmpty(target, destination);
  const staging = `${target}.elfdeps-${process.pid}`;
  try {
    fs.mkdirSync(staging, { recursive: true });
    for (const entry of plan.entries) writeEntry(entry, root, staging);
    // Only now: a directory that may not be written into could not have been filled.
    for (const entry of plan.entries)
      if (entry.kind === 'directory')
        fs.chmodSync(nodePath.join(staging, entry.path), entry.mode & 0o7777);
    publish(staging, target, plan);
  } catch (error) {
    if (error instanceof OutputError) throw error;
    throw new OutputError('OUTPUT_FAILED', describeErrno(errnoOf(error)), {
      path: destination,
      cause: error,
    });
  } finally {
    fs.rmSync(staging, { recursive: true, force: true });
  }
}

function requireAbsentOrEmpty(target: string, shown: string): void {
  let names: string[];
  try {
    names = fs.readdirSync(target);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return;
    throw new OutputError('OUTPUT_FAILED', describeErrno(errnoOf(error)), { path: shown });
  }
  if (names.length > 0)
    throw new OutputError('OUTPUT_EXISTS', 'the directory is not empty', {
      path: shown,
      hint: 'give another one, or --force to write into it',
    });
}

function writeEntry(entry: PlanEntry, root: Root, staging: string): void {
  const path = nodePath.join(staging, entry.path);
  switch (entry.kind) {
    case 'directory':
      fs.mkdirSync(path, { recursive: true });
      return;
    case 'symlink':
      fs.symlinkSync(entry.target, path);
      return;
    case 'generated':
      fs.writeFileSync(path, entry.bytes, { mode: entry.mode });
      return;
    case 'file': {
      const fd = fs.openSync(path, 'wx', 0o600);
      try {
        let offset = 0;
        while (offset < entry.size) {
          const bytes = root.read(entry.source, offset, Math.min(CHUNK, entry.size - offset));
          if (bytes.length === 0) break;
          fs.writeSync(fd, bytes);
          offset += bytes.length;
        }
        if (offset !== entry.size || root.read(entry.source, offset, 1).length > 0)
          throw new OutputError('OUTPUT_FAILED', 'changed while it was being copied', {
            path: entry.source,
          });
        fs.fchmodSync(fd, entry.mode & 0o7777);
      } finally {
        fs.closeSync(fd);
      }
    }
  }
}

/** Renames the whole tree into place, or its entries one by one into a directory that exists. */
function publish(staging: string, target: string, plan: ImagePlan): void {
  if (!fs.existsSync(target) || fs.readdirSync(target).length === 0) {
    fs.renameSync(staging, target);
    return;
  }
  for (const entry of plan.entries) {
    const to = nodePath.join(target, entry.path);
    const there = fs.lstatSync(to, { throwIfNoEntry: false });
    if (entry.kind === 'directory') {
      if (there !== undefined && !there.isDirectory())
        throw new OutputError('OUTPUT_EXISTS', 'stands where a directory must be', { path: to });
      if (there === undefined) fs.mkdirSync(to, { mode: entry.mode & 0o7777 });
    } else {
      if (there?.isDirectory())
        throw new OutputError('OUTPUT_EXISTS', 'a directory stands where a file must be', {
          path: to,
        });
      fs.renameSync(nodePath.join(staging, entry.path), to);
    }
  }
}
