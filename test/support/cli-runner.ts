/**
 * Runs the command line in process and gives what a shell would see: exit code, standard output and
 * standard error. Whatever claims to be JSON is checked against the shipped schema on the way.
 */
import { main } from '../../src/cli/main.js';
import { requireValidJson, requireValidNdjson } from '../report/json-schema.js';

export interface CliOptions {
  /** The environment; empty unless given. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The working directory; `/` unless given. */
  readonly cwd?: string;
  readonly isTerminal?: boolean;
  /** Columns of the terminal that standard output goes to; undefined when that is none. */
  readonly columns?: number;
  /** Columns of the terminal that standard error goes to; undefined when that is none. */
  readonly errColumns?: number;
  /** What the progress bar takes for the time, in milliseconds; it stands still unless given. */
  readonly clock?: () => number;
  /** What tells a command that writes of a signal; none comes unless given. */
  readonly interruption?: () => AbortSignal;
}

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `elfdeps ARGS`, without a process. */
export async function runCli(
  args: readonly string[],
  options: CliOptions = {},
): Promise<CliResult> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(args, {
    out: (text) => {
      out.push(text);
    },
    outBytes: (bytes) => {
      out.push(Buffer.from(bytes).toString('latin1'));
    },
    interruption: options.interruption ?? (() => new AbortController().signal),
    written: async () => {},
    err: (text) => {
      err.push(text);
    },
    env: options.env ?? {},
    cwd: options.cwd ?? '/',
    isTerminal: options.isTerminal ?? false,
    columns: () => options.columns,
    errColumns: () => options.errColumns,
    clock: options.clock ?? (() => 0),
  });
  const result = { code, stdout: out.join(''), stderr: err.join('') };
  const format = formatOf(args);
  if (format === 'json' && result.stdout !== '') requireValidJson(result.stdout);
  if (format === 'ndjson') requireValidNdjson(result.stdout);
  return result;
}

function formatOf(args: readonly string[]): string | undefined {
  const joined = args.find((arg) => arg.startsWith('--format='));
  if (joined !== undefined) return joined.slice('--format='.length);
  const at = args.indexOf('--format');
  return at < 0 ? undefined : args[at + 1];
}
