/**
 * What a command is: a function that declares its name, arguments and options, and a function that runs
 * it. Each has a file in commands/, and a line in program.ts.
 */
import type { Command } from 'commander';
import type { Terminal } from './terminal.js';

/** Runs a command with its arguments, and gives the exit code. */
export type Run<Options> = (
  files: string[],
  options: Options,
  terminal: Terminal,
) => Promise<number>;

/** Makes the function that commander calls, with the options before the command's name too. */
export type Action = <Options>(
  run: Run<Options>,
) => (files: string[], options: unknown, command: Command) => Promise<void>;

/** The names of commands in the order of the help text. The report has none. */
export const COMMAND_NAMES = [
  'dockerfile',
  'copy',
  'tar',
  'image',
  'slim',
  'check',
  'why',
  'completion',
  'help',
] as const;

/** The name of a command. */
export type CommandName = (typeof COMMAND_NAMES)[number];

/** Declares one command. */
export type AddCommand = (program: Command, action: Action) => void;
