/**
 * Data through a decoder of node:zlib, in pieces.
 */
import { Readable } from 'node:stream';
import type { Gunzip } from 'node:zlib';
import { errnoOf } from '../../errors.js';
import { EarlyEnd } from './archive-kind.js';

/** Bytes of one piece of decompressed data. */
export const CHUNK_SIZE = 1 << 18;

/** The decompressed bytes. Throws {@link EarlyEnd} and what the decoder throws. */
export async function* throughZlib(
  chunks: Iterable<Uint8Array>,
  decoder: Gunzip,
): AsyncGenerator<Uint8Array> {
  const input = Readable.from(chunks, { objectMode: false });
  input.on('error', (error) => decoder.destroy(error));
  try {
    for await (const chunk of input.pipe(decoder)) yield chunk;
  } catch (error) {
    // zlib says that it has no more input.
    throw errnoOf(error) === 'Z_BUF_ERROR' ? new EarlyEnd() : error;
  } finally {
    input.destroy();
    decoder.destroy();
  }
}
