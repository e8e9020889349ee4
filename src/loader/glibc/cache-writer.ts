/**
 * Entries into the bytes of an ld.so.cache in the new format, in the order in which the loader's
 * binary search needs them. Source: glibc elf/cache.c (compare, save_cache).
 */
import type { CacheEntry } from './cache.js';
import {
  ENTRY_SIZE_NEW,
  EXTENSION_MAGIC,
  HEADER_SIZE_NEW,
  HWCAP_EXTENSION,
  MAGIC_NEW,
  TAG_GLIBC_HWCAPS,
} from './cache-layout.js';
import { compareNames } from './cache-order.js';

/** Writes a cache for a target's byte order. The same entries give the same bytes. */
export function writeLdCache(entries: readonly CacheEntry[], endian: 'little' | 'big'): Uint8Array {
  const encoder = new TextEncoder();
  const sorted = entries
    .map((entry) => ({ entry, name: encoder.encode(`${entry.soname}\0`) }))
    .sort((a, b) => compareNames(b.name, a.name, 0) || compareVariants(a.entry, b.entry))
    .map(({ entry }) => entry);
  const hwcaps = [...new Set(sorted.flatMap((entry) => entry.hwcaps ?? []))].sort();

  const stringsAt = HEADER_SIZE_NEW + sorted.length * ENTRY_SIZE_NEW;
  const strings = new StringPool(stringsAt);
  const rows = sorted.map((entry) => ({
    entry,
    key: strings.add(entry.soname),
    value: strings.add(entry.path),
  }));
  const hwcapsOffsets = hwcaps.map((name) => strings.add(name));
  const stringBytes = strings.bytes();

  const extensionAt = Math.ceil((stringsAt + stringBytes.length) / 4) * 4;
  const extensionSize = hwcaps.length === 0 ? 0 : 8 + 16 + hwcaps.length * 4;
  const bytes = new Uint8Array(
    hwcaps.length === 0 ? stringsAt + stringBytes.length : extensionAt + extensionSize,
  );
  const view = new DataView(bytes.buffer);
  const little = endian === 'little';
  const u32 = (offset: number, value: number) => view.setUint32(offset, value, little);

  bytes.set(encoder.encode(MAGIC_NEW));
  u32(20, rows.length);
  u32(24, stringBytes.length);
  bytes[28] = little ? 2 : 3;
  if (hwcaps.length > 0) u32(32, extensionAt);
  rows.forEach(({ entry, key, value }, index) => {
    const at = HEADER_SIZE_NEW + index * ENTRY_SIZE_NEW;
    u32(at, entry.flags);
    u32(at + 4, key);
    u32(at + 8, value);
    if (entry.hwcaps !== undefined) {
      u32(at + (little ? 16 : 20), hwcaps.indexOf(entry.hwcaps));
      u32(at + (little ? 20 : 16), HWCAP_EXTENSION);
    }
  });
  bytes.set(stringBytes, stringsAt);
  if (hwcaps.length > 0) {
    u32(extensionAt, EXTENSION_MAGIC);
    u32(extensionAt + 4, 1);
    u32(extensionAt + 8, TAG_GLIBC_HWCAPS);
    u32(extensionAt + 16, extensionAt + 24);
    u32(extensionAt + 20, hwcaps.length * 4);
    for (const [index, offset] of hwcapsOffsets.entries())
      u32(extensionAt + 24 + index * 4, offset);
  }
  return bytes;
}

/** Flags descending, then named variants before the plain entry, by name. */
function compareVariants(a: CacheEntry, b: CacheEntry): number {
  if (a.flags !== b.flags) return b.flags - a.flags;
  if (a.hwcaps === b.hwcaps) return 0;
  if (a.hwcaps === undefined) return 1;
  if (b.hwcaps === undefined) return -1;
  return a.hwcaps < b.hwcaps ? -1 : 1;
}

/** NUL-terminated strings behind each other, each once; offsets count from the start of the file. */
class StringPool {
  readonly #start: number;
  readonly #offsets = new Map<string, number>();
  readonly #chunks: Uint8Array[] = [];
  #size = 0;

  constructor(start: number) {
    this.#start = start;
  }

  add(text: string): number {
    let offset = this.#offsets.get(text);
    if (offset === undefined) {
      const chunk = new TextEncoder().encode(`${text}\0`);
      offset = this.#start + this.#size;
      this.#offsets.set(text, offset);
      this.#chunks.push(chunk);
      this.#size += chunk.length;
    }
    return offset;
  }

  bytes(): Uint8Array {
    const all = new Uint8Array(this.#size);
    let at = 0;
    for (const chunk of this.#chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    return all;
  }
}
