/**
 * Scripts whose interpreter, or the program that env starts for them, does not run, or is a script
 * again and again. It needs what the checks say about other programs, so it runs after them, on the
 * whole trace.
 * Source: Linux fs/exec.c (exec_binprm).
 */
import type { Program } from '../../closure/closure.js';
import { envCannotStart, readEnv } from '../../closure/env-program.js';
import { scriptPrograms } from '../../closure/script-interpreter.js';
import type { Shebang } from '../../elf/script.js';
import type { StartPlace } from '../../files/path-search.js';
import type { RootFiles } from '../../files/root-files.js';
import { type Finding, type FindingRule, wordsOfRule } from '../../finding.js';
import { pathFrom } from '../../root/path-text.js';
import type { CheckedClosure } from '../check-closure.js';
import { refusal, strerror } from './kernel-refusal.js';

/** The codes of this check. */
export type ScriptChainCode = 'SCRIPT_TOO_DEEP' | 'SCRIPT_INTERPRETER_FAILS';

/** Scripts that may name each other before a program. */
const MAX_SCRIPTS = 5;

const fails: FindingRule<ScriptChainCode> = {
  code: 'SCRIPT_INTERPRETER_FAILS',
  levels: ['error'],
  summary: 'The interpreter of a script does not run in the root.',
  cause: 'A script is run by the program that its first line names.',
  remedy: 'See the findings about that program.',
};

const tooDeepRule: FindingRule<ScriptChainCode> = {
  code: 'SCRIPT_TOO_DEEP',
  levels: ['error'],
  summary: 'Too many scripts start each other.',
  cause: 'The kernel gives up when the interpreter of a script is a script again and again.',
  remedy: 'Name a program in the first line.',
};

export const scriptChain = {
  rules: [fails, tooDeepRule] as readonly FindingRule<ScriptChainCode>[],

  /** `checked` are the programs of the trace by their paths, with their own findings. */
  check(program: Program, { checked, files, place }: ChainContext): Finding<ScriptChainCode>[] {
    const { path, shebang } = program;
    if (shebang === undefined) return [];
    const failing = failingProgram(shebang, { checked, files, place });
    if (failing === undefined)
      return isTooDeep(program, { checked, files, place }) ? [tooDeep(path)] : [];
    const { command, isStartedByEnv, of } = failing;
    return [
      {
        severity: 'error',
        program: path,
        path,
        code: 'SCRIPT_INTERPRETER_FAILS',
        message: isStartedByEnv
          ? `${path}: the program ${command} that env starts does not run in the root`
          : `${path}: its interpreter ${shebang.interpreter} does not run in the root`,
        seen: isStartedByEnv ? seenThroughEnv(failing, shebang, files, place.cwd) : undefined,
        cause: wordsOfRule(fails).cause,
        remedy: `see the findings about ${of.closure.program.path}`,
      },
    ];
  },
};

function tooDeep(path: string): Finding<'SCRIPT_TOO_DEEP'> {
  return {
    severity: 'error',
    program: path,
    path,
    code: 'SCRIPT_TOO_DEEP',
    message: `${path}: is the first of more than ${MAX_SCRIPTS} scripts that start each other`,
    ...refusal('ELOOP', path, []),
    ...wordsOfRule(tooDeepRule),
  };
}

type Checked = Pick<CheckedClosure, 'closure' | 'verdict' | 'findings'>;

/** What the programs of a trace are judged by. */
export interface ChainContext {
  readonly checked: ReadonlyMap<string, Checked>;
  readonly files: RootFiles;
  readonly place: StartPlace;
}

function isTooDeep(program: Program, { checked, files, place }: ChainContext): boolean {
  let script: Program | undefined = program;
  for (let count = 1; script?.shebang !== undefined; count++) {
    if (count > MAX_SCRIPTS) return true;
    const [interpreter = '']: readonly string[] = scriptPrograms(
      files,
      script.shebang,
      place,
    ).programs;
    script = checked.get(interpreter)?.closure.program;
  }
  return false;
}

interface StartedProgram {
  readonly of: Checked;
  /** The name that env is asked for, and whether it starts the program. */
  readonly command: string;
  readonly isStartedByEnv: boolean;
}

/** The first program on the way from a script that does not run. */
function failingProgram(first: Shebang, context: ChainContext): StartedProgram | undefined {
  const seen = new Set<Checked>();
  const pending: StartingScript[] = [{ shebang: first, isStartedByEnv: false, command: '' }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop())
    for (const started of programsOf(next, context)) {
      const { of } = started;
      if (seen.has(of)) continue;
      seen.add(of);
      if (of.verdict === 'fails') return started;
      const { shebang } = of.closure.program;
      if (shebang !== undefined) pending.push({ ...started, shebang });
    }
  return undefined;
}

interface StartingScript extends Omit<StartedProgram, 'of'> {
  readonly shebang: Shebang;
}

/** The programs that the first line of a script starts: its interpreter, then what env starts. */
function programsOf(
  { shebang, isStartedByEnv, command }: StartingScript,
  { checked, files, place }: ChainContext,
): StartedProgram[] {
  const { programs, command: asked = '' } = scriptPrograms(files, shebang, place);
  return programs.flatMap((path, index) => {
    const of = checked.get(path);
    if (of === undefined) return [];
    if (isStartedByEnv) return [{ of, command, isStartedByEnv }];
    return [{ of, command: asked, isStartedByEnv: index > 0 }];
  });
}

/** The message that stops a program, as it reads where env starts it by its bare name. */
function seenThroughEnv(
  { of, command }: StartedProgram,
  { interpreter }: Shebang,
  files: RootFiles,
  cwd: string,
): string | undefined {
  const { path } = of.closure.program;
  const worst = of.findings.find(({ severity, seen }) => severity === 'error' && seen);
  if (worst?.seen === undefined) return undefined;
  if (!worst.refusedByKernel)
    return worst.seen
      .split('\n')
      .map((line) => (line.startsWith(`${path}: `) ? command + line.slice(path.length) : line))
      .join('\n');
  if (worst.kernelError === undefined) return undefined;
  const env = readEnv(files, pathFrom(cwd, interpreter));
  return envCannotStart(env, command, strerror(worst.kernelError));
}
