/**
 * Compressed data into plain data: runs the decoder of a compression kind, and says in one way what is wrong
 * with the data, whichever decoder finds it.
 */

import { ArchiveError, RootError } from '../../errors.js';
import { shellFile } from '../shell-word.js';
import { type CompressionKind, EarlyEnd, UnknownOptions } from './archive-kind.js';

/**
 * The decompressed bytes, in pieces. Throws {@link ArchiveError} when the data are damaged or end
 * early, {@link RootError} when the decoder does not know how they were compressed, and what reading
 * `chunks` throws; `path` names the data in errors.
 */
export async function* decompressed(
  chunks: Iterable<Uint8Array>,
  compression: CompressionKind,
  path: string,
): AsyncGenerator<Uint8Array> {
  const input = new CountedInput(chunks);
  try {
    for await (const piece of compression.decompress(input.pieces()))
      if (piece.length > 0) yield piece;
  } catch (error) {
    if (input.failure !== undefined) throw input.failure;
    const { name } = compression;
    if (error instanceof UnknownOptions)
      throw new RootError(
        'ROOT_UNSUPPORTED',
        `${name} data with options that elfdeps cannot read`,
        {
          path,
          hint: `${name} -dc ${shellFile(path)} | elfdeps --root - PROGRAM`,
        },
      );
    const fact = error instanceof EarlyEnd ? `${name} data end early` : `damaged ${name} data`;
    throw new ArchiveError(fact, input.offset, { path, cause: error });
  }
}

/** Chunks on their way to a decoder, and what went wrong before they got there. */
class CountedInput {
  readonly #chunks: Iterable<Uint8Array>;
  /** Bytes before the chunk that the decoder works on. */
  offset = 0;
  failure: unknown;

  constructor(chunks: Iterable<Uint8Array>) {
    this.#chunks = chunks;
  }

  *pieces(): Generator<Uint8Array> {
    try {
      for (const chunk of this.#chunks) {
        if (chunk.length === 0) continue;
        yield chunk;
        this.offset += chunk.length;
      }
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }
}

/**
 * What the first bytes of compressed data become, as far as `head` tells: at most about `length` bytes.
 * Throws {@link ArchiveError} when `head` is damaged; that it is cut off is no fault here.
 */
export async function decompressedStart(
  head: Uint8Array,
  compression: CompressionKind,
  path: string,
  length: number,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of decompressed([head], compression, path)) {
      pieces.push(piece);
      size += piece.length;
      if (size >= length) break;
    }
  } catch (error) {
    if (!(error instanceof ArchiveError) || !(error.cause instanceof EarlyEnd)) throw error;
  }
  return Buffer.concat(pieces).subarray(0, length);
}
