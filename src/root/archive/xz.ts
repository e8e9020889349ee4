/**
 * xz as a compression kind, decoded by a package in WebAssembly. It reads several streams behind each
 * other and the padding between them, as `xz -dc` does; it knows neither filters for machine code nor
 * SHA-256 checks nor dictionaries above 64 MiB.
 * Source: The .xz File Format 1.2; enum xz_ret in xz.h of XZ Embedded.
 */
import { type CompressionKind, EarlyEnd, UnknownOptions } from './archive-kind.js';

const MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
/** XZ_MEMLIMIT_ERROR and XZ_OPTIONS_ERROR, which the package has in its message only. */
const NOT_SUPPORTED = /error code [46]$/;

export const xz: CompressionKind = {
  name: 'xz',
  recognizes: (head) => MAGIC.every((byte, index) => head[index] === byte),
  async *decompress(chunks) {
    const { default: decoder } = await import('xz-decompress');
    const iterator = chunks[Symbol.iterator]();
    let isOver = false;
    const input = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          const { done, value } = iterator.next();
          isOver = done === true;
          if (isOver) controller.close();
          else controller.enqueue(value);
        },
      },
      // Chunks are read when they are wanted, so that errors tell where they are.
      { highWaterMark: 0 },
    );
    try {
      for await (const piece of new decoder.XzReadableStream(input)) yield piece;
    } catch (error) {
      if (isOver) throw new EarlyEnd();
      throw NOT_SUPPORTED.test(String(error)) ? new UnknownOptions() : error;
    }
  },
};
