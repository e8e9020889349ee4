/**
 * Lists of paths, one a line, as bytes: which of them have a path. Searching bytes takes a small part of
 * the time in which all lines become strings and an index, so it pays for a few questions.
 */

/** The lists of several owners, one behind the other. */
export class PathLists<Owner> {
  readonly #bytes: Buffer;
  readonly #owners: readonly { readonly end: number; readonly owner: Owner }[];

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

  /** Owners in their order, each once. A line with a slash at its end counts too, as one of a directory. */
  search(path: string): Owner[] {
    const found = new Set<Owner>();
    this.#searchBytes(Buffer.from(path === '/' ? '\n/.' : `\n${path}`), found);
    // A name that is not UTF-8 has one character for each byte.
    if (/[\x80-\xff]/.test(path)) this.#searchBytes(Buffer.from(`\n${path}`, 'latin1'), found);
    return [...found];
  }

  #searchBytes(wanted: Buffer, found: Set<Owner>): void {
    for (let at = 0; ; at += wanted.length) {
      at = this.#bytes.indexOf(wanted, at);
      if (at < 0) return;
      if (this.#endsAt(at + wanted.length)) found.add(this.#ownerAt(at + 1));
    }
  }

  /** Whether a line ends there, but for `/` and `/.`, which mean the same. */
  #endsAt(start: number): boolean {
    const bytes = this.#bytes;
    let at = start;
    while (bytes[at] === SLASH) at++;
    if (at > start && bytes[at] === DOT) at++;
    return bytes[at] === BREAK[0];
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

const BREAK = Buffer.from('\n');
const [SLASH, DOT] = Buffer.from('/.');
