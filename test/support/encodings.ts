/**
 * The four ways in which ELF files write numbers, for `describe.each()` and `it.each()`.
 */

/** Class and byte order of each. */
export const ENCODINGS = [
  [64, 'little'],
  [64, 'big'],
  [32, 'little'],
  [32, 'big'],
] as const;
