/**
 * A file that is complete or absent: written beside its place, and renamed when it is whole.
 */
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { describeErrno, ElfdepsError, errnoOf, OutputError } from '../errors.js';
import type { ByteSink } from './byte-sink.js';

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
    const fd = fs.openSync(written, isReplaced ? 'wx' : 'w');
    try {
      // Unlike writeSync, goes on after a partial write.
      await produce((bytes) => fs.writeFileSync(fd, bytes), aside);
    } finally {
      fs.closeSync(fd);
    }
    if (isReplaced) fs.renameSync(written, target);
  } catch (error) {
    if (error instanceof ElfdepsError) throw error;
    throw new OutputError('OUTPUT_FAILED', describeErrno(errnoOf(error)), { path, cause: error });
  } finally {
    if (aside !== undefined) fs.rmSync(aside, { recursive: true, force: true });
  }
}

function statOf(path: string): fs.Stats | undefined {
  try {
    return fs.statSync(path);
  } catch {
    return undefined;
  }
}
