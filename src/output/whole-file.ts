/**
 * Writes a file that is complete or absent: it is written beside its place and renamed at the end.
 */
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { OutputError, writeError } from '../errors.js';
import { type ByteSink, writeToStream } from './byte-sink.js';

/** How writeWholeFile treats an existing file. */
export interface WholeFileOptions {
  /** Replace an existing file. */
  readonly force: boolean;
}

/**
 * Calls `produce` with a sink for the bytes and a directory for temporary files. If it fails, both are
 * removed. A device or a pipe at `path` is written to directly. Throws OUTPUT_EXISTS if there is a file
 * and no `force`, OUTPUT_FAILED if writing fails.
 */
export async function writeWholeFile(
  path: string,
  options: WholeFileOptions,
  produce: (sink: ByteSink, aside: string) => Promise<void>,
): Promise<void> {
  const target = nodePath.resolve(path);
  const standing = statOf(target);
  requireReplaceable(path, options, standing);
  const isReplaced = standing === undefined || standing.isFile();
  let aside: string | undefined;
  try {
    // Nothing can be written beside a device.
    aside = fs.mkdtempSync(
      isReplaced ? `${target}.elfdeps-` : nodePath.join(os.tmpdir(), 'elfdeps-'),
    );
    const written = isReplaced ? nodePath.join(aside, 'file') : target;
    const fd = named(path, () => fs.openSync(written, isReplaced ? 'wx' : 'w'));
    try {
      // Unlike writeSync, this continues after a partial write.
      const toFile = (bytes: Uint8Array) => named(path, () => fs.writeFileSync(fd, bytes));
      const toStream = (bytes: Uint8Array) =>
        writeToStream(fd, bytes).catch((error: unknown) => {
          throw writeError(path, error);
        });
      await produce(isReplaced ? toFile : toStream, aside);
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

/**
 * Throws what {@link writeWholeFile} would throw for what stands at a path, for a command that writes it
 * after others.
 */
export function requirePlace(path: string, options: WholeFileOptions): void {
  requireReplaceable(path, options, statOf(nodePath.resolve(path)));
}

function requireReplaceable(
  path: string,
  { force }: WholeFileOptions,
  standing: fs.Stats | undefined,
): void {
  if (standing?.isDirectory()) throw new OutputError('OUTPUT_FAILED', 'is a directory', { path });
  const isDangling = standing === undefined && isLink(nodePath.resolve(path));
  if ((standing?.isFile() || isDangling) && !force)
    throw new OutputError('OUTPUT_EXISTS', isDangling ? 'a link stands there' : 'the file exists', {
      path,
      hint: 'give another name, or --force to replace it',
    });
}

/** An error of `call` is about `path`, not about the temporary files. */
function named<Result>(path: string, call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    throw writeError(path, error);
  }
}

/** Whether a link stands at a path that leads to nothing. */
function isLink(path: string): boolean {
  return fs.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

function statOf(path: string): fs.Stats | undefined {
  try {
    return fs.statSync(path);
  } catch {
    return undefined;
  }
}
