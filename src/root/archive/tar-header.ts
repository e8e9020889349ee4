/**
 * One header of a tar, and the records of a pax header, from bytes to data. Names stay what they are
 * on disk, bytes: decodeText makes text of them as it does with names in ELF files.
 * Source: POSIX.1-2017 pax (ustar and pax interchange formats); tar.h of GNU tar.
 */
import { decodeText } from '../../elf/byte-source.js';

export const BLOCK = 512;

/** The fields that matter here. `size` is that of the data that follow, in bytes. */
export interface TarHeader {
  readonly name: string;
  readonly mode: number;
  readonly size: number;
  /** The character in the header: `0` a file, `5` a directory, `x` a pax header, ... */
  readonly type: string;
  readonly link: string;
}

/** Decodes a header; a text says what is wrong with it, undefined stands for a block of zeros. */
export function decodeTarHeader(block: Uint8Array): TarHeader | string | undefined {
  let sum = 8 * 0x20;
  let signed = sum;
  for (let at = 0; at < BLOCK; at++) {
    if (at === 148) at = 156;
    const byte = block[at] as number;
    sum += byte;
    // Some old programs added up signed characters.
    signed += byte < 0x80 ? byte : byte - 0x100;
  }
  if (sum === 8 * 0x20 && block[148] === 0) return undefined;
  const stored = numberAt(block, 148, 8);
  if (stored === undefined || (stored !== sum && stored !== signed))
    return 'the checksum of a header is wrong';
  const size = numberAt(block, 124, 12);
  if (size === undefined) return 'the size in a header is not a number';
  const type = block[156] === 0 ? '0' : String.fromCharCode(block[156] as number);
  const name = textAt(block, 0, 100);
  // "ustar\0" alone has a prefix; GNU tar, "ustar ", keeps other things there.
  const isUstar = textAt(block, 257, 6) === 'ustar' && block[262] === 0;
  const prefix = isUstar ? textAt(block, 345, 155) : '';
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    mode: (numberAt(block, 100, 8) ?? 0) & 0o7777,
    size,
    type,
    link: textAt(block, 157, 100),
  };
}

/** The text of a field up to its first NUL. */
export function textAt(block: Uint8Array, offset: number, length: number): string {
  let end = offset;
  while (end < offset + length && block[end] !== 0) end++;
  return end === offset ? '' : decodeText(block.subarray(offset, end));
}

/**
 * An octal number, blanks around it, or a binary one where the first bit is set (GNU); 0 where the
 * field is empty. Undefined when it is neither, negative, or above 2^53.
 */
export function numberAt(block: Uint8Array, offset: number, length: number): number | undefined {
  const first = block[offset] as number;
  let value = 0;
  if (first >= 0x80) {
    value = first & 0x7f;
    for (let at = offset + 1; at < offset + length; at++)
      value = value * 256 + (block[at] as number);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  let at = offset;
  const end = offset + length;
  while (at < end && block[at] === 0x20) at++;
  for (; at < end; at++) {
    const byte = block[at] as number;
    if (byte === 0 || byte === 0x20) break;
    if (byte < 0x30 || byte > 0x37) return undefined;
    value = value * 8 + byte - 0x30;
  }
  return value;
}

/** Records of a pax header, in order, since sparse maps repeat their keys. Undefined: damaged. */
export function decodePax(bytes: Uint8Array): [key: string, value: Uint8Array][] | undefined {
  const records: [string, Uint8Array][] = [];
  for (let at = 0; at < bytes.length; ) {
    // The rest of the last block, where somebody counted it.
    if (bytes[at] === 0) break;
    const blank = bytes.indexOf(0x20, at);
    const length = Number(blank < 0 ? Number.NaN : ascii(bytes, at, blank));
    const end = at + length;
    if (!Number.isSafeInteger(end) || end > bytes.length || bytes[end - 1] !== 0x0a)
      return undefined;
    const equals = bytes.indexOf(0x3d, blank);
    if (equals < 0 || equals >= end) return undefined;
    records.push([ascii(bytes, blank + 1, equals), bytes.subarray(equals + 1, end - 1)]);
    at = end;
  }
  return records;
}

function ascii(bytes: Uint8Array, start: number, end: number): string {
  return decodeText(bytes.subarray(start, end));
}
