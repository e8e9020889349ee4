/**
 * `elfdeps completion bash|zsh|fish`: a script that teaches a shell the commands and options.
 */
import type { Command } from 'commander';
import { UsageError } from '../../errors.js';
import type { Action } from '../command.js';
import { SHELLS } from '../completion/shells.js';
import { COMPLETE } from '../exit-code.js';
import type { Terminal } from '../terminal.js';

/** Declares the command. */
export function addCompletion(program: Command, action: Action): void {
  program
    .command('completion')
    .description('print a completion script for a shell')
    .usage('<shell>')
    .argument('[shell...]', SHELLS.join(', '))
    .action(
      action((words: string[], _options: object, terminal) =>
        runCompletion(program, words, terminal),
      ),
    );
}

async function runCompletion(
  program: Command,
  words: readonly string[],
  { out }: Terminal,
): Promise<number> {
  const { completionScripts } = await import('../completion/completion-scripts.js');
  const { commandWords } = await import('../completion/command-words.js');
  const [shell = '', ...more] = words;
  const known = SHELLS.join(', ');
  const script = Object.entries(completionScripts).find(([name]) => name === shell)?.[1];
  if (script === undefined || more.length > 0)
    throw new UsageError(
      shell === ''
        ? 'completion needs the name of a shell'
        : `no completion for '${words.join(' ')}'`,
      { hint: `known: ${known}; for example: eval "$(elfdeps completion bash)"` },
    );
  out(script(commandWords(program)));
  return COMPLETE;
}
