/**
 * `elfdeps why <file> <library>`: every chain of needs that pulls a library in, how it was found,
 * and what it costs.
 */
import type { Command } from 'commander';
import { findNeeded } from '../../closure/find-needed.js';
import { needGraph } from '../../closure/need-graph.js';
import { UsageError } from '../../errors.js';
import { whyReports } from '../../registry/why-reports.js';
import { shellCommand } from '../../root/shell-word.js';
import type { Action } from '../command.js';
import { COMPLETE, COULD_NOT_RUN, INCOMPLETE } from '../exit-code.js';
import { printError, printHint } from '../messages.js';
import { missReasons } from '../miss-reasons.js';
import { addWorkdirOption } from '../options.js';
import { repeatedOptions } from '../repeated-options.js';
import { withNeeds } from '../report-facts.js';
import {
  addReportOptions,
  chooseFormat,
  type ReportOptions,
  reportColumns,
  wantsReportColor,
  writeReport,
} from '../report-options.js';
import type { Terminal } from '../terminal.js';
import { printFileErrors, type TraceRequest, traceRequest } from '../trace-request.js';

/** Declares the command. */
export function addWhy(program: Command, action: Action): void {
  const why = program
    .command('why')
    .description('show every chain of needs that pulls a library in, and its cost')
    .usage('[options] <file...> <library>')
    .argument('<file...>', 'programs, then a soname, a path, a pattern or the start of a name')
    .action(action(runWhy));
  addReportOptions(addWorkdirOption(why), whyReports);
}

async function runWhy(
  files: readonly string[],
  options: ReportOptions,
  terminal: Terminal,
): Promise<number> {
  const report = await chooseFormat(whyReports, options);
  const wanted = files.at(-1);
  if (files.length < 2 || !wanted)
    throw new UsageError('why needs a program and a library', {
      hint: 'for example: elfdeps why /bin/bash libc.so.6',
    });
  const request = await traceRequest(files.slice(0, -1), options, terminal);
  const { inputs, errors } = request;
  const { trace } = await withNeeds(request, options, false);
  trace.exclusions.requireMet(trace.closures, request.trace.programs);
  const isLoaded = trace.closures.some((c) => findNeeded(needGraph(c), wanted).length > 0);
  const later = isLoaded ? undefined : await findLater(request, options, wanted);
  const isNeeded = isLoaded || later !== undefined;
  const text = report.format({
    root: trace.root.name,
    closures: later === undefined || later.closures.length === 0 ? trace.closures : later.closures,
    needs: later?.needs,
    errors,
    names: inputs.names,
    wanted,
    reasonOf: missReasons(trace),
    verbose: options.verbose ?? false,
    color: wantsReportColor(options, terminal),
    columns: reportColumns(options, terminal),
  });
  await writeReport(text, options, terminal);
  if (!isNeeded && (await areSwapped(files, options, terminal))) {
    for (const error of errors) printError(error, terminal, inputs.names);
    const words = [...(repeatedOptions(options) ?? []), ...files.toReversed()];
    printHint(`did you mean ${shellCommand('elfdeps', 'why', ...words)}?`, terminal);
  } else await printFileErrors(errors, request, terminal);
  if (errors.length > 0) return COULD_NOT_RUN;
  return isNeeded ? COMPLETE : INCOMPLETE;
}

/** What brings it into an image at run time; undefined where nothing does. */
async function findLater(request: TraceRequest, options: ReportOptions, wanted: string) {
  const { neededAtRunTime } = await import('../needed-at-run-time.js');
  const later = neededAtRunTime(request, options, wanted);
  return later.needs.length === 0 ? undefined : later;
}

/** Whether the second of two arguments is a program that needs the first. */
async function areSwapped(
  files: readonly string[],
  options: ReportOptions,
  terminal: Terminal,
): Promise<boolean> {
  const [library = '', program = '', ...more] = files;
  if (more.length > 0 || files.includes('-') || options.root === '-') return false;
  try {
    const request = await traceRequest([program], { ...options, quiet: true }, terminal);
    const { trace } = await withNeeds(request, options, false);
    return trace.closures.some((c) => findNeeded(needGraph(c), library).length > 0);
  } catch {
    // It was only a question: the answer is printed already.
    return false;
  }
}
