/**
 * bzip2 as a compression kind: the block decoder of a package, asked for one block at a time, so that a
 * small file cannot fill the memory. Several streams behind each other are one file, and what is no
 * stream behind them is passed over, as `bzip2 -dc` does.
 * Source: bzip2 manual, "Recovering data from damaged files"; bzip2.c of bzip2 1.0.8 (uncompressStream).
 */
import { type CompressionKind, EarlyEnd } from './archive-kind.js';

/** The digit is the size of a block in 100,000 bytes. */
const MAGIC = /^BZh[1-9]/;
const BLOCK_UNIT = 100_000;
/** Bytes of a piece of the output, which grows: a block has one byte, or 46 MB of repetitions. */
const FIRST_PIECE = 1 << 10;
const PIECE = 1 << 18;

export const bzip2: CompressionKind = {
  name: 'bzip2',
  recognizes: (head) => MAGIC.test(String.fromCharCode(...head.subarray(0, 4))),
  async *decompress(chunks) {
    const { default: decoder } = await import('unbzip2-stream/lib/bzip2.js');
    const { default: bitIterator } = await import('unbzip2-stream/lib/bit_iterator.js');
    const iterator = chunks[Symbol.iterator]();
    const bits = bitIterator(() => {
      const { done, value } = iterator.next();
      if (done) throw new EarlyEnd();
      return value;
    });
    let buffer = new Int32Array(0);
    for (let streams = 0; ; streams++) {
      const units = blockUnitsOf(() => decoder.header(bits), bits, streams > 0);
      if (units === undefined) return;
      const size = BLOCK_UNIT * units;
      // Of a hundred thousand empty streams, each in its 14 bytes, one buffer is enough.
      if (buffer.length < size) buffer = new Int32Array(size);
      let checksum: number | null = 0;
      while (checksum !== null) {
        const output = new Output();
        const add = (byte: number) => output.add(byte);
        checksum = decoder.decompress(bits, add, buffer, size, checksum);
        yield* output.pieces();
      }
    }
  },
};

/** What the header of the next stream says; undefined when no stream follows the ones before. */
function blockUnitsOf(
  header: () => number,
  bits: { readonly bytesRead: number },
  mayEnd: boolean,
): number | undefined {
  const before = bits.bytesRead;
  try {
    return header();
  } catch (error) {
    if (!mayEnd || (error instanceof EarlyEnd && bits.bytesRead > before)) throw error;
    return undefined;
  }
}

/** The bytes of one block, one by one. */
class Output {
  readonly #full: Uint8Array[] = [];
  #piece = new Uint8Array(0);
  #length = 0;

  add(byte: number): void {
    if (this.#length === this.#piece.length) this.#makeRoom();
    this.#piece[this.#length++] = byte;
  }

  #makeRoom(): void {
    const before = this.#piece;
    if (this.#length === PIECE) {
      this.#full.push(before);
      this.#length = 0;
    }
    this.#piece = new Uint8Array(Math.min(PIECE, 4 * before.length || FIRST_PIECE));
    if (this.#length > 0) this.#piece.set(before);
  }

  *pieces(): Generator<Uint8Array> {
    // Each is let go before the next one is used.
    for (let piece = this.#full.shift(); piece !== undefined; piece = this.#full.shift())
      yield piece;
    yield this.#piece.subarray(0, this.#length);
  }
}
