/**
 * What an archive may take: memory for its files, work for its links, and room for what it unpacks to. All
 * layers of an image share one set of limits, since their trees share one memory.
 */
import { ArchiveError, RootError } from '../../errors.js';

/** What is left of each limit. */
export interface ArchiveLimits {
  /** What errors call the archive. */
  readonly path: string;
  /** Files, directories, links and whiteouts. */
  nodes: number;
  /** Characters of names, and of what links say. */
  text: number;
  /** Pieces of sparse files; each costs 16 bytes of memory. */
  pieces: number;
  /** Records of pax headers; grows with the members. */
  records: number;
  /** Components of paths walked to find what links mean; grows with the text of the archive. */
  steps: number;
  /** Bytes of decompressed data. */
  unpacked: number;
}

/** The largest images have a tenth of these. */
const MAX_NODES = 4_000_000;
const MAX_TEXT = 1 << 29;
/** A disk of a virtual machine may have some hundred thousand. */
export const MAX_PIECES = 1 << 20;
/** For sparse files and global headers; members add to it. */
const MIN_RECORDS = 1 << 20;
const MIN_STEPS = 1 << 20;
/** Links of real archives cost less than one step for each character of their text. */
const STEPS_PER_CHARACTER = 8;
const MIN_UNPACKED = 8 * 2 ** 30;
/** No real tar is compressed better than this; gzip reaches 1,030. */
const MAX_RATIO = 1000;

/** Fresh limits; `unpacked` is in bytes, see {@link unpackedLimit}. */
export function newArchiveLimits(path: string, unpacked: number): ArchiveLimits {
  return {
    path,
    nodes: MAX_NODES,
    text: MAX_TEXT,
    pieces: MAX_PIECES,
    records: MIN_RECORDS,
    steps: MIN_STEPS,
    unpacked,
  };
}

/** How many bytes `input` bytes may unpack to, unless the user says something else. */
export function unpackedLimit(input: number): number {
  return Math.max(MIN_UNPACKED, MAX_RATIO * input);
}

/** Counts one more file, directory, link or whiteout. Throws {@link ArchiveError} after the last. */
export function takeNode(limits: ArchiveLimits): void {
  if (--limits.nodes < 0)
    throw new ArchiveError(`more than ${MAX_NODES} files in an archive`, 0, { path: limits.path });
}

/** Counts characters of names and links. Throws {@link ArchiveError} after the last. */
export function takeText(limits: ArchiveLimits, characters: number): void {
  limits.text -= characters;
  limits.steps += characters * STEPS_PER_CHARACTER;
  if (limits.text < 0)
    throw new ArchiveError('too much text in names and links', 0, { path: limits.path });
}

/** The pieces, each counted. Throws {@link RootError} after the last byte that may be unpacked. */
export async function* withinLimit(
  pieces: AsyncIterable<Uint8Array>,
  limits: ArchiveLimits,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    takeUnpacked(limits, piece.length);
    yield piece;
  }
}

/** Counts bytes that an archive takes when it is unpacked. Throws {@link RootError} after the last. */
export function takeUnpacked(limits: ArchiveLimits, bytes: number): void {
  limits.unpacked -= bytes;
  if (limits.unpacked >= 0) return;
  throw new RootError('ROOT_UNSUPPORTED', 'this archive unpacks to more than it may', {
    path: limits.path,
    hint: 'if you trust the archive, allow more with --max-unpacked SIZE, or maxUnpacked in the library',
  });
}
