/**
 * `elfdeps why <file> <library>`: every chain of needs that pulls a library in, how it was found,
 * and what it costs.
 */
import type { Command } from 'commander';
import { findNeeded } from '../../closure/find-needed.js';
import { needGraph } from '../../closure/need-graph.js';
import { UsageError } from '../../errors.js';
import { whyReports } from '../../registry.js';
import type { Action } from '../command.js';
import { COMPLETE, COULD_NOT_RUN, INCOMPLETE, printError } from '../exit-code.js';
import { addSharedOptions, type SharedOptions } from '../options.js';
import { type Terminal, wantsColor } from '../terminal.js';
import { traceRequest } from '../trace-request.js';

interface WhyOptions extends SharedOptions {
  readonly format?: string;
}

export function addWhy(program: Command, action: Action): void {
  const why = program
    .command('why')
    .description('every chain of needs that pulls a library in, and what it costs')
    .usage('[options] <file...> <library>')
    .argument('<file...>', 'programs, then a soname, path, pattern or beginning of a name')
    .option('--format <name>', whyReports.map(({ name }) => name).join(', '))
    .action(action(runWhy));
  addSharedOptions(why);
}

async function runWhy(
  files: readonly string[],
  options: WhyOptions,
  terminal: Terminal,
): Promise<number> {
  const name = options.format ?? 'text';
  const report = whyReports.find((r) => r.name === name);
  if (report === undefined)
    throw new UsageError(`unknown format '${name}'`, {
      hint: `known are ${whyReports.map((r) => r.name).join(', ')}`,
    });
  const wanted = files.at(-1);
  if (files.length < 2 || !wanted)
    throw new UsageError('why needs a program and a library', {
      hint: 'for example: elfdeps why /bin/bash libc.so.6',
    });
  const { trace, inputs, errors } = await traceRequest(files.slice(0, -1), options, terminal);
  terminal.out(
    report.format({
      root: trace.root.name,
      closures: trace.closures,
      errors,
      names: inputs.names,
      wanted,
      verbose: options.verbose ?? false,
      color: wantsColor(terminal, options.color),
    }),
  );
  for (const error of errors) printError(error, terminal, inputs.names);
  if (errors.length > 0) return COULD_NOT_RUN;
  const isNeeded = trace.closures.some((c) => findNeeded(needGraph(c), wanted).length > 0);
  return isNeeded ? COMPLETE : INCOMPLETE;
}
