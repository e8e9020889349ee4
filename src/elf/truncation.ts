/**
 * Whether a file ends before the segments that a loader maps do: a copy or a download that stopped.
 * Sections behind the segments may be gone, as in a stripped file; no loader maps those.
 */
import { ElfFormatError, hex } from '../errors.js';
import { PT_LOAD } from './constants.js';
import type { ProgramHeader } from './header.js';

/** Offset of the first byte behind all PT_LOAD segments; 0 where there are none. */
function segmentsEnd(segments: readonly ProgramHeader[]): number {
  return segments.reduce(
    (end, { type, offset, filesz }) => (type === PT_LOAD ? Math.max(end, offset + filesz) : end),
    0,
  );
}

/** Says that a file of `size` bytes lacks some of its segments; undefined when all are there. */
export function describeTruncation(
  segments: readonly ProgramHeader[],
  size: number,
): string | undefined {
  const end = segmentsEnd(segments);
  return end > size
    ? `the file has ${hex(size)} bytes, but its segments end at ${hex(end)}`
    : undefined;
}

/**
 * Runs `parse`. What it misses in a file that is cut off is no fault of the part that it read: then
 * the {@link ElfFormatError} is ELF_TRUNCATED, and says where the file ends.
 */
export function parseWhole<T>(segments: readonly ProgramHeader[], size: number, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    const truncation = describeTruncation(segments, size);
    if (!(error instanceof ElfFormatError) || truncation === undefined) throw error;
    throw new ElfFormatError('ELF_TRUNCATED', truncation, size, { cause: error });
  }
}
