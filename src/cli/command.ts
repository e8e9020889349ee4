/**
 * What a command is to the command line: a function that declares its name, arguments and options,
 * and the function that runs it. One file in commands/ each, and one line in main.ts.
 */
import type { Command } from 'commander';
import { editDistance } from '../closure/find-needed.js';
import type { Terminal } from './terminal.js';

/** Runs a command with its arguments, and gives the exit code. */
export type Run<Options> = (
  files: string[],
  options: Options,
  terminal: Terminal,
) => Promise<number>;

/** Makes what commander calls: options may stand before the command's name too. */
export type Action = <Options>(
  run: Run<Options>,
) => (files: string[], options: unknown, command: Command) => Promise<void>;

/** The commands that have a name, in the order of the help text; the report runs without one. */
export const COMMAND_NAMES = ['dockerfile', 'copy', 'tar', 'image', 'check', 'why'] as const;

/** Asks for the command that a word is like; undefined for a command itself, and for other words. */
export function commandLike(word: string): string | undefined {
  if (word.length < 3 || COMMAND_NAMES.some((name) => name === word)) return undefined;
  const command = COMMAND_NAMES.find((name) => editDistance(word, name) <= 2);
  return command && `did you mean the command ${command}?`;
}

/** Declares one command. */
export type AddCommand = (program: Command, action: Action) => void;
