/**
 * The command line: from an argument list to an exit code. What ends a command is worded here.
 */
import { ElfdepsError } from '../errors.js';
import { COMMAND_NAMES } from './command.js';
import { runReport } from './commands/report.js';
import { COULD_NOT_RUN, INCOMPLETE } from './exit-code.js';
import { printError, printHint, printLine, UnreadableFiles } from './messages.js';
import type { Terminal } from './terminal.js';

/** Runs one command line, without the `node` and script arguments, and gives the exit code. */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    if (isPlainReport(args)) return await runReport(args, {}, terminal);
    const { runCommandLine } = await import('./command-line.js');
    return await runCommandLine(args, terminal);
  } catch (error) {
    return explain(await withRootAdvice(error, terminal), terminal);
  }
}

/**
 * Whether all words name files, so that there is nothing to parse: loading commander and declaring the
 * options takes as long as reading a program.
 */
function isPlainReport(args: readonly string[]): boolean {
  const others: ReadonlySet<string> = new Set(COMMAND_NAMES);
  return args.length > 0 && args.every((word) => !word.startsWith('-') && !others.has(word));
}

/** Only a root that is not there costs the loading of what looks for others. */
async function withRootAdvice(error: unknown, terminal: Terminal): Promise<unknown> {
  if (!(error instanceof ElfdepsError) || error.code !== 'ROOT_NOT_FOUND') return error;
  const { withSimilarRoot } = await import('./similar-file.js');
  return withSimilarRoot(error, terminal);
}

/** Prints what ended a command, and gives the exit code. */
function explain(error: unknown, terminal: Terminal): number {
  if (error instanceof UnreadableFiles) {
    for (const each of error.errors) printError(each, terminal, error.names);
    return COULD_NOT_RUN;
  }
  if (error instanceof ElfdepsError) {
    printError(error, terminal);
    return error.code === 'PLAN_INCOMPLETE' ? INCOMPLETE : COULD_NOT_RUN;
  }
  const fact = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  printLine(`elfdeps: internal error: ${fact}`, terminal);
  printHint('please report it', terminal);
  if (terminal.env.ELFDEPS_DEBUG) throw error;
  return COULD_NOT_RUN;
}
