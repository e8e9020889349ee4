/**
 * Compressed streams into plain ones, told apart by their first bytes: gzip by node:zlib, zstd by
 * node:zlib where it has it (Node.js 22.15) and else by a decoder in WebAssembly, loaded when wanted.
 */
import { Readable } from 'node:stream';
import zlib from 'node:zlib';
import { ArchiveError, errnoOf, RootError } from '../../errors.js';
import { shellFile } from './foreign-formats.js';

export type Compression = 'gzip' | 'zstd' | 'xz' | 'bzip2' | 'lz4' | 'lzip';

const MAGIC: readonly (readonly [Compression, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b, 0x08]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['lz4', [0x04, 0x22, 0x4d, 0x18]],
  ['lzip', [0x4c, 0x5a, 0x49, 0x50]],
];

/** What the first bytes of a file say; undefined when they are of no compression. */
export function compressionOf(head: Uint8Array): Compression | undefined {
  const found = MAGIC.find(([, magic]) => magic.every((byte, index) => head[index] === byte));
  // A zstd file may begin with a frame to skip: 0x184d2a50 to 0x184d2a5f.
  const isSkippable =
    ((head[0] ?? 0) & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18;
  return found?.[0] ?? (isSkippable ? 'zstd' : undefined);
}

type Chunks = Iterable<Uint8Array>;

/**
 * The decompressed bytes, in pieces. Throws {@link ArchiveError} when the data are damaged or end
 * early, {@link RootError} for a compression that elfdeps does not read; `path` names the data.
 */
export function decompressed(
  chunks: Chunks,
  compression: Compression,
  path: string,
): AsyncIterable<Uint8Array> {
  if (compression === 'gzip')
    return throughZlib(chunks, zlib.createGunzip({ chunkSize: 1 << 18 }), compression, path);
  if (compression === 'zstd') {
    const { createZstdDecompress } = zlib as Partial<ZstdOfZlib>;
    return createZstdDecompress === undefined
      ? byWebAssembly(chunks, path)
      : throughZlib(chunks, createZstdDecompress({ chunkSize: 1 << 18 }), compression, path);
  }
  throw unsupported(compression, path);
}

/**
 * What the first bytes of compressed data are when they are decompressed, as far as these tell; nothing
 * for zstd, whose blocks are long. Throws as {@link decompressed} does.
 */
export function decompressedStart(
  head: Uint8Array,
  compression: Compression,
  path: string,
): Uint8Array {
  if (compression === 'zstd') return new Uint8Array(0);
  if (compression !== 'gzip') throw unsupported(compression, path);
  try {
    // The data go on behind `head`.
    return zlib.gunzipSync(head, { finishFlush: zlib.constants.Z_SYNC_FLUSH });
  } catch (error) {
    throw new ArchiveError(`damaged ${compression} data`, 0, { path, cause: error });
  }
}

function unsupported(compression: Compression, path: string): RootError {
  return new RootError('ROOT_UNSUPPORTED', `compressed with ${compression}, not gzip or zstd`, {
    path,
    hint: `${compression} -dc ${shellFile(path)} | elfdeps --root - PROGRAM`,
  });
}

/** What the types of Node.js 20 do not have yet. */
interface ZstdOfZlib {
  createZstdDecompress(options: { chunkSize: number }): zlib.Gunzip;
}

async function* throughZlib(
  chunks: Chunks,
  decoder: zlib.Gunzip,
  compression: Compression,
  path: string,
): AsyncGenerator<Uint8Array> {
  const input = Readable.from(chunks, { objectMode: false });
  let inputError: unknown;
  input.on('error', (error) => {
    inputError = error;
    decoder.destroy(error);
  });
  try {
    for await (const chunk of input.pipe(decoder)) yield chunk;
  } catch (error) {
    if (inputError !== undefined) throw inputError;
    const fact = /unexpected end/.test(String(error))
      ? `${compression} data end early`
      : `damaged ${compression} data`;
    throw new ArchiveError(fact, decoder.bytesWritten, { path, cause: error });
  } finally {
    input.destroy();
    decoder.destroy();
  }
}

/** More calls than this without output or new input: more than frames to skip fit into a piece. */
const MAX_IDLE_CALLS = 1 << 16;

async function* byWebAssembly(chunks: Chunks, path: string): AsyncGenerator<Uint8Array> {
  const { ZSTDDecoder } = await import('zstddec/stream');
  const decoder = new ZSTDDecoder();
  await decoder.init();
  let offset = 0;
  let idle = 0;
  function* counted(): Generator<Uint8Array> {
    for (const chunk of chunks) {
      idle = 0;
      yield chunk;
      offset += chunk.length;
    }
  }
  try {
    for (const chunk of decoder.decodeStreaming(counted())) {
      // At damaged data the decoder stands still.
      if (chunk.length > 0) yield chunk;
      else if (++idle > MAX_IDLE_CALLS) throw new Error('no progress');
    }
  } catch (error) {
    if (errnoOf(error) !== undefined) throw error;
    const fact = /incomplete/i.test(String(error)) ? 'zstd data end early' : 'damaged zstd data';
    throw new ArchiveError(fact, offset, { path, cause: error });
  }
}
