/**
 * The one order of names: that of their bytes, as in the C locale, which is the same everywhere.
 */

/** C collation: by bytes, which for UTF-8 is by code point. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === length) return a.length - b.length;
  const x = a.charCodeAt(at);
  const y = b.charCodeAt(at);
  // Surrogates stand for code points above all others.
  return Number(isSurrogate(x)) - Number(isSurrogate(y)) || x - y;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
