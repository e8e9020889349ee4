/**
 * Frames that decoders skip, which zstd and lz4 share: data that begin with them are of the compression of
 * the first frame behind them.
 * Source: RFC 8878, "Skippable Frames"; LZ4 Frame Format Description, "Skippable Frames".
 */
import type { ByteSource } from '../../elf/byte-source.js';

/** Magic and size of a frame, in bytes. */
const FRAME_HEADER = 8;
/** Compressors write one or two. */
const MAX_FRAMES = 1000;

/** Whether data begin with a frame to skip: a magic of 0x184d2a50 to 0x184d2a5f. */
export function isSkippable(head: Uint8Array): boolean {
  const isFirst = ((head[0] ?? 0) & 0xf0) === 0x50;
  return isFirst && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18;
}

/**
 * The first `length` bytes behind all frames to skip; with nothing behind them, or with too many, the
 * first bytes of the data.
 */
export function headBehindFrames(source: ByteSource, length: number): Uint8Array {
  const first = source.read(0, length);
  let head = first;
  let offset = 0;
  for (let frames = 0; frames < MAX_FRAMES; frames++) {
    if (!isSkippable(head) || head.length < FRAME_HEADER) break;
    const size = new DataView(head.buffer, head.byteOffset).getUint32(4, true);
    offset += FRAME_HEADER + size;
    head = source.read(offset, length);
  }
  return head.length === 0 || isSkippable(head) ? first : head;
}
