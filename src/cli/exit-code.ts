/**
 * What the exit code says, and how errors are printed: one line, the path first.
 */
import type { ElfdepsError } from '../index.js';
import type { Terminal } from './terminal.js';

export const COMPLETE = 0;
export const INCOMPLETE = 1;
export const COULD_NOT_RUN = 2;

/** Prints an error as `elfdeps: PATH: FACT`, and its advice on a line of its own. */
export function printError(
  error: ElfdepsError,
  terminal: Terminal,
  names: ReadonlyMap<string, string> = new Map(),
): void {
  const path = error.path === undefined ? '' : `${names.get(error.path) ?? (error.path || "''")}: `;
  terminal.err(`elfdeps: ${oneLine(`${path}${error.fact}`)}\n`);
  if (error.hint !== undefined) terminal.err(`  ${oneLine(error.hint)}\n`);
}

/** Control characters of file names, which could end the line or command the terminal, as `\xHH`. */
function oneLine(text: string): string {
  return text.replaceAll(
    /\p{Cc}/gu,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
