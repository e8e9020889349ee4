/**
 * Reads /etc/ld.so.cache as uClibc's own ldconfig writes it: the format of libc5, with integers in
 * native byte order and entries in any order. uClibc's loader skips all entries of a cache of glibc.
 * Source: uClibc ldso/ldso/dl-elf.c (_dl_map_cache, _dl_load_shared_library), ldso/include/ld-defs.h.
 */
import { cString, FieldReader } from '../../elf/byte-source.js';

const MAGIC = 'ld.so-1.7.0';
const HEADER_SIZE = 16;
const ENTRY_SIZE = 12;
const PATH_MAX = 4096;
/** LIB_ELF, LIB_ELF_LIBC5, LIB_ELF_LIBC0; 3 would be glibc's. */
const OWN_FLAGS = new Set([1, 2, 4]);

/** Gives the paths that the cache has for a name, in the order in which the loader tries them. */
export type UclibcCache = (name: string) => readonly string[];

/** Undefined if the loader would call the file corrupt and ignore it. */
export function parseUclibcCache(
  bytes: Uint8Array,
  endian: 'little' | 'big',
): UclibcCache | undefined {
  const fields = new FieldReader(bytes, endian === 'little');
  const count = fields.u32(HEADER_SIZE - 4);
  const magic = String.fromCharCode(...bytes.subarray(0, MAGIC.length));
  if (count === undefined || magic !== MAGIC || bytes.at(-1) !== 0) return undefined;
  const strings = HEADER_SIZE + count * ENTRY_SIZE;
  if (strings > bytes.length) return undefined;
  const stringOf = (entry: number, field: number) =>
    strings + (fields.u32(entry + field) ?? bytes.length);
  for (let entry = HEADER_SIZE; entry < strings; entry += ENTRY_SIZE)
    if (stringOf(entry, 4) >= bytes.length || stringOf(entry, 8) >= bytes.length) return undefined;
  return (name) => {
    const wanted = new TextEncoder().encode(`${name}\0`);
    const paths: string[] = [];
    for (let entry = HEADER_SIZE; entry < strings; entry += ENTRY_SIZE) {
      const at = stringOf(entry, 4);
      if (!OWN_FLAGS.has(fields.u32(entry) ?? 0)) continue;
      if (wanted.some((byte, index) => bytes[at + index] !== byte)) continue;
      // A path without an end, or longer than PATH_MAX, cannot be opened.
      const start = stringOf(entry, 8);
      const path = cString(bytes.subarray(0, start + PATH_MAX), start);
      if (path !== undefined) paths.push(path);
    }
    return paths;
  };
}
