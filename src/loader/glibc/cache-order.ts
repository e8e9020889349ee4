/**
 * The order of names in a cache, in which the loader searches it.
 * Source: glibc elf/dl-cache.c (_dl_cache_libcmp).
 */

/**
 * Compares two names: digits count as numbers and sort above everything else, other bytes by their
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
