/**
 * Scripts: the first line as the kernel reads it, and the program that it names; script-env.ts has what env
 * starts. Source: fs/binfmt_script.c (load_script).
 */

import { SHEBANG_BYTES, type Shebang } from '../../elf/script.js';
import type { Fact } from '../../finding.js';
import { shellCommand } from '../../root/shell-word.js';
import { modeText, ROOT_USER, startRefusal } from '../../root/user.js';
import { type CheckedProgram, defineCheck } from '../check.js';
import { refusal } from './kernel-refusal.js';
import { closedTo } from './permissions.js';
import { ofEnv, unixLineEnds } from './script-env.js';

export const script = defineCheck({
  rules: [
    {
      code: 'SHEBANG_TOO_LONG',
      levels: ['error', 'warning'],
      summary: 'The first line of a script is longer than the kernel reads.',
      cause: 'The kernel reads 255 bytes of it, and cuts what is behind.',
      remedy: 'Make it shorter, for instance with a link to the interpreter.',
    },
    {
      code: 'SCRIPT_CRLF',
      levels: ['error'],
      summary: 'The first line of a script ends with CR LF.',
      cause: 'The carriage return counts as the last character of the file name.',
      remedy: 'Save the script with Unix line ends.',
    },
    {
      code: 'SCRIPT_INTERPRETER_MISSING',
      levels: ['error'],
      summary: 'The interpreter of a script is not in the root.',
      cause: 'The kernel starts the program that the first line names.',
      remedy: 'Put it into the root, or start the script with a program that is there.',
    },
    {
      code: 'SCRIPT_INTERPRETER_NOT_EXECUTABLE',
      levels: ['error'],
      summary:
        'The interpreter of a script has no execute bit, or none for the user who starts it.',
      cause: 'The kernel starts only interpreters that are executable.',
      remedy: 'Set it with chmod +x.',
    },
    {
      code: 'SCRIPT_OPTION_REFUSED',
      levels: ['error'],
      summary: 'env does not know an option of the first line of a script.',
      cause: 'The kernel makes one argument of it, and not every env takes that apart.',
      remedy: 'Name only the interpreter in the first line, without env.',
    },
    {
      code: 'SCRIPT_PROGRAM_MISSING',
      levels: ['error'],
      summary: 'env does not find the program that a script asks for.',
      cause: 'The first line starts env, which looks for the program in PATH.',
      remedy: 'Put the program into a directory of PATH in the root.',
    },
  ],
  check(checked) {
    const { shebang } = checked.closure.program;
    if (shebang === undefined) return [];
    return [
      ...longLine(checked, shebang),
      ...ofInterpreter(checked, shebang),
      ...ofEnv(checked, shebang),
    ];
  },
});

type InterpreterCode =
  | 'SCRIPT_CRLF'
  | 'SCRIPT_INTERPRETER_MISSING'
  | 'SCRIPT_INTERPRETER_NOT_EXECUTABLE';

/** What keeps the kernel from starting the file that the first line names. */
function ofInterpreter(
  { closure, files: { root }, startedBy = ROOT_USER }: CheckedProgram,
  shebang: Shebang,
): Fact<InterpreterCode>[] {
  const { interpreter, program } = closure;
  const { path } = program;
  const common = { severity: 'error', path } as const;
  const noFile = refusal('ENOENT', path, [`${path}: cannot execute: required file not found`]);
  if (shebang.interpreter.endsWith('\r'))
    return [
      {
        ...common,
        code: 'SCRIPT_CRLF',
        message: `${path}: its first line ends with CR LF, so it asks for '${shebang.interpreter}'`,
        ...noFile,
        cause: 'the kernel takes the carriage return as the last character of the file name',
        remedy: unixLineEnds(path),
      },
    ];
  if (interpreter?.status === 'missing')
    return [
      {
        ...common,
        code: 'SCRIPT_INTERPRETER_MISSING',
        message: `${path}: its interpreter ${shebang.interpreter} is not in the root`,
        ...noFile,
        cause: 'the kernel starts the interpreter of the first line, and it is not there',
        remedy: `put ${shebang.interpreter} into the root, or start the script with a program that is there`,
      },
    ];
  const { realPath, entry, links = [] } = interpreter ?? {};
  if (realPath === undefined || entry === undefined) return [];
  const refused = startRefusal(root, startedBy, { realPath, links, entry });
  if (refused === undefined) return [];
  const fact = {
    'no-bit': 'has no execute bit',
    'not-user': `is not executable for user ${startedBy.uid} (mode ${modeText(entry)})`,
    closed: 'is not in reach',
  }[refused.kind];
  const isClosed = refused.kind === 'closed';
  return [
    {
      ...common,
      code: 'SCRIPT_INTERPRETER_NOT_EXECUTABLE',
      message: `${path}: its interpreter ${shebang.interpreter} ${fact}${isClosed ? `: ${closedTo(startedBy, refused, root)}` : ''}`,
      ...refusal('EACCES', path, []),
      cause: 'the kernel starts only interpreters that are executable for the user',
      remedy: isClosed
        ? shellCommand('chmod', 'o+x', refused.directory)
        : shellCommand('chmod', '+x', shebang.interpreter),
    },
  ];
}

/** The kernel looks at 256 bytes: a longer argument is cut, a longer path is no script. */
function longLine(
  { closure, files }: CheckedProgram,
  { argument }: Shebang,
): Fact<'SHEBANG_TOO_LONG'>[] {
  const { path } = closure.program;
  const file = files.resolve(path);
  if (!file.found) return [];
  let head: Uint8Array;
  try {
    head = files.head(file);
  } catch {
    return [];
  }
  if (head.length < SHEBANG_BYTES || head.includes(0x0a)) return [];
  const cutPath = argument === undefined;
  return [
    {
      code: 'SHEBANG_TOO_LONG',
      severity: cutPath ? 'error' : 'warning',
      path,
      message: `${path}: its first line has more than ${SHEBANG_BYTES - 1} bytes`,
      ...(cutPath ? refusal('ENOEXEC', path, []) : { refusedByKernel: false }),
      cause: cutPath
        ? 'the kernel reads 256 bytes of the line and starts no interpreter whose path does not end there'
        : 'the kernel reads 256 bytes of the line and cuts what is behind them off the argument',
      remedy: 'make the first line shorter, for instance with a link to the interpreter',
    },
  ];
}
