/**
 * The command line as commander sees it: the report, every command, and how they print. Only the commands
 * that are asked for are loaded.
 */
import { Command, type HelpConfiguration } from 'commander';
import type { Action, AddCommand, CommandName } from './command.js';
import { addReport } from './commands/report.js';
import type { Terminal } from './terminal.js';
import { readVersion } from './version.js';

/** Each loads the function that declares a command. */
const commands: Readonly<Record<CommandName, () => Promise<AddCommand>>> = {
  dockerfile: async () => (await import('./commands/dockerfile.js')).addDockerfile,
  copy: async () => (await import('./commands/copy.js')).addCopy,
  tar: async () => (await import('./commands/tar.js')).addTar,
  image: async () => (await import('./commands/image.js')).addImage,
  slim: async () => (await import('./commands/slim.js')).addSlim,
  check: async () => (await import('./commands/check.js')).addCheck,
  why: async () => (await import('./commands/why.js')).addWhy,
  completion: async () => (await import('./commands/completion.js')).addCompletion,
  help: async () => (await import('./commands/help.js')).addHelp,
};

/** Longer lines of a help page are hard to read. */
const MOST_COLUMNS = 80;

/** What only a run needs: how a command runs, and how help pages are laid out. */
interface ForRun {
  readonly action?: Action;
  readonly pages?: HelpConfiguration;
}

/** The report with its options, and the commands of these names with theirs. */
export async function createProgram(
  names: readonly CommandName[],
  terminal: Pick<Terminal, 'out' | 'err' | 'columns'>,
  { action = () => async () => {}, pages = {} }: ForRun = {},
): Promise<Command> {
  const program = new Command('elfdeps')
    .description(
      'Finds the files that a program needs to run, in any root and for any CPU. Runs nothing.',
    )
    .usage('[command] [options] <file...>')
    .argument('[file...]', 'files, directories or glob patterns')
    .version(readVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .enablePositionalOptions()
    .helpCommand(false)
    .configureHelp(pages)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      getOutHelpWidth: () => Math.min(MOST_COLUMNS, terminal.columns() ?? MOST_COLUMNS),
      writeErr: (text) => terminal.err(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'elfdeps: ')),
    })
    .showSuggestionAfterError(false);
  addReport(program, action);
  for (const name of names) (await commands[name]())(program, action);
  for (const command of program.commands) command.helpOption('-h, --help', 'print this help');
  return program;
}
