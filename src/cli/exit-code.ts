/**
 * What the exit code says, and how errors are printed: one line, the path first.
 */
import { type ElfdepsError, printable } from '../errors.js';
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
  terminal.err(`elfdeps: ${printable(`${path}${error.fact}`)}\n`);
  if (error.hint !== undefined) terminal.err(`  ${printable(error.hint)}\n`);
}
