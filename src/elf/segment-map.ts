/**
 * Addresses into offsets of the file, as the loaders map the PT_LOAD segments: in table order, so
 * that the bytes of a later segment take the place of an earlier one's.
 * Source: glibc elf/dl-map-segments.h (_dl_map_segments), musl ldso/dynlink.c (map_library).
 */
import { type Address, addressBehind, distance } from './address.js';
import { PT_LOAD } from './constants.js';
import type { ProgramHeader } from './header.js';

/** Bytes of a file, from `offset` on. */
export interface FileRange {
  readonly offset: number;
  readonly length: number;
}

/** Segments that follow each other without a gap; real files have two such at most. */
const MAX_ADJACENT = 16;

/**
 * The file offset of an address, and the number of bytes from there that lie in the file as they lie
 * in memory: to the end of the segment, and through the next ones where these are adjacent in both.
 * Undefined when no PT_LOAD segment has bytes for the address.
 */
export function fileRange(
  segments: readonly ProgramHeader[],
  address: Address,
): FileRange | undefined {
  const place = placeOf(segments, address);
  if (place === undefined) return undefined;
  let { length } = place;
  for (let count = 1; count < MAX_ADJACENT; count++) {
    const next = placeOf(segments, addressBehind(address, length));
    if (next?.offset !== place.offset + length) break;
    length += next.length;
  }
  return { offset: place.offset, length };
}

/** Where one segment has an address, and how far it goes on until it ends or another lies over it. */
function placeOf(segments: readonly ProgramHeader[], address: Address): FileRange | undefined {
  // From the end of the table: the segment that is mapped last is seen.
  let limit = Number.POSITIVE_INFINITY;
  for (let index = segments.length - 1; index >= 0; index--) {
    const { type, vaddr, offset, filesz } = segments[index] as ProgramHeader;
    if (type !== PT_LOAD || filesz === 0) continue;
    const into = distance(vaddr, address);
    if (into >= 0 && into < filesz)
      return { offset: offset + into, length: Math.min(filesz - into, limit) };
    if (into < 0) limit = Math.min(limit, -into);
  }
  return undefined;
}
