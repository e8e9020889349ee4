/**
 * Where things are in /etc/ld.so.cache: all three formats, both byte orders.
 * Source: glibc elf/dl-cache.c (_dl_load_cache_lookup), elf/cache.c, sysdeps/generic/dl-cache.h.
 */
import { FieldReader } from '../../elf/byte-source.js';

export const MAGIC_NEW = 'glibc-ld.so.cache1.1';
const MAGIC_OLD = 'ld.so-1.7.0';
export const HEADER_SIZE_NEW = 48;
export const ENTRY_SIZE_NEW = 24;
const HEADER_SIZE_OLD = 16;
export const ENTRY_SIZE_OLD = 12;
export const EXTENSION_MAGIC = 0xeaa42174;
export const TAG_GLIBC_HWCAPS = 1;
/** In the high word of hwcap: this is a named entry, not a set of legacy bits. */
export const HWCAP_EXTENSION = 1 << 30;

/** A cache that is taken to pieces. */
export interface CacheLayout {
  readonly fields: FieldReader;
  readonly count: number;
  /** Offset of the first entry. */
  readonly entries: number;
  /** Whether entries have a word for the CPU; those of the old format do not. */
  readonly isNew: boolean;
  /** Where key and value offsets count from. */
  readonly strings: number;
  /** The names of glibc-hwcaps directories: an array of string offsets from the file's start. */
  readonly hwcaps: Section;
}

/** Undefined when the loader would ignore the file: other magic, other byte order, too short. */
export function parseCacheLayout(
  bytes: Uint8Array,
  endian: 'little' | 'big',
): CacheLayout | undefined {
  const fields = new FieldReader(bytes, endian === 'little');
  if (startsWith(bytes, 0, MAGIC_NEW)) return parseNew(bytes, fields, 0);
  if (!startsWith(bytes, 0, MAGIC_OLD)) return undefined;
  const count = fields.u32(12);
  if (count === undefined) return undefined;
  const strings = HEADER_SIZE_OLD + count * ENTRY_SIZE_OLD;
  if (strings > bytes.length) return undefined;
  // "Compat" files have the new format behind the old entries.
  const next = Math.ceil(strings / 8) * 8;
  const newer = startsWith(bytes, next, MAGIC_NEW) ? parseNew(bytes, fields, next) : undefined;
  return (
    newer ?? { fields, count, entries: HEADER_SIZE_OLD, isNew: false, strings, hwcaps: NO_SECTION }
  );
}

function parseNew(bytes: Uint8Array, fields: FieldReader, header: number): CacheLayout | undefined {
  const count = fields.u32(header + 20);
  if (count === undefined || bytes.length - header <= HEADER_SIZE_NEW) return undefined;
  if ((bytes.length - header - HEADER_SIZE_NEW) / ENTRY_SIZE_NEW < count) return undefined;
  const order = (bytes[header + 28] ?? 0) & 3;
  if (order !== 0 && order !== (fields.little ? 2 : 3)) return undefined;
  return {
    fields,
    count,
    entries: header + HEADER_SIZE_NEW,
    isNew: true,
    strings: header,
    hwcaps: findHwcaps(bytes, fields, fields.u32(header + 32) ?? 0),
  };
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

function startsWith(bytes: Uint8Array, offset: number, text: string): boolean {
  if (offset + text.length > bytes.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[offset + i] !== text.charCodeAt(i)) return false;
  return true;
}
