/**
 * Virtual addresses, exact over all 64 bits. A JavaScript number is exact up to 2^53 only, and
 * programs for ia64 have their data at 0x6000000000000000.
 */

/** An address or another 64-bit value: a number up to 2^53 - 1, a bigint above. */
export type Address = number | bigint;

/** The value of two 32-bit halves. */
export function addressOf(high: number, low: number): Address {
  return high < 2 ** 21 ? high * 2 ** 32 + low : (BigInt(high) << 32n) | BigInt(low);
}

/** Bytes from `from` to `to`, negative where `to` is lower; rounded above 2^53. */
export function distance(from: Address, to: Address): number {
  if (typeof from === 'number' && typeof to === 'number') return to - from;
  return Number(BigInt(to) - BigInt(from));
}

/** The address `bytes` behind another one; `bytes` is not negative. */
export function addressBehind(address: Address, bytes: number): Address {
  const sum = typeof address === 'number' ? address + bytes : undefined;
  return sum !== undefined && Number.isSafeInteger(sum) ? sum : BigInt(address) + BigInt(bytes);
}

/** The lowest 32 bits, which is where the specification puts flags. */
export function lowBits(value: Address): number {
  return typeof value === 'number' ? value % 2 ** 32 : Number(BigInt.asUintN(32, value));
}
