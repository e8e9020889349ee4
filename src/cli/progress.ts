/**
 * The progress bar: one line on a terminal that standard error goes to, drawn once work has taken
 * half a second and erased at its end. cli-progress draws it, and is loaded only then. Only this file looks
 * at the clock, and no result depends on it.
 */
import type { Options, SingleBar } from 'cli-progress';
import { loadCliProgress } from './cli-progress.js';
import { type ProgressState, progressLine } from './progress-line.js';
import { Speed } from './progress-speed.js';
import type { Terminal } from './terminal.js';

/** Milliseconds until there is a bar, and between two of its pictures. */
const PATIENCE = 500;
const INTERVAL = 100;
const ERASE = '\x1b[K';

/** Shows how far some work is. Without a terminal, and with --quiet, it does nothing. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #quiet: boolean;
  readonly #clock: () => number;
  readonly #speed = new Speed();
  #next: number;
  #columns: number | undefined;
  #state: ProgressState | undefined;
  #bar: SingleBar | undefined;

  constructor(terminal: Terminal, quiet: boolean | undefined) {
    this.#terminal = terminal;
    this.#quiet = quiet ?? false;
    this.#clock = terminal.clock ?? Date.now;
    this.#next = this.#clock() + PATIENCE;
  }

  /** `done` of `total` is done, which is infinite where it is not known; `label` comes next. */
  show(done: number, total: number, label: string, unit: ProgressState['unit'] = 'files'): void {
    const now = this.#clock();
    if (this.#quiet) return;
    this.#speed.begin(now, done, total);
    if (now < this.#next) return;
    // Not earlier: asking for the width takes longer than a small run.
    this.#columns ??= this.#terminal.errColumns() ?? 0;
    this.#next = this.#columns === 0 ? Number.POSITIVE_INFINITY : now + INTERVAL;
    if (this.#columns === 0) return;
    this.#speed.add(now, done, total);
    this.#state = { done, total, unit, label, perSecond: this.#speed.perSecond() };
    if (this.#bar === undefined) this.#bar = this.#start();
    else this.#bar.render();
  }

  /** Erases the bar, so that the next text starts on an empty line. */
  end(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #start(): SingleBar {
    const { SingleBar: Bar } = loadCliProgress();
    const columns = this.#columns ?? 0;
    const bar = new Bar({
      format: () => (this.#state === undefined ? '' : progressLine(this.#state, columns)),
      terminal: this.#device(columns),
      hideCursor: null,
      linewrap: null,
      clearOnComplete: true,
    } as Options);
    bar.start(1, 0);
    return bar;
  }

  /** The terminal as cli-progress asks for it: it writes to streams, which take long to load. */
  #device(columns: number): object {
    const write = (text: string) => this.#terminal.err(text);
    return {
      isTTY: () => true,
      getWidth: () => columns,
      write,
      cursorTo: () => write('\r'),
      clearRight: () => write(ERASE),
      clearLine: () => write(ERASE),
      newline: () => write('\n'),
      cursorSave() {},
      cursorRestore() {},
      cursor() {},
      lineWrapping() {},
    };
  }
}
