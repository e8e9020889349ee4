/**
 * The header of an rpm package as its database stores it: a table of typed values by their tag, all
 * numbers big-endian. Only the bytes that are asked for are decoded.
 * Source: rpm docs/manual/format_header.md, lib/header.c (hdrblobInit), lib/rpmtag.h.
 */
import { decodeText } from '../elf/byte-source.js';

const STRING_TYPES: ReadonlySet<number> = new Set([6, 8, 9]);
const INT16 = 3;
const INT32 = 4;
/** Bytes of an index entry: tag, type, offset in the store, number of values. */
const ENTRY = 16;
/** As in rpm: hdrchkTags() and hdrchkData(). */
const MOST_ENTRIES = 1 << 16;
const MOST_BYTES = 1 << 28;

/** A header. Values that are missing or damaged are empty. */
export class RpmHeader {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #entries = new Map<number, { type: number; offset: number; count: number }>();

  private constructor(bytes: Uint8Array, entries: number) {
    this.#bytes = bytes.subarray(8 + entries * ENTRY);
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length);
    const index = new DataView(bytes.buffer, bytes.byteOffset + 8, entries * ENTRY);
    for (let at = 0; at < entries * ENTRY; at += ENTRY) {
      const [tag, type] = [index.getUint32(at), index.getUint32(at + 4)];
      const [offset, count] = [index.getUint32(at + 8), index.getUint32(at + 12)];
      this.#entries.set(tag, { type, offset, count });
    }
  }

  /** Undefined where the bytes are no header. */
  static parse(bytes: Uint8Array): RpmHeader | undefined {
    if (bytes.length < 8) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
    const [entries, size] = [view.getUint32(0), view.getUint32(4)];
    if (entries < 1 || entries > MOST_ENTRIES || size > MOST_BYTES) return undefined;
    if (8 + entries * ENTRY + size > bytes.length) return undefined;
    return new RpmHeader(bytes.subarray(0, 8 + entries * ENTRY + size), entries);
  }

  /** The texts of a tag. */
  texts(tag: number): string[] {
    return [...stringsIn(this.textBytes(tag))].map(decodeText);
  }

  /** The first text of a tag; empty where there is none. */
  text(tag: number): string {
    const [first] = stringsIn(this.textBytes(tag));
    return first === undefined ? '' : decodeText(first);
  }

  /** The bytes of the texts of a tag, a NUL behind each. */
  textBytes(tag: number): Uint8Array {
    const entry = this.#entries.get(tag);
    if (entry === undefined || !STRING_TYPES.has(entry.type)) return new Uint8Array(0);
    let end = entry.offset;
    for (let left = entry.count; left > 0; left--) {
      const next = this.#bytes.indexOf(0, end);
      if (next < 0) break;
      end = next + 1;
    }
    return this.#bytes.subarray(entry.offset, end);
  }

  /** The numbers of a tag. */
  numbers(tag: number): Uint32Array {
    const entry = this.#entries.get(tag);
    const width = entry?.type === INT32 ? 4 : entry?.type === INT16 ? 2 : 0;
    if (entry === undefined || width === 0) return new Uint32Array(0);
    const room = Math.floor((this.#bytes.length - entry.offset) / width);
    const values = new Uint32Array(Math.max(0, Math.min(entry.count, room)));
    for (let at = 0; at < values.length; at++) {
      const offset = entry.offset + at * width;
      values[at] = width === 4 ? this.#view.getUint32(offset) : this.#view.getUint16(offset);
    }
    return values;
  }
}

/** What stands before each NUL. */
export function* stringsIn(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; ; ) {
    const end = bytes.indexOf(0, start);
    if (end < 0) return;
    yield bytes.subarray(start, end);
    start = end + 1;
  }
}
