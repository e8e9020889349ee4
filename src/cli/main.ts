/**
 * The command line: which commands there are, what their options are called, and the way from an
 * argument list to an exit code.
 */
import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { ElfdepsError, reports } from '../index.js';
import { runCopy } from './commands/copy.js';
import { runDockerfile } from './commands/dockerfile.js';
import { runReport } from './commands/report.js';
import { COMPLETE, COULD_NOT_RUN, printError } from './exit-code.js';
import { addImageOptions, addSharedOptions } from './options.js';
import type { Terminal } from './terminal.js';

type Run<Options> = (files: string[], options: Options, terminal: Terminal) => Promise<number>;

/** Runs one command line, without the `node` and script arguments, and gives the exit code. */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = COMPLETE;
  /** Options may stand before the command's name too. */
  const action =
    <Options>(run: Run<Options>) =>
    async (files: string[], _options: unknown, command: Command) => {
      exitCode = await run(files, command.optsWithGlobals() as Options, terminal);
    };
  try {
    await createProgram(action, terminal).parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? COMPLETE : COULD_NOT_RUN;
    if (!(error instanceof ElfdepsError)) throw error;
    printError(error, terminal);
    return error.code === 'PLAN_INCOMPLETE' ? 1 : COULD_NOT_RUN;
  }
  return exitCode;
}

function createProgram(
  action: <Options>(
    run: Run<Options>,
  ) => (files: string[], options: unknown, command: Command) => Promise<void>,
  terminal: Terminal,
): Command {
  const program = new Command('elfdeps')
    .description('Which files a binary needs to run, in any root, for any CPU. Runs nothing.')
    .usage('[command] [options] <file...>')
    .argument('[file...]', 'files, directories or glob patterns')
    .version(readVersion(), '-V, --version')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'elfdeps: ')),
    })
    .showSuggestionAfterError();
  addSharedOptions(program)
    .option('--format <name>', `${reports.map((report) => report.name).join(', ')}`)
    .action(action(runReport));

  const dockerfile = program
    .command('dockerfile')
    .description('the last stage of a Dockerfile')
    .argument('<file...>', 'FILE or FILE:DEST');
  addImageOptions(addSharedOptions(dockerfile))
    .option('--from <stage>', 'the stage to copy from (default: build)')
    .option('--base <image>', 'the image to build on (default: scratch)')
    .option('--copy-only', 'only the COPY lines')
    .action(action(runDockerfile));

  const copy = program
    .command('copy')
    .description('the files as a directory tree, links kept')
    .argument('<file...>', 'FILE or FILE:DEST');
  addImageOptions(addSharedOptions(copy))
    .requiredOption('--to <dir>', 'the directory to make')
    .option('--force', 'write into a directory that is not empty')
    .action(action(runCopy));
  return program;
}

function readVersion(): string {
  const require = createRequire(import.meta.url);
  return (require('../../package.json') as { version: string }).version;
}
