/**
 * The outside of a command: where text goes, and what the process was started with. The commands
 * know only this, so that tests run them in process.
 */

export interface Terminal {
  /** Results. */
  out(text: string): void;
  /** Results that are no text. */
  outBytes(bytes: Uint8Array): void;
  /** Everything else. */
  err(text: string): void;
  /** Aborted by Ctrl-C or a request to end, from the first call on; before, those end the process. */
  interruption(): AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Working directory of this machine. */
  readonly cwd: string;
  /** Whether results go to a terminal that can show colours. */
  readonly isTerminal: boolean;
  /** Columns of the terminal that everything else goes to; undefined when that is none. */
  errColumns(): number | undefined;
  /** Milliseconds since some moment, for the progress bar; this machine's clock unless given. */
  clock?(): number;
}

/** NO_COLOR and FORCE_COLOR as no-color.org and force-color.org have them; `--no-color` first. */
export function wantsColor(terminal: Terminal, option: boolean | undefined): boolean {
  if (option === false) return false;
  const { NO_COLOR, FORCE_COLOR, TERM } = terminal.env;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0';
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  return terminal.isTerminal && TERM !== 'dumb';
}
