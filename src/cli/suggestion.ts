/**
 * What was meant by a word or an option that elfdeps does not know: another name for it (guesses.ts), a
 * format, an option of another command, or a spelling mistake. What is not close is not suggested.
 */
import type { Command } from 'commander';
import { checkReports } from '../registry/checks.js';
import { reports } from '../registry/reports.js';
import { slimReports } from '../registry/slim-reports.js';
import { whyReports } from '../registry/why-reports.js';
import { closest } from '../root/edit-distance.js';
import { shellCommand } from '../root/shell-word.js';
import { COMMAND_NAMES } from './command.js';
import { OPTION_GUESSES, wordGuess } from './guesses.js';
import { topics } from './topics.js';

/** `-la`: no option of elfdeps, which have one letter, but what people give to a program. */
const OF_PROGRAM = /^-[a-zA-Z]{2,}$/;

/** The names of the formats of a command, '' for the report; none for one without formats. */
const FORMATS: Readonly<Record<string, readonly { readonly name: string }[]>> = {
  '': reports,
  check: checkReports,
  why: whyReports,
  slim: slimReports,
};

/** The formats of a command, the default first; none for one without. */
export function formatsOf(command: string): readonly { readonly name: string }[] {
  return Object.hasOwn(FORMATS, command) ? (FORMATS[command] ?? []) : [];
}

/**
 * Asks what a first word that is no file was meant for; undefined for unlike words and for commands. A
 * word that stands alone is a mistyped file more often than a mistyped command.
 */
export function wordQuestion(word: string, isAlone = false): string | undefined {
  if (isCommand(word)) return undefined;
  const guess = wordGuess(word);
  if (guess !== undefined) return `did you mean ${guess}?`;
  if (isAlone) return topicQuestion(word);
  const begun = COMMAND_NAMES.filter((name) => word.length > 2 && name.startsWith(word));
  const [command] = begun.length === 1 ? begun : closest(word, COMMAND_NAMES);
  return command && `did you mean the command ${command}?`;
}

/** What to say about a word that alone names a topic of `elfdeps help`, or all but the `s` of one. */
function topicQuestion(word: string): string | undefined {
  const topic = topics.find(({ name }) => name === word || name === `${word}s`);
  return topic && `did you mean elfdeps help ${topic.name}?`;
}

/**
 * What to say about a command line that could not be parsed: about its first word where that is no
 * command, else about the first option that the command does not have. `program` has all commands.
 */
export function optionQuestion(program: Command, args: readonly string[]): string | undefined {
  const words = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  const name = words.find(isCommand) ?? '';
  const [first = ''] = words;
  const question = name === '' && !first.startsWith('-') ? wordQuestion(first) : undefined;
  if (question !== undefined) return question;
  const command = program.commands.find((sub) => sub.name() === name) ?? program;
  if (name === '' && !first.startsWith('-') && words.some((word) => OF_PROGRAM.test(word)))
    return 'elfdeps runs nothing: name the file of the program, without its arguments';
  const at = words.indexOf(name);
  const unknown = words
    .map((word, index) => ({ flag: flagOf(word), isBefore: index < at }))
    .find(({ flag, isBefore }) => {
      if (flag === undefined) return false;
      return !hasOption(isBefore ? program : command, flag);
    });
  if (unknown?.flag === undefined) return undefined;
  const { flag, isBefore } = unknown;
  if (isBefore && hasOption(command, flag)) {
    const moved = [...words.slice(0, at), ...args.slice(at + 1)];
    return `${flag} stands after the command: ${shellCommand('elfdeps', name, ...moved)}`;
  }
  return flagQuestion(program, command, flag);
}

/** What to say about a format that a command does not have; undefined for unlike words. */
export function formatQuestion(word: string, known: readonly string[]): string | undefined {
  if (isCommand(word)) return `${word} is a command: elfdeps ${word} --help`;
  const [similar] = closest(word, known);
  if (similar !== undefined) return `did you mean ${similar}?`;
  const owners = Object.keys(FORMATS)
    .filter((command) => formatsOf(command).some(({ name }) => name === word))
    .map((command) => command || 'the report');
  if (owners.length > 0) return `${word} is a format of ${owners.join(', ')}`;
  const guess = wordGuess(word);
  return guess && `did you mean ${guess}?`;
}

function flagQuestion(program: Command, command: Command, flag: string): string | undefined {
  const name = flag.replace(/^-+/, '');
  const guess = guessFor(command, flag);
  if (guess !== undefined) return `did you mean ${guess}?`;
  const isReport = command.parent === null;
  const formats = formatsOf(isReport ? '' : command.name());
  if (formats.some((format) => format.name === name)) return `did you mean -f ${name}?`;
  const flags = command.options.flatMap(({ long }) => long ?? []);
  const similar = flag.startsWith('--') ? closest(flag.slice(2), flags.map(bare)) : [];
  if (similar.length > 0) return `did you mean ${similar.map((each) => `--${each}`).join(' or ')}?`;
  const owners = COMMAND_NAMES.filter((other) => {
    const sub = program.commands.find((each) => each.name() === other);
    return sub !== undefined && hasOption(sub, flag);
  });
  const holders = [...(hasOption(program, flag) ? ['the report'] : []), ...owners];
  // What most commands share is left out with a reason, which the help page tells.
  if (flag.startsWith('--') && holders.length > 0 && (holders.length <= 3 || isReport))
    return `${flag} is an option of ${holders.join(', ')}`;
  if (formats !== reports && reports.some((format) => format.name === name))
    return `did you mean elfdeps -f ${name} FILE?`;
  const [format] = flag.startsWith('--')
    ? closest(
        name,
        formats.map((each) => each.name),
      )
    : [];
  if (format !== undefined) return `did you mean -f ${format}?`;
  return flag.startsWith('--') ? wordOrCommand(name) : undefined;
}

function wordOrCommand(name: string): string | undefined {
  return isCommand(name) ? `did you mean the command ${name}?` : wordQuestion(name);
}

/** The first guess that the command has. */
function guessFor(command: Command, flag: string): string | undefined {
  const guesses = Object.hasOwn(OPTION_GUESSES, flag) ? OPTION_GUESSES[flag] : undefined;
  return guesses?.find((guess) => {
    const [option = ''] = guess.split(' ');
    return !option.startsWith('--') || guess.includes(',') || hasOption(command, option);
  });
}

function hasOption(command: Command, flag: string): boolean {
  const isHelp = flag === '-h' || flag === '--help';
  return isHelp || command.options.some(({ long, short }) => flag === long || flag === short);
}

/** The option that a word is, without its value; undefined for other words. */
function flagOf(word: string): string | undefined {
  if (/^--[^=]/.test(word)) return word.split('=')[0];
  return /^-[a-zA-Z0-9]/.test(word) ? word.slice(0, 2) : undefined;
}

function isCommand(word: string): boolean {
  return COMMAND_NAMES.some((name) => name === word);
}

const bare = (flag: string) => flag.replace(/^-+/, '');
