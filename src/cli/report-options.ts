/**
 * What the commands that print a report share: its format, and the file that it goes to.
 */
import type { Command } from 'commander';
import { listed, UsageError } from '../errors.js';
import { drain } from '../output/byte-sink.js';
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
  const known = `known: ${formatNames(formats)}`;
  throw new UsageError(`unknown format '${name}'`, {
    hint: question === undefined ? known : `${question.replace(/[^?]$/, '$&;')} ${known}`,
  });
}

/** The options that only some formats have. */
const FORMAT_OPTIONS = {
  null: '--null',
  depth: '--depth',
  sort: '--sort',
  allEdges: '--all-edges',
  all: '--all',
} as const;

/** By its name in the options. */
export type FormatOption = keyof typeof FORMAT_OPTIONS;

/** A format, and the options of this kind that it has. */
interface WithOptions extends Named {
  readonly options?: readonly FormatOption[];
}

/** The names of the formats that have an option, as a sentence lists them. */
export function formatsThatHave(option: FormatOption, formats: readonly WithOptions[]): string {
  const names = formats.filter(({ options }) => options?.includes(option)).map(({ name }) => name);
  return listed(names, 'and');
}

/** Throws {@link UsageError} for an option that the format does not have. */
export function requireFormatOptions(
  format: WithOptions,
  formats: readonly WithOptions[],
  given: Readonly<Partial<Record<FormatOption, unknown>>>,
): void {
  for (const option of Object.keys(FORMAT_OPTIONS) as FormatOption[])
    if (given[option] && !format.options?.includes(option))
      throw new UsageError(
        `${FORMAT_OPTIONS[option]} is for --format ${formatsThatHave(option, formats)}`,
      );
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
  const bytes = new TextEncoder().encode(text);
  const signal = terminal.interruption();
  await writeWholeFile(output, { force }, (sink) => drain([bytes], sink, { signal }));
}

function isForStandardOutput({ output = '-' }: ReportPlace): boolean {
  return output === '-';
}

function formatNames(formats: readonly Named[]): string {
  return formats.map(({ name }) => name).join(', ');
}
