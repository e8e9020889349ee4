/**
 * What a script's first line starts: the interpreter itself, or through `env NAME` and `env -S` the
 * program that env finds. Source: fs/binfmt_script.c; env(1) of GNU coreutils.
 */
import type { Shebang } from '../elf/script.js';
import type { ObjectFiles } from '../loader/object-files.js';

/** The PATH of an image that sets none (runc, and Docker's default). */
export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Absolute paths, in the root, that run a script: its interpreter, and what env starts, if it does. */
export function scriptPrograms(
  files: ObjectFiles,
  shebang: Shebang,
): { readonly programs: readonly string[]; readonly missing: readonly string[] } {
  const programs = [shebang.interpreter];
  const missing: string[] = [];
  if (shebang.interpreter.endsWith('/env') && shebang.argument !== undefined) {
    const name = commandOfEnv(shebang.argument);
    const path = name === undefined ? undefined : findInPath(files, name);
    if (path !== undefined) programs.push(path);
    else if (name !== undefined) missing.push(name);
  }
  return { programs, missing };
}

/** The command in env's argument: without -S the whole argument is a name. */
function commandOfEnv(argument: string): string | undefined {
  const split = /^(?:-[a-zA-Z]*S|--split-string[= ])\s*(.*)$/.exec(argument)?.[1];
  if (split === undefined) return argument.startsWith('-') ? undefined : argument;
  return split.split(/\s+/).find((word) => !word.startsWith('-') && !word.includes('='));
}

function findInPath(files: ObjectFiles, name: string): string | undefined {
  if (name.includes('/')) return files.resolve(name).found ? name : undefined;
  return DEFAULT_PATH.split(':')
    .map((directory) => `${directory}/${name}`)
    .find((path) => {
      const file = files.resolve(path);
      return file.found && file.entry.kind === 'file' && (file.entry.mode & 0o111) !== 0;
    });
}
