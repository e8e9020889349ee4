/**
 * The words of a command line by commander: from options and arguments to the function of a command, and
 * what was meant where they make no command.
 */
import { type Command, CommanderError } from 'commander';
import { UsageError } from '../errors.js';
import { shellCommand } from '../root/shell-word.js';
import { type Action, COMMAND_NAMES, type CommandName, type Run } from './command.js';
import { COMPLETE, COULD_NOT_RUN } from './exit-code.js';
import { printHint } from './messages.js';
import { oneRoot } from './options.js';
import { createProgram } from './program.js';
import type { Terminal } from './terminal.js';

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
      requireDeclared(command);
      try {
        exitCode = await run(meant, command.optsWithGlobals() as Options, terminal);
      } catch (error) {
        throw meant.length === 0 ? await withExample(error, command) : error;
      }
    };
  try {
    const words = helpOfCommand(args).map(hidden);
    const names = commandsIn(words);
    // Without all commands, no help page is printed.
    const pages = names === COMMAND_NAMES ? (await import('./help-page.js')).helpPages : undefined;
    const program = await createProgram(names, terminal, { action, pages });
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return explainUsage(error, args, terminal);
    throw error;
  }
  return exitCode;
}

/** Throws {@link UsageError} for an option before the command's name that the command does not have. */
function requireDeclared(command: Command): void {
  const { parent, options } = command;
  const [outer, own] = [parent?.opts().root, command.opts().root];
  if (outer !== undefined && own !== undefined) oneRoot(own, outer);
  for (const option of parent?.options ?? []) {
    const name = option.attributeName();
    // --color and --no-color have one value.
    const isMeant = option.negate === (parent?.getOptionValue(name) === false);
    if (!isMeant || parent?.getOptionValueSource(name) !== 'cli') continue;
    if (options.some(({ long }) => long === option.long)) continue;
    throw new UsageError(`${command.name()} has no option ${option.long}`, {
      hint: `elfdeps ${command.name()} --help lists its options`,
    });
  }
}

/** Commander takes `-:DEST`, the file on standard input, for an option; no path has a NUL. */
function hidden(word: string): string {
  return word.startsWith('-:/') ? `\0${word}` : word;
}

function unhidden(word: string): string {
  return word.startsWith('\0') ? word.slice(1) : word;
}

/** Commander has printed the error, or the help text; what was meant may be known. */
async function explainUsage(
  { exitCode, code }: CommanderError,
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  if (exitCode === 0) return COMPLETE;
  const { optionQuestion } = await import('./suggestion.js');
  const question = optionQuestion(await createProgram(COMMAND_NAMES, terminal), args);
  const meant = code === 'commander.missingMandatoryOptionValue' ? outputQuestion(args) : undefined;
  const hint = question ?? meant ?? (/missing/i.test(code) ? await exampleHint(args) : undefined);
  if (hint !== undefined) printHint(hint, terminal);
  return COULD_NOT_RUN;
}

/** Of several files without an option the last may be the output, as it is for cp. */
function outputQuestion(args: readonly string[]): string | undefined {
  const [command = '', ...files] = args;
  const output = files.pop();
  if (files.length === 0 || output === undefined || args.some((word) => word.startsWith('-')))
    return undefined;
  const option = command === 'copy' ? '--to' : '-o';
  const line = shellCommand('elfdeps', command, ...files, option, output);
  return `${output} is taken as one more file; did you mean ${line}?`;
}

/** How a command is used that lacks an argument or an option. */
async function exampleHint(args: readonly string[]): Promise<string | undefined> {
  const name = COMMAND_NAMES.find((known) => args.includes(known));
  return name && exampleOf(name);
}

async function exampleOf(name: string): Promise<string | undefined> {
  const { examplesOf } = await import('./examples.js');
  const [example] = examplesOf(name);
  return example && `for example: ${example[0]}`;
}

/** An error about a command line without files, with an example if it has no other advice. */
async function withExample(error: unknown, command: Command): Promise<unknown> {
  if (!(error instanceof UsageError) || error.hint !== undefined) return error;
  const isReport = command.parent === null;
  const example = await exampleOf(isReport ? '' : command.name());
  const more = isReport ? '; elfdeps --help shows more' : '';
  return new UsageError(error.fact, { hint: example && example + more });
}

/** `elfdeps --help copy` is for help about the command too. */
function helpOfCommand(args: readonly string[]): readonly string[] {
  const [option = '', name = ''] = args;
  const isAsked = /^(-h|--help)$/.test(option) && COMMAND_NAMES.some((known) => known === name);
  return isAsked ? ['help', name] : args;
}

/** The commands that may be meant: declaring all options takes longer than reading a program. */
function commandsIn(args: readonly string[]): readonly CommandName[] {
  const isForAll =
    args.length === 0 || args.some((arg) => /^(-h|--help|help|completion)$/.test(arg));
  return isForAll ? COMMAND_NAMES : COMMAND_NAMES.filter((name) => args.includes(name));
}
