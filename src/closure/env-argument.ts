/**
 * The one argument that env gets from a `#!` line, as env reads it: a command, options, or a text that
 * -S splits into both.
 * Source: env(1) of GNU coreutils and of BusyBox; getopt_long(3).
 */
import type { EnvProgram } from './env-program.js';

/** The command that env starts. */
export interface EnvCommand {
  readonly name: string;
  /** The PATH that it is looked up in. */
  readonly path: string;
}

/** An option that env does not know: a character, or the text behind two dashes. */
export interface RefusedOption {
  readonly short?: string;
  readonly long?: string;
}

/** What env makes of the argument; neither where it would start the script itself again. */
export interface EnvRequest {
  readonly command?: EnvCommand;
  readonly refused?: RefusedOption;
}

const LONG_OPTIONS = ['ignore-environment', 'null', 'unset', 'chdir', 'help', 'version'];
const NEWER_LONG_OPTIONS = [
  ...['split-string', 'debug', 'argv0', 'default-signal', 'ignore-signal', 'block-signal'],
  'list-signal-handling',
];

/** What execvp(3) of glibc searches without a PATH: confstr(_CS_PATH). */
const NO_PATH = '/bin:/usr/bin';

/** Reads the argument for an env of a root that has a PATH. */
export function readEnvArgument(argument: string, env: EnvProgram, searchPath: string): EnvRequest {
  if (!argument.startsWith('-')) return commandOf(argument, searchPath);
  if (argument.startsWith('--')) return longOption(argument.slice(2), env, searchPath);
  return shortOptions(argument.slice(1), env, searchPath);
}

function longOption(text: string, { splits }: EnvProgram, searchPath: string): EnvRequest {
  if (text === '') return {};
  const [, name = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
  const known = splits ? [...LONG_OPTIONS, ...NEWER_LONG_OPTIONS] : LONG_OPTIONS;
  const meant = known.filter((option) => option.startsWith(name));
  if (name === '' || meant.length === 0) return { refused: { long: text } };
  return meant.length === 1 && meant[0] === 'split-string' && value !== undefined
    ? splitCommand(value, searchPath)
    : {};
}

/** A cluster of options; one that takes a value takes the rest of the argument. */
function shortOptions(
  cluster: string,
  { splits, kind }: EnvProgram,
  searchPath: string,
): EnvRequest {
  const flags = splits ? 'i0v' : 'i0';
  const taking = kind === 'busybox' ? 'u' : splits ? 'uCa' : 'uC';
  for (const [index, option] of [...cluster].entries()) {
    if (splits && option === 'S') {
      const isEmptied = cluster.slice(0, index).includes('i');
      return splitCommand(cluster.slice(index + 1), searchPath, isEmptied);
    }
    if (taking.includes(option)) return {};
    if (!flags.includes(option)) return { refused: { short: option } };
  }
  return {};
}

/** Options after which PATH is not set. */
const EMPTIES = /^(?:-[iv0]*i[iv0]*(?:[uCa].*)?|-|--ignore-environment|-[v0]*uPATH|--unset=?PATH)$/;

/** The words of -S: options and variables of env, then the command. */
function splitCommand(text: string, searchPath: string, isEmptied = false): EnvRequest {
  let path = isEmptied ? NO_PATH : searchPath;
  const words = splitWords(text, searchPath);
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const variable = /^([^=]+)=(.*)$/s.exec(word);
    // These take the next word, unless their value is in the same one.
    const option = /^(?:-[iv0]*[uCa]|--unset|--chdir|--argv0)$/.test(word)
      ? `${word}${words.shift()}`
      : word;
    if (EMPTIES.test(option)) path = NO_PATH;
    if (option !== word) continue;
    if (variable?.[1] === 'PATH') path = variable[2] as string;
    else if (variable === null && !word.startsWith('-')) return { command: { name: word, path } };
  }
  return {};
}

/** The whole argument is one word: the name of a command, or a variable. */
function commandOf(name: string, path: string): EnvRequest {
  return name.includes('=') ? {} : { command: { name, path } };
}

/** Words as `env -S` splits them: quotes and backslashes keep blanks together. */
function splitWords(text: string, searchPath: string): string[] {
  const words = text.match(/(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\\.|[^\s"'\\])+/g) ?? [];
  return words.map((word) =>
    word
      .replaceAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/g, (_all, a, b) => a ?? b)
      .replaceAll(/\\(.)/g, '$1')
      .replaceAll(/\$\{PATH\}/g, () => searchPath),
  );
}
