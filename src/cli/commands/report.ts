/**
 * `elfdeps <file...>`: traces and reports.
 */
import type { Command } from 'commander';
import { type Closure, printable, reports, UsageError } from '../../index.js';
import type { Action } from '../command.js';
import { COMPLETE, COULD_NOT_RUN, INCOMPLETE, printError } from '../exit-code.js';
import { addSharedOptions, type SharedOptions } from '../options.js';
import { type Terminal, wantsColor } from '../terminal.js';
import { traceRequest } from '../trace-request.js';

interface ReportOptions extends SharedOptions {
  readonly format?: string;
}

export function addReport(program: Command, action: Action): void {
  addSharedOptions(program)
    .option('--format <name>', `${reports.map((report) => report.name).join(', ')}`)
    .action(action(runReport));
}

async function runReport(
  files: readonly string[],
  options: ReportOptions,
  terminal: Terminal,
): Promise<number> {
  const name = options.format ?? 'text';
  const report = reports.find((r) => r.name === name);
  if (report === undefined)
    throw new UsageError(`unknown format '${name}'`, {
      hint: `known are ${reports.map((r) => r.name).join(', ')}`,
    });
  const { trace, inputs, errors } = await traceRequest(files, options, terminal);
  const closures = options.quiet
    ? trace.closures.map((closure) => ({ ...closure, diagnostics: [] }))
    : trace.closures;
  terminal.out(
    report.format({
      root: trace.root.name,
      closures,
      errors,
      names: inputs.names,
      verbose: options.verbose ?? false,
      color: wantsColor(terminal, options.color),
    }),
  );
  for (const error of errors) printError(error, terminal, inputs.names);
  // A list of paths has no place for what is not there.
  if (name === 'list') reportMissing(closures, inputs.names, terminal);
  if (errors.length > 0) return COULD_NOT_RUN;
  return trace.closures.every((closure) => closure.complete) ? COMPLETE : INCOMPLETE;
}

function reportMissing(
  closures: readonly Closure[],
  names: ReadonlyMap<string, string>,
  terminal: Terminal,
): void {
  for (const { program, interpreter, libraries } of closures) {
    const missing = [
      ...(interpreter?.status === 'missing' ? [interpreter.path] : []),
      ...libraries.filter(({ status }) => status === 'missing').map((library) => library.name),
    ];
    if (missing.length === 0) continue;
    const name = names.get(program.path) ?? program.path;
    terminal.err(`elfdeps: ${printable(`${name}: not found: ${missing.join(', ')}`)}\n`);
  }
}
