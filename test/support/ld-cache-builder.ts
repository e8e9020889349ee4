/**
 * Raw bytes of an ld.so.cache with control over every field, so that caches can be wrong in each way
 * a loader meets: entries in the order given, any flags, osversion, hwcap and byte order mark, the
 * extension block, and the old and the combined ("compat") formats.
 * Layouts: glibc sysdeps/generic/dl-cache.h. The product's own writer is cache-writer.ts.
 */
import { ByteWriter, encode } from './elf-builder.js';

export interface RawCacheEntry {
  readonly name: string;
  readonly path: string;
  /** 0x303, the flags of x86-64. */
  readonly flags?: number;
  readonly osversion?: number;
  /** A raw value, or the name of a glibc-hwcaps level with its ISA level. */
  readonly hwcap?: bigint | { readonly name: string; readonly isa?: number };
}

export interface RawCacheOptions {
  readonly format?: 'new' | 'old' | 'compat';
  readonly endian?: 'little' | 'big';
  /** Byte 28; 2 or 3 by `endian`. */
  readonly endianByte?: number;
  readonly magic?: string;
  /** nlibs, when it shall not be the number of entries. */
  readonly count?: number;
  readonly extensionMagic?: number;
  /** 0 leaves the block unreachable. */
  readonly extensionOffset?: number;
  /** Names of tag 1 in this order; those that the entries use, sorted, by default. */
  readonly hwcaps?: readonly string[];
}

/** The bytes of a cache with these entries, in this order. */
export function buildCache(
  entries: readonly RawCacheEntry[],
  options: RawCacheOptions = {},
): Uint8Array {
  const little = (options.endian ?? 'little') === 'little';
  const format = options.format ?? 'new';
  if (format === 'new') return newFormat(entries, options, little, 0);
  // ldconfig makes the number of old entries even by repeating the last one.
  const old =
    format === 'compat' && entries.length % 2 === 1 ? [...entries, ...entries.slice(-1)] : entries;
  const out = new ByteWriter(little, false);
  out.bytes(encode('ld.so-1.7.0\0'));
  out.u32(options.format === 'old' && options.count !== undefined ? options.count : old.length);
  const strings = new Strings();
  for (const entry of old) {
    out.u32(entry.flags ?? 0x303);
    out.u32(strings.add(entry.name));
    out.u32(strings.add(entry.path));
  }
  if (format === 'old') {
    out.bytes(strings.bytes());
    return out.result();
  }
  // The strings of both parts stand at the end; each part counts from its own base.
  out.align(8);
  const header = out.length;
  const tail = newFormat(entries, options, little, header);
  const oldBase = 16 + 12 * old.length;
  const patched = new ByteWriter(little, false);
  patched.bytes(encode('ld.so-1.7.0\0'));
  patched.u32(old.length);
  for (const entry of old) {
    patched.u32(entry.flags ?? 0x303);
    const find = (text: string) => header + indexOf(tail, encode(`${text}\0`)) - oldBase;
    patched.u32(find(entry.name));
    patched.u32(find(entry.path));
  }
  patched.align(8);
  patched.bytes(tail);
  return patched.result();
}

function newFormat(
  entries: readonly RawCacheEntry[],
  options: RawCacheOptions,
  little: boolean,
  fileOffset: number,
): Uint8Array {
  const used = entries.flatMap((e) => (typeof e.hwcap === 'object' ? [e.hwcap.name] : []));
  const hwcaps = options.hwcaps ?? [...new Set(used)].sort();
  const stringsAt = 48 + 24 * entries.length;
  const strings = new Strings();
  const rows = entries.map((entry) => ({
    entry,
    key: stringsAt + strings.add(entry.name),
    value: stringsAt + strings.add(entry.path),
  }));
  const names = hwcaps.map((name) => stringsAt + strings.add(name));
  const stringBytes = strings.bytes();
  const extensionAt = Math.ceil((stringsAt + stringBytes.length) / 4) * 4;

  const out = new ByteWriter(little, false);
  out.bytes(encode(options.magic ?? 'glibc-ld.so.cache1.1'));
  out.u32(options.count ?? entries.length);
  out.u32(stringBytes.length);
  out.bytes([options.endianByte ?? (little ? 2 : 3), 0, 0, 0]);
  out.u32(options.extensionOffset ?? (hwcaps.length === 0 ? 0 : fileOffset + extensionAt));
  out.reserve(12);
  for (const { entry, key, value } of rows) {
    out.u32(entry.flags ?? 0x303);
    out.u32(key);
    out.u32(value);
    out.u32(entry.osversion ?? 0);
    out.u64(hwcapField(entry.hwcap, hwcaps));
  }
  out.bytes(stringBytes);
  if (hwcaps.length > 0) {
    out.align(4);
    const at = fileOffset + out.length;
    out.u32(options.extensionMagic ?? 0xeaa42174);
    out.u32(1);
    out.u32(1);
    out.u32(0);
    out.u32(at + 24);
    out.u32(hwcaps.length * 4);
    for (const offset of names) out.u32(offset);
  }
  return out.result();
}

function hwcapField(hwcap: RawCacheEntry['hwcap'], names: readonly string[]): bigint {
  if (typeof hwcap !== 'object') return hwcap ?? 0n;
  return (1n << 62n) | (BigInt(hwcap.isa ?? 0) << 32n) | BigInt(names.indexOf(hwcap.name));
}

class Strings {
  readonly #out = new ByteWriter(true, false);

  add(text: string): number {
    const at = this.#out.length;
    this.#out.bytes(encode(`${text}\0`));
    return at;
  }

  bytes(): Uint8Array {
    return this.#out.result();
  }
}

function indexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  return Buffer.from(bytes).indexOf(wanted);
}
