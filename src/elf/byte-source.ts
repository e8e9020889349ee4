/**
 * Bytes to parse, wherever they are: read in pieces, at absolute offsets, never as a whole.
 * A buffer in memory and a file of any root look the same from here; nothing touches a file system.
 */

import { type Address, addressOf } from './address.js';

/** Random access to `size` bytes. `read` returns fewer bytes than asked only at the end. */
export interface ByteSource {
  /** Total number of bytes. */
  readonly size: number;
  /** The bytes from `offset`, at most `length` of them, an empty array past the end. */
  read(offset: number, length: number): Uint8Array;
}

/** Wraps bytes that are in memory. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, Math.min(offset + length, bytes.length)),
  };
}

/** Most files need two or three of these; the allocator pools what is below 4096 bytes. */
const PAGE = 2048;

/**
 * The same bytes, read a page at a time and remembered: the headers, the dynamic section and the
 * strings of a small library are often in one page. Large reads go straight through.
 */
export function pagedSource(source: ByteSource): ByteSource {
  const pages = new Map<number, Uint8Array>();
  return {
    size: source.size,
    read(offset, length) {
      const first = Math.floor(offset / PAGE) * PAGE;
      if (offset + length > first + PAGE) return source.read(offset, length);
      let page = pages.get(first);
      if (page === undefined) {
        page = source.read(first, PAGE);
        pages.set(first, page);
      }
      return page.subarray(offset - first, offset - first + length);
    },
  };
}

/** Decodes integer fields of one byte order; every read is inside `bytes` or returns undefined. */
export class FieldReader {
  readonly #view: DataView;
  readonly little: boolean;

  constructor(bytes: Uint8Array, little: boolean) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.little = little;
  }

  get length(): number {
    return this.#view.byteLength;
  }

  u16(offset: number): number | undefined {
    return offset >= 0 && offset + 2 <= this.length
      ? this.#view.getUint16(offset, this.little)
      : undefined;
  }

  u32(offset: number): number | undefined {
    return offset >= 0 && offset + 4 <= this.length
      ? this.#view.getUint32(offset, this.little)
      : undefined;
  }

  /** A 64-bit size or offset as a number; above 2^53 it is rounded, and behind the end of any file. */
  u64(offset: number): number | undefined {
    if (offset < 0 || offset + 8 > this.length) return undefined;
    const first = this.#view.getUint32(offset, this.little);
    const second = this.#view.getUint32(offset + 4, this.little);
    return this.little ? second * 2 ** 32 + first : first * 2 ** 32 + second;
  }

  /** A field as wide as an address, exact: 4 bytes in class 32, 8 in class 64. */
  address(offset: number, elfClass: 32 | 64): Address | undefined {
    if (elfClass === 32) return this.u32(offset);
    if (offset < 0 || offset + 8 > this.length) return undefined;
    const first = this.#view.getUint32(offset, this.little);
    const second = this.#view.getUint32(offset + 4, this.little);
    return this.little ? addressOf(second, first) : addressOf(first, second);
  }

  /** A size or offset as wide as an address: {@link u32} in class 32, {@link u64} in class 64. */
  word(offset: number, elfClass: 32 | 64): number | undefined {
    return elfClass === 64 ? this.u64(offset) : this.u32(offset);
  }
}

const utf8 = new TextDecoder('utf-8');

/**
 * The NUL-terminated string at `offset`, or undefined when it does not end inside `bytes`.
 * File names are bytes; those that are not UTF-8 are kept one character a byte.
 */
export function cString(bytes: Uint8Array, offset: number): string | undefined {
  if (offset < 0 || offset >= bytes.length) return undefined;
  const end = bytes.indexOf(0, offset);
  return end < 0 ? undefined : decodeText(bytes.subarray(offset, end));
}

/** Text of unknown encoding: UTF-8 where it is valid, otherwise one character a byte. */
export function decodeText(bytes: Uint8Array): string {
  const text = utf8.decode(bytes);
  return text.includes('\ufffd') ? Array.from(bytes, (b) => String.fromCharCode(b)).join('') : text;
}
