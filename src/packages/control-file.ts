/**
 * Paragraphs of Debian's control files, as dpkg writes them into its status file.
 * Source: deb822(5); Debian Policy, chapters 5 and 7.
 */

/** The fields of a paragraph, each read when it is asked for: most never are. */
export class Paragraph {
  readonly #text: string;

  /** `text` is a line break, and the lines of the paragraph. */
  constructor(text: string) {
    this.#text = text;
  }

  /**
   * The value of a field, by its name in lower case; each further line follows a line break. The last of
   * several counts. Undefined where there is none.
   */
  get(name: string): string | undefined {
    FIELD[name] ??= new RegExp(`\\n${name}:([^\\n]*(?:\\n[ \\t][^\\n]*)*)`, 'gi');
    const value = [...this.#text.matchAll(FIELD[name])].at(-1)?.[1];
    return value
      ?.split('\n')
      .map((line, at) => (at === 0 ? line.trim() : line.slice(1)))
      .join('\n');
  }
}

const FIELD: Record<string, RegExp> = {};

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
