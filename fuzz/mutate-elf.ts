/**
 * Changes of ELF files that keep the first sixteen bytes in most cases and aim at the fields that readers
 * follow: the header, program and section headers, the dynamic section, and the tables that it names.
 */
import type { Random } from '../test/support/random.js';
import { mutateBytes, setNumber } from './mutate-bytes.js';

/** Where a field is, and how many bytes it has. */
type Field = readonly [at: number, size: number];

/** A changed ELF file; anything else is changed as bytes. */
export function mutateElf(random: Random, input: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(input);
  const fields = fieldsOf(bytes);
  if (fields.length === 0 || random.chance(0.15)) return mutateBytes(random, bytes, 16);
  for (let left = 1 + random.below(3); left > 0; left--) {
    const [at, size] = random.pick(fields);
    const kind = random.below(4);
    const [from, width] = random.pick(fields);
    if (kind === 0) bytes.copyWithin(at, from, from + Math.min(size, width));
    else if (kind === 1) add(bytes, [at, size], random.pick([-8, -1, 1, 8, 24, 4096]));
    else setNumber(random, bytes, at, size);
  }
  return random.chance(0.2) ? mutateBytes(random, bytes, 16) : bytes;
}

/** Adds to the lowest bytes of a field, whichever its byte order is. */
function add(bytes: Uint8Array, [at, size]: Field, step: number): void {
  const view = new DataView(bytes.buffer);
  const little = bytes[5] !== 2;
  if (at + size > bytes.length) return;
  if (size === 2) view.setUint16(at, view.getUint16(at, little) + step, little);
  else {
    const low = size === 8 && !little ? at + 4 : at;
    if (size >= 4) view.setUint32(low, view.getUint32(low, little) + step, little);
  }
}

function fieldsOf(bytes: Uint8Array): Field[] {
  if (bytes.length < 64 || bytes[0] !== 0x7f) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes[5] !== 2;
  const isWide = bytes[4] === 2;
  const word = isWide ? 8 : 4;
  const number = (at: number) => {
    if (at + word > bytes.length) return 0;
    return isWide ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little);
  };
  const header: Field[] = [
    [16, 2],
    [18, 2],
    [20, 4],
    [24, word],
    [24 + word, word],
    [24 + 2 * word, word],
  ];
  for (let at = 24 + 3 * word; at < 24 + 3 * word + 16; at += 2) header.push([at, 2]);
  const fields = [...header];
  const programs = number(24 + word);
  const size = isWide ? 56 : 32;
  const count = Math.min(40, view.getUint16(isWide ? 56 : 44, little));
  for (let index = 0; index < count; index++) {
    const at = programs + index * size;
    if (at + size > bytes.length) break;
    for (let field = 0; field < size; field += isWide && field >= 8 ? 8 : 4)
      fields.push([at + field, isWide && field >= 8 ? 8 : 4]);
    const type = view.getUint32(at, little);
    const offset = number(at + (isWide ? 8 : 4));
    if (offset >= bytes.length) continue;
    const length = Math.min(4096, number(at + (isWide ? 32 : 16)));
    // PT_DYNAMIC counts twice, PT_NOTE by words.
    if (type === 2)
      for (let at2 = offset; at2 < offset + length; at2 += word)
        fields.push([at2, word], [at2, word]);
    if (type === 4)
      for (let at2 = offset; at2 < offset + Math.min(256, length); at2 += 4) fields.push([at2, 4]);
  }
  // Symbols, hashes and versions stand behind the headers; the builders write small files.
  const first = Math.min(bytes.length, programs + count * size);
  const step = Math.max(4, Math.ceil((bytes.length - first) / 400) * 4);
  for (let at = first; at + 4 <= bytes.length; at += step) fields.push([at, at % 8 === 0 ? 4 : 2]);
  const sections = number(24 + 2 * word);
  if (sections > 0 && sections < bytes.length)
    for (let at = sections; at + 4 <= bytes.length && at < sections + 2048; at += 4)
      fields.push([at, 4]);
  return fields.filter(([at, length]) => at >= 0 && at + length <= bytes.length);
}
