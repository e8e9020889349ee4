/**
 * What a shell completes: the commands with their options, and what may follow each, taken from the
 * definitions that commander parses with. The scripts of the shells are made of this.
 */
import type { Command, Option } from 'commander';
import { optionValues } from '../option-values.js';
import { topics } from '../topics.js';
import { SHELLS } from './shells.js';

/** What stands behind an option or as an argument: words of a list, a path, or any text. */
export type Operand =
  | { readonly kind: 'words'; readonly words: readonly string[]; readonly isList: boolean }
  | { readonly kind: 'file' }
  | { readonly kind: 'directory' }
  | { readonly kind: 'text' };

/** An option of a command. */
export interface OptionWords {
  /** With two dashes. */
  readonly long: string;
  /** With one dash; undefined for most. */
  readonly short?: string;
  readonly text: string;
  /** The value that follows; undefined for an option without. */
  readonly value?: Operand;
}

/** A command; the report has the name ''. */
export interface CommandWords {
  readonly name: string;
  readonly text: string;
  readonly options: readonly OptionWords[];
  readonly argument: Operand;
}

/** The words of the report, which come first, and of every command that `program` has. */
export function commandWords(program: Command): CommandWords[] {
  return [program, ...program.commands].map((command) => {
    const name = command === program ? '' : command.name();
    return {
      name,
      text: command.description(),
      options: [
        ...command.options.map((option) => optionWords(name, option)),
        { long: '--help', short: '-h', text: 'print this help' },
      ],
      argument: argumentOf(name, program),
    };
  });
}

function optionWords(command: string, option: Option): OptionWords {
  const { long, short, description, flags } = option;
  const flag = long ?? short ?? flags;
  return { long: flag, short, text: description, value: operandOf(command, flag, flags) };
}

function operandOf(command: string, flag: string, flags: string): Operand | undefined {
  const placeholder = /<(.*)>/.exec(flags)?.[1];
  if (placeholder === undefined) return undefined;
  const values = optionValues(command, flag);
  if (values !== undefined)
    return { kind: 'words', words: values.words, isList: values.isList ?? false };
  if (/^dirs?$/.test(placeholder)) return { kind: 'directory' };
  return /^(?:file|log|glob|dir or archive)$/.test(placeholder)
    ? { kind: 'file' }
    : { kind: 'text' };
}

function argumentOf(command: string, program: Command): Operand {
  const words = (list: readonly string[]): Operand => ({
    kind: 'words',
    words: list,
    isList: false,
  });
  if (command === 'completion') return words(SHELLS);
  if (command !== 'help') return { kind: 'file' };
  const commands = program.commands.map((sub) => sub.name());
  return words([...commands, ...topics.map(({ name }) => name), 'man']);
}
