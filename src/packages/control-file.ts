/**
 * Paragraphs of Debian's control files, as dpkg writes them into its status file.
 * Source: deb822(5); Debian Policy, chapters 5 and 7.
 */

/** The fields of a paragraph, each read when it is asked for: most never are. */
export class Paragraph {
  readonly #text: string;
  #lower: string | undefined;

  /** `text` is a line break, and the lines of the paragraph. */
  constructor(text: string) {
    this.#text = text;
  }

  /**
   * The value of a field, by its name in lower case; each further line follows a line break. The last of
   * several counts. Undefined where there is none.
   */
  get(name: string): string | undefined {
    this.#lower ??= lowerCase(this.#text);
    const found = this.#lower.lastIndexOf(`\n${name}:`);
    if (found < 0) return undefined;
    const start = found + name.length + 2;
    const end = /\n(?![ \t])|$/g;
    end.lastIndex = start;
    const value = this.#text.slice(start, end.exec(this.#text)?.index);
    if (!value.includes('\n')) return value.trim();
    return value
      .split('\n')
      .map((line, at) => (at === 0 ? line.trim() : line.slice(1)))
      .join('\n');
  }
}

/** Of the same length, as the lower case of some letters is not. */
function lowerCase(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Every paragraph. Lines that are no field are passed over. */
export function parseParagraphs(text: string): Paragraph[] {
  return text
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
