/**
 * `--opened`: reads the logs of a run, and words what they tell against the needs that were found.
 */
import { UsageError } from '../errors.js';
import type { OpenedDifferences } from '../needs/compare-opened.js';
import type { OpenedLog } from '../opened/opened-log.js';
import { LogReader } from '../opened/read-log.js';
import { pathFrom } from '../root/path-text.js';
import type { SharedOptions } from './options.js';
import type { Terminal } from './terminal.js';

/**
 * What the logs of --opened tell; undefined without that option. `workdir` is where relative paths start
 * that a log tells of. Throws {@link UsageError} for a log that has no line that can be read, and what
 * diskPieces() throws.
 */
export async function readOpenedLogs(
  { opened, root }: SharedOptions,
  { cwd }: Terminal,
  workdir: string,
): Promise<OpenedLog | undefined> {
  if (opened === undefined) return undefined;
  const fromInput = opened.filter((name) => name === '-').length + (root === '-' ? 1 : 0);
  if (fromInput > 1)
    throw new UsageError('standard input can be read once: as one log of --opened or as --root');
  const { diskPieces } = await import('../root/archive/disk-bytes.js');
  const reader = new LogReader(workdir);
  for (const name of opened) {
    const before = reader.result();
    reader.begin(name);
    for await (const piece of diskPieces(name === '-' ? name : pathFrom(cwd, name), name))
      reader.push(piece);
    reader.end();
    requireReadable(name, before, reader.result());
  }
  const log = reader.result();
  if (log.lines === 0) throw new UsageError('the logs of --opened are empty');
  return log;
}

function requireReadable(name: string, before: OpenedLog, after: OpenedLog): void {
  const lines = after.lines - before.lines;
  if (lines > 0 && after.unreadable - before.unreadable < lines) return;
  // One process of many may have opened nothing.
  if (lines === 0 && /\.\d+$/.test(name)) return;
  throw new UsageError(
    lines === 0 ? 'the log is empty' : `none of its ${lines} lines tells of an opened file`,
    {
      path: name === '-' ? 'standard input' : name,
      hint: '--opened takes the output of strace -f or LD_DEBUG=files, or absolute paths, one a line',
    },
  );
}

/** Files that are named in a note; --verbose names all. */
const MOST_NAMED = 5;

/** What was opened and not predicted, predicted and not opened, and what could not be read. */
export function openedNotes(
  opened: OpenedDifferences | undefined,
  verbose: boolean | undefined,
): string[] {
  if (opened === undefined) return [];
  const { lines, unreadable, notPredicted, suggested, notOpened } = opened;
  const notes: string[] = [];
  if (unreadable > 0) notes.push(`--opened: ${unreadable} of ${lines} lines could not be read`);
  if (notPredicted.length > 0)
    notes.push(`--opened: opened, but not predicted: ${named(notPredicted, verbose)}`);
  const likely = suggested.map(({ path, kind }) => `${path} (${kind})`);
  if (likely.length > 0)
    notes.push(`--opened: opened, but not added without it: ${named(likely, verbose)}`);
  if (notOpened.length > 0)
    notes.push(`--opened: predicted, but not opened: ${named(notOpened, verbose)}`);
  return notes;
}

function named(paths: readonly string[], verbose = false): string {
  const shown = verbose ? paths : paths.slice(0, MOST_NAMED);
  const more = paths.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? `, and ${more} more (--verbose names all)` : ''}`;
}
