/**
 * Paragraphs of Debian's control files, as dpkg writes them into its status file.
 * Source: deb822(5); Debian Policy, chapters 5 and 7.
 */

/** Fields by their name in lower case; each further line of a field follows a line break. */
export type Paragraph = ReadonlyMap<string, string>;

/** Every paragraph. Lines that are no field are passed over. */
export function* parseParagraphs(lines: readonly string[]): Generator<Paragraph> {
  for (let start = 0; start < lines.length; ) {
    let end = start;
    while (end < lines.length && lines[end]?.trim() !== '') end++;
    const fields = parseFields(lines, start, end);
    if (fields.size > 0) yield fields;
    start = end + 1;
  }
}

function parseFields(lines: readonly string[], start: number, end: number): Paragraph {
  const fields = new Map<string, string>();
  let last: string | undefined;
  for (let at = start; at < end; at++) {
    const line = lines[at] as string;
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (last !== undefined) fields.set(last, `${fields.get(last)}\n${line.slice(1)}`);
      continue;
    }
    const colon = line.indexOf(':');
    last = colon > 0 ? line.slice(0, colon).toLowerCase() : undefined;
    if (last !== undefined) fields.set(last, line.slice(colon + 1).trim());
  }
  return fields;
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
