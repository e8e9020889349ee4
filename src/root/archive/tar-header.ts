/**
 * One header of a tar, from bytes to data. Names are bytes on disk: decodeText makes text of them as it
 * does with names in ELF files.
 * Source: POSIX.1-2017 pax (ustar interchange format); tar.h of GNU tar.
 */
import { decodeText } from '../../elf/byte-source.js';

export const BLOCK = 512;

/** The fields that matter here. `size` is that of the data that follow, in bytes. */
export interface TarHeader {
  readonly name: string;
  readonly mode: number;
  /** Owners; undefined where the field is no number. */
  readonly uid?: number;
  readonly gid?: number;
  readonly size: number;
  /**
   * The character in the header: `0` a file, `5` a directory, `x` a pax header, ... A file whose name
   * ends with a slash is the directory of a tar older than ustar.
   */
  readonly type: string;
  readonly link: string;
}

/**
 * Decodes a block of 512 bytes. A text says what is wrong with it; undefined stands for a block of
 * zeros, which ends an archive.
 */
export function decodeTarHeader(block: Uint8Array): TarHeader | string | undefined {
  const checksum = checkHeader(block);
  if (checksum === 'empty') return undefined;
  if (checksum === 'wrong') return 'the checksum of a header is wrong';
  const size = numberAt(block, 124, 12);
  if (size === undefined) return 'the size in a header is not a number';
  const type = block[156] === 0 ? '0' : String.fromCharCode(block[156] as number);
  // "ustar\0" alone has a prefix; GNU tar, "ustar ", keeps other things there.
  const isUstar = textAt(block, 257, 6) === 'ustar' && block[262] === 0;
  const prefix = isUstar ? textAt(block, ...PREFIX) : '';
  const name = textAt(block, ...NAME);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    mode: (numberAt(block, 100, 8) ?? 0) & 0o7777,
    uid: numberAt(block, 108, 8),
    gid: numberAt(block, 116, 8),
    size,
    type,
    link: textAt(block, ...LINK),
  };
}

/** Whether 512 bytes are a header by their checksum, or a block of zeros, or neither. */
export function checkHeader(block: Uint8Array): 'header' | 'empty' | 'wrong' {
  const { sum, signed } = checksumsOf(block);
  if (sum === EMPTY_SUM && block[CHECKSUM] === 0) return 'empty';
  const stored = numberAt(block, CHECKSUM, 8);
  return stored === sum || stored === signed ? 'header' : 'wrong';
}

/** Offset and length of fields with text. */
const NAME = [0, 100] as const;
const LINK = [157, 100] as const;
const PREFIX = [345, 155] as const;

/** Where the checksum is, which counts as blanks in the sum. */
const CHECKSUM = 148;
/** The sum of a block that has nothing but zeros beside the checksum. */
const EMPTY_SUM = 8 * 0x20;

/** The sum of all bytes, and of all as signed numbers, which some old programs add up. */
function checksumsOf(block: Uint8Array): { readonly sum: number; readonly signed: number } {
  let sum = EMPTY_SUM;
  let signed = EMPTY_SUM;
  for (let at = 0; at < BLOCK; at++) {
    if (at === CHECKSUM) at += 8;
    const byte = block[at] as number;
    sum += byte;
    signed += byte < 0x80 ? byte : byte - 0x100;
  }
  return { sum, signed };
}

/**
 * The text of a field up to its first NUL. What stands behind it is not part of the name for any tar:
 * star keeps times at the end of the prefix, and others leave what was there before.
 */
function textAt(block: Uint8Array, offset: number, length: number): string {
  let end = offset;
  while (end < offset + length && block[end] !== 0) end++;
  return end === offset ? '' : decodeText(block.subarray(offset, end));
}

/**
 * An octal number, blanks around it, or a binary one where the first bit is set (GNU); 0 where the
 * field is empty. Undefined when it is neither, negative, or above 2^53.
 */
export function numberAt(block: Uint8Array, offset: number, length: number): number | undefined {
  if ((block[offset] as number) >= 0x80) return binaryAt(block, offset, length);
  let value = 0;
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

function binaryAt(block: Uint8Array, offset: number, length: number): number | undefined {
  let value = (block[offset] as number) & 0x7f;
  for (let at = offset + 1; at < offset + length; at++) value = value * 256 + (block[at] as number);
  return Number.isSafeInteger(value) ? value : undefined;
}
