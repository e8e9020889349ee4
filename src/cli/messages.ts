/**
 * What commands print on standard error: errors and notes, each in one line that no name can break, or in
 * lines of the terminal's width.
 */
import { type ElfdepsError, printable } from '../errors.js';
import { wrapText } from '../report/wrapped-text.js';
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

/** Narrower terminals get lines of this width, which they break themselves. */
const LEAST_COLUMNS = 40;

/** Prints a text that no name can break: in lines of the terminal's width, or in one where there is none. */
export function printLine(text: string, terminal: Terminal, indent = ''): void {
  const width = terminal.errColumns();
  const columns = width === undefined ? Number.POSITIVE_INFINITY : Math.max(width, LEAST_COLUMNS);
  const lines = wrapText(printable(text), { columns, first: indent, rest: '    ' });
  terminal.err(`${lines.join('\n')}\n`);
}

/** Prints advice about the line before. */
export function printHint(text: string, terminal: Terminal): void {
  printLine(text, terminal, '  ');
}

/** Prints an error as `elfdeps: PATH: FACT`, and its advice on the next line; `names` as above. */
export function printError(
  error: ElfdepsError,
  terminal: Terminal,
  names: ReadonlyMap<string, string> = new Map(),
): void {
  const path = error.path === undefined ? '' : `${names.get(error.path) ?? (error.path || "''")}: `;
  printLine(`elfdeps: ${path}${error.fact}`, terminal);
  if (error.hint !== undefined) printHint(error.hint, terminal);
}

/** Prints each note as `elfdeps: note: NOTE`. */
export function printNotes(notes: readonly string[], terminal: Terminal): void {
  for (const note of notes) printLine(`elfdeps: note: ${note}`, terminal);
}
