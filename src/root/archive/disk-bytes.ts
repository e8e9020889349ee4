/**
 * Bytes on this machine's disk, read at offsets: an archive that the user named, and a temporary file
 * for what can only be had as a stream (standard input, decompressed data), so that memory stays flat.
 * A temporary file loses its name as soon as it is open: whatever happens, nothing stays behind.
 */
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { isatty } from 'node:tty';
import type { ByteSource } from '../../elf/byte-source.js';
import { describeErrno, errnoOf, RootError } from '../../errors.js';

const ZEROS = Buffer.alloc(1 << 18);

/** Closes a file when no source that reads it is left. */
const closing = new FinalizationRegistry((fd: number) => fs.closeSync(fd));

/**
 * An open regular file as bytes; it is closed when the result is collected as garbage. Reading
 * throws what node:fs throws.
 */
export function fileBytes(fd: number): ByteSource {
  const source = { size: fs.fstatSync(fd).size, read };
  function read(offset: number, length: number): Uint8Array {
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, source.size - offset)));
    let filled = 0;
    while (filled < bytes.length) {
      const count = fs.readSync(fd, bytes, filled, bytes.length - filled, offset + filled);
      if (count === 0) break;
      filled += count;
    }
    return new Uint8Array(bytes.buffer, bytes.byteOffset, filled);
  }
  if (fd > 2) closing.register(source, fd);
  return source;
}

/**
 * Writes a stream into a nameless temporary file and gives its bytes. `isWanted` is asked once, as soon
 * as the first 1024 bytes are there: without it, nothing more is read. Throws what the stream and
 * `isWanted` throw, and {@link RootError} OUTPUT_FAILED when the disk takes no more.
 */
export async function spill(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  isWanted: (head: Uint8Array) => boolean | Promise<boolean>,
): Promise<ByteSource> {
  const fd = openNameless();
  try {
    let end = 0;
    for await (const chunk of chunks) {
      if (!isZeros(chunk)) writeAll(fd, chunk, end);
      const isHead = end < HEAD && end + chunk.length >= HEAD;
      end += chunk.length;
      if (isHead && !(await isWanted(headOf(fd)))) break;
    }
    fs.ftruncateSync(fd, end);
    return fileBytes(fd);
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
}

/** A block of a tar, also where gzip could not make it smaller and names the file before it. */
const HEAD = 1024;

function headOf(fd: number): Uint8Array {
  const head = new Uint8Array(HEAD);
  // Zeros at its start may be no part of the file yet.
  fs.readSync(fd, head, 0, HEAD, 0);
  return head;
}

/** Empty space of disk images and the like becomes a hole, which costs no disk. */
function isZeros(chunk: Uint8Array): boolean {
  return chunk.length <= ZEROS.length && ZEROS.subarray(0, chunk.length).equals(chunk);
}

function writeAll(fd: number, chunk: Uint8Array, offset: number): void {
  try {
    for (let at = 0; at < chunk.length; )
      at += fs.writeSync(fd, chunk, at, chunk.length - at, offset + at);
  } catch (error) {
    throw outOfRoom(error);
  }
}

function outOfRoom(error: unknown): RootError {
  return new RootError('OUTPUT_FAILED', describeErrno(errnoOf(error)), {
    path: os.tmpdir(),
    hint: 'the data needs room for temporary files; TMPDIR names another directory',
    cause: error,
  });
}

/** In a directory of its own, whose name the system chooses, so that no other file is met. */
function openNameless(): number {
  try {
    const directory = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-'));
    const path = nodePath.join(directory, 'data');
    try {
      const fd = fs.openSync(path, 'wx+', 0o600);
      fs.unlinkSync(path);
      return fd;
    } finally {
      fs.rmdirSync(directory);
    }
  } catch (error) {
    throw outOfRoom(error);
  }
}

const PIECE = 1 << 18;

/** The bytes of a source, in pieces, from its start. */
export function* piecesOf(source: ByteSource): Generator<Uint8Array> {
  for (let offset = 0; offset < source.size; ) {
    const piece = source.read(offset, PIECE);
    if (piece.length === 0) return;
    offset += piece.length;
    yield piece;
  }
}

/**
 * The bytes of a file or pipe of this machine in pieces, `-` for standard input. Throws
 * {@link RootError} about `name` when it cannot be opened or read, and for a terminal.
 */
export async function* diskPieces(path: string, name: string): AsyncGenerator<Uint8Array> {
  if (path === '-' && isatty(0))
    throw new RootError('FILE_UNREADABLE', 'standard input is a terminal', { path: name });
  const fd = path === '-' ? 0 : openForReading(path, name);
  try {
    yield* streamOf(fd, name);
  } finally {
    if (fd !== 0) fs.closeSync(fd);
  }
}

function openForReading(path: string, name: string): number {
  try {
    return fs.openSync(path, 'r');
  } catch (error) {
    const code = errnoOf(error);
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    throw new RootError(isMissing ? 'FILE_NOT_FOUND' : 'FILE_UNREADABLE', describeErrno(code), {
      path: name,
      cause: error,
    });
  }
}

/**
 * What a pipe or another stream gives, until it ends; waits for slow writers. Throws
 * {@link RootError} when it cannot be read, and for a terminal.
 */
export async function* streamOf(fd: number, path: string): AsyncGenerator<Uint8Array> {
  if (isatty(fd))
    throw new RootError('ROOT_UNSUPPORTED', 'standard input is a terminal, not an archive', {
      path,
      hint: 'docker save IMAGE | elfdeps --root - FILE',
    });
  for (;;) {
    const piece = Buffer.allocUnsafe(PIECE);
    const count = await readSome(fd, piece).catch((error) => {
      throw new RootError('FILE_UNREADABLE', describeErrno(errnoOf(error)), { path, cause: error });
    });
    if (count === 0) return;
    if (count === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    else yield piece.subarray(0, count);
  }
}

/** The number of bytes read; undefined when there are none yet (a pipe that does not block). */
function readSome(fd: number, piece: Buffer): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    fs.read(fd, piece, 0, piece.length, null, (error, count) => {
      if (error === null) resolve(count);
      else if (error.code === 'EAGAIN') resolve(undefined);
      else if (error.code === 'EOF') resolve(0);
      else reject(error);
    });
  });
}
