/**
 * Sparse files in tars: where their data lie and how long the holes between them are. GNU tar has
 * had four ways to write that down, all of which are about: in the header (type S), and in pax
 * headers of versions 0.0, 0.1 and 1.0.
 * Source: GNU tar manual, "Storing Sparse Files".
 */
import { type ByteSource, decodeText } from '../../elf/byte-source.js';
import { MAX_PIECES } from './archive-limits.js';
import { BLOCK, numberAt } from './tar-header.js';

/** A file with holes: pieces of data, ascending and apart, which follow each other in the archive. */
interface SparseFile {
  readonly size: number;
  /** Where its data begin in the archive. */
  readonly start: number;
  /** Where each piece belongs in the file. */
  readonly at: Float64Array;
  /** Bytes of data before each piece, and at last of all of them. */
  readonly before: Float64Array;
}

/** The map in a header of type S and the blocks after it; undefined when it is damaged. */
export function sparseOfHeader(source: ByteSource, block: Uint8Array, start: number) {
  const size = numberAt(block, 483, 12);
  const numbers: (number | undefined)[] = [];
  const take = (from: Uint8Array, count: number) => {
    for (let at = 0; at < count * 24; at += 12) numbers.push(numberAt(from, at, 12));
  };
  take(block.subarray(386), 4);
  let next = start;
  for (let isMore = block[482] !== 0; isMore; next += BLOCK) {
    const more = source.read(next, BLOCK);
    if (more.length < BLOCK || numbers.length > 2 * MAX_PIECES) return undefined;
    take(more, 21);
    isMore = more[504] !== 0;
  }
  return sparseFile(size, next, numbers);
}

/** The map that `GNU.sparse.*` of a pax header describe; undefined when it is damaged. */
export function sparseOfPax(
  source: ByteSource,
  start: number,
  records: readonly (readonly [string, string])[],
): SparseFile | undefined {
  const last = new Map(records);
  const size = Number(last.get('realsize') ?? last.get('size') ?? Number.NaN);
  if (last.get('major') === '1') return sparseOfBody(source, start, size);
  const listed = records
    .filter(([key]) => key === 'offset' || key === 'numbytes')
    .map(([, value]) => Number(value));
  const map = last.get('map');
  return sparseFile(size, start, map === undefined ? listed : map.split(',').map(Number));
}

/** Version 1.0: decimal lines before the data, first how many pairs there are. */
function sparseOfBody(source: ByteSource, start: number, size: number): SparseFile | undefined {
  const lines: string[] = [];
  let line = '';
  let next = start;
  do {
    const block = source.read(next, BLOCK);
    if (block.length < BLOCK) return undefined;
    next += BLOCK;
    const parts = (line + decodeText(block)).split('\n');
    line = parts.pop() as string;
    lines.push(...parts);
    // A number has no more digits than that, and the first one says how many there are.
    const count = Number(lines[0] ?? 0);
    if (line.length > BLOCK || !isCount(count) || count > MAX_PIECES) return undefined;
  } while (lines.length === 0 || lines.length < 1 + Number(lines[0]) * 2);
  return sparseFile(size, next, lines.slice(1, 1 + Number(lines[0]) * 2).map(Number));
}

/** From offsets and lengths in turn: ascending, apart, within the file. Empty ones mean nothing. */
function sparseFile(
  size: number | undefined,
  start: number,
  numbers: readonly (number | undefined)[],
): SparseFile | undefined {
  const at: number[] = [];
  const before = [0];
  let [end, stored] = [0, 0];
  for (let index = 0; index < numbers.length; index += 2) {
    const [from, length] = [numbers[index], numbers[index + 1]];
    if (!isCount(from) || !isCount(length)) return undefined;
    if (length === 0) continue;
    if (from < end) return undefined;
    end = from + length;
    stored += length;
    at.push(from);
    before.push(stored);
  }
  return isCount(size) && size >= end
    ? { size, start, at: Float64Array.from(at), before: Float64Array.from(before) }
    : undefined;
}

function isCount(value: number | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** The data in the archive, in bytes. */
export function storedSize({ before }: SparseFile): number {
  return before.at(-1) ?? 0;
}

/** The file as it was before: holes are zeros. A read costs the pieces in it, not those before it. */
export function sparseBytes(source: ByteSource, file: SparseFile): ByteSource {
  const { size, start, at, before } = file;
  return {
    size,
    read(offset, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      const end = offset + bytes.length;
      for (let index = pieceAt(at, offset); index < at.length; index++) {
        const from = at[index] as number;
        if (from >= end) break;
        const stored = before[index] as number;
        const first = Math.max(from, offset);
        const last = Math.min(from + (before[index + 1] as number) - stored, end);
        if (first < last)
          bytes.set(source.read(start + stored + first - from, last - first), first - offset);
      }
      return bytes;
    },
  };
}

/** The last piece that begins at `offset` or before it; the first where none does. */
function pieceAt(at: Float64Array, offset: number): number {
  let [low, high] = [0, at.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((at[middle] as number) <= offset) low = middle;
    else high = middle;
  }
  return low;
}
