/**
 * The process as commands see it: where text goes, and what it was started with. Tests run commands
 * with another one, in their own process.
 */
import { choiceOf } from './choices.js';

/** The streams, the environment and the working directory of a process. */
export interface Terminal {
  /** Results. */
  out(text: string): void;
  /** Results in bytes, such as a tar; where a promise is given, the next ones wait for it. */
  outBytes(bytes: Uint8Array): void | Promise<void>;
  /** Everything else: notes, errors, progress. */
  err(text: string): void;
  /** A signal that Ctrl-C and the like abort. Before the first call they end the process. */
  interruption(): AbortSignal;
  /** Everything is written: signals end the process again, and so does one that has come. */
  written(): Promise<void>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Working directory of this machine. */
  readonly cwd: string;
  /** Whether results go to a terminal. */
  readonly isTerminal: boolean;
  /** The width of standard output in columns; undefined if it is not a terminal. */
  columns(): number | undefined;
  /** The width of standard error in columns; undefined if it is not a terminal. */
  errColumns(): number | undefined;
  /** Milliseconds since some moment, for the progress bar; this machine's clock unless given. */
  clock?(): number;
}

/**
 * Whether to use colours: `--color` and `--no-color`, then FORCE_COLOR (force-color.org), then NO_COLOR
 * (no-color.org). Throws {@link UsageError} for another value of `--color`.
 */
export function wantsColor(terminal: Terminal, option: boolean | string | undefined): boolean {
  const choice = typeof option === 'string' ? choiceOf('color', option) : option;
  if (choice === false || choice === 'never') return false;
  if (choice === 'always') return true;
  const { NO_COLOR, FORCE_COLOR, TERM } = terminal.env;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0';
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  return terminal.isTerminal && TERM !== 'dumb';
}
