/**
 * What a script's first line starts: the interpreter itself, or through `env NAME` and `env -S` the
 * program that env finds. Source: fs/binfmt_script.c; env(1) of GNU coreutils.
 */
import type { Shebang } from '../elf/script.js';
import { DEFAULT_PATH, findInPath } from '../files/path-search.js';
import type { RootFiles } from '../files/root-files.js';
import { pathFrom } from '../root/path-text.js';

/**
 * Absolute paths, in the root, that run a script: its interpreter, and what env starts, if it does.
 * `missing` has the name that env does not find. `cwd` is the working directory, in the root.
 */
export function scriptPrograms(
  files: RootFiles,
  shebang: Shebang,
  cwd: string,
): { readonly programs: readonly string[]; readonly missing: readonly string[] } {
  const programs = [shebang.interpreter];
  const missing: string[] = [];
  if (shebang.interpreter.endsWith('/env') && shebang.argument !== undefined) {
    const command = commandOfEnv(shebang.argument);
    const path = command && findCommand(files, command, cwd);
    if (path !== undefined) programs.push(path);
    else if (command !== undefined) missing.push(command.name);
  }
  return { programs, missing };
}

interface EnvCommand {
  readonly name: string;
  /** The PATH that it is looked up in. */
  readonly path: string;
}

/** The command in env's argument: without -S the whole argument is a name. */
function commandOfEnv(argument: string): EnvCommand | undefined {
  const split = /^(?:-[a-zA-Z0]*S|--split-string[= ])\s*(.*)$/.exec(argument)?.[1];
  if (split === undefined)
    return argument.startsWith('-') ? undefined : { name: argument, path: DEFAULT_PATH };
  let path = DEFAULT_PATH;
  const words = splitWords(split);
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const variable = /^([^=]+)=(.*)$/s.exec(word);
    // These take the next word, unless their value is in the same one.
    if (/^(?:-[iv0]*[uC]|--unset|--chdir)$/.test(word)) words.shift();
    else if (variable?.[1] === 'PATH') path = variable[2] as string;
    else if (variable === null && !word.startsWith('-')) return { name: word, path };
  }
  return undefined;
}

/** Words as `env -S` splits them: quotes and backslashes keep blanks together. */
function splitWords(text: string): string[] {
  const words = text.match(/(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\\.|[^\s"'\\])+/g) ?? [];
  return words.map((word) =>
    word
      .replaceAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/g, (_all, a, b) => a ?? b)
      .replaceAll(/\\(.)/g, '$1')
      .replaceAll(/\$\{PATH\}/g, DEFAULT_PATH),
  );
}

/** A name with a slash is a path, and not looked for anywhere else. */
function findCommand(
  files: RootFiles,
  { name, path }: EnvCommand,
  cwd: string,
): string | undefined {
  const resolve = (candidate: string) => files.resolve(candidate);
  if (!name.includes('/')) return findInPath(resolve, name, path, cwd);
  const command = pathFrom(cwd, name);
  return resolve(command).found ? command : undefined;
}
