/**
 * /etc/ld.so.cache, searched as the loader searches it: the same binary search over the same comparison, so
 * that a cache in the wrong order fails here as there. Where things are in it is in cache-layout.ts.
 * Source: glibc elf/dl-cache.c (_dl_load_cache_lookup, search_cache).
 */
import { cString } from '../../elf/byte-source.js';
import type { Target } from '../../elf/target.js';
import {
  type CacheLayout,
  ENTRY_SIZE_NEW,
  ENTRY_SIZE_OLD,
  HWCAP_EXTENSION,
  parseCacheLayout,
} from './cache-layout.js';
import { compareNames } from './cache-order.js';
import type { CpuProfile } from './cpu.js';
import { acceptsHwcap, type HwcapBits, hwcapBits } from './hwcap-bits.js';
import { acceptsFlags, type GlibcPort, ownFlags } from './ports.js';

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

/** A cache in memory. */
export class LdCache {
  readonly #bytes: Uint8Array;
  readonly #layout: CacheLayout;

  /** Undefined when the loader would ignore the file. */
  static parse(bytes: Uint8Array, endian: 'little' | 'big'): LdCache | undefined {
    const layout = parseCacheLayout(bytes, endian);
    return layout && new LdCache(bytes, layout);
  }

  private constructor(bytes: Uint8Array, layout: CacheLayout) {
    this.#bytes = bytes;
    this.#layout = layout;
  }

  /** The path the cache gives for a name, or undefined. Only one path results, as in the loader. */
  lookup(name: string, reader: CacheReader): string | undefined {
    const wanted = new TextEncoder().encode(name);
    let left = 0;
    let right = this.#layout.count - 1;
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
    for (let index = 0; index < this.#layout.count; index++) {
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
    if (choice.best !== undefined && this.#layout.isNew) return true;
    if (!this.#plainFits(index, reader)) return false;
    choice.best = this.#pathAt(index);
    return this.#field(index, 0) === ownFlags(reader.port);
  }

  /** Entries for a CPU feature, a platform (both up to 2.36) or a kernel version (up to 2.35). */
  #plainFits(index: number, { hwcaps, minor }: CacheReader): boolean {
    if (!this.#layout.isNew) return true;
    const [high, low] = [this.#hwcapWord(index, 'high'), this.#hwcapWord(index, 'low')];
    if (minor >= 37) return high === 0 && low === 0;
    if (minor <= 35 && this.#field(index, 12) > KERNEL_VERSION) return false;
    return acceptsHwcap(hwcaps, high, low);
  }

  #pathAt(index: number): number {
    return this.#layout.strings + this.#field(index, 8);
  }

  #isNamed(index: number): boolean {
    if (!this.#layout.isNew) return false;
    // Bits 42 to 61 and 63 must be clear: only bit 62, the ISA level and the index may be set.
    return (this.#hwcapWord(index, 'high') & ~0x3ff) === HWCAP_EXTENSION;
  }

  #hwcapsName(index: number): string | undefined {
    const at = 4 * this.#hwcapWord(index, 'low');
    if (!this.#isNamed(index) || at >= this.#layout.hwcaps.size) return undefined;
    return boundedString(this.#bytes, this.#layout.fields.u32(this.#layout.hwcaps.start + at) ?? 0);
  }

  #isaFits(index: number, cpu: CpuProfile): boolean {
    return (this.#hwcapWord(index, 'high') & 0x3ff) < cpu.isaLevel;
  }

  #hwcapWord(index: number, half: 'high' | 'low'): number {
    return this.#field(index, (half === 'high') === this.#layout.fields.little ? 20 : 16);
  }

  #field(index: number, offset: number): number {
    const { fields, entries, isNew } = this.#layout;
    return fields.u32(entries + index * (isNew ? ENTRY_SIZE_NEW : ENTRY_SIZE_OLD) + offset) ?? 0;
  }

  #text(index: number, offset: number): string | undefined {
    return boundedString(this.#bytes, this.#layout.strings + this.#field(index, offset));
  }

  /** _dl_cache_libcmp(name, key of an entry), or undefined for a key outside the file. */
  #compare(name: Uint8Array, index: number): number | undefined {
    const start = this.#layout.strings + this.#field(index, 4);
    return start < this.#bytes.length ? compareNames(name, this.#bytes, start) : undefined;
  }
}

/** Newer than any kernel a library asks for, older than the nonsense that a test may ask for. */
const KERNEL_VERSION = 0x0f_ff_ff;

/** PATH_MAX of Linux: no longer path can be opened, and a damaged file may have very long strings. */
const PATH_MAX = 4096;

function boundedString(bytes: Uint8Array, offset: number): string | undefined {
  return cString(bytes.subarray(0, offset + PATH_MAX), offset);
}
