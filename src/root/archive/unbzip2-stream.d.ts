/** The parts of unbzip2-stream that its stream is made of. */
declare module 'unbzip2-stream/lib/bit_iterator.js' {
  /** Reads the next `count` bits; null goes on to the next whole byte. */
  export interface BitReader {
    (count: number | null): number;
    /** Bytes of which at least one bit was read. */
    readonly bytesRead: number;
  }
  export default function bitIterator(next: () => Uint8Array): BitReader;
}

declare module 'unbzip2-stream/lib/bzip2.js' {
  import type { BitReader } from 'unbzip2-stream/lib/bit_iterator.js';

  const decoder: {
    /** The size of a block in 100,000 bytes. */
    header(bits: BitReader): number;
    /** Decodes a block and gives the checksum so far; null at the end of the stream. */
    decompress(
      bits: BitReader,
      add: (byte: number) => void,
      buffer: Int32Array,
      size: number,
      checksum: number,
    ): number | null;
  };
  export default decoder;
}
