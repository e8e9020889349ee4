/**
 * tar as an archive kind: members from headers alone. The data in between are stepped over, and read only
 * when a file is read. Long names and sparse files of GNU tar and pax headers are applied here.
 * Source: POSIX.1-2017 pax; GNU tar manual, "Basic Tar Format"; PAX keywords of star and GNU tar.
 */
import type { ByteSource } from '../../elf/byte-source.js';
import { ArchiveError, hex, printable } from '../../errors.js';
import type { ArchiveContext, ArchiveKind, ArchiveMember } from './archive-kind.js';
import { MAX_PIECES } from './archive-limits.js';
import { NOTHING, sliceSource } from './slice-source.js';
import { extend, isExtension, MAX_EXTENSION, type TarExtension } from './tar-extension.js';
import { BLOCK, checkHeader, decodeTarHeader, type TarHeader } from './tar-header.js';
import { sparseBytes, sparseOfHeader, sparseOfPax, storedSize } from './tar-sparse.js';

export const tarArchive: ArchiveKind = {
  name: 'a tar',
  // An archive without members starts with a block of zeros.
  recognizes: (head) => head.length >= BLOCK && checkHeader(head) !== 'wrong',
  isEmpty: (head) => checkHeader(head) === 'empty',
  members: (source, context) => new TarReader(source, context).members(),
};

const KINDS: Readonly<Record<string, ArchiveMember['kind']>> = {
  0: 'file',
  1: 'hard-link',
  2: 'symlink',
  3: 'other',
  4: 'other',
  5: 'directory',
  6: 'other',
  7: 'file',
  D: 'directory',
  S: 'file',
};
/** Types that stand for no file: the label of a volume, and lists of rights of Solaris. */
const NO_MEMBER = new Set(['A', 'V']);
/** Types that no data follow, whatever size the header has. */
const HEADER_ONLY = new Set(['1', '2', '3', '4', '5', '6']);
/** Records that a member may have beside those that an archive may have anyway. */
const RECORDS_PER_MEMBER = 16;
/** Bytes of reads for headers. */
const MIN_WINDOW = 2048;
const MAX_WINDOW = 1 << 16;

/** The data of a member: `size` bytes in the archive from `start`, and what they are as a file. */
interface Data {
  readonly start: number;
  readonly size: number;
  readonly body: ByteSource;
}

class TarReader {
  readonly #source: ByteSource;
  readonly #context: ArchiveContext;
  /** What global pax headers say about all members that follow. */
  readonly #global: TarExtension = {};
  /** What the last other pax header says about the next member. */
  #pax: TarExtension = {};
  /** The long names of GNU tar for the next member. */
  #long: TarExtension = {};

  constructor(source: ByteSource, context: ArchiveContext) {
    this.#source = source;
    this.#context = context;
  }

  *members(): Generator<ArchiveMember> {
    const blockAt = windowed(this.#source);
    // Archives end with two blocks of zeros or, as some programs leave them, without any.
    for (let offset = 0; offset < this.#source.size; ) {
      const block = blockAt(offset);
      const header = this.#headerIn(block, offset);
      if (header === undefined) return;
      const isAbout = isExtension(header.type);
      const extension = isAbout ? {} : { ...this.#global, ...this.#long, ...this.#pax };
      const data = this.#dataOf(header, extension, block, offset);
      this.#requireData(data, extension.name ?? header.name);
      if (isAbout) this.#extend(header.type, data, offset);
      else {
        if (!NO_MEMBER.has(header.type)) yield toMember(header, extension, data.body);
        this.#pax = {};
        this.#long = {};
        this.#context.limits.records += RECORDS_PER_MEMBER;
      }
      offset = data.start + Math.ceil(data.size / BLOCK) * BLOCK;
    }
  }

  /** Undefined for a block of zeros. */
  #headerIn(block: Uint8Array, offset: number): TarHeader | undefined {
    if (block.length < BLOCK) throw this.#damaged('the archive ends within a header', offset);
    const header = decodeTarHeader(block);
    if (typeof header === 'string') throw this.#damaged(header, offset);
    return header;
  }

  #requireData({ start, size }: Data, name: string): void {
    const end = start + size;
    if (end <= this.#source.size) return;
    const fact = `the archive ends within ${printable(name)}, which goes on to ${hex(end)}`;
    throw this.#damaged(fact, this.#source.size);
  }

  #damaged(fact: string, at: number): ArchiveError {
    return new ArchiveError(fact, at, { path: this.#context.path });
  }

  #dataOf(header: TarHeader, extension: TarExtension, block: Uint8Array, offset: number): Data {
    const start = offset + BLOCK;
    const isOldDirectory = header.type === '0' && nameOf(header, extension).endsWith('/');
    const hasData = !HEADER_ONLY.has(header.type) && !isOldDirectory;
    const size = hasData ? (extension.size ?? header.size) : 0;
    const isOld = header.type === 'S';
    if (!isOld && extension.sparse === undefined)
      return { start, size, body: sliceSource(this.#source, start, size) };
    const sparse = isOld
      ? sparseOfHeader(this.#source, block, start)
      : sparseOfPax(this.#source, start, extension.sparse ?? []);
    if (sparse === undefined) throw this.#damaged('the map of a sparse file is damaged', offset);
    const { limits } = this.#context;
    limits.pieces -= sparse.at.length;
    if (limits.pieces < 0)
      throw this.#damaged(`its sparse files have more than ${MAX_PIECES} pieces`, offset);
    // The size in an old header does not count the blocks with the rest of the map.
    const first = isOld ? sparse.start : start;
    return {
      start: first,
      size: Math.max(size, sparse.start - first + storedSize(sparse)),
      body: sparseBytes(this.#source, sparse),
    };
  }

  #extensionOf(type: string): TarExtension {
    if (type === 'g') return this.#global;
    return type === 'L' || type === 'K' ? this.#long : this.#pax;
  }

  #extend(type: string, { start, size }: Data, offset: number): void {
    if (size > MAX_EXTENSION) throw this.#damaged(`an extended header has ${size} bytes`, offset);
    // A header of a type replaces the one before it, as in GNU tar.
    if (type === 'x' || type === 'X') this.#pax = {};
    const extension = this.#extensionOf(type);
    const bytes = this.#source.read(start, size);
    const problem = extend(extension, type, bytes, this.#context.limits);
    if (problem !== undefined) throw this.#damaged(problem, offset);
    if (type !== 'g') return;
    // A map is of one file.
    extension.sparse = undefined;
  }
}

function nameOf(header: TarHeader, extension: TarExtension): string {
  const sparseName = extension.sparse?.findLast(([key]) => key === 'name')?.[1];
  return sparseName ?? extension.name ?? header.name;
}

function toMember(header: TarHeader, extension: TarExtension, body: ByteSource): ArchiveMember {
  const name = nameOf(header, extension);
  const kind = KINDS[header.type] ?? 'other';
  return {
    name,
    // Before ustar, directories were files with a slash behind their name.
    kind: kind === 'file' && name.endsWith('/') ? 'directory' : kind,
    mode: header.mode,
    uid: extension.uid ?? header.uid,
    gid: extension.gid ?? header.gid,
    link: extension.link ?? header.link,
    body: kind === 'file' ? body : NOTHING,
    capability: extension.capability,
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
