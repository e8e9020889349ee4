/**
 * Paragraphs of Debian's control files, as dpkg writes them into its status file.
 * Source: deb822(5); Debian Policy, chapters 5 and 7.
 */

import { decodeText } from '../elf/byte-source.js';
import { latin1Text } from '../files/embedded-strings.js';

/** The fields of a paragraph, each read when it is asked for: most never are. */
export class Paragraph {
  readonly #text: string;
  #lower: string | undefined;

  /** `text` is a line break, and the lines of the paragraph, one character a byte. */
  constructor(text: string) {
    this.#text = text;
  }

  /**
   * The value of a field, by its name in lower case; each further line follows a line break. The last of
   * several counts. Undefined where there is none.
   */
  get(name: string): string | undefined {
    this.#lower ??= this.#text.toLowerCase();
    const field = `\n${name}:`;
    let start = -1;
    // Searching backwards is several times slower.
    for (let at = this.#lower.indexOf(field); at >= 0; at = this.#lower.indexOf(field, start))
      start = at + field.length;
    if (start < 0) return undefined;
    const end = /\n(?![ \t])|$/g;
    end.lastIndex = start;
    const value = decoded(this.#text.slice(start, end.exec(this.#text)?.index));
    if (!value.includes('\n')) return value.trim();
    return value
      .split('\n')
      .map((line, at) => (at === 0 ? line.trim() : line.slice(1)))
      .join('\n');
  }
}

function decoded(text: string): string {
  return /[\x80-\xff]/.test(text) ? decodeText(Buffer.from(text, 'latin1')) : text;
}

/**
 * Every paragraph. Lines that are no field are passed over. A text of one character a byte takes a part of
 * the time of one with the names of all maintainers.
 */
export function parseParagraphs(bytes: Uint8Array): Paragraph[] {
  return latin1Text(bytes)
    .split(/\n[ \t\r]*(?=\n|$)/)
    .flatMap((each) => (/\S/.test(each) ? [new Paragraph(`\n${each}`)] : []));
}

/**
 * The names in a field such as `Depends`: one list for each dependency, with its alternatives. Versions,
 * architectures (`:any`) and build restrictions are left out.
 */
export function parseRelations(field = ''): string[][] {
  return field
    .split(',')
    .map((group) =>
      group.split('|').flatMap((one) => /^\s*([A-Za-z0-9][A-Za-z0-9+.-]*)/.exec(one)?.[1] ?? []),
    )
    .filter((alternatives) => alternatives.length > 0);
}
