/**
 * The hash tables of dynamic symbols: which symbols may have a name, without a look at the others,
 * and how many symbols there are. DT_GNU_HASH with its Bloom filter, DT_HASH (with 64-bit words on
 * Alpha and 64-bit S/390), and DT_MIPS_XHASH, which is DT_GNU_HASH with a table of indexes.
 * Source: gABI chapter 5, "Hash Table"; glibc elf/dl-setup_hash.c and elf/dl-lookup.c.
 */
import { type ByteSource, FieldReader } from './byte-source.js';
import * as c from './constants.js';
import { type DynamicFile, readTable, tableRange } from './dynamic-table.js';

/** The hashes of one name, each computed when the first table of its kind is met. */
export class NameHash {
  /** The name without its NUL. */
  readonly bytes: Uint8Array;
  #gnu: number | undefined;
  #elf: number | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** h * 33 + c, from 5381, in 32 bits. */
  get gnu(): number {
    if (this.#gnu === undefined) {
      let hash = 5381;
      for (const byte of this.bytes) hash = (Math.imul(hash, 33) + byte) | 0;
      this.#gnu = hash >>> 0;
    }
    return this.#gnu;
  }

  /** The hash of the gABI, in 28 bits. */
  get elf(): number {
    if (this.#elf === undefined) {
      let hash = 0;
      for (const byte of this.bytes) {
        hash = (((hash << 4) >>> 0) + byte) >>> 0;
        const high = hash & 0xf0000000;
        hash = (hash ^ (high >>> 24)) & ~high;
      }
      this.#elf = hash >>> 0;
    }
    return this.#elf;
  }
}

/** Finds symbols by the hash of their name. */
export interface SymbolHash {
  /** Indexes of the symbols that may have the name, in the order in which the loader looks. */
  candidates(name: NameHash): readonly number[];
  /** Number of symbols as far as the table tells; of DT_GNU_HASH, without what is not in it. */
  readonly count: number;
  /** Links of chains that all calls together went along: a damaged table can make them long. */
  readonly walked: number;
}

const NONE: readonly number[] = [];

/** The table that the loader would use (the GNU one where there are both), if there is any. */
export function parseSymbolHash(source: ByteSource, elf: DynamicFile): SymbolHash | undefined {
  const gnu = tableRange(elf, c.DT_GNU_HASH, 'DT_GNU_HASH');
  if (gnu !== undefined) return gnuHash(source, elf, gnu, false);
  const xhash = tableRange(elf, c.DT_MIPS_XHASH, 'DT_MIPS_XHASH');
  if (xhash !== undefined) return gnuHash(source, elf, xhash, true);
  const hash = tableRange(elf, c.DT_HASH, 'DT_HASH');
  return hash === undefined ? undefined : elfHash(source, elf, hash);
}

type Range = NonNullable<ReturnType<typeof tableRange>>;

/** Bytes of a table that the file really has. */
function room(range: Range, source: ByteSource): number {
  return Math.min(range.length, source.size - range.offset);
}

/** nbucket, nchain, buckets, chains: indexes of symbols, 0 ends a chain. */
function elfHash(source: ByteSource, elf: DynamicFile, range: Range): SymbolHash {
  const { machine } = elf.header;
  const isWide = elf.header.class === 64 && (machine === c.EM_ALPHA || machine === c.EM_S390);
  const size = isWide ? 8 : 4;
  const little = elf.header.endian === 'little';
  const head = new FieldReader(readTable(source, range, 2 * size), little);
  const word = (fields: FieldReader, index: number) =>
    (isWide ? fields.u64(index * 8) : fields.u32(index * 4)) ?? 0;
  const buckets = word(head, 0);
  const count = Math.min(word(head, 1), Math.floor(room(range, source) / size));
  let whole: FieldReader | undefined;
  return {
    count,
    walked: 0,
    candidates(this: { walked: number }, name) {
      if (buckets === 0) return NONE;
      whole ??= new FieldReader(readTable(source, range, (2 + buckets + count) * size), little);
      const found: number[] = [];
      // A chain that turns in a circle has no more than `count` members.
      for (let index = word(whole, 2 + (name.elf % buckets)); index !== 0; ) {
        found.push(index);
        if (found.length > count) break;
        index = word(whole, 2 + buckets + index);
      }
      this.walked += found.length;
      return found;
    },
  };
}

/** The four words in front of DT_GNU_HASH, and where the parts behind them begin, in bytes. */
interface GnuLayout {
  readonly buckets: number;
  /** Index of the first symbol that is in the table. */
  readonly first: number;
  readonly bloomWords: number;
  readonly shift: number;
  readonly bucketsAt: number;
  readonly chainsAt: number;
}

function gnuLayout(head: FieldReader, bits: 32 | 64): GnuLayout {
  const word = (index: number) => head.u32(index * 4) ?? 0;
  const [buckets, first, bloomWords, shift] = [word(0), word(1), word(2), word(3)];
  const bucketsAt = 16 + (bloomWords * bits) / 8;
  return { buckets, first, bloomWords, shift, bucketsAt, chainsAt: bucketsAt + buckets * 4 };
}

/** nbuckets, symoffset, bloom words, shift; bloom filter, buckets, a hash for each symbol. */
function gnuHash(
  source: ByteSource,
  elf: DynamicFile,
  range: Range,
  isTranslated: boolean,
): SymbolHash {
  const little = elf.header.endian === 'little';
  const bits = elf.header.class;
  const layout = gnuLayout(new FieldReader(readTable(source, range, 16), little), bits);
  const { buckets, first, bucketsAt, chainsAt } = layout;
  // No more than there is room for, whatever a bucket says.
  const end = Math.min(
    lastSymbol(source, range, layout, little),
    first + Math.floor(Math.max(0, room(range, source) - chainsAt) / 4),
  );
  const chains = Math.max(0, end - first);
  const size = chainsAt + chains * (isTranslated ? 8 : 4);
  const fields = new FieldReader(readTable(source, range, size), little);
  const at = (offset: number) => fields.u32(offset) ?? 0;
  const symbolOf = (index: number) =>
    isTranslated ? at(chainsAt + (chains + index - first) * 4) : index;
  const highestTranslated = () => {
    let highest = 0;
    for (let index = first; index < end; index++) highest = Math.max(highest, symbolOf(index));
    return highest;
  };
  const mayHave = bloomFilter(fields, layout, bits);

  return {
    count: isTranslated ? highestTranslated() + 1 : end,
    walked: 0,
    candidates(this: { walked: number }, { gnu: hash }) {
      if (buckets === 0 || !mayHave(hash)) return NONE;
      const start = at(bucketsAt + (hash % buckets) * 4);
      if (start < first || start === 0) return NONE;
      const found: number[] = [];
      for (let index = start; index < end; index++) {
        const chain = at(chainsAt + (index - first) * 4);
        this.walked++;
        // The lowest bit marks the end of a chain.
        if (((chain ^ hash) & ~1) === 0) found.push(symbolOf(index));
        if (chain & 1) break;
      }
      return found;
    },
  };
}

/** One more than the highest index in a chain: that of the last chain, whose end is marked. */
function lastSymbol(
  source: ByteSource,
  range: Range,
  { buckets, first, bucketsAt, chainsAt }: GnuLayout,
  little: boolean,
): number {
  const fields = new FieldReader(readTable(source, range, chainsAt), little);
  let last = 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const index = fields.u32(bucketsAt + bucket * 4);
    if (index === undefined) break;
    if (index > last) last = index;
  }
  if (last < first || last === 0) return first;
  const start = chainsAt + (last - first) * 4;
  const rest = { offset: range.offset + start, length: Math.max(0, range.length - start) };
  return last + chainLength(source, rest, little);
}

/** Number of entries up to the one with the mark of the end; 0 where there is none. */
function chainLength(source: ByteSource, range: Range, little: boolean): number {
  for (let length = 256; ; length *= 8) {
    const chain = readTable(source, range, length);
    const words = new FieldReader(chain, little);
    for (let offset = 0; offset + 4 <= chain.length; offset += 4)
      if ((words.u32(offset) as number) & 1) return offset / 4 + 1;
    if (chain.length < length) return 0;
  }
}

/** Whether the Bloom filter has both bits of a hash; a word of 64 bits is looked at in halves. */
function bloomFilter(
  fields: FieldReader,
  { bloomWords, shift }: GnuLayout,
  bits: 32 | 64,
): (hash: number) => boolean {
  const halfOf = (index: number) => (bits === 64 && index >= 32 === fields.little ? 4 : 0);
  const bit = (word: number, index: number) =>
    ((fields.u32(word + halfOf(index)) ?? 0) >>> (index & 31)) & 1;
  return (hash) => {
    const word = 16 + ((Math.floor(hash / bits) & (bloomWords - 1)) * bits) / 8;
    return (bit(word, hash % bits) & bit(word, (hash >>> shift) % bits)) === 1;
  };
}
