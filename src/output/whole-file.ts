/**
 * A file that is complete or absent: written beside its place, and renamed when it is whole.
 */
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { OutputError, writeError } from '../errors.js';
import type { ByteSink } from './byte-sink.js';

/** How writeWholeFile treats what is there. */
export interface WholeFileOptions {
  /** Replace a file that is there. */
  readonly force: boolean;
}

/**
 * Calls `produce` with where the bytes go, and with a directory for what it must keep aside; both are
 * gone when it fails. A device or a pipe at `path` is written to directly. Throws OUTPUT_EXISTS when
 * there is a file, OUTPUT_FAILED when writing fails.
 */
export async function writeWholeFile(
  path: string,
  options: WholeFileOptions,
  produce: (sink: ByteSink, aside: string) => Promise<void>,
): Promise<void> {
  const target = nodePath.resolve(path);
  const standing = statOf(target);
  if (standing?.isDirectory()) throw new OutputError('OUTPUT_FAILED', 'is a directory', { path });
  if (standing?.isFile() && !options.force)
    throw new OutputError('OUTPUT_EXISTS', 'the file exists', {
      path,
      hint: 'give another name, or --force to replace it',
    });
  const isReplaced = standing === undefined || standing.isFile();
  let aside: string | undefined;
  try {
    // There is no room beside a device.
    aside = fs.mkdtempSync(
      isReplaced ? `${target}.elfdeps-` : nodePath.join(os.tmpdir(), 'elfdeps-'),
    );
    const written = isReplaced ? nodePath.join(aside, 'file') : target;
    const fd = named(path, () => fs.openSync(written, isReplaced ? 'wx' : 'w'));
    try {
      // Unlike writeSync, goes on after a partial write.
      await produce((bytes) => named(path, () => fs.writeFileSync(fd, bytes)), aside);
    } finally {
      fs.closeSync(fd);
    }
    if (isReplaced) fs.renameSync(written, target);
  } catch (error) {
    throw isReplaced
      ? writeError(path, error)
      : writeError(os.tmpdir(), error, 'make room there; TMPDIR names another directory');
  } finally {
    if (aside !== undefined) fs.rmSync(aside, { recursive: true, force: true });
  }
}

/** What fails here is about `path`, and not about what is kept aside. */
function named<Result>(path: string, call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    throw writeError(path, error);
  }
}

function statOf(path: string): fs.Stats | undefined {
  try {
    return fs.statSync(path);
  } catch {
    return undefined;
  }
}
