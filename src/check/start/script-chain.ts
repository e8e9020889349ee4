/**
 * Scripts whose interpreter does not run, or is a script again and again. It needs what the checks
 * say about other programs, so it runs after them, on the whole trace.
 * Source: Linux fs/exec.c (exec_binprm).
 */
import type { Program } from '../../closure/closure.js';
import type { Finding, FindingRule } from '../../finding.js';
import type { CheckedClosure } from '../check-closure.js';

/** The codes of this check. */
export type ScriptChainCode = 'SCRIPT_TOO_DEEP' | 'SCRIPT_INTERPRETER_FAILS';

/** Scripts that may name each other before a program. */
const MAX_SCRIPTS = 5;

export const scriptChain = {
  rules: [
    {
      code: 'SCRIPT_INTERPRETER_FAILS',
      levels: ['error'],
      summary: 'The interpreter of a script does not run in the root.',
      cause: 'A script is run by the program that its first line names.',
      remedy: 'See the findings about that program.',
    },
    {
      code: 'SCRIPT_TOO_DEEP',
      levels: ['error'],
      summary: 'Too many scripts start each other.',
      cause: 'The kernel gives up when the interpreter of a script is a script again and again.',
      remedy: 'Name a program in the first line.',
    },
  ] as readonly FindingRule<ScriptChainCode>[],

  /** `checked` are the programs of the trace by their paths, with their own findings. */
  check(
    program: Program,
    checked: ReadonlyMap<string, Pick<CheckedClosure, 'closure' | 'verdict'>>,
  ): Finding<ScriptChainCode>[] {
    const { path, shebang } = program;
    const common = { severity: 'error', program: path, path } as const;
    let script: Program | undefined = program;
    for (let count = 1; script?.shebang !== undefined; count++) {
      if (count > MAX_SCRIPTS)
        return [
          {
            ...common,
            code: 'SCRIPT_TOO_DEEP',
            message: `${path}: is the first of more than ${MAX_SCRIPTS} scripts that start each other`,
            seen: `exec ${path}: too many levels of symbolic links`,
            refusedByKernel: true,
            cause:
              'the kernel gives up when the interpreter of a script is a script again and again',
            remedy: 'name a program in the first line',
          },
        ];
      const next = checked.get(script.shebang.interpreter);
      if (next?.verdict === 'fails')
        return [
          {
            ...common,
            code: 'SCRIPT_INTERPRETER_FAILS',
            message: `${path}: its interpreter ${shebang?.interpreter} does not run in the root`,
            cause: 'a script is run by the program that its first line names',
            remedy: `see the findings about ${next.closure.program.path}`,
          },
        ];
      script = next?.closure.program;
    }
    return [];
  },
};
