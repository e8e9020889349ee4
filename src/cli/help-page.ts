/**
 * The help page of a command: what it does and examples first, commands before options, at most 80
 * columns wide unless the terminal is narrower.
 */
import type { Command, HelpConfiguration } from 'commander';
import { examplesOf } from './examples.js';
import { PAGE_COLUMNS, topics } from './topics.js';

/** Not a text for a terminal. */
const MANUAL = { name: 'man', summary: 'the manual page: elfdeps help man | man -l -' };

/** How commander lays out help pages; subcommands inherit it. */
export const helpPages: HelpConfiguration = {
  minWidthToWrap: 20,
  subcommandTerm: (command) => command.name(),
  formatHelp: (command, helper) => {
    const width = helper.padWidth(command, helper);
    const item = (term: string, text: string) => helper.formatItem(term, width, text, helper);
    const list = (heading: string, items: readonly string[]) =>
      items.length === 0 ? [] : [heading, ...items, ''];
    const commands = helper
      .visibleCommands(command)
      .map((sub) => item(helper.subcommandTerm(sub), helper.subcommandDescription(sub)));
    const listsTopics = command.parent === null || command.name() === 'help';
    const topicItems = listsTopics
      ? [...topics, MANUAL].map(({ name, summary }) => item(name, summary))
      : [];
    const words = helper
      .visibleArguments(command)
      .map((argument) => item(helper.argumentTerm(argument), helper.argumentDescription(argument)));
    const groups = helper.groupItems(
      [...command.options],
      helper.visibleOptions(command),
      (option) => option.helpGroupHeading ?? 'Options:',
    );
    const options = [...groups].flatMap(([heading, members]) =>
      list(
        heading,
        members.map((o) => item(helper.optionTerm(o), helper.optionDescription(o))),
      ),
    );
    return [
      `Usage: ${helper.commandUsage(command)}`,
      '',
      helper.boxWrap(helper.commandDescription(command), helper.helpWidth ?? PAGE_COLUMNS),
      '',
      ...list('Commands:', commands),
      ...list('Topics of elfdeps help:', topicItems),
      ...list('Examples:', examples(command, helper.helpWidth ?? PAGE_COLUMNS)),
      ...list('Arguments:', words),
      ...options,
    ].join('\n');
  },
};

/** Each example with what it is for: beside it, or below where the lines would be too long. */
function examples(command: Command, columns: number): string[] {
  const known = examplesOf(command.parent === null ? '' : command.name());
  const widest = Math.max(...known.map(([line]) => line.length));
  const beside = known.map(([line, text]) => `  ${line.padEnd(widest)}  ${text}`);
  return beside.every((line) => line.length <= columns)
    ? beside
    : known.flatMap(([line, text]) => [`  ${line}`, `      ${text}`]);
}
