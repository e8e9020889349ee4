/**
 * The progress bar: one line on a terminal that standard error goes to, drawn once work has taken
 * half a second and erased at its end. Only this file looks at the clock, and no result depends on it.
 */
import { printable } from '../errors.js';
import type { Terminal } from './terminal.js';

/** Milliseconds until there is a bar, and between two of its pictures. */
const PATIENCE = 500;
const INTERVAL = 100;
const BAR = 20;
const ERASE = '\r\x1b[K';

/** Shows how far some work is. Without a terminal, and with --quiet, it does nothing. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #quiet: boolean;
  readonly #clock: () => number;
  #next: number;
  #columns: number | undefined;
  #isDrawn = false;

  constructor(terminal: Terminal, quiet: boolean | undefined) {
    this.#terminal = terminal;
    this.#quiet = quiet ?? false;
    this.#clock = terminal.clock ?? Date.now;
    this.#next = this.#clock() + PATIENCE;
  }

  /** `done` of `total` (of any unit) is done; `label` comes next. */
  show(done: number, total: number, label: string): void {
    const now = this.#clock();
    if (this.#quiet || now < this.#next) return;
    // Not earlier: asking for the width takes longer than a small run.
    this.#columns ??= this.#terminal.errColumns() ?? 0;
    this.#next = this.#columns === 0 ? Number.POSITIVE_INFINITY : now + INTERVAL;
    if (this.#columns === 0) return;
    this.#terminal.err(`\r${progressLine(done, total, label, this.#columns)}\x1b[K`);
    this.#isDrawn = true;
  }

  /** Erases the bar, so that the next text starts on an empty line. */
  end(): void {
    if (this.#isDrawn) this.#terminal.err(ERASE);
    this.#isDrawn = false;
  }
}

/**
 * The bar, the share in percent and the end of the label, in fewer than `columns` columns: a
 * terminal that is written to in its last column wraps. Labels are printed as messages are.
 */
export function progressLine(done: number, total: number, label: string, columns: number): string {
  const share = total > 0 ? Math.min(1, done / total) : 1;
  const filled = Math.floor(share * BAR);
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  const head = `[${'#'.repeat(filled)}${' '.repeat(BAR - filled)}]${percent} `;
  const room = columns - 1 - head.length;
  if (room < 0) return percent.slice(0, Math.max(0, columns - 1));
  // Characters beyond ASCII may take two columns.
  let width = 0;
  let tail = '';
  for (const character of [...printable(label)].reverse()) {
    width += character > '~' ? 2 : 1;
    if (width > room) break;
    tail = character + tail;
  }
  return head + tail;
}
