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
/** Calls for the end of a piece whose data nothing needs: each gives 128 KiB at most. */
const MAX_LAST_CALLS = 1 << 10;

async function* byWebAssembly(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { ZSTDDecoder } = await import('zstddec/stream');
  const decoder = new ZSTDDecoder();
  await decoder.init();
  let idle = 0;
  let isEnough = false;
  function* counted(): Generator<Uint8Array> {
    for (const chunk of chunks) {
      if (isEnough) return;
      idle = 0;
      yield chunk;
    }
  }
  const output = decoder.decodeStreaming(counted());
  try {
    for (let next = output.next(); !next.done; next = output.next()) {
      // At damaged data the decoder stands still.
      if (next.value.length > 0) yield next.value;
      else if (++idle > MAX_IDLE_CALLS) throw new Error('no progress');
    }
  } catch (error) {
    // The package has no code for it.
    throw /incomplete/i.test(String(error)) ? new EarlyEnd() : error;
  } finally {
    isEnough = true;
    finish(output);
  }
}

/** The package gives its memory back at the end of the data only, and a window may have 128 MiB. */
function finish(output: Iterator<unknown>): void {
  try {
    for (let calls = 0; calls < MAX_LAST_CALLS && !output.next().done; calls++);
  } catch {
    // The data end early, or reading them failed before.
  }
}
