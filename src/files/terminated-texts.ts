/**
 * Which of many names stand in bytes as a whole, between two NUL bytes, as C has its texts. Most bytes of a
 * program are no such names, so the bytes are gone through once, however many questions there are.
 */
import { madeOnce } from '../root/made-once.js';

/** So few names are looked for one by one. */
const FEW_NAMES = 2;

/** The texts between two NUL bytes of some bytes. */
export class TerminatedTexts {
  readonly #bytes: Buffer;
  #places?: Places;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Adds the names that stand there. */
  addAmong(wanted: ReadonlySet<string>, found: Set<string>): void {
    if (wanted.size > FEW_NAMES) this.#addMany(wanted, found);
    else for (const name of wanted) if (hasText(this.#bytes, name)) found.add(name);
  }

  #addMany(wanted: ReadonlySet<string>, found: Set<string>): void {
    this.#places ??= placesIn(this.#bytes);
    const { starts, beginnings } = this.#places;
    const names = beginningsOf(wanted);
    for (let index = 0; index < starts.length; index++) {
      if (names[beginnings[index] as number] !== 1) continue;
      const start = starts[index] as number;
      const text = this.#bytes.toString('latin1', start, this.#bytes.indexOf(0, start));
      if (wanted.has(text)) found.add(text);
    }
  }
}

/** Where the texts start, in order, and the {@link beginning} of each. */
interface Places {
  readonly starts: Int32Array;
  readonly beginnings: Uint16Array;
}

/** Whether a name stands between two NUL bytes. */
function hasText(bytes: Buffer, name: string): boolean {
  if (name === '') return false;
  const text = Buffer.from(`${name}\0`, 'latin1');
  for (let at = bytes.indexOf(text, 1); at >= 0; at = bytes.indexOf(text, at + 1))
    if (bytes[at - 1] === 0) return true;
  return false;
}

function placesIn(bytes: Buffer): Places {
  const isAligned = bytes.byteOffset % 4 === 0;
  const words = isAligned
    ? new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2)
    : NONE;
  const starts = new Int32Array(bytes.length >> 1);
  const beginnings = new Uint16Array(bytes.length >> 1);
  let count = 0;
  let start = bytes.length;
  for (let at = nextNul(bytes, words, 0); at < bytes.length; at = nextNul(bytes, words, at + 1)) {
    if (at > start) {
      starts[count] = start;
      beginnings[count] = beginning(bytes[start] as number, bytes[start + 1] as number, at - start);
      count++;
    }
    start = at + 1;
  }
  return { starts: starts.slice(0, count), beginnings: beginnings.slice(0, count) };
}

const NONE = new Int32Array(0);

/** The offset of the next NUL, or the end. It tests four bytes at a time, since most of them have none. */
function nextNul(bytes: Buffer, words: Int32Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== 0) {
    at++;
    if (at % 4 === 0) while (hasNoNul(words[at >> 2])) at += 4;
  }
  return at;
}

/** Whether none of the four bytes of a word is 0; false behind the last word. */
function hasNoNul(word: number | undefined): boolean {
  return word !== undefined && ((word - 0x01010101) & ~word & 0x80808080) === 0;
}

const beginningsOf = madeOnce(namesByBeginning);

/** Marks the beginnings of names. Few texts are read as such: those that begin like one of the names. */
function namesByBeginning(names: ReadonlySet<string>): Uint8Array {
  const marks = new Uint8Array(1 << 16);
  for (const name of names) {
    const second = name.length > 1 ? name.charCodeAt(1) : 0;
    marks[beginning(name.charCodeAt(0), second, name.length)] = 1;
  }
  return marks;
}

/** A number of 16 bits from the first two bytes of a text, the second of which may be its end, and its length. */
function beginning(first: number, second: number, length: number): number {
  return ((first & 0xff) * 0x3d + (second & 0xff) * 0x101 + length * 0x1f3) & 0xffff;
}
