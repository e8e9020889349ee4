/**
 * Lists of paths, one a line, as bytes: which of them have a path. Bytes are searched for the first few
 * questions; then a table of the lines is made, in a small part of the time that strings would take.
 */

/** So many questions take about as long as making the table. */
const FEW_QUESTIONS = 12;
/** Lines of the table: several times those of a full desktop system. */
const MOST_LINES = 1 << 22;

/** The lists of several owners, one behind the other. */
export class PathLists<Owner> {
  readonly #bytes: Buffer;
  readonly #owners: readonly { readonly end: number; readonly owner: Owner }[];
  #questions = 0;
  #table: LineTable | undefined;

  /** `bytesOf` gives the list of an owner; undefined for one without. */
  constructor(owners: readonly Owner[], bytesOf: (owner: Owner) => Uint8Array | undefined) {
    const parts: Uint8Array[] = [BREAK];
    const ends: { end: number; owner: Owner }[] = [];
    let end = BREAK.length;
    for (const owner of owners) {
      const bytes = bytesOf(owner);
      if (bytes === undefined) continue;
      parts.push(bytes, BREAK);
      end += bytes.length + BREAK.length;
      ends.push({ end, owner });
    }
    this.#bytes = Buffer.concat(parts);
    this.#owners = ends;
  }

  /** The list of an owner; undefined for one without. */
  listOf(owner: Owner): Uint8Array | undefined {
    const at = this.#owners.findIndex((each) => each.owner === owner);
    const part = this.#owners[at];
    const start = this.#owners[at - 1]?.end ?? BREAK.length;
    return part && this.#bytes.subarray(start, part.end - BREAK.length);
  }

  /**
   * Owners in their order, each once. A line with a slash at its end counts too, as one of a directory. Of more
   * than four million lines, the others count for the first few questions only.
   */
  search(path: string): Owner[] {
    const found = new Set<Owner>();
    this.#questions++;
    this.#searchBytes(path === '/' ? '' : path, 'utf8', found);
    // A name that is not UTF-8 has one character for each byte.
    if (/[\x80-\xff]/.test(path)) this.#searchBytes(path, 'latin1', found);
    return [...found];
  }

  #searchBytes(path: string, encoding: BufferEncoding, found: Set<Owner>): void {
    const bytes = this.#bytes;
    const wanted = Buffer.from(path, encoding);
    if (this.#questions > FEW_QUESTIONS) {
      this.#table ??= new LineTable(bytes);
      for (const start of this.#table.search(wanted)) found.add(this.#ownerAt(start));
      return;
    }
    const line = Buffer.concat([BREAK, wanted.length === 0 ? SLASH_AND_DOT : wanted]);
    for (let at = bytes.indexOf(line); at >= 0; at = bytes.indexOf(line, at + line.length)) {
      const end = bytes.indexOf(BREAK, at + line.length);
      if (pathEnd(bytes, at + 1, end) === at + 1 + wanted.length) found.add(this.#ownerAt(at + 1));
    }
  }

  /** By halves: the first whose part ends behind the offset. */
  #ownerAt(offset: number): Owner {
    let [low, high] = [0, this.#owners.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#owners[middle]?.end ?? 0) > offset) high = middle;
      else low = middle + 1;
    }
    return this.#owners[low]?.owner as Owner;
  }
}

/** Lines by a number that is made of their bytes. */
class LineTable {
  readonly #bytes: Buffer;
  /** Where lines start, in their order. */
  readonly #starts: Int32Array;
  /** The last line of each number, and for each line the one before with the same; -1 for none. */
  readonly #last: Int32Array;
  readonly #before: Int32Array;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    let count = 0;
    for (let at = 0; at < bytes.length; at++) if (bytes[at] === LINE_BREAK) count++;
    const lines = Math.min(count, MOST_LINES);
    this.#starts = new Int32Array(lines);
    this.#before = new Int32Array(lines);
    this.#last = new Int32Array(1 << (32 - Math.clz32(lines))).fill(-1);
    let start = bytes.indexOf(LINE_BREAK) + 1;
    for (let line = 0; line < lines; line++) {
      const end = bytes.indexOf(LINE_BREAK, start);
      if (end < 0) break;
      const place = this.#placeOf(bytes, start, pathEnd(bytes, start, end));
      this.#starts[line] = start;
      this.#before[line] = this.#last[place] as number;
      this.#last[place] = line;
      start = end + 1;
    }
  }

  /** Where the lines with a path start, in their order. */
  search(wanted: Buffer): number[] {
    const found: number[] = [];
    let line = this.#last[this.#placeOf(wanted, 0, wanted.length)] as number;
    for (; line >= 0; line = this.#before[line] as number) {
      const start = this.#starts[line] as number;
      // An empty line is not the top.
      if (this.#bytes[start] !== SLASH) continue;
      const end = pathEnd(this.#bytes, start, this.#bytes.indexOf(LINE_BREAK, start));
      if (this.#bytes.compare(wanted, 0, wanted.length, start, end) === 0) found.push(start);
    }
    return found.reverse();
  }

  /** Source: FNV-1a, 32 bits. */
  #placeOf(bytes: Buffer, start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
    return (hash ^ (hash >>> 16)) & (this.#last.length - 1);
  }
}

/** The end of a path in a line, without the `/` or `/.` at the end, which mean the same. */
function pathEnd(bytes: Buffer, start: number, end: number): number {
  let at = end;
  if (at - start > 1 && bytes[at - 1] === DOT && bytes[at - 2] === SLASH) at--;
  while (at > start && bytes[at - 1] === SLASH) at--;
  return at;
}

const BREAK = Buffer.from('\n');
const SLASH_AND_DOT = Buffer.from('/.');
const [LINE_BREAK, SLASH, DOT] = Buffer.from('\n/.') as unknown as [number, number, number];
