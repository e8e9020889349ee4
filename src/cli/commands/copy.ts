/**
 * `elfdeps copy <file...> --to <dir>`: the same files as a directory tree, links kept.
 */
import type { Command } from 'commander';
import { UsageError } from '../../errors.js';
import { writers } from '../../registry.js';
import type { Action } from '../command.js';
import { addImageConfigOptions, type ImageConfigOptions } from '../image-options.js';
import { addImageOptions, addSharedOptions, type ImageOptions } from '../options.js';
import {
  noteConfiguration,
  planRequest,
  printNotes,
  reportWritten,
  withWriteProgress,
} from '../plan-request.js';
import type { Terminal } from '../terminal.js';

interface CopyOptions extends ImageOptions, ImageConfigOptions {
  readonly to?: string;
  readonly force?: boolean;
}

export function addCopy(program: Command, action: Action): void {
  const copy = program
    .command('copy')
    .description('the files as a directory tree, links kept')
    .argument('<file...>', 'FILE or FILE:DEST')
    .requiredOption('--to <dir>', 'the directory to make')
    .option('--force', 'write into a directory that is not empty')
    .action(action(runCopy));
  addImageConfigOptions(addImageOptions(addSharedOptions(copy)));
}

async function runCopy(
  files: readonly string[],
  options: CopyOptions,
  terminal: Terminal,
): Promise<number> {
  if (!options.to) throw new UsageError('copy needs --to <dir>');
  const planned = await planRequest(files, options, 'links', terminal);
  if (typeof planned === 'number') return planned;
  const { plan, request, exitCode } = planned;
  noteConfiguration(plan, options, 'a tree', terminal);
  const { to, force = false } = options;
  const signal = terminal.interruption();
  const lost = await withWriteProgress([plan], to, options, terminal, (onBytes) =>
    writers.directory(plan, request.trace.root, to, { force, signal, onBytes }),
  );
  if (!options.quiet) {
    printNotes(
      lost.map(
        (path) => `${path}: its file capabilities are lost, setting them takes the root user`,
      ),
      terminal,
    );
  }
  reportWritten(planned, options.to, options, terminal);
  return exitCode;
}
