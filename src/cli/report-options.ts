/**
 * What the commands that print a report share: its format, and the file that it goes to.
 */
import type { Command } from 'commander';
import { UsageError } from '../errors.js';
import { requirePlace, writeWholeFile } from '../output/whole-file.js';
import { addSharedOptions, type SharedOptions } from './options.js';
import { type Terminal, wantsColor } from './terminal.js';

/** As commander gives them; absent where not given. */
export interface ReportOptions extends SharedOptions {
  readonly format?: string;
  readonly output?: string;
  readonly force?: boolean;
}

/** Anything that is chosen by its name. */
interface Named {
  readonly name: string;
}

/** Declares the options of a report with these formats, then those of every command. */
export function addReportOptions(command: Command, formats: readonly Named[]): Command {
  command
    .option('-f, --format <name>', formatNames(formats))
    .option('-o, --output <file>', 'the file to write (default: standard output)')
    .option('--force', 'replace a file that is there');
  return addSharedOptions(command);
}

/** The format that the options name, or the first. Throws {@link UsageError} for an unknown name. */
export async function chooseFormat<Format extends Named>(
  formats: readonly Format[],
  { format: name }: ReportOptions,
): Promise<Format> {
  const format = name === undefined ? formats[0] : formats.find((known) => known.name === name);
  if (format !== undefined) return format;
  const { formatQuestion } = await import('./suggestion.js');
  const question = formatQuestion(
    name ?? '',
    formats.map((known) => known.name),
  );
  const known = `known are ${formatNames(formats)}`;
  throw new UsageError(`unknown format '${name}'`, {
    hint: question === undefined ? known : `${question.replace(/[^?]$/, '$&;')} ${known}`,
  });
}

/** Whether a report has colours: in a file only if FORCE_COLOR says so. */
export function wantsReportColor(options: ReportOptions, terminal: Terminal): boolean {
  const isTerminal = terminal.isTerminal && isForStandardOutput(options);
  return wantsColor({ ...terminal, isTerminal }, options.color);
}

/** Columns of the terminal that a report goes to; undefined where it goes into a file or a pipe. */
export function reportColumns(options: ReportOptions, terminal: Terminal): number | undefined {
  return isForStandardOutput(options) ? terminal.columns() : undefined;
}

/** Where a report goes. */
type ReportPlace = Pick<ReportOptions, 'output' | 'force'>;

/** Before the work: throws what {@link writeReport} would throw for what stands at the place of --output. */
export function requireReportPlace(place: ReportPlace): void {
  const { output = '-', force = false } = place;
  if (!isForStandardOutput(place)) requirePlace(output, { force });
}

/**
 * Writes a report to standard output, or to the file of --output, which is then complete or absent.
 * Throws OUTPUT_EXISTS for a file that is there, unless --force is given.
 */
export async function writeReport(
  text: string,
  options: ReportPlace,
  terminal: Terminal,
): Promise<void> {
  if (isForStandardOutput(options)) {
    terminal.out(text);
    return;
  }
  const { output = '', force = false } = options;
  await writeWholeFile(output, { force }, async (sink) => sink(new TextEncoder().encode(text)));
}

function isForStandardOutput({ output = '-' }: ReportPlace): boolean {
  return output === '-';
}

function formatNames(formats: readonly Named[]): string {
  return formats.map(({ name }) => name).join(', ');
}
