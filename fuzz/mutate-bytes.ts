/**
 * Changes that suit any bytes, and any text: a few places are overwritten, moved, repeated, cut or spliced
 * with another input.
 */
import type { Random } from '../test/support/random.js';

/** Numbers at which readers go wrong. */
export const INTERESTING = [
  ...[0, 1, 2, 3, 4, 7, 8, 16, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff],
  ...[0x10000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff],
];
/** Inputs do not grow beyond this by mutation: long ones are rows of unit tests. */
const MAX_SIZE = 1 << 17;

/** Overwrites `size` bytes at `at` by a number that is likely to matter. */
export function setNumber(random: Random, bytes: Uint8Array, at: number, size: number): void {
  if (at < 0 || at + size > bytes.length) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = random.chance(0.7);
  const value = random.chance(0.3) ? bytes.length - random.below(64) : random.pick(INTERESTING);
  if (size === 1) bytes[at] = value;
  else if (size === 2) view.setUint16(at, value & 0xffff, little);
  else if (size === 4) view.setUint32(at, value, little);
  else {
    view.setUint32(little ? at : at + 4, value, little);
    view.setUint32(little ? at + 4 : at, random.chance(0.8) ? 0 : random.pick(INTERESTING), little);
  }
}

/** A copy with one to four changes at places behind `keep`, the bytes that the first check looks at. */
export function mutateBytes(random: Random, input: Uint8Array, keep = 0): Uint8Array {
  let bytes = new Uint8Array(input);
  for (let left = 1 + random.below(4); left > 0; left--) {
    const room = bytes.length - keep;
    if (room <= 0) break;
    const at = keep + random.below(room);
    switch (random.below(9)) {
      case 0:
        bytes[at] = random.below(256);
        break;
      case 1:
        bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
        break;
      case 2:
      case 3:
        setNumber(random, bytes, at - (at % 4), 4);
        break;
      case 4:
        setNumber(random, bytes, at, random.pick([1, 2, 8]));
        break;
      case 5:
        bytes = bytes.slice(0, random.chance(0.7) ? Math.max(at, bytes.length - 64) : at);
        break;
      case 6:
        bytes.copyWithin(at, keep + random.below(room), keep + random.below(room));
        break;
      case 7:
        bytes.fill(random.pick([0, 0xff, 0x20]), at, at + random.below(64));
        break;
      default:
        bytes = insert(bytes, at, bytes.slice(at, at + random.below(256)));
    }
  }
  return bytes;
}

function insert(bytes: Uint8Array, at: number, more: Uint8Array): Uint8Array<ArrayBuffer> {
  if (bytes.length + more.length > MAX_SIZE) return new Uint8Array(bytes);
  const result = new Uint8Array(bytes.length + more.length);
  result.set(bytes.subarray(0, at));
  result.set(more, at);
  result.set(bytes.subarray(at), at + more.length);
  return result;
}

/** Texts that mean something in many formats. */
const WORDS = [
  ...[
    '\n',
    '\r\n',
    '\0',
    ' ',
    '\t',
    '#',
    ';',
    ':',
    '/',
    '..',
    '../',
    '\\',
    '"',
    "'",
    '=',
    '$',
    '%',
    '*',
  ],
  ...['[', ']', '{', '}', '(', ')', '<', '>', '-1', '0', '1', '4294967295', '99999999999999999999'],
  ...['/etc/passwd', '/lib', 'lib', '.so', '\ufeff', '\u202e', 'é', '\xff', '\x1b[31m'],
];

/**
 * A copy of a text with one to four changes: words of the format are put in, lines are doubled, dropped,
 * swapped or taken from another input, and now and then something is repeated a few hundred times.
 */
export function mutateText(
  random: Random,
  input: Uint8Array,
  other: Uint8Array,
  words: readonly string[] = [],
): Uint8Array {
  let text = Buffer.from(input).toString('latin1');
  for (let left = 1 + random.below(4); left > 0; left--) {
    const word = random.pick(random.chance(0.6) && words.length > 0 ? words : WORDS);
    const at = random.below(text.length + 1);
    const lines = text.split('\n');
    const line = random.below(lines.length);
    switch (random.below(9)) {
      case 0:
      case 1:
        text = text.slice(0, at) + word + text.slice(at);
        break;
      case 2:
        text = text.slice(0, at) + word + text.slice(at + random.below(12));
        break;
      case 3:
        text = text.slice(0, at) + text.slice(at + random.below(40));
        break;
      case 4:
        lines.splice(line, 1 + random.below(2));
        text = lines.join('\n');
        break;
      case 5:
        lines.splice(random.below(lines.length + 1), 0, lines[line] as string);
        text = lines.join('\n');
        break;
      case 6: {
        const others = Buffer.from(other).toString('latin1').split('\n');
        lines.splice(line, random.below(2), random.pick(others));
        text = lines.join('\n');
        break;
      }
      case 7:
        if (random.chance(0.2))
          text = text.slice(0, at) + word.repeat(1 + random.below(600)) + text.slice(at);
        break;
      default: {
        const bytes = Buffer.from(text, 'latin1');
        if (bytes.length > 0) bytes[random.below(bytes.length)] = random.below(256);
        text = bytes.toString('latin1');
      }
    }
    if (text.length > MAX_SIZE) text = text.slice(0, MAX_SIZE);
  }
  // Words may have characters that latin1 has not.
  return /[^\0-\xff]/.test(text) ? Buffer.from(text) : Buffer.from(text, 'latin1');
}
