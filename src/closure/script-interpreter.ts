/**
 * What a script's first line starts: the interpreter itself, or through `env NAME` and `env -S` the
 * program that env finds. Source: fs/binfmt_script.c; env(1) of GNU coreutils.
 */
import type { Shebang } from '../elf/script.js';
import type { RootFiles } from '../files/root-files.js';

/** The PATH of an image that sets none (runc, and Docker's default). */
export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Absolute paths, in the root, that run a script: its interpreter, and what env starts, if it does. */
export function scriptPrograms(
  files: RootFiles,
  shebang: Shebang,
): { readonly programs: readonly string[]; readonly missing: readonly string[] } {
  const programs = [shebang.interpreter];
  const missing: string[] = [];
  if (shebang.interpreter.endsWith('/env') && shebang.argument !== undefined) {
    const command = commandOfEnv(shebang.argument);
    const path = command && findInPath(files, command);
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

function findInPath(files: RootFiles, { name, path }: EnvCommand): string | undefined {
  if (name.includes('/')) return files.resolve(name).found ? name : undefined;
  return path
    .split(':')
    .map((directory) => `${directory}/${name}`)
    .find((candidate) => {
      const file = files.resolve(candidate);
      return file.found && file.entry.kind === 'file' && (file.entry.mode & 0o111) !== 0;
    });
}
