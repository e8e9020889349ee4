/**
 * What a script's first line starts: the interpreter itself, or through `env NAME` and `env -S` the
 * program that env finds. Source: fs/binfmt_script.c; env(1) of GNU coreutils.
 */
import type { Shebang } from '../elf/script.js';
import { findInPath, type StartPlace } from '../files/path-search.js';
import type { RootFiles } from '../files/root-files.js';
import { pathFrom } from '../root/path-text.js';
import { type EnvCommand, type RefusedOption, readEnvArgument } from './env-argument.js';
import { readEnv } from './env-program.js';

/** What runs a script. */
export interface ScriptPrograms {
  /** Absolute paths in the root: its interpreter, and what env starts, if it does. */
  readonly programs: readonly string[];
  /** The name that env is asked for; undefined where the interpreter is no env. */
  readonly command?: string;
  /** Whether env finds no program of that name. */
  readonly isMissing: boolean;
  /** The option of env that the env of the root does not know. */
  readonly refused?: RefusedOption;
}

/** The programs that run a script of a root, which is started in a place. */
export function scriptPrograms(
  files: RootFiles,
  shebang: Shebang,
  { cwd, searchPath }: StartPlace,
): ScriptPrograms {
  const { argument } = shebang;
  const interpreter = pathFrom(cwd, shebang.interpreter);
  const alone: ScriptPrograms = { programs: [interpreter], isMissing: false };
  if (!interpreter.endsWith('/env') || argument === undefined) return alone;
  const { command, refused } = readEnvArgument(argument, readEnv(files, interpreter), searchPath);
  if (command === undefined) return { ...alone, refused };
  const path = findCommand(files, command, cwd);
  return {
    programs: path === undefined ? [interpreter] : [interpreter, path],
    command: command.name,
    isMissing: path === undefined,
  };
}

/** The program that reads the text of a script, behind env where that starts it. */
export function readerOf(files: RootFiles, shebang: Shebang, place: StartPlace): string {
  return scriptPrograms(files, shebang, place).programs.at(-1) as string;
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
