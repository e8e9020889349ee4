/**
 * Writes the bytes of a planned file to a new path. Where the file is on disk, the kernel copies it, as a
 * clone if the file system makes clones; other bytes are read and written. Long runs of zeros become
 * holes, so that a sparse file stays one.
 */
import fs from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PlannedFile } from '../image/image-plan.js';
import { originOf, type Root } from '../root/root.js';
import { drain, isBeforeSignal, requireNotAborted } from './byte-sink.js';
import { fileBytes } from './file-bytes.js';

interface CopyOptions {
  readonly signal?: AbortSignal;
  readonly onBytes?: (length: number) => void;
}

/**
 * Gives a descriptor of the new file, which nothing but its owner can read yet. Throws OUTPUT_FAILED if
 * `root` cannot read the file, its size is not that of the plan, or `signal` is aborted; and what the
 * system throws if something is at `path`.
 */
export async function copiedFile(
  planned: PlannedFile,
  root: Root,
  path: string,
  options: CopyOptions,
): Promise<number> {
  if (await isCopied(planned, root, path, options)) {
    // Modes are often without the right to open it again.
    fs.chmodSync(path, 0o600);
    return fs.openSync(path, 'r');
  }
  const fd = fs.openSync(path, 'wx', 0o600);
  try {
    const holes = new HoleWriter(fd);
    await drain(fileBytes(planned, root), (bytes) => holes.write(bytes), options);
    holes.end();
    return fd;
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
}

/** Whether the kernel has copied all of the file. If not, nothing is at the path. */
async function isCopied(
  { source, size }: PlannedFile,
  root: Root,
  path: string,
  { signal, onBytes }: CopyOptions,
): Promise<boolean> {
  const origin = originOf(root, source);
  if (size === 0 || origin.root.copyTo === undefined) return false;
  const copy = origin.root.copyTo(origin.path, path);
  const isDone = await isBeforeSignal(copy, signal);
  // A file that is made later would be left behind. Its bytes may still come: they go with it.
  if (!isDone) await Promise.race([copy, isThere(path)]);
  requireNotAborted(signal);
  if (!(await copy)) return false;
  if (fs.statSync(path).size === size) {
    onBytes?.(size);
    return true;
  }
  // Reading it tells what is wrong.
  fs.rmSync(path);
  return false;
}

async function isThere(path: string): Promise<void> {
  while (!fs.existsSync(path)) await nextTurn();
}

/** Bytes that are written or left out as a whole; a power of two. */
const BLOCK = 1 << 16;
const ZEROS = Buffer.alloc(BLOCK);

/** Writes bytes one behind the other, and leaves out blocks of zeros. */
class HoleWriter {
  readonly #fd: number;
  #position = 0;

  constructor(fd: number) {
    this.#fd = fd;
  }

  write(bytes: Uint8Array): void {
    let start = 0;
    for (let at = 0; at < bytes.length; at += BLOCK) {
      const end = Math.min(at + BLOCK, bytes.length);
      if (ZEROS.compare(bytes, at, end, 0, end - at) !== 0) continue;
      this.#put(bytes.subarray(start, at));
      this.#position += end - at;
      start = end;
    }
    this.#put(bytes.subarray(start));
  }

  /** Gives the file its size, which a hole at its end does not. */
  end(): void {
    fs.ftruncateSync(this.#fd, this.#position);
  }

  #put(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; )
      at += fs.writeSync(this.#fd, bytes, at, bytes.length - at, this.#position + at);
    this.#position += bytes.length;
  }
}
