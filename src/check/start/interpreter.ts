/**
 * The file that PT_INTERP names: whether the kernel finds it and can start it for this program.
 * Source: fs/binfmt_elf.c (load_elf_binary): open_exec of the interpreter, then elf_check_arch.
 */

import type { Closure, Interpreter } from '../../closure/closure.js';
import { EHDR_SIZE } from '../../elf/header.js';
import { compatibleTargets, describeTarget, type Target } from '../../elf/target.js';
import { describeErrno } from '../../errors.js';
import type { RootFiles } from '../../files/root-files.js';
import type { Fact } from '../../finding.js';
import { interpreterLink } from '../../needs/lost-interpreter.js';
import { startIn, startingDirectory } from '../../needs/missing-path.js';
import { pathFrom } from '../../root/path-text.js';
import type { Entry, PathProblem, Root } from '../../root/root.js';
import { shellCommand } from '../../root/shell-word.js';
import {
  modeText,
  ROOT_USER,
  type StartRefusal,
  startRefusal,
  type User,
} from '../../root/user.js';
import { type CheckedProgram, defineCheck } from '../check.js';
import { noInterpreter, refusal } from './kernel-refusal.js';
import { closedTo } from './permissions.js';

export const interpreter = defineCheck({
  rules: [
    {
      code: 'INTERPRETER_MISSING',
      levels: ['error'],
      summary: 'The interpreter of the program is not in the root.',
      cause:
        'The kernel starts the interpreter, which is the dynamic loader, and not the program itself.',
      remedy: 'Put the loader and all libraries into the root (elfdeps copy), or link statically.',
    },
    {
      code: 'INTERPRETER_NOT_EXECUTABLE',
      levels: ['error'],
      summary:
        'The interpreter of the program has no execute bit, or none for the user who starts it.',
      cause:
        'The kernel starts only interpreters that are executable. Another user than root needs the right to search each directory on the way, too.',
      remedy: 'Set its mode to 755.',
    },
    {
      code: 'INTERPRETER_WRONG_TARGET',
      levels: ['error'],
      summary: 'The interpreter of the program is for another CPU.',
      cause: 'The kernel refuses an interpreter for another CPU than the program.',
      remedy: "Put the loader for the program's CPU in its place.",
    },
  ],
  check({ closure, files, system, cwd, startedBy = ROOT_USER }) {
    const { program, interpreter } = closure;
    if (interpreter === null || program.elf === undefined || program.kind === 'script') return [];
    // The kernel starts no library, so the interpreter of one does not matter.
    if (program.kind !== 'executable') return [];
    const { path } = interpreter;
    if (interpreter.realPath === undefined || interpreter.entry === undefined) {
      const file = files.resolve(pathFrom(cwd, path));
      const problem = file.found ? 'EACCES' : file.problem;
      return [
        problem === 'ENOENT'
          ? missing(closure, path, { files, system, cwd })
          : unopened(program.path, path, problem),
      ];
    }
    const { realPath, links, entry } = interpreter;
    const refused = startRefusal(files.root, startedBy, { realPath, links, entry });
    if (refused !== undefined)
      return [
        {
          ...refusedTo(startedBy, refused, { root: files.root, path, cwd, entry }),
          code: 'INTERPRETER_NOT_EXECUTABLE',
          severity: 'error',
          path,
          ...refusal('EACCES', program.path),
        },
      ];
    return unfit(program.path, program.elf.target, interpreter, files);
  },
});

/** Why the kernel does not open the interpreter for a user, in words. */
function refusedTo(
  user: User,
  refused: StartRefusal,
  { root, path, cwd, entry }: { root: Root; path: string; cwd: string; entry: Entry },
): Pick<Fact, 'message' | 'cause' | 'remedy'> {
  if (refused.kind === 'closed')
    return {
      message: `${path}: ${closedTo(user, refused, root)}, on the way to the interpreter`,
      cause:
        'the kernel opens the interpreter for the user, who needs the right to search each directory on the way',
      remedy: shellCommand('chmod', 'o+x', refused.directory),
    };
  return {
    message:
      refused.kind === 'no-bit'
        ? `${path}: the interpreter has no execute bit`
        : `${path}: the user may not execute the interpreter (mode ${modeText(entry)})`,
    cause: 'the kernel starts only interpreters that are executable',
    remedy: shellCommand('chmod', '755', pathFrom(cwd, path)),
  };
}

/** A file that the kernel opens, but does not take for a loader of the program. */
function unfit(
  program: string,
  target: Target,
  { path, realPath, entry }: Interpreter,
  files: RootFiles,
): Fact<'INTERPRETER_MISSING' | 'INTERPRETER_WRONG_TARGET'>[] {
  const file = files.resolve(realPath ?? path);
  const elf = file.found ? files.findElf(file) : undefined;
  const isSound = elf !== undefined && elf.segments.length > 0;
  if (isSound && compatibleTargets(elf.target, target)) return [];
  if ((entry?.size ?? 0) < EHDR_SIZE[target.class]) return [unopened(program, path, 'EIO')];
  const is = isSound ? `for ${describeTarget(elf.target)}` : 'no sound ELF file';
  return [
    {
      code: 'INTERPRETER_WRONG_TARGET',
      severity: 'error',
      path,
      message: `${path}: the interpreter is ${is}, the program for ${describeTarget(target)}`,
      ...refusal('ELIBBAD', program),
      remedy: `put the loader for ${describeTarget(target)} at ${path}`,
    },
  ];
}

/** For a file that the kernel cannot open, or read a header of. */
function unopened(
  program: string,
  path: string,
  problem: Exclude<PathProblem, 'ENOENT'>,
): Fact<'INTERPRETER_MISSING'> {
  return {
    code: 'INTERPRETER_MISSING',
    severity: 'error',
    path,
    message: `${path}: ${describeErrno(problem)}, it is the interpreter of ${program}`,
    ...refusal(problem, program),
    cause: 'the kernel starts the interpreter, not the program, and it cannot read this one',
    remedy: `put the loader at ${path} as a regular file (elfdeps copy), or link the program statically`,
  };
}

function missing(
  closure: Closure,
  path: string,
  { files, system, cwd }: Pick<CheckedProgram, 'files' | 'system' | 'cwd'>,
): Fact<'INTERPRETER_MISSING'> {
  const program = closure.program.path;
  const isRelative = !path.startsWith('/');
  const start = isRelative ? startingDirectory(path, { closure, files }) : undefined;
  const place = pathFrom(cwd, path);
  const link = interpreterLink(closure, { files, cwd });
  const root = link === undefined ? 'it is not in this root' : `this root has only ${link.found}`;
  const cause = isRelative
    ? `the kernel starts the interpreter, not the program, and looks for this one from the working directory, which is ${cwd}`
    : `the kernel starts the interpreter, not the program, and ${loadersOf(system, path) ?? root}`;
  return {
    code: 'INTERPRETER_MISSING',
    severity: 'error',
    path,
    message: `${path}: not found, it is the interpreter of ${program}`,
    ...noInterpreter(program),
    // What brings the loader brings these.
    explains: start === undefined && link === undefined ? ['LIBRARY_NOT_FOUND'] : undefined,
    cause,
    remedy:
      start === undefined
        ? (link?.command ??
          `copy ${place} and the libraries of the program into the root (${gathering(program)}), or link it statically`)
        : startIn(start),
  };
}

/** What gathers the loader and the libraries where the program runs. */
function gathering(program: string): string {
  return `on a system where it runs: ${shellCommand('elfdeps', 'copy', program, '--to', 'DIR')}`;
}

/** The loaders that a root has beside that of a path, in words; undefined where there is none. */
export function loadersOf({ loaders }: CheckedProgram['system'], path: string): string | undefined {
  const others = loaders.filter((other) => other.path !== path);
  if (others.length === 0) return undefined;
  const named = others.map((other) => `${other.path} (${other.libc})`);
  return `this root has ${named.length > 1 ? '' : 'only '}${named.join(' and ')}`;
}
