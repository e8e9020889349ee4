/**
 * Symbol tables for ELF files that tests build: symbols, hash tables, versions and relocations, in
 * either class and byte order, placed behind each other and named by tags of the dynamic section.
 */
import { type Address, addressBehind } from '../../src/elf/address.js';
import * as c from '../../src/elf/constants.js';
import { ByteWriter } from './elf-builder.js';

export interface BuiltSymbol {
  readonly name: string;
  /** STB_GLOBAL. */
  readonly binding?: number;
  /** STT_FUNC. */
  readonly type?: number;
  /** STV_DEFAULT. */
  readonly other?: number;
  /** SHN_UNDEF for an import, which is the default without a value. */
  readonly section?: number;
  readonly value?: Address;
  /** What DT_VERSYM has for it; VER_NDX_GLOBAL. */
  readonly versym?: number;
}

export interface SymbolOptions {
  readonly list: readonly BuiltSymbol[];
  /** Which hash tables: `gnu` without it. */
  readonly hash?: 'gnu' | 'elf' | 'both' | 'xhash' | 'none';
  readonly needs?: readonly {
    readonly file: string;
    readonly versions: readonly {
      readonly name: string;
      readonly index: number;
      readonly weak?: boolean;
    }[];
  }[];
  readonly definitions?: readonly {
    readonly name: string;
    readonly index: number;
    readonly flags?: number;
    readonly parents?: readonly string[];
  }[];
  /** Symbols that are relocated, by name, with the type of the relocation. */
  readonly relocations?: readonly {
    readonly symbol: string;
    readonly type: number;
    readonly jump?: boolean;
  }[];
  /** DT_REL instead of DT_RELA. */
  readonly rel?: boolean;
}

/** Something in each table: an import and an export with a version, one that is weak, one that is hidden. */
export const ALL_TABLES: SymbolOptions = {
  list: [
    { name: 'imported', versym: 4 },
    { name: 'weak', binding: 2 },
    { name: 'exported', value: 0x100, versym: 2 },
    { name: 'another', value: 0x110, versym: 0x8003 },
  ],
  needs: [{ file: 'liba.so', versions: [{ name: 'A_1', index: 4 }] }],
  definitions: [
    { name: 'me', index: 1, flags: 1 },
    { name: 'ME_1', index: 2 },
    { name: 'ME_2', index: 3, parents: ['ME_1'] },
  ],
  relocations: [
    { symbol: 'imported', type: 6 },
    { symbol: 'weak', type: 7, jump: true },
  ],
};

interface Place {
  readonly out: ByteWriter;
  readonly base: Address;
  readonly machine: number;
  /** The offset of a name in the string table. */
  readonly text: (name: string) => number;
}

const BUCKETS = 3;
const ENTRY_TAG = 11;

/** Writes the tables and gives the entries of the dynamic section for them. */
export function placeSymbols(
  place: Place,
  options: SymbolOptions,
): [tag: number, value: Address][] {
  const { out, base, text } = place;
  const tags: [number, Address][] = [];
  const put = (tag: number, bytes: Uint8Array) => {
    tags.push([tag, addressBehind(base, out.place(bytes, 8).offset)]);
  };
  const writer = () => new ByteWriter(out.little, out.is64);
  const symbols = ordered(options.list);
  const indexOf = (name: string) => symbols.findIndex((symbol) => symbol.name === name) + 1;

  const table = writer();
  table.reserve(out.is64 ? 24 : 16);
  for (const symbol of symbols) writeSymbol(table, symbol, text(symbol.name));
  put(c.DT_SYMTAB, table.result());
  tags.push([ENTRY_TAG, out.is64 ? 24 : 16]);

  const kind = options.hash ?? 'gnu';
  if (kind === 'gnu' || kind === 'both') put(c.DT_GNU_HASH, gnuHashTable(writer(), symbols, false));
  if (kind === 'xhash') put(c.DT_MIPS_XHASH, gnuHashTable(writer(), symbols, true));
  if (kind === 'elf' || kind === 'both')
    put(c.DT_HASH, elfHashTable(writer(), symbols, isWide(place)));

  if (options.needs !== undefined || options.definitions !== undefined) {
    const versym = writer();
    for (const number of [0, ...symbols.map((symbol) => symbol.versym ?? 1)]) versym.u16(number);
    put(c.DT_VERSYM, versym.result());
  }
  if (options.needs !== undefined) put(c.DT_VERNEED, verneed(writer(), options.needs, text));
  if (options.definitions !== undefined)
    put(c.DT_VERDEF, verdef(writer(), options.definitions, text));

  const relocations = options.relocations ?? [];
  const entry = (out.is64 ? 8 : 4) * (options.rel === true ? 2 : 3);
  for (const jump of [false, true]) {
    const some = relocations.filter((relocation) => (relocation.jump === true) === jump);
    if (some.length === 0) continue;
    const bytes = writer();
    for (const { symbol, type } of some) {
      bytes.word(0);
      writeInfo(bytes, place.machine, indexOf(symbol), type);
      if (options.rel !== true) bytes.word(0);
    }
    const [at, size] = options.rel ? [c.DT_REL, c.DT_RELSZ] : [c.DT_RELA, c.DT_RELASZ];
    put(jump ? c.DT_JMPREL : at, bytes.result());
    tags.push([jump ? c.DT_PLTRELSZ : size, some.length * entry]);
    if (jump) tags.push([c.DT_PLTREL, at]);
  }
  return tags;
}

/** One undefined symbol and a hash table that finds nothing: loaders look into both. */
export function placeNoSymbols({ out, base }: Place): [tag: number, value: Address][] {
  const size = out.is64 ? 24 : 16;
  const symbols = out.place(new Uint8Array(size), 8);
  const hash = new ByteWriter(out.little, out.is64);
  for (const word of [1, 1, 0, 0]) hash.u32(word);
  const hashAt = out.place(hash.result(), 8);
  return [
    [c.DT_SYMTAB, addressBehind(base, symbols.offset)],
    [ENTRY_TAG, size],
    [c.DT_HASH, addressBehind(base, hashAt.offset)],
  ];
}

/** Imports first, then exports by bucket, as DT_GNU_HASH wants them. */
function ordered(list: readonly BuiltSymbol[]): BuiltSymbol[] {
  const exported = list.filter(isDefined);
  return [
    ...list.filter((symbol) => !isDefined(symbol)),
    ...exported.sort((a, b) => (gnuHash(a.name) % BUCKETS) - (gnuHash(b.name) % BUCKETS)),
  ];
}

function isDefined(symbol: BuiltSymbol): boolean {
  return sectionOf(symbol) !== c.SHN_UNDEF;
}

function sectionOf({ section, value }: BuiltSymbol): number {
  return section ?? (value === undefined ? c.SHN_UNDEF : 1);
}

function writeSymbol(out: ByteWriter, symbol: BuiltSymbol, name: number): void {
  const info = ((symbol.binding ?? c.STB_GLOBAL) << 4) | (symbol.type ?? c.STT_FUNC);
  out.u32(name);
  if (!out.is64) {
    out.u32(Number(symbol.value ?? 0));
    out.u32(0);
  }
  out.bytes([info, symbol.other ?? 0]);
  out.u16(sectionOf(symbol));
  if (out.is64) {
    out.u64(symbol.value ?? 0);
    out.u64(0);
  }
}

function writeInfo(out: ByteWriter, machine: number, symbol: number, type: number): void {
  if (!out.is64) out.u32((symbol << 8) | type);
  else if (machine === c.EM_MIPS) {
    out.u32(symbol);
    out.bytes([0, 0, 0, type]);
  } else out.u64((BigInt(symbol) << 32n) | BigInt(type));
}

export function gnuHash(name: string): number {
  let hash = 5381n;
  for (const byte of new TextEncoder().encode(name)) hash = (hash * 33n + BigInt(byte)) % 2n ** 32n;
  return Number(hash);
}

/** The hash of the gABI, as its text has it. */
export function elfHash(name: string): number {
  let hash = 0n;
  for (const byte of new TextEncoder().encode(name)) {
    hash = ((hash << 4n) + BigInt(byte)) & 0xffffffffn;
    const high = hash & 0xf0000000n;
    if (high !== 0n) hash ^= high >> 24n;
    hash &= ~high;
  }
  return Number(hash);
}

function gnuHashTable(out: ByteWriter, symbols: readonly BuiltSymbol[], xhash: boolean) {
  const first = symbols.filter((symbol) => !isDefined(symbol)).length + 1;
  const hashes = symbols.slice(first - 1).map(({ name }) => gnuHash(name));
  const bits = out.is64 ? 64 : 32;
  const words = 2;
  const shift = 5;
  const bloom = Array.from({ length: words }, () => 0n);
  for (const hash of hashes) {
    const at = Math.floor(hash / bits) % words;
    const both = (1n << BigInt(hash % bits)) | (1n << BigInt((hash >>> shift) % bits));
    bloom[at] = (bloom[at] as bigint) | both;
  }
  for (const word of [BUCKETS, first, words, shift]) out.u32(word);
  for (const word of bloom) out.is64 ? out.u64(word) : out.u32(Number(word));
  const bucketOf = hashes.map((hash) => hash % BUCKETS);
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const at = bucketOf.indexOf(bucket);
    out.u32(at < 0 ? 0 : first + at);
  }
  hashes.forEach((hash, i) => {
    const isLast = bucketOf[i + 1] !== bucketOf[i];
    out.u32(((hash & ~1) | (isLast ? 1 : 0)) >>> 0);
  });
  if (xhash) for (let i = 0; i < hashes.length; i++) out.u32(first + i);
  return out.result();
}

function isWide({ out, machine }: Place): boolean {
  return out.is64 && (machine === c.EM_ALPHA || machine === c.EM_S390);
}

function elfHashTable(out: ByteWriter, symbols: readonly BuiltSymbol[], wide: boolean) {
  const word = (value: number) => (wide ? out.u64(value) : out.u32(value));
  const buckets = Array.from({ length: BUCKETS }, () => 0);
  const chains = Array.from({ length: symbols.length + 1 }, () => 0);
  symbols.forEach(({ name }, i) => {
    const bucket = elfHash(name) % BUCKETS;
    chains[i + 1] = buckets[bucket] as number;
    buckets[bucket] = i + 1;
  });
  for (const value of [BUCKETS, chains.length, ...buckets, ...chains]) word(value);
  return out.result();
}

function verneed(
  out: ByteWriter,
  needs: NonNullable<SymbolOptions['needs']>,
  text: Place['text'],
): Uint8Array {
  needs.forEach(({ file, versions }, at) => {
    out.u16(1);
    out.u16(versions.length);
    out.u32(text(file));
    out.u32(16);
    out.u32(at === needs.length - 1 ? 0 : 16 + versions.length * 16);
    versions.forEach(({ name, index, weak }, i) => {
      out.u32(elfHash(name));
      out.u16(weak === true ? c.VER_FLG_WEAK : 0);
      out.u16(index);
      out.u32(text(name));
      out.u32(i === versions.length - 1 ? 0 : 16);
    });
  });
  return out.result();
}

function verdef(
  out: ByteWriter,
  definitions: NonNullable<SymbolOptions['definitions']>,
  text: Place['text'],
): Uint8Array {
  definitions.forEach(({ name, index, flags = 0, parents = [] }, at) => {
    const names = [name, ...parents];
    out.u16(1);
    out.u16(flags);
    out.u16(index);
    out.u16(names.length);
    out.u32(elfHash(name));
    out.u32(20);
    out.u32(at === definitions.length - 1 ? 0 : 20 + names.length * 8);
    names.forEach((one, i) => {
      out.u32(text(one));
      out.u32(i === names.length - 1 ? 0 : 8);
    });
  });
  return out.result();
}
