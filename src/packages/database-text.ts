/**
 * The text of database files, read through the root with limits; what cannot be read becomes a note.
 */
import { decodeText } from '../elf/byte-source.js';
import type { RootFiles } from '../files/root-files.js';
import type { PackageNote } from './package.js';

/** Bytes of one file: the lists of the largest packages have a few megabytes. */
const MAX_FILE = 1 << 25;
/** Bytes of all files of a run: several times those of a full desktop system. */
const MAX_ALL = 1 << 27;
/** Lines of one text: several times those of apk's database of a full desktop system. Each takes memory. */
const MAX_LINES = 1 << 20;
/** Some ten times those of a full desktop system. */
const MOST_PACKAGES = 1 << 15;

/** The files of one database. */
export class DatabaseFiles {
  readonly files: RootFiles;
  readonly kind: string;
  readonly #notes = new Map<string, PackageNote>();
  #left = MAX_ALL;

  constructor(files: RootFiles, kind: string) {
    this.files = files;
    this.kind = kind;
  }

  /** What could not be read so far. */
  get notes(): readonly PackageNote[] {
    return [...this.#notes.values()];
  }

  /** The bytes of a file; undefined, with a note, where it cannot be read. */
  bytes(path: string): Uint8Array | undefined {
    const file = this.files.resolve(path);
    const size = file.found ? file.entry.size : 0;
    if (size > MAX_FILE || size > this.#left) return this.note('too-large', path);
    const bytes = this.files.readBytes(path, MAX_FILE);
    if (bytes === undefined) return this.note('unreadable', path);
    this.#left -= bytes.length;
    return bytes;
  }

  /** The bytes of a file of lines, likewise. */
  textBytes(path: string): Uint8Array | undefined {
    const bytes = this.bytes(path);
    if (bytes !== undefined && hasMoreLines(bytes, MAX_LINES)) return this.note('too-large', path);
    return bytes;
  }

  /** The text of a file, likewise: UTF-8 where that is valid, otherwise one character a byte. */
  text(path: string): string | undefined {
    const bytes = this.textBytes(path);
    return bytes && textOf(bytes);
  }

  /** The text of a file that a root may lack; undefined without it. */
  optionalText(path: string): string | undefined {
    return this.files.resolve(path).found ? this.text(path) : undefined;
  }

  /** Its lines. */
  lines(path: string): readonly string[] | undefined {
    return this.text(path)?.split('\n');
  }

  /** Whether there are as many packages as elfdeps keeps; then a note says so. */
  isFull(count: number, path: string): boolean {
    if (count < MOST_PACKAGES) return false;
    this.note('too-large', path);
    return true;
  }

  /** Adds a note, once for each path. */
  note(code: PackageNote['code'], path: string, format?: string): undefined {
    if (!this.#notes.has(path)) this.#notes.set(path, { code, kind: this.kind, path, format });
  }
}

function hasMoreLines(bytes: Uint8Array, most: number): boolean {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1))
    if (++count > most) return true;
  return false;
}

/** The lines of a text, see {@link textOf}. */
export function linesOf(bytes: Uint8Array): string[] {
  return textOf(bytes).split('\n');
}

/** A text: UTF-8 where all of a line is valid, otherwise one character a byte. */
function textOf(bytes: Uint8Array): string {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  if (!text.includes('\ufffd')) return text;
  // One name that is not UTF-8 changes nothing about the others.
  const lines: string[] = [];
  for (let start = 0; start <= bytes.length; ) {
    const end = bytes.indexOf(10, start);
    const stop = end < 0 ? bytes.length : end;
    lines.push(decodeText(bytes.subarray(start, stop)));
    start = stop + 1;
  }
  return lines.join('\n');
}
