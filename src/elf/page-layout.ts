/**
 * What pages make of PT_LOAD segments: the kernel and the loaders map whole pages, in the order of the
 * program headers, so a page that two segments share is the later one's.
 * Source: Linux fs/binfmt_elf.c (elf_map); mmap(2), MAP_FIXED; musl ldso/dynlink.c (map_library).
 */
import { PT_LOAD } from './constants.js';
import type { ProgramHeader } from './header.js';

/** Bytes of the smallest page that Linux has; what does not fit it fits no larger one. */
export const SMALLEST_PAGE = 4096;

const PAGE = BigInt(SMALLEST_PAGE);

/** Whether no mapping puts the bytes of a segment at its address. */
export function isTornSegment({ type, vaddr, offset }: ProgramHeader): boolean {
  return type === PT_LOAD && (BigInt(vaddr) - BigInt(offset)) % PAGE !== 0n;
}

/** Whether a page with code is mapped over by a later segment that may not be executed. */
export function losesCode(segments: readonly ProgramHeader[]): boolean {
  const loaded = segments.filter(({ type, memsz }) => type === PT_LOAD && memsz > 0);
  return loaded.some(
    (segment, index) =>
      segment.executable &&
      loaded.slice(index + 1).some((later) => !later.executable && sharesPage(segment, later)),
  );
}

function sharesPage(one: ProgramHeader, other: ProgramHeader): boolean {
  return firstPage(one) <= lastPage(other) && firstPage(other) <= lastPage(one);
}

function firstPage({ vaddr }: ProgramHeader): bigint {
  return BigInt(vaddr) / PAGE;
}

function lastPage({ vaddr, memsz }: ProgramHeader): bigint {
  return (BigInt(vaddr) + BigInt(memsz) - 1n) / PAGE;
}
