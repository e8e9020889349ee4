/**
 * Sparse files in tars: where their data lie and how long the holes between them are. GNU tar has
 * had four ways to write that down, all of which are about: in the header (type S), and in pax
 * headers of versions 0.0, 0.1 and 1.0.
 * Source: GNU tar manual, "Storing Sparse Files".
 */
import { type ByteSource, decodeText } from '../../elf/byte-source.js';
import { BLOCK, numberAt } from './tar-header.js';

/** Data of a sparse file: `length` bytes that belong at `at` in it. They follow each other. */
interface Segment {
  readonly at: number;
  readonly length: number;
}

/** A file with holes. `start` is where its data begin in the archive. */
export interface SparseFile {
  readonly size: number;
  readonly start: number;
  readonly segments: readonly Segment[];
}

const MAX_SEGMENTS = 1 << 20;

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
    if (more.length < BLOCK || numbers.length > MAX_SEGMENTS) return undefined;
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
    if (line.length > BLOCK || !(Number(lines[0] ?? 0) <= MAX_SEGMENTS)) return undefined;
  } while (lines.length === 0 || lines.length < 1 + Number(lines[0]) * 2);
  return sparseFile(size, next, lines.slice(1, 1 + Number(lines[0]) * 2).map(Number));
}

/** From offsets and lengths in turn: ascending, apart, within the file. Empty ones mean nothing. */
function sparseFile(
  size: number | undefined,
  start: number,
  numbers: readonly (number | undefined)[],
): SparseFile | undefined {
  const segments: Segment[] = [];
  let end = 0;
  for (let index = 0; index < numbers.length; index += 2) {
    const at = numbers[index];
    const length = numbers[index + 1];
    if (at === undefined || length === undefined) return undefined;
    if (length === 0) continue;
    if (!(at >= end && length > 0)) return undefined;
    end = at + length;
    segments.push({ at, length });
  }
  return size !== undefined && Number.isSafeInteger(size) && size >= end
    ? { size, start, segments }
    : undefined;
}

/** The data in the archive, in bytes. */
export function storedSize({ segments }: SparseFile): number {
  return segments.reduce((sum, { length }) => sum + length, 0);
}

/** The file as it was before: holes are zeros. */
export function sparseBytes(source: ByteSource, { size, start, segments }: SparseFile): ByteSource {
  return {
    size,
    read(offset, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      let from = start;
      for (const segment of segments) {
        const first = Math.max(segment.at, offset);
        const last = Math.min(segment.at + segment.length, offset + bytes.length);
        if (first < last)
          bytes.set(source.read(from + first - segment.at, last - first), first - offset);
        from += segment.length;
      }
      return bytes;
    },
  };
}
