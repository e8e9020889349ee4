/**
 * What keeps env from starting the program that the first line of a script asks for.
 * Source: env(1) of GNU coreutils and of BusyBox; getopt(3).
 */
import type { RefusedOption } from '../../closure/env-argument.js';
import { type EnvProgram, envCannotStart, readEnv } from '../../closure/env-program.js';
import { scriptPrograms } from '../../closure/script-interpreter.js';
import type { Shebang } from '../../elf/script.js';
import type { Fact } from '../../finding.js';
import type { Loader } from '../../loader/loader.js';
import { loaderAt } from '../../loader/loaders-in-root.js';
import { usualOptionRefused } from '../../loader/traits.js';
import { pathFrom } from '../../root/path-text.js';
import { shellCommand } from '../../root/shell-word.js';
import type { CheckedProgram } from '../check.js';

/** The facts about it; none where env starts the program, or the line names no env. */
export function ofEnv(
  { closure: { program }, files, loaders, cwd, searchPath }: CheckedProgram,
  shebang: Shebang,
): Fact<'SCRIPT_CRLF' | 'SCRIPT_PROGRAM_MISSING' | 'SCRIPT_OPTION_REFUSED'>[] {
  const { path } = program;
  const { command = '', isMissing, refused } = scriptPrograms(files, shebang, { cwd, searchPath });
  if (!isMissing && refused === undefined) return [];
  const env = readEnv(files, pathFrom(cwd, shebang.interpreter));
  if (refused !== undefined)
    return [optionRefused(path, refused, env, loaderOf(env, files, loaders))];
  const seen = envCannotStart(
    { ...env, path: shebang.interpreter },
    command,
    'No such file or directory',
  );
  const common = { severity: 'error', path, seen } as const;
  if (shebang.argument?.endsWith('\r'))
    return [
      {
        ...common,
        code: 'SCRIPT_CRLF',
        message: `${path}: its first line ends with CR LF, so env looks for '${command}'`,
        cause: 'the carriage return becomes the last character of the name',
        remedy: unixLineEnds(path),
      },
    ];
  return [
    {
      ...common,
      code: 'SCRIPT_PROGRAM_MISSING',
      message: `${path}: env finds no '${command}' in the root's PATH`,
      cause:
        'env looks in the directories of PATH, and none of them has an executable file of that name',
      remedy: `put ${command} into a directory of PATH in the root`,
    },
  ];
}

/** The kernel makes one argument of the rest of the line, so options and a command do not go together. */
function optionRefused(
  path: string,
  refused: RefusedOption,
  env: EnvProgram,
  loader: Loader | undefined,
): Fact<'SCRIPT_OPTION_REFUSED'> {
  const isSplit = /^(?:S|v)$/.test(refused.short ?? '') || refused.long?.startsWith('s') === true;
  const option = refused.short === undefined ? `--${refused.long}` : `-${refused.short}`;
  // coreutils says by itself what it thinks of a blank.
  const names = refused.short === ' ' && env.splits ? env.names : [env.path];
  const words = loader?.traits.words.optionRefused ?? usualOptionRefused;
  return {
    code: 'SCRIPT_OPTION_REFUSED',
    severity: 'error',
    path,
    message: `${path}: the env of the root does not know the option '${option}'`,
    seen: names.map((name) => words(name, refused)).join('\n'),
    cause: isSplit
      ? 'BusyBox and coreutils before 8.30 have an env that takes no line apart (-S)'
      : 'the kernel gives all that follows env in the first line as one argument, blanks included',
    remedy: isSplit
      ? 'start the script with its interpreter and not with env, or put the env of coreutils 8.30 or newer into the root'
      : 'name only the interpreter in the first line, without env, or use env -S',
  };
}

/** The loader of the C library that env has its getopt from; undefined for a static env. */
function loaderOf(
  { path }: EnvProgram,
  files: CheckedProgram['files'],
  loaders: readonly Loader[],
): Loader | undefined {
  const file = files.resolve(path);
  const interpreter = file.found ? files.findElf(file)?.interpreter : undefined;
  return interpreter === undefined ? undefined : loaderAt(files, loaders, interpreter);
}

/** The remedy for a line that ends with CR LF. */
export function unixLineEnds(path: string): string {
  return `save it with Unix line ends: ${shellCommand('sed', '-i', 's/\\r$//', path)}`;
}
