/**
 * `elfdeps tar <file...> [-o <file>]`: the files as a tar, to standard output by default.
 */
import type { Command } from 'commander';
import { UsageError } from '../../errors.js';
import type { ByteSink } from '../../output/byte-sink.js';
import { writeWholeFile } from '../../output/whole-file.js';
import { writers } from '../../registry/writers.js';
import type { Action } from '../command.js';
import { configurationNotes } from '../image-notes.js';
import { addImageOptions, type ImageOptions } from '../image-options.js';
import { requireManifestPlace, writeManifest } from '../manifest.js';
import { printNotes } from '../messages.js';
import { planRequest } from '../plan-request.js';
import { sourceDate } from '../source-date.js';
import type { Terminal } from '../terminal.js';
import { reportWritten, withWriteProgress } from '../write-progress.js';

interface TarCommandOptions extends ImageOptions {
  readonly output?: string;
  readonly force?: boolean;
}

/** Declares the command. */
export function addTar(program: Command, action: Action): void {
  const tar = program
    .command('tar')
    .description('write the files as a tar, for docker import and the like')
    .usage('[options] <file...>')
    .argument('[file...]', 'FILE or FILE:DEST; without one, what the image in --root starts')
    .option('-o, --output <file>', 'the file to write (default: standard output)')
    .option('--force', 'replace a file that is there')
    .action(action(runTar));
  addImageOptions(tar);
}

async function runTar(
  files: readonly string[],
  options: TarCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const { output = '-' } = options;
  if (output === '-' && terminal.isTerminal)
    throw new UsageError('standard output is a terminal', {
      hint: 'give -o FILE, or a pipe: elfdeps tar FILE | docker import - NAME',
    });
  requireManifestPlace(options);
  const modified = sourceDate(terminal);
  const planned = await planRequest(files, options, 'links', terminal);
  const { plan, trace, exitCode } = planned;
  const { root } = trace;
  if (!options.quiet) printNotes(configurationNotes(plan, options, 'a tar', trace.root), terminal);
  const signal = terminal.interruption();
  const destination = output === '-' ? 'standard output' : output;
  await withWriteProgress([plan], destination, options, terminal, (onBytes) => {
    const write = (sink: ByteSink) => writers.tar(plan, root, sink, { modified, signal, onBytes });
    return output === '-'
      ? write((bytes) => terminal.outBytes(bytes))
      : writeWholeFile(output, { force: options.force ?? false }, write);
  });
  await writeManifest([planned], options, terminal);
  await terminal.written();
  reportWritten(plan, root, destination, options, terminal);
  return exitCode;
}
