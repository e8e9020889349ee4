/**
 * Bytes as a zstd frame of raw blocks, which any decoder takes: no compressor is needed to test one.
 * Source: RFC 8878, sections 3.1.1.1 (frame header) and 3.1.1.2 (blocks).
 */
const MAX_BLOCK = 1 << 17;

/** A frame without a checksum. `windowLog`, 10 to 41, is the logarithm of its window; else it has none. */
export function zstdFrame(bytes: Uint8Array, windowLog?: number): Buffer {
  const start = Buffer.alloc(windowLog === undefined ? 9 : 6);
  start.writeUInt32LE(0xfd2fb528, 0);
  if (windowLog === undefined) {
    // A single segment, with the size of the content in four bytes.
    start.writeUInt8(0xa0, 4);
    start.writeUInt32LE(bytes.length, 5);
  } else start.writeUInt8((windowLog - 10) << 3, 5);
  const blocks: Uint8Array[] = [start];
  for (let at = 0; at === 0 || at < bytes.length; at += MAX_BLOCK) {
    const block = bytes.subarray(at, at + MAX_BLOCK);
    const isLast = at + MAX_BLOCK >= bytes.length;
    const header = Buffer.alloc(3);
    header.writeUIntLE(block.length * 8 + (isLast ? 1 : 0), 0, 3);
    blocks.push(header, block);
  }
  return Buffer.concat(blocks);
}
