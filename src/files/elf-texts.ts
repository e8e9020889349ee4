/**
 * Texts in the read-only data of objects: paths, formats, names of functions. Large files are read in
 * pieces, and no byte twice for one question, however many segments claim it.
 */
import { PT_GNU_EH_FRAME, PT_LOAD } from '../elf/constants.js';
import type { ProgramHeader } from '../elf/header.js';
import type { RealPath, Root } from '../root/root.js';
import { latin1Text } from './embedded-strings.js';
import { FileStore } from './file-store.js';
import { namedPaths, widePaths } from './named-paths.js';
import type { RootElf } from './root-elf.js';
import { TerminatedTexts } from './terminated-texts.js';

/** A part of a file, in bytes. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** Bytes of which those from `first` to before `last` are asked about; the others stand around. */
interface Piece {
  readonly bytes: Buffer;
  readonly first: number;
  readonly last: number;
  readonly texts: TerminatedTexts;
}

const CHUNK = 1 << 20;
/** Bytes of data of one object that are kept between two questions. */
const MOST_KEPT = 1 << 26;
/** The same of several objects: a program is asked about again and again while its libraries are. */
const MOST_KEPT_TOGETHER = 1 << 23;
/** Characters each way that a text may have. */
const REACH = 256;
/** More texts with the same part tell nothing more. */
const MOST_TEXTS = 1000;
/** An object with more paths is a tool that lists files of others. */
const MOST_PATHS = 4096;

/** Texts of the files of one root. */
export class ElfTexts {
  readonly #root: Root;
  readonly #store: FileStore;
  /** Sets of names that were asked about. */
  readonly #vocabularies = new Set<ReadonlySet<string>>();
  /** All of their names. */
  #words: ReadonlySet<string> = new Set();
  /** Data of the last objects, the last one at the end. */
  readonly #kept = new Map<
    RealPath,
    { readonly pieces: readonly Piece[]; readonly size: number }
  >();

  constructor(root: Root, store: FileStore = new FileStore()) {
    this.#root = root;
    this.#store = store;
  }

  /**
   * Texts of the object's data that contain `part`, in file order, each once: the printable characters
   * around it, at most 256 each way.
   */
  find(object: RootElf, part: string): readonly string[] {
    const record = this.#store.record(this.#root, object.realPath);
    record.texts ??= new Map();
    let texts = record.texts.get(part);
    if (texts === undefined) {
      texts = this.#search(object, Buffer.from(part, 'latin1'));
      record.texts.set(part, texts);
    }
    return texts;
  }

  /** Which of `names` stand in the data as a whole, between two NUL bytes; all are looked for at once. */
  among(object: RootElf, names: readonly string[]): ReadonlySet<string> {
    const wanted = new Set(names);
    const record = this.#store.record(this.#root, object.realPath);
    record.among ??= new Map();
    const question = [...wanted].join('\0');
    let found = record.among.get(question);
    if (found === undefined) {
      found = this.#findAmong(object, wanted);
      record.among.set(question, found);
    }
    return found;
  }

  /**
   * The same for a set of names that many objects are asked about. All such sets are looked for when an
   * object is asked about the first of them, since going through its data is what takes time.
   */
  inVocabulary(object: RootElf, names: ReadonlySet<string>): ReadonlySet<string> {
    const record = this.#store.record(this.#root, object.realPath);
    record.vocabularies ??= new Map();
    const known = record.vocabularies.get(names);
    if (known !== undefined) return known;
    if (!this.#vocabularies.has(names)) {
      this.#vocabularies.add(names);
      this.#words = new Set([...this.#words, ...names]);
    }
    const found = [...this.#findAmong(object, this.#words)];
    for (const each of this.#vocabularies)
      record.vocabularies.set(each, new Set(found.filter((name) => each.has(name))));
    return record.vocabularies.get(names) ?? new Set();
  }

  #findAmong(object: RootElf, wanted: ReadonlySet<string>): ReadonlySet<string> {
    const found = new Set<string>();
    for (const { texts } of this.#pieces(object)) texts.addAmong(wanted, found);
    return found;
  }

  /** Absolute paths in the object's data, in file order, each once, and at most 4096. */
  paths(object: RootElf): readonly string[] {
    const record = this.#store.record(this.#root, object.realPath);
    record.paths ??= this.#findPaths(object);
    return record.paths;
  }

  #findPaths(object: RootElf): string[] {
    const paths = new Set<string>();
    for (const { bytes, first, last } of this.#pieces(object)) {
      const text = latin1Text(bytes);
      for (const read of [namedPaths, widePaths])
        for (const path of read(text, first, last)) {
          paths.add(path);
          if (paths.size === MOST_PATHS) return [...paths];
        }
    }
    return [...paths];
  }

  /** Bytes of the file; fewer, or none, where it ends or cannot be read. */
  read({ realPath, entry }: RootElf, offset: number, length: number): Uint8Array {
    if (offset >= entry.size) return new Uint8Array(0);
    try {
      return this.#root.read(realPath, offset, Math.min(length, entry.size - offset));
    } catch {
      return new Uint8Array(0);
    }
  }

  #search(object: RootElf, part: Buffer): string[] {
    const texts = new Set<string>();
    for (const { bytes, first, last } of this.#pieces(object)) {
      let found = bytes.indexOf(part, first);
      while (found >= 0 && found < last) {
        const { text, end } = textAround(bytes, found);
        texts.add(text);
        if (texts.size === MOST_TEXTS) return [...texts];
        // The same text again, however often it has the part.
        found = bytes.indexOf(part, Math.max(end, found + 1));
      }
    }
    return [...texts];
  }

  /** The data in pieces; those of the last objects of usual size are kept for the next questions. */
  #pieces(object: RootElf): Iterable<Piece> {
    const known = this.#kept.get(object.realPath);
    if (known !== undefined) {
      this.#kept.delete(object.realPath);
      this.#kept.set(object.realPath, known);
      return known.pieces;
    }
    const ranges = dataRanges(object);
    const size = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
    if (size > MOST_KEPT) return this.#readPieces(object, ranges);
    this.#makeRoom(size);
    const pieces = [...this.#readPieces(object, ranges)];
    this.#kept.set(object.realPath, { pieces, size });
    return pieces;
  }

  #makeRoom(size: number): void {
    let total = size;
    for (const each of this.#kept.values()) total += each.size;
    for (const [path, each] of this.#kept) {
      if (total <= MOST_KEPT_TOGETHER) return;
      this.#kept.delete(path);
      total -= each.size;
    }
  }

  *#readPieces(object: RootElf, ranges: readonly Range[]): Generator<Piece> {
    for (const { start, end } of ranges)
      for (let at = start; at < end; at += CHUNK) {
        const from = Math.max(start, at - REACH);
        const wanted = this.read(object, from, Math.min(at + CHUNK + REACH, end) - from);
        const bytes = Buffer.from(wanted.buffer, wanted.byteOffset, wanted.length);
        const texts = new TerminatedTexts(bytes);
        yield { bytes, first: at - from, last: at - from + CHUNK, texts };
      }
  }
}

/** The parts of a file where texts are, in file order, none twice and none behind its end. */
function dataRanges({ elf, entry }: RootElf): Range[] {
  const ranges: Range[] = [];
  const sorted = dataSegments(elf.segments).sort((a, b) => a.start - b.start);
  for (const { start, end } of sorted) {
    const last = ranges.at(-1);
    const from = Math.max(start, last?.end ?? 0);
    const to = Math.min(end, entry.size);
    if (from < to) ranges.push({ start: from, end: to });
  }
  return ranges;
}

/**
 * GNU ld (since 2.31) puts read-only data behind the code, with the tables for unwinding at its end,
 * and before the code nothing but what the loader reads; other linkers put it anywhere.
 */
function dataSegments(segments: readonly ProgramHeader[]): Range[] {
  const loaded = segments.filter(({ type }) => type === PT_LOAD);
  const behindCode = loaded.slice(loaded.findIndex(({ executable }) => executable) + 1);
  const isOfGnuLd =
    behindCode.length < loaded.length &&
    behindCode.some(({ executable, writable }) => !executable && !writable);
  if (!isOfGnuLd) return loaded.map(rangeOf);
  const unwinding = segments.find(({ type }) => type === PT_GNU_EH_FRAME)?.offset;
  return behindCode
    .filter(({ executable }) => !executable)
    .map((segment) => {
      const { start, end } = rangeOf(segment);
      const isCut =
        !segment.writable && unwinding !== undefined && unwinding > start && unwinding < end;
      return { start, end: isCut ? unwinding : end };
    });
}

function rangeOf({ offset, filesz }: ProgramHeader): Range {
  return { start: offset, end: offset + filesz };
}

/** Printable characters around a place, at most {@link REACH} each way. */
function textAround(bytes: Buffer, at: number): { text: string; end: number } {
  const isEnd = (byte: number | undefined) => byte === undefined || byte < 0x20 || byte >= 0x7f;
  let start = at;
  let end = at;
  while (start > 0 && at - start < REACH && !isEnd(bytes[start - 1])) start--;
  while (end - at < REACH && !isEnd(bytes[end])) end++;
  return { text: bytes.toString('latin1', start, end), end };
}
