/**
 * What commands print on standard error: errors and notes, each in one line that no name can break.
 */
import { type ElfdepsError, printable } from '../errors.js';
import type { Terminal } from './terminal.js';

/** Ends a command that cannot go on without the files that its arguments name. */
export class UnreadableFiles extends Error {
  readonly errors: readonly ElfdepsError[];
  /** What the user typed, by path. */
  readonly names: ReadonlyMap<string, string>;

  constructor(errors: readonly ElfdepsError[], names: ReadonlyMap<string, string>) {
    super('files could not be read');
    this.errors = errors;
    this.names = names;
  }
}

/** Prints an error as `elfdeps: PATH: FACT`, and its advice on the next line; `names` as above. */
export function printError(
  error: ElfdepsError,
  terminal: Terminal,
  names: ReadonlyMap<string, string> = new Map(),
): void {
  const path = error.path === undefined ? '' : `${names.get(error.path) ?? (error.path || "''")}: `;
  terminal.err(`elfdeps: ${printable(`${path}${error.fact}`)}\n`);
  if (error.hint !== undefined) terminal.err(`  ${printable(error.hint)}\n`);
}

/** Prints each note as `elfdeps: note: NOTE`. */
export function printNotes(notes: readonly string[], terminal: Terminal): void {
  for (const note of notes) terminal.err(`elfdeps: note: ${printable(note)}\n`);
}
