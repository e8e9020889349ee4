/**
 * `elfdeps <file...>`: traces and reports.
 */
import type { Command } from 'commander';
import { ElfdepsError, printable, UsageError } from '../../errors.js';
import { loaderMessages } from '../../index.js';
import { needFiles } from '../../needs/dlopen-probe.js';
import type { RuntimeNeed } from '../../needs/need.js';
import { reports } from '../../registry.js';
import type { Report } from '../../report/trace/report.js';
import { type Action, commandLike } from '../command.js';
import { COMPLETE, COULD_NOT_RUN, INCOMPLETE } from '../exit-code.js';
import { printError, printNotes } from '../messages.js';
import { openedNotes } from '../opened-logs.js';
import { addWorkdirOption } from '../options.js';
import {
  addReportOptions,
  chooseFormat,
  type ReportOptions,
  wantsReportColor,
  writeReport,
} from '../report-options.js';
import { needsByProgram, traceIncluded } from '../runtime-needs.js';
import type { Terminal } from '../terminal.js';
import { traceRequest } from '../trace-request.js';

interface OwnOptions {
  readonly needs?: boolean;
  readonly null?: boolean;
}

/** Declares the options of the report, which runs without a command's name. */
export function addReport(program: Command, action: Action): void {
  program
    .option('--needs', 'what programs open at run time beside libraries: in text and JSON')
    .option('--null', 'with --format list: end each path with NUL instead of a line break')
    .action(action(runReport));
  addReportOptions(addWorkdirOption(program), reports);
}

/** Asks whether a first word that is not a file is meant for a command, if other words follow. */
function mistyped(
  [word = '', ...others]: readonly string[],
  names: ReadonlyMap<string, string>,
  error: ElfdepsError,
): ElfdepsError {
  const { code, fact, hint, path = '' } = error;
  const isWord = code === 'FILE_NOT_FOUND' && (names.get(path) ?? path) === word;
  const question = isWord && others.length > 0 ? commandLike(word) : undefined;
  if (question === undefined || hint !== undefined) return error;
  return new ElfdepsError(code, fact, { path, hint: question });
}

/** Whether the needs are looked for, which takes longer than to trace. */
function showsNeeds({ needs }: Report, options: ReportOptions & OwnOptions): boolean {
  if (needs === undefined || needs === 'always') return needs === 'always';
  return (options.needs ?? false) || (needs === 'verbose' && (options.verbose ?? false));
}

async function runReport(
  files: readonly string[],
  options: ReportOptions & OwnOptions,
  terminal: Terminal,
): Promise<number> {
  const report = chooseFormat(reports, options);
  if (options.null && report.name !== 'list')
    throw new UsageError('--null is for --format list, whose lines it ends otherwise');
  const request = await traceRequest(files, options, terminal);
  const { trace: traced, inputs, errors } = request;
  const included = traceIncluded(request, options);
  const { trace } = included;
  const wantsNeeds = showsNeeds(report, options);
  const messages = loaderMessages(trace);
  const input = {
    root: trace.root.name,
    closures: trace.closures,
    errors,
    names: inputs.names,
    verbose: options.verbose ?? false,
    quiet: options.quiet ?? false,
    isNullSeparated: options.null ?? false,
    color: wantsReportColor(options, terminal),
    needs: wantsNeeds ? needsByProgram(traced, included, options) : undefined,
    filesOf: wantsNeeds ? (need: RuntimeNeed) => needFiles(trace, need) : undefined,
    loaderMessages: messages,
  };
  trace.exclusions.requireMet(trace.closures, traced.programs);
  await writeReport(report.format(input), options, terminal);
  for (const error of errors)
    printError(mistyped(files, inputs.names, error), terminal, inputs.names);
  for (const note of report.notes?.(input) ?? []) terminal.err(`elfdeps: ${printable(note)}\n`);
  if (!options.quiet) printNotes(openedNotes(included.opened, options.verbose), terminal);
  if (report.wantsLoaderMessages !== true)
    for (const [path, { refusal }] of messages)
      if (refusal !== undefined)
        terminal.err(
          `elfdeps: warning: ${printable(inputs.names.get(path) ?? path)}: does not start: ${printable(refusal)}\n`,
        );
  if (errors.length > 0) return COULD_NOT_RUN;
  // Where the loader ends by an assertion or dies, ldd fails too.
  if (report.name === 'ldd' && [...messages.values()].some(({ isEnd }) => isEnd)) return INCOMPLETE;
  return trace.closures.every((closure) => closure.complete) ? COMPLETE : INCOMPLETE;
}
