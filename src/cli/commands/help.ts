/**
 * `elfdeps help [topic]`: the options of a command, or a text that is no command's.
 */
import type { Command } from 'commander';
import { UsageError } from '../../errors.js';
import { closest } from '../../root/edit-distance.js';
import { type Action, COMMAND_NAMES } from '../command.js';
import { COMPLETE } from '../exit-code.js';
import { wordQuestion } from '../suggestion.js';
import type { Terminal } from '../terminal.js';
import type { Topic } from '../topics.js';

/** Declares the command. */
export function addHelp(program: Command, action: Action): void {
  program
    .command('help')
    .description('show the options of a command, or a text about a topic')
    .usage('[command or topic]')
    .argument('[topic...]', 'a command or a topic')
    .action(
      action((words: string[], _options: object, terminal) => runHelp(program, words, terminal)),
    );
}

async function runHelp(
  program: Command,
  words: readonly string[],
  { out, columns }: Terminal,
): Promise<number> {
  const { PAGE_COLUMNS, topicPage, topics } = await import('../topics.js');
  // `help exit codes` and `help exit-codes` are the same.
  const word = words.join('-').toLowerCase();
  const command = word === '' ? program : program.commands.find((sub) => sub.name() === word);
  const topic = topics.find(({ name }) => name === word);
  if (word === 'man') out((await import('../man-page.js')).manPage(program));
  else if (command !== undefined) command.outputHelp();
  else if (topic !== undefined)
    out(topicPage(topic, Math.min(PAGE_COLUMNS, columns() ?? PAGE_COLUMNS)));
  else throw unknownTopic(words.join(' '), topics);
  return COMPLETE;
}

function unknownTopic(word: string, topics: readonly Topic[]): UsageError {
  const names = [...topics.map(({ name }) => name), 'man'];
  const commands = COMMAND_NAMES.filter((name) => name !== 'help');
  const known = `known: ${[...commands, ...names].join(', ')}`;
  const begun = [...names, ...commands].filter((name) => name.startsWith(word));
  const [topic] = closest(word, names);
  const question =
    begun.length === 1
      ? `did you mean ${begun[0]}?`
      : (wordQuestion(word) ?? (topic && `did you mean ${topic}?`));
  return new UsageError(`no help about '${word}'`, {
    hint: question === undefined ? known : `${question} ${known}`,
  });
}
