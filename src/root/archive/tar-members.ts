/**
 * The members of a tar, from its headers alone: the data in between are stepped over and read only
 * when somebody asks for them. Long names of GNU tar and pax headers are applied here.
 * Source: POSIX.1-2017 pax; GNU tar manual, "Basic Tar Format"; PAX keywords of star and GNU tar.
 */
import { type ByteSource, decodeText } from '../../elf/byte-source.js';
import { ArchiveError, hex, printable } from '../../errors.js';
import { BLOCK, decodePax, decodeTarHeader, type TarHeader } from './tar-header.js';
import {
  MAX_PIECES,
  type SparseLimit,
  sparseBytes,
  sparseOfHeader,
  sparseOfPax,
  storedSize,
} from './tar-sparse.js';

/** What a tar says about one name. */
export interface TarMember {
  /** As it stands in the archive. */
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'symlink' | 'hard-link' | 'other';
  /** Permission bits, such as 0o755. */
  readonly mode: number;
  /** The text of a symbolic link, or the other name of a hard link. */
  readonly link: string;
  /** Bytes of a file, empty for everything else. */
  readonly body: ByteSource;
  /** The value of security.capability, see capabilities(7). */
  readonly capability?: Uint8Array;
}

const KINDS: Readonly<Record<string, TarMember['kind']>> = {
  0: 'file',
  1: 'hard-link',
  2: 'symlink',
  3: 'other',
  4: 'other',
  5: 'directory',
  6: 'other',
  7: 'file',
  S: 'file',
};
/** Those that no data follow, whatever size they have. */
const HEADER_ONLY = new Set(['1', '2', '3', '4', '5', '6']);
/** Bytes of the largest extended header: names and attributes, no data. */
const MAX_EXTENSION = 1 << 20;
/** Characters of the keys and values that pax headers give to the map of one file. */
const MAX_SPARSE_TEXT = 1 << 20;
const SPARSE = 'GNU.sparse.';
const SPARSE_KEYS = new Set(
  ['name', 'major', 'realsize', 'size', 'map', 'offset', 'numbytes'].map((key) => SPARSE + key),
);
/** Bytes of the longest value of security.capability, which has its own user (revision 3). */
const MAX_CAPABILITY = 24;
/** Bytes of reads for headers. */
const MIN_WINDOW = 2048;
const MAX_WINDOW = 1 << 16;
const NOTHING: ByteSource = { size: 0, read: () => new Uint8Array(0) };

/** What extended headers say about the next member. */
interface Extension {
  name?: string;
  link?: string;
  size?: number;
  capability?: Uint8Array;
  /** Those of `GNU.sparse.*` that count, in order, without that prefix. */
  sparse?: [string, string][];
  /** How long they are together. */
  sparseText?: number;
}

/**
 * Throws {@link ArchiveError} for damaged and truncated archives, and where the maps of sparse files use
 * up `limit`; `path` is how errors call the archive.
 */
export function* tarMembers(
  source: ByteSource,
  path: string,
  limit: SparseLimit,
): Generator<TarMember> {
  const damaged = (fact: string, at: number) => new ArchiveError(fact, at, { path });
  const blockAt = windowed(source);
  const global: Extension = {};
  let own: Extension = {};
  // Archives end with two blocks of zeros or, as some programs leave them, without any.
  for (let offset = 0; offset < source.size; ) {
    const block = blockAt(offset);
    if (block.length < BLOCK) throw damaged('the archive ends within a header', offset);
    const header = decodeTarHeader(block);
    if (header === undefined) return;
    if (typeof header === 'string') throw damaged(header, offset);
    const isExtension = 'xgLK'.includes(header.type);
    const extension = isExtension ? {} : { ...global, ...own };
    let start = offset + BLOCK;
    let size = HEADER_ONLY.has(header.type) ? 0 : (extension.size ?? header.size);
    let body = slice(source, start, size);
    if (header.type === 'S' || extension.sparse !== undefined) {
      const sparse =
        header.type === 'S'
          ? sparseOfHeader(source, block, start)
          : sparseOfPax(source, start, extension.sparse ?? []);
      if (sparse === undefined) throw damaged('the map of a sparse file is damaged', offset);
      limit.pieces -= sparse.at.length;
      if (limit.pieces < 0)
        throw damaged(`its sparse files have more than ${MAX_PIECES} pieces`, offset);
      // The blocks with the rest of the map are not counted by old headers.
      if (header.type === 'S') start = sparse.start;
      size = Math.max(size, sparse.start - start + storedSize(sparse));
      body = sparseBytes(source, sparse);
    }
    if (start + size > source.size) {
      const name = printable(extension.name ?? header.name);
      const fact = `the archive ends within ${name}, which goes on to ${hex(start + size)}`;
      throw damaged(fact, source.size);
    }
    if (isExtension) {
      if (size > MAX_EXTENSION) throw damaged(`an extended header has ${size} bytes`, offset);
      const isGlobal = header.type === 'g';
      if (!extend(isGlobal ? global : own, header.type, source.read(start, size)))
        throw damaged('an extended header is damaged', offset);
      // A map is of one file.
      if (isGlobal) {
        delete global.sparse;
        delete global.sparseText;
      }
    } else {
      yield toMember(header, extension, body);
      own = {};
    }
    offset = start + Math.ceil(size / BLOCK) * BLOCK;
  }
}

function toMember(header: TarHeader, extension: Extension, body: ByteSource): TarMember {
  const sparseName = extension.sparse?.findLast(([key]) => key === 'name')?.[1];
  const name = sparseName ?? extension.name ?? header.name;
  const kind = KINDS[header.type] ?? 'other';
  return {
    name,
    // Before ustar, directories were files with a slash behind their name.
    kind: kind === 'file' && name.endsWith('/') ? 'directory' : kind,
    mode: header.mode,
    link: extension.link ?? header.link,
    body: kind === 'file' ? body : NOTHING,
    ...(extension.capability === undefined ? {} : { capability: extension.capability }),
  };
}

/** Takes what an extended header says; false when it is damaged. */
function extend(extension: Extension, type: string, bytes: Uint8Array): boolean {
  if (type === 'L' || type === 'K') {
    const end = bytes.indexOf(0);
    const text = decodeText(end < 0 ? bytes : bytes.subarray(0, end));
    if (type === 'L') extension.name = text;
    else extension.link = text;
    return true;
  }
  const records = decodePax(bytes);
  if (records === undefined) return false;
  for (const [key, value] of records) {
    if (key === 'path') extension.name = decodeText(value);
    else if (key === 'linkpath') extension.link = decodeText(value);
    else if (key === 'SCHILY.xattr.security.capability') {
      if (value.length <= MAX_CAPABILITY) extension.capability = value.slice();
    } else if (SPARSE_KEYS.has(key)) {
      // One header cannot have more, but many in a row go on with one list.
      extension.sparseText = (extension.sparseText ?? 0) + key.length + value.length;
      if (extension.sparseText > MAX_SPARSE_TEXT) return false;
      extension.sparse ??= [];
      extension.sparse.push([key.slice(SPARSE.length), decodeText(value)]);
    } else if (key === 'size') {
      extension.size = Number(decodeText(value));
      if (!Number.isSafeInteger(extension.size) || extension.size < 0) return false;
    }
  }
  return true;
}

function slice(source: ByteSource, start: number, size: number): ByteSource {
  if (size === 0) return NOTHING;
  return {
    size,
    read: (offset, length) =>
      offset >= size
        ? new Uint8Array(0)
        : source.read(start + offset, Math.min(length, size - offset)),
  };
}

/**
 * Blocks by their offset. Small files follow each other closely, so one read has several headers;
 * after a large file the next read is small again.
 */
function windowed(source: ByteSource): (offset: number) => Uint8Array {
  let window: Uint8Array = new Uint8Array(0);
  let from = 0;
  let size = MIN_WINDOW;
  return (offset) => {
    const end = from + window.length;
    if (offset < from || offset + BLOCK > end) {
      size = offset - end < MAX_WINDOW / 4 ? Math.min(size * 2, MAX_WINDOW) : MIN_WINDOW;
      window = source.read(offset, size);
      from = offset;
    }
    return window.subarray(offset - from, offset - from + BLOCK);
  };
}
