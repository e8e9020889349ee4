/**
 * The words of a command line by commander: from options and arguments to the function of a command. Only
 * the command that is named is loaded.
 */
import { Command, CommanderError } from 'commander';
import { type Action, type AddCommand, COMMAND_NAMES, commandLike, type Run } from './command.js';
import { addReport } from './commands/report.js';
import { COMPLETE, COULD_NOT_RUN } from './exit-code.js';
import type { Terminal } from './terminal.js';
import { readVersion } from './version.js';

/** Each loads the function that declares a command. */
const commands: Readonly<Record<(typeof COMMAND_NAMES)[number], () => Promise<AddCommand>>> = {
  dockerfile: async () => (await import('./commands/dockerfile.js')).addDockerfile,
  copy: async () => (await import('./commands/copy.js')).addCopy,
  tar: async () => (await import('./commands/tar.js')).addTar,
  image: async () => (await import('./commands/image.js')).addImage,
  slim: async () => (await import('./commands/slim.js')).addSlim,
  check: async () => (await import('./commands/check.js')).addCheck,
  why: async () => (await import('./commands/why.js')).addWhy,
};

/**
 * Parses the words and runs the command that they name. Throws what commands throw; where the words make no
 * command, commander has printed why, and the exit code says so.
 */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
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
    const program = await createProgram(args, action, terminal);
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return explainUsage(error, args, terminal);
    throw error;
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

async function createProgram(
  args: readonly string[],
  action: Action,
  terminal: Terminal,
): Promise<Command> {
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
    if (isForHelp || args.includes(name)) (await commands[name]())(program, action);
  return program;
}
