/**
 * `elfdeps copy <file...> --to <dir>`: the same files as a directory tree, links kept.
 */
import type { Command } from 'commander';
import { UsageError } from '../../errors.js';
import { writers } from '../../registry/writers.js';
import type { Action } from '../command.js';
import { configurationNotes, deviceNotes } from '../image-notes.js';
import { addImageOptions, type ImageOptions } from '../image-options.js';
import { requireManifestPlace, writeManifest } from '../manifest.js';
import { printNotes } from '../messages.js';
import { planRequest } from '../plan-request.js';
import type { Terminal } from '../terminal.js';
import { reportWritten, withWriteProgress } from '../write-progress.js';

interface CopyOptions extends ImageOptions {
  readonly to?: string;
  readonly force?: boolean;
}

/** Declares the command. */
export function addCopy(program: Command, action: Action): void {
  const copy = program
    .command('copy')
    .description('write the files as a directory tree, with links')
    .usage('[options] <file...>')
    .argument('[file...]', 'FILE or FILE:DEST; without one, what the image in --root starts')
    .requiredOption('--to <dir>', 'the directory to write')
    .option('--force', 'write into a directory that is not empty')
    .action(action(runCopy));
  addImageOptions(copy);
}

async function runCopy(
  files: readonly string[],
  options: CopyOptions,
  terminal: Terminal,
): Promise<number> {
  if (!options.to) throw new UsageError('copy needs --to <dir>');
  const { to, force = false, quiet, verbose } = options;
  requireManifestPlace(options);
  const planned = await planRequest(files, options, 'links', terminal);
  const { plan, trace, exitCode } = planned;
  const { root } = trace;
  if (!quiet)
    printNotes(
      [
        ...configurationNotes(plan, options, 'a tree', root),
        ...(verbose ? deviceNotes(trace, to) : []),
      ],
      terminal,
    );
  const signal = terminal.interruption();
  const lost = await withWriteProgress([plan], to, options, terminal, (onBytes) =>
    writers.directory(plan, root, to, { force, signal, onBytes }),
  );
  const lostNotes = lost.map(
    (path) => `${path}: its file capabilities are lost, only root can set them`,
  );
  if (!quiet) printNotes(lostNotes, terminal);
  await writeManifest([planned], options, terminal);
  await terminal.written();
  reportWritten(plan, root, to, options, terminal);
  return exitCode;
}
