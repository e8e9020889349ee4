/**
 * `elfdeps <file...>`: traces and reports.
 */
import type { Command } from 'commander';
import { ElfdepsError, printable } from '../../errors.js';
import { loaderMessages } from '../../index.js';
import { needFiles } from '../../needs/dlopen-probe.js';
import type { RuntimeNeed } from '../../needs/need.js';
import { reports } from '../../registry.js';
import { type Action, commandLike } from '../command.js';
import { COMPLETE, COULD_NOT_RUN, INCOMPLETE, printError } from '../exit-code.js';
import {
  addReportOptions,
  chooseFormat,
  type ReportOptions,
  wantsReportColor,
  writeReport,
} from '../report-options.js';
import { needsByProgram, withIncluded } from '../runtime-needs.js';
import type { Terminal } from '../terminal.js';
import { traceRequest } from '../trace-request.js';

export function addReport(program: Command, action: Action): void {
  addReportOptions(program.action(action(runReport)), reports);
}

/** Asks for the command that a first word is like, where it is no file and others follow. */
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

async function runReport(
  files: readonly string[],
  options: ReportOptions,
  terminal: Terminal,
): Promise<number> {
  const report = chooseFormat(reports, options);
  const traced = await traceRequest(files, options, terminal);
  const { trace, inputs, errors } = withIncluded(traced, options);
  const wantsNeeds = report.needs === 'always' || (report.needs === 'verbose' && options.verbose);
  const input = {
    root: trace.root.name,
    closures: trace.closures,
    errors,
    names: inputs.names,
    verbose: options.verbose ?? false,
    quiet: options.quiet ?? false,
    color: wantsReportColor(options, terminal),
    ...(wantsNeeds
      ? {
          needs: needsByProgram(traced.trace, options),
          filesOf: (need: RuntimeNeed) => needFiles(traced.trace, need),
        }
      : {}),
    ...(report.wantsLoaderMessages === true ? { loaderMessages: loaderMessages(trace) } : {}),
  };
  await writeReport(report.format(input), options, terminal);
  for (const error of errors)
    printError(mistyped(files, inputs.names, error), terminal, inputs.names);
  for (const note of report.notes?.(input) ?? []) terminal.err(`elfdeps: ${printable(note)}\n`);
  if (errors.length > 0) return COULD_NOT_RUN;
  return trace.closures.every((closure) => closure.complete) ? COMPLETE : INCOMPLETE;
}
