/**
 * `elfdeps <file...>`: traces and reports.
 */

import type { Command } from 'commander';
import { loaderMessages } from '../../check/symbols/symbol-versions.js';
import type { Trace } from '../../closure/trace.js';
import { ElfdepsError, UsageError } from '../../errors.js';
import { reports } from '../../registry/reports.js';
import type { Report, ReportInput, ReportOrder } from '../../report/trace/report.js';
import { choiceOf } from '../choices.js';
import { type Action, COMMAND_NAMES } from '../command.js';
import { COMPLETE, COULD_NOT_RUN, INCOMPLETE } from '../exit-code.js';
import { startOf } from '../image-start.js';
import type { Inputs } from '../inputs.js';
import { printLine, printNotes } from '../messages.js';
import { oldestGlibc } from '../oldest-glibc.js';
import { addWorkdirOption, type SharedOptions } from '../options.js';
import { repeatedOptions } from '../repeated-options.js';
import { missingReasons, withNeeds } from '../report-facts.js';
import {
  addReportOptions,
  chooseFormat,
  type FormatOption,
  formatsThatHave,
  type ReportOptions,
  reportColumns,
  requireFormatOptions,
  wantsReportColor,
  writeReport,
} from '../report-options.js';
import type { Terminal } from '../terminal.js';
import { printFileErrors, traceRequest } from '../trace-request.js';
import { isUsual } from '../usual-libraries.js';

interface OwnOptions {
  readonly needs?: boolean;
  readonly null?: boolean;
  readonly all?: boolean;
  readonly sort?: string;
  readonly depth?: string;
  readonly allEdges?: boolean;
}

/** Declares the options of the report, which runs without a command's name. */
export function addReport(program: Command, action: Action): void {
  program
    .option('--needs', 'what programs open at run time beside libraries: in text and JSON')
    .option('--null', 'with --format list: end each path with NUL instead of a line break')
    .option('--all', 'all rows of long tables, which a terminal cuts; usual libraries in a tree')
    .option(
      '--sort <order>',
      `the order of tables in ${formatsWith('sort')}: load, size or name (default: load)`,
    )
    .option(
      '--depth <steps>',
      `only files at most this many needs away: in ${formatsWith('depth')}`,
    )
    .option('--all-edges', `needs that others imply too: in ${formatsWith('allEdges')}`)
    .action(action(runReport));
  addReportOptions(addWorkdirOption(program), reports);
}

/** The names of the formats that have an option. */
function formatsWith(option: FormatOption): string {
  return formatsThatHave(option, reports);
}

function parseDepth(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`--depth takes a whole number from 1 on, not '${text}'`);
}

/** Asks what a word that is no file was meant for: a first one for a command, a command for a first one. */
async function mistyped(
  files: readonly string[],
  { names }: Inputs,
  error: ElfdepsError,
): Promise<ElfdepsError> {
  const { code, fact, hint, path = '' } = error;
  if (code !== 'FILE_NOT_FOUND' || hint !== undefined) return error;
  const question = await misplacedWord(names.get(path) ?? path, files);
  return question === undefined ? error : new ElfdepsError(code, fact, { path, hint: question });
}

async function misplacedWord(word: string, files: readonly string[]): Promise<string | undefined> {
  if (word.includes('/')) return undefined;
  const { wordQuestion } = await import('../suggestion.js');
  if (word === files[0]) return wordQuestion(word, files.length === 1);
  return COMMAND_NAMES.some((name) => name === word)
    ? `the command comes first: elfdeps ${word} ${files[0]}`
    : undefined;
}

/** A note on a first word that means a program of PATH or a directory, and is more likely a word for elfdeps. */
async function wordNotes(
  [word = '', ...others]: readonly string[],
  { names }: Inputs,
): Promise<string[]> {
  const files = [...names.values()];
  if (others.length === 0 || word.includes('/') || files.includes(word)) return [];
  const program = files.find((name) => name.startsWith('/') && name.endsWith(`/${word}`));
  const isInside = (name: string) => name.startsWith(`${word}/`);
  // With a file in it, the directory is meant.
  const isDirectory = files.some(isInside) && !others.some(isInside);
  if (program === undefined && !isDirectory) return [];
  const { wordQuestion } = await import('../suggestion.js');
  const question = wordQuestion(word);
  const what = program === undefined ? `directory ./${word}` : `program ${program}`;
  return question === undefined ? [] : [`${word} is the ${what} here; ${question}`];
}

/** Whether the needs are looked for, which takes longer than to trace. */
function showsNeeds({ needs }: Report, options: ReportOptions & OwnOptions): boolean {
  if (needs === undefined || needs === 'always') return needs === 'always';
  return (options.needs ?? false) || (needs === 'verbose' && (options.verbose ?? false));
}

/** The value of --sort. Throws {@link UsageError} for an unknown one. */
function orderOf({ sort }: OwnOptions): ReportOrder | undefined {
  return sort === undefined ? undefined : choiceOf('sort', sort);
}

/** What the checks say, for a format that shows it. */
async function checkFacts(
  trace: Trace,
  { wantsChecks }: Report,
  options: SharedOptions,
): Promise<Partial<ReportInput>> {
  if (!wantsChecks) return {};
  const { pageFacts } = await import('../page-facts.js');
  return pageFacts(trace, startOf(trace.root, options));
}

/** Traces the files, and prints the report that the options choose. Throws what traceRequest() throws. */
export async function runReport(
  files: readonly string[],
  options: ReportOptions & OwnOptions,
  terminal: Terminal,
): Promise<number> {
  const report = await chooseFormat(reports, options);
  requireFormatOptions(report, reports, options);
  const depth = options.depth === undefined ? undefined : parseDepth(options.depth);
  const sort = orderOf(options);
  const request = await traceRequest(files, options, terminal);
  const { inputs, errors } = request;
  const shown = await withNeeds(request, options, showsNeeds(report, options));
  const { trace, needs, filesOf, opened } = shown;
  const messages = loaderMessages(trace.closures, trace.files.symbols);
  const input = {
    root: trace.root.name,
    closures: trace.closures,
    errors,
    names: inputs.names,
    verbose: options.verbose ?? false,
    quiet: options.quiet ?? false,
    isNullSeparated: options.null ?? false,
    depth,
    hasAllEdges: options.allEdges ?? false,
    color: wantsReportColor(options, terminal),
    loaderMessages: messages,
    ...(await checkFacts(trace, report, options)),
    needs,
    filesOf,
    columns: reportColumns(options, terminal),
    all: options.all ?? false,
    sort,
    minimumGlibc: oldestGlibc(trace),
    ...(await missingReasons(trace)),
    isUsual,
    options: repeatedOptions(options),
  };
  trace.exclusions.requireMet(trace.closures, request.trace.programs);
  await writeReport(report.format(input), options, terminal);
  const explained = await Promise.all(errors.map((error) => mistyped(files, inputs, error)));
  await printFileErrors(explained, request, terminal);
  for (const note of report.notes?.(input) ?? []) printLine(`elfdeps: ${note}`, terminal);
  if (!options.quiet) printNotes(await wordNotes(files, inputs), terminal);
  if (!options.quiet && opened !== undefined) {
    const { openedNotes } = await import('../opened-logs.js');
    printNotes(openedNotes(opened, options.verbose), terminal);
  }
  if (report.wantsLoaderMessages !== true) printRefusals(messages, inputs.names, terminal);
  return errors.length > 0 ? COULD_NOT_RUN : exitCodeOf(report, trace, messages);
}

type Messages = ReturnType<typeof loaderMessages>;

function exitCodeOf(report: Report, { closures }: Trace, messages: Messages): number {
  const isComplete = closures.every((closure) => closure.complete);
  const fails = report.failsWithLoader && [...messages.values()].some(({ isEnd }) => isEnd);
  return isComplete && !fails ? COMPLETE : INCOMPLETE;
}

/** Warns of the programs that the loader refuses to start. */
function printRefusals(
  messages: Messages,
  names: ReadonlyMap<string, string>,
  terminal: Terminal,
): void {
  for (const [path, { refusal }] of messages) {
    if (refusal === undefined) continue;
    const program = names.get(path) ?? path;
    printLine(`elfdeps: warning: ${program}: does not start: ${refusal}`, terminal);
  }
}
