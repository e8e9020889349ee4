/**
 * The command line: from an argument list to the function of a command, and to an exit code.
 */
import { Command, CommanderError } from 'commander';
import { ElfdepsError, printable } from '../errors.js';
import { type Action, type AddCommand, COMMAND_NAMES, commandLike, type Run } from './command.js';
import { addCheck } from './commands/check.js';
import { addCopy } from './commands/copy.js';
import { addDockerfile } from './commands/dockerfile.js';
import { addImage } from './commands/image.js';
import { addReport } from './commands/report.js';
import { addSlim } from './commands/slim.js';
import { addTar } from './commands/tar.js';
import { addWhy } from './commands/why.js';
import { COMPLETE, COULD_NOT_RUN, INCOMPLETE } from './exit-code.js';
import { printError, UnreadableFiles } from './messages.js';
import type { Terminal } from './terminal.js';
import { readVersion } from './version.js';

const commands: Readonly<Record<(typeof COMMAND_NAMES)[number], AddCommand>> = {
  dockerfile: addDockerfile,
  copy: addCopy,
  tar: addTar,
  image: addImage,
  slim: addSlim,
  check: addCheck,
  why: addWhy,
};

/** Runs one command line, without the `node` and script arguments, and gives the exit code. */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = COMPLETE;
  /** Takes the options before the command's name too. */
  const action: Action =
    <Options>(run: Run<Options>) =>
    async (files: string[], _options: unknown, command: Command) => {
      const meant = Array.isArray(files) ? files.map(unhidden) : files;
      exitCode = await run(meant, command.optsWithGlobals() as Options, terminal);
    };
  try {
    const words = args.map(hidden);
    await createProgram(args, action, terminal).parseAsync(words, { from: 'user' });
  } catch (error) {
    return explain(error, args, terminal);
  }
  return exitCode;
}

/** Commander takes `-:DEST`, the file on standard input, for an option; no path has a NUL. */
function hidden(word: string): string {
  return word.startsWith('-:/') ? `\0${word}` : word;
}

function unhidden(word: string): string {
  return word.startsWith('\0') ? word.slice(1) : word;
}

/** Prints what ended a command, and gives the exit code. */
function explain(error: unknown, args: readonly string[], terminal: Terminal): number {
  if (error instanceof CommanderError) return explainUsage(error, args, terminal);
  if (error instanceof UnreadableFiles) {
    for (const each of error.errors) printError(each, terminal, error.names);
    return COULD_NOT_RUN;
  }
  if (error instanceof ElfdepsError) {
    printError(error, terminal);
    return error.code === 'PLAN_INCOMPLETE' ? INCOMPLETE : COULD_NOT_RUN;
  }
  const fact = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  terminal.err(`elfdeps: internal error: ${printable(fact)}\n  please report it\n`);
  if (terminal.env.ELFDEPS_DEBUG) throw error;
  return COULD_NOT_RUN;
}

/** Commander has printed the error, or the help text; a word may be a mistyped command. */
function explainUsage(
  { code, exitCode }: CommanderError,
  [word = '']: readonly string[],
  terminal: Terminal,
): number {
  // The options of a command are unknown if its name is mistyped.
  const question = code === 'commander.unknownOption' ? commandLike(word) : undefined;
  if (question !== undefined) terminal.err(`  ${question}\n`);
  return exitCode === 0 ? COMPLETE : COULD_NOT_RUN;
}

const EXAMPLES = `
Examples:
  elfdeps ./hello                          what it needs, and where it is found
  elfdeps dockerfile ./hello               the COPY lines of an image for it
  elfdeps copy ./hello --to out            the same files as a tree
  elfdeps check ./hello --root alpine.tar  will it run in that image?
  elfdeps why ./hello libz.so.1            what needs that library?
`;

function createProgram(args: readonly string[], action: Action, terminal: Terminal): Command {
  const program = new Command('elfdeps')
    .description(
      'Finds the files that a program needs to run, in any root and for any CPU. Runs nothing.',
    )
    .usage('[command] [options] <file...>')
    .argument('[file...]', 'files, directories or glob patterns')
    .version(readVersion(), '-V, --version')
    .enablePositionalOptions()
    .helpCommand('help [command]', 'show the options of a command')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'elfdeps: ')),
    })
    .showSuggestionAfterError()
    .addHelpText('after', EXAMPLES);
  addReport(program, action);
  // Only the commands that may be meant: declaring all options takes longer than reading a program.
  const isForHelp = args.length === 0 || args.some((arg) => /^(-h|--help|help)$/.test(arg));
  for (const name of COMMAND_NAMES)
    if (isForHelp || args.includes(name)) commands[name](program, action);
  return program;
}
