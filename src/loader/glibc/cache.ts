/**
 * /etc/ld.so.cache, read as the loader reads it: all three formats, both byte orders, and the same
 * binary search over the same comparison, so that a cache in the wrong order fails here as there.
 * Sources: glibc elf/dl-cache.c (_dl_load_cache_lookup, _dl_cache_libcmp), elf/cache.c and
 * sysdeps/generic/dl-cache.h for the layouts.
 */
import { cString, FieldReader } from '../../elf/byte-source.js';
import type { Target } from '../../elf/target.js';
import type { CpuProfile } from './cpu.js';
import { acceptsHwcap, type HwcapBits, hwcapBits } from './hwcap-bits.js';
import { acceptsFlags, type GlibcPort, ownFlags } from './ports.js';

export const MAGIC_NEW = 'glibc-ld.so.cache1.1';
const MAGIC_OLD = 'ld.so-1.7.0';
export const HEADER_SIZE_NEW = 48;
export const ENTRY_SIZE_NEW = 24;
const HEADER_SIZE_OLD = 16;
const ENTRY_SIZE_OLD = 12;
export const EXTENSION_MAGIC = 0xeaa42174;
export const TAG_GLIBC_HWCAPS = 1;
/** In the high word of hwcap: this is a named entry, not a set of legacy bits. */
export const HWCAP_EXTENSION = 1 << 30;

/** One entry; `hwcaps` names a glibc-hwcaps subdirectory. */
export interface CacheEntry {
  readonly soname: string;
  readonly path: string;
  readonly flags: number;
  readonly hwcaps?: string;
}

/** Who asks: the CPU decides about variants, the port about flags, the release about old fields. */
export interface CacheReader {
  readonly port: GlibcPort;
  readonly cpu: CpuProfile;
  readonly minor: number;
  readonly hwcaps: HwcapBits;
  /** Whether the loader knows entries for glibc-hwcaps directories. */
  readonly knowsHwcaps: boolean;
}

/** The reader that a loader of release 2.`minor` is; {@link hwcapBits} says what it makes of bits. */
export function cacheReader(target: Target, loader: Omit<CacheReader, 'hwcaps'>): CacheReader {
  return { ...loader, hwcaps: hwcapBits(target, loader.cpu, loader.minor) };
}

/** What the search of one name has found so far. */
interface Choice {
  /** Offset of the path, and the place of its variant among the levels of the CPU. */
  best: number | undefined;
  priority: number;
}

export class LdCache {
  readonly #bytes: Uint8Array;
  readonly #fields: FieldReader;
  readonly #count: number;
  readonly #entries: number;
  readonly #entrySize: number;
  /** Where key and value offsets count from. */
  readonly #strings: number;
  /** The names of glibc-hwcaps directories: an array of string offsets from the file's start. */
  readonly #hwcaps: Section;

  /** Undefined when the loader would ignore the file: other magic, other byte order, too short. */
  static parse(bytes: Uint8Array, endian: 'little' | 'big'): LdCache | undefined {
    const fields = new FieldReader(bytes, endian === 'little');
    if (startsWith(bytes, 0, MAGIC_NEW)) return LdCache.#parseNew(bytes, fields, 0, endian);
    if (!startsWith(bytes, 0, MAGIC_OLD)) return undefined;
    const count = fields.u32(12);
    if (count === undefined) return undefined;
    const entriesEnd = HEADER_SIZE_OLD + count * ENTRY_SIZE_OLD;
    if (entriesEnd > bytes.length) return undefined;
    // "Compat" files have the new format behind the old entries.
    const next = Math.ceil(entriesEnd / 8) * 8;
    if (startsWith(bytes, next, MAGIC_NEW)) {
      const cache = LdCache.#parseNew(bytes, fields, next, endian);
      if (cache !== undefined) return cache;
    }
    return new LdCache(
      bytes,
      fields,
      count,
      HEADER_SIZE_OLD,
      ENTRY_SIZE_OLD,
      entriesEnd,
      NO_SECTION,
    );
  }

  static #parseNew(
    bytes: Uint8Array,
    fields: FieldReader,
    header: number,
    endian: 'little' | 'big',
  ): LdCache | undefined {
    const count = fields.u32(header + 20);
    if (count === undefined || bytes.length - header <= HEADER_SIZE_NEW) return undefined;
    if ((bytes.length - header - HEADER_SIZE_NEW) / ENTRY_SIZE_NEW < count) return undefined;
    const order = (bytes[header + 28] ?? 0) & 3;
    if (order !== 0 && order !== (endian === 'little' ? 2 : 3)) return undefined;
    return new LdCache(
      bytes,
      fields,
      count,
      header + HEADER_SIZE_NEW,
      ENTRY_SIZE_NEW,
      header,
      findHwcaps(bytes, fields, fields.u32(header + 32) ?? 0),
    );
  }

  private constructor(
    bytes: Uint8Array,
    fields: FieldReader,
    count: number,
    entries: number,
    entrySize: number,
    strings: number,
    hwcaps: Section,
  ) {
    this.#bytes = bytes;
    this.#fields = fields;
    this.#count = count;
    this.#entries = entries;
    this.#entrySize = entrySize;
    this.#strings = strings;
    this.#hwcaps = hwcaps;
  }

  /** The path the cache gives for a name, or undefined. Only one path results, as in the loader. */
  lookup(name: string, reader: CacheReader): string | undefined {
    const wanted = new TextEncoder().encode(name);
    let left = 0;
    let right = this.#count - 1;
    while (left <= right) {
      const middle = (left + right) >> 1;
      const order = this.#compare(wanted, middle);
      if (order === undefined) return undefined;
      if (order === 0) return this.#choose(wanted, middle, right, reader);
      if (order < 0) left = middle + 1;
      else right = middle - 1;
    }
    return undefined;
  }

  /** All entries in file order, for listings. */
  *entries(): Generator<CacheEntry> {
    for (let index = 0; index < this.#count; index++) {
      const soname = this.#text(index, 4);
      const path = this.#text(index, 8);
      if (soname === undefined || path === undefined) continue;
      const hwcaps = this.#hwcapsName(index);
      const flags = this.#field(index, 0);
      yield { soname, path, flags, hwcaps };
    }
  }

  /** The best of a run of entries with equal names, of which `middle` is one. */
  #choose(
    wanted: Uint8Array,
    middle: number,
    last: number,
    reader: CacheReader,
  ): string | undefined {
    let index = middle;
    while (index > 0 && this.#compare(wanted, index - 1) === 0) index--;
    const choice: Choice = { best: undefined, priority: Number.POSITIVE_INFINITY };
    for (; index <= last; index++) {
      if (index > middle && this.#compare(wanted, index) !== 0) break;
      if (!this.#isForPort(index, reader)) continue;
      const isLast = reader.knowsHwcaps
        ? this.#consider(index, reader, choice)
        : this.#considerPlain(index, reader, choice);
      if (isLast) break;
    }
    return choice.best === undefined ? undefined : boundedString(this.#bytes, choice.best);
  }

  /** _dl_cache_check_flags and _dl_cache_verify_ptr: of a path only the start is looked at. */
  #isForPort(index: number, { port, minor }: CacheReader): boolean {
    return (
      acceptsFlags(port, this.#field(index, 0), minor) && this.#pathAt(index) < this.#bytes.length
    );
  }

  /** SEARCH_CACHE, up to 2.32: an entry with the port's own flags is better than any other. */
  #considerPlain(index: number, reader: CacheReader, choice: Choice): boolean {
    const isOwn = this.#field(index, 0) === ownFlags(reader.port);
    if (choice.best !== undefined && !isOwn) return false;
    if (!this.#plainFits(index, reader)) return false;
    choice.best = this.#pathAt(index);
    return isOwn;
  }

  /**
   * search_cache, since 2.33: the best variant for the CPU, else the first plain entry. In the old
   * format, which has no room for variants, a later entry takes the place of an earlier one.
   */
  #consider(index: number, reader: CacheReader, choice: Choice): boolean {
    if (this.#isNamed(index)) {
      const priority = reader.cpu.levels.indexOf(this.#hwcapsName(index) ?? '');
      if (priority < 0 || priority >= choice.priority) return false;
      if (!this.#isaFits(index, reader.cpu)) return false;
      choice.priority = priority;
      choice.best = this.#pathAt(index);
      return false;
    }
    if (choice.best !== undefined && this.#entrySize === ENTRY_SIZE_NEW) return true;
    if (!this.#plainFits(index, reader)) return false;
    choice.best = this.#pathAt(index);
    return this.#field(index, 0) === ownFlags(reader.port);
  }

  /** Entries for a CPU feature, a platform (both up to 2.36) or a kernel version (up to 2.35). */
  #plainFits(index: number, { hwcaps, minor }: CacheReader): boolean {
    if (this.#entrySize !== ENTRY_SIZE_NEW) return true;
    const [high, low] = [this.#hwcapWord(index, 'high'), this.#hwcapWord(index, 'low')];
    if (minor >= 37) return high === 0 && low === 0;
    if (minor <= 35 && this.#field(index, 12) > KERNEL_VERSION) return false;
    return acceptsHwcap(hwcaps, high, low);
  }

  #pathAt(index: number): number {
    return this.#strings + this.#field(index, 8);
  }

  #isNamed(index: number): boolean {
    if (this.#entrySize !== ENTRY_SIZE_NEW) return false;
    // Bits 42 to 61 and 63 must be clear: only bit 62, the ISA level and the index may be set.
    return (this.#hwcapWord(index, 'high') & ~0x3ff) === HWCAP_EXTENSION;
  }

  #hwcapsName(index: number): string | undefined {
    const at = 4 * this.#hwcapWord(index, 'low');
    if (!this.#isNamed(index) || at >= this.#hwcaps.size) return undefined;
    return boundedString(this.#bytes, this.#fields.u32(this.#hwcaps.start + at) ?? 0);
  }

  #isaFits(index: number, cpu: CpuProfile): boolean {
    return (this.#hwcapWord(index, 'high') & 0x3ff) < cpu.isaLevel;
  }

  #hwcapWord(index: number, half: 'high' | 'low'): number {
    return this.#field(index, (half === 'high') === this.#fields.little ? 20 : 16);
  }

  #field(index: number, offset: number): number {
    return this.#fields.u32(this.#entries + index * this.#entrySize + offset) ?? 0;
  }

  #text(index: number, offset: number): string | undefined {
    return boundedString(this.#bytes, this.#strings + this.#field(index, offset));
  }

  /** _dl_cache_libcmp(name, key of an entry), or undefined for a key outside the file. */
  #compare(name: Uint8Array, index: number): number | undefined {
    const start = this.#strings + this.#field(index, 4);
    return start < this.#bytes.length ? compareNames(name, this.#bytes, start) : undefined;
  }
}

/** Newer than any kernel a library asks for, older than the nonsense that a test may ask for. */
const KERNEL_VERSION = 0x0f_ff_ff;

/**
 * _dl_cache_libcmp: digits count as numbers and sort above everything else, other bytes by their
 * difference as signed characters. `right` is a NUL-terminated string at `at`.
 */
export function compareNames(left: Uint8Array, right: Uint8Array, at: number): number {
  let l = 0;
  let r = at;
  for (;;) {
    const a = left[l] ?? 0;
    const b = right[r] ?? 0;
    const areNumbers = isDigit(a) && isDigit(b);
    const lEnd = areNumbers ? digitsEnd(left, l) : l + 1;
    const rEnd = areNumbers ? digitsEnd(right, r) : r + 1;
    const difference = areNumbers
      ? (numberOf(left, l, lEnd) - numberOf(right, r, rEnd)) | 0
      : compareCharacters(a, b);
    if (difference !== 0 || a === 0) return difference;
    l = lEnd;
    r = rEnd;
  }
}

/** A digit sorts above everything else. */
function compareCharacters(a: number, b: number): number {
  if (isDigit(a) !== isDigit(b)) return isDigit(a) ? 1 : -1;
  return signed(a) - signed(b);
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function digitsEnd(bytes: Uint8Array, start: number): number {
  let end = start;
  while (isDigit(bytes[end] ?? 0)) end++;
  return end;
}

/** The value of digits in an int of C, so it wraps. */
function numberOf(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++)
    value = (Math.imul(value, 10) + (bytes[i] as number) - 0x30) | 0;
  return value;
}

function signed(byte: number): number {
  return (byte << 24) >> 24;
}

/** Part of a file, in bytes. */
interface Section {
  readonly start: number;
  readonly size: number;
}

const NO_SECTION: Section = { start: 0, size: 0 };

/** The hwcaps section of the extension block. */
function findHwcaps(bytes: Uint8Array, fields: FieldReader, offset: number): Section {
  if (offset === 0 || offset % 4 !== 0 || fields.u32(offset) !== EXTENSION_MAGIC) return NO_SECTION;
  const count = fields.u32(offset + 4) ?? 0;
  for (let index = 0; index < count; index++) {
    const section = offset + 8 + index * 16;
    const tag = fields.u32(section);
    if (tag === undefined) return NO_SECTION;
    if (tag !== TAG_GLIBC_HWCAPS) continue;
    const start = fields.u32(section + 8) ?? 0;
    const size = fields.u32(section + 12) ?? 0;
    return start + size > bytes.length ? NO_SECTION : { start, size: size - (size % 4) };
  }
  return NO_SECTION;
}

/** PATH_MAX of Linux: no longer path can be opened, and a damaged file may have very long strings. */
const PATH_MAX = 4096;

function boundedString(bytes: Uint8Array, offset: number): string | undefined {
  return cString(bytes.subarray(0, offset + PATH_MAX), offset);
}

function startsWith(bytes: Uint8Array, offset: number, text: string): boolean {
  if (offset + text.length > bytes.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[offset + i] !== text.charCodeAt(i)) return false;
  return true;
}
