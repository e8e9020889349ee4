/**
 * zstd as a compression kind: decoded by node:zlib where it has the decoder (Node.js 22.15), and else by
 * a package in WebAssembly.
 * Source: RFC 8878; Zstandard frames to skip have the magic 0x184d2a50 to 0x184d2a5f.
 */
import zlib from 'node:zlib';
import { type CompressionKind, EarlyEnd } from './archive-kind.js';
import { isSkippable } from './skippable-frames.js';
import { CHUNK_SIZE, throughZlib } from './zlib-stream.js';

export const zstd: CompressionKind = {
  name: 'zstd',
  recognizes: (head) =>
    (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) ||
    isSkippable(head),
  decompress(chunks) {
    const { createZstdDecompress } = zlib as Partial<ZstdOfZlib>;
    return createZstdDecompress === undefined
      ? byWebAssembly(chunks)
      : throughZlib(chunks, createZstdDecompress({ chunkSize: CHUNK_SIZE }));
  },
};

/** What the types of Node.js 20 do not have yet. */
interface ZstdOfZlib {
  createZstdDecompress(options: { chunkSize: number }): zlib.Gunzip;
}

/** More calls than this without output or new input: more than frames to skip fit into a piece. */
const MAX_IDLE_CALLS = 1 << 16;

async function* byWebAssembly(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { ZSTDDecoder } = await import('zstddec/stream');
  const decoder = new ZSTDDecoder();
  await decoder.init();
  let idle = 0;
  function* counted(): Generator<Uint8Array> {
    for (const chunk of chunks) {
      idle = 0;
      yield chunk;
    }
  }
  try {
    for (const chunk of decoder.decodeStreaming(counted())) {
      // At damaged data the decoder stands still.
      if (chunk.length > 0) yield chunk;
      else if (++idle > MAX_IDLE_CALLS) throw new Error('no progress');
    }
  } catch (error) {
    // The package has no code for it.
    throw /incomplete/i.test(String(error)) ? new EarlyEnd() : error;
  }
}
