/**
 * Paths as words of a shell's command line, for the commands that findings and notes print.
 * Source: POSIX, "Shell Command Language", quoting; the dollar quotes of POSIX.1-2024.
 */

import { hasHidden, replaceHidden } from '../errors.js';

/** Words that need no quotes. A tilde or an equals sign means something only at some places. */
const PLAIN = /^[\w@%+:,./-][\w@%+:,./=-]*$/;

/** One word: as it is where a shell takes it so, else in quotes. */
export function shellWord(text: string): string {
  if (PLAIN.test(text)) return text;
  if (!hasHidden(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  const escaped = text.replaceAll(/[\\']/g, (character) => `\\${character}`);
  return `$'${replaceHidden(escaped, bytesOf)}'`;
}

/** The word for a file that a command reads; `FILE` for standard input, which is named `-`. */
export function shellFile(path: string): string {
  if (path === '-') return 'FILE';
  return shellWord(path.startsWith('-') ? `./${path}` : path);
}

/** A command line of these words. A word that begins with a dash needs `--` before it. */
export function shellCommand(...words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}

function bytesOf(character: string): string {
  return [...new TextEncoder().encode(character)]
    .map((byte) => `\\${byte.toString(8).padStart(3, '0')}`)
    .join('');
}
