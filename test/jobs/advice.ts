/**
 * What elfdeps' notes tell a user to try: every option that they name, with its value. A note that
 * names everything, or half a dozen kinds and more, is no advice, since nothing is left to decide.
 */

const OPTION =
  /(--(?:with|include|package|opened|keep))[ =]('[^']*'|"[^"]*"|[^\s,;()]+(?:,[^\s,;()]+)*)/g;
const EVERYTHING = /^(?:\*+|\/\*.*)$/;
const MANY_KINDS = 6;

/**
 * The options in the order of the notes, each once, kinds in one `--with`; none where the notes give
 * no option, or one of everything.
 */
export function adviceOf(notes: string): readonly string[] {
  const kinds = new Set<string>();
  const others = new Map<string, readonly [string, string]>();
  for (const [, option = '', quoted = ''] of notes.matchAll(OPTION)) {
    const value = quoted.replace(/^(['"])(.*)\1$/, '$2');
    if (option === '--with') for (const [kind] of value.matchAll(/[a-z][a-z-]*/g)) kinds.add(kind);
    else others.set(`${option} ${value}`, [option, value]);
  }
  if (kinds.has('all') || kinds.size > MANY_KINDS) return [];
  if ([...others.values()].some(([, value]) => EVERYTHING.test(value))) return [];
  const withKinds = kinds.size === 0 ? [] : ['--with', [...kinds].join(',')];
  return [...withKinds, ...[...others.values()].flat()];
}
