/**
 * Runs the checks on closures, and draws the conclusion: will it run in its root?
 */
import type { Closure, Program } from '../closure/closure.js';
import type { Trace } from '../closure/trace.js';
import { parsePlatform } from '../elf/platform.js';
import { ElfFacts } from '../files/elf-facts.js';
import { ElfSymbols } from '../files/elf-symbols.js';
import type { Finding } from '../finding.js';
import type { Loader } from '../loader/loader.js';
import { ProgramFacts } from '../needs/program-facts.js';
import type { Check, CheckContext, CheckOptions } from './check.js';
import { readRootSystem } from './root-system.js';

/** `fails`: there is an error. `warns`: it runs as far as can be told, but there are warnings. */
export type Verdict = 'runs' | 'warns' | 'fails';

const SEVERITIES = ['error', 'warning', 'note'] as const;

/** A closure and what there is to say about it. */
export interface CheckedClosure {
  readonly closure: Closure;
  readonly verdict: Verdict;
  /** Errors first. */
  readonly findings: readonly Finding[];
}

/** Prepares to check closures of one trace: the root is looked at once. */
export class Checker {
  readonly #common: Omit<CheckContext, 'closure' | 'evidence'>;
  readonly #facts: ElfFacts;
  readonly #trace: Trace;
  readonly #checks: readonly Check[];

  /** Throws UsageError for a platform that is not known. */
  constructor(
    trace: Trace,
    options: CheckOptions,
    checks: readonly Check[],
    loaders: readonly Loader[],
  ) {
    const { files } = trace;
    const symbols = new ElfSymbols(trace.root);
    const programs = new Set(trace.closures.map(({ program }) => program.path));
    const system = readRootSystem(files, loaders, programs);
    const cpu = options.platform === undefined ? system.cpu : parsePlatform(options.platform);
    const cwd = trace.options.cwd ?? '/';
    this.#common = {
      files,
      symbols,
      loaders,
      system,
      options,
      cwd,
      ...(cpu === undefined ? {} : { cpu }),
    };
    this.#facts = new ElfFacts(files, symbols);
    this.#checks = checks;
    this.#trace = trace;
  }

  /** Every finding about one closure, errors first, each once. */
  check(closure: Closure): Finding[] {
    const program = closure.program.path;
    const configured = this.#trace.loaderOf(program);
    const context = {
      ...this.#common,
      closure,
      evidence: new ProgramFacts(closure, this.#facts, {}, configured),
    };
    const seen = new Set<string>();
    const findings = this.#checks
      .flatMap((check) => check(context))
      .map((fact) => ({ ...fact, program }))
      .filter(({ code, message }) => {
        const key = `${code}\0${message}`;
        return !seen.has(key) && seen.add(key);
      });
    const told = findings.some(isRefusal) ? findings.map(withoutUnseen) : findings;
    return SEVERITIES.flatMap((severity) => told.filter((f) => f.severity === severity));
  }
}

/** An error that the kernel itself tells: then no loader runs that could say anything. */
function isRefusal({ severity, seen }: Finding): boolean {
  return severity === 'error' && seen?.startsWith('exec ') === true;
}

/** The same fact, without a message that would come only after the program has been started. */
function withoutUnseen(finding: Finding): Finding {
  if (isRefusal(finding)) return finding;
  const { seen: _, ...rest } = finding;
  return rest;
}

/** Scripts that may name each other before a program; Linux fs/exec.c (exec_binprm). */
const MAX_SCRIPTS = 5;

/**
 * Checks every closure of a trace, in its order. A script runs only if the programs do that its
 * first line starts, which may be scripts too.
 */
export function checkEach(trace: Trace, checker: Checker): CheckedClosure[] {
  const checked = new Map(
    trace.closures.map((closure) => {
      const findings = checker.check(closure);
      return [closure.program.path, { closure, findings, verdict: verdictOf(findings) }];
    }),
  );
  return [...checked.values()].map((own) => {
    const findings = [...own.findings, ...ofInterpreters(own.closure)];
    return { ...own, findings, verdict: verdictOf(findings) };
  });

  function ofInterpreters({ program }: Closure): Finding[] {
    const { path } = program;
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
            message: `${path}: its interpreter ${program.shebang?.interpreter} does not run in the root`,
            cause: 'a script is run by the program that its first line names',
            remedy: `see the findings about ${next.closure.program.path}`,
          },
        ];
      script = next?.closure.program;
    }
    return [];
  }
}

/** What the findings about a program come to. */
function verdictOf(findings: readonly Finding[]): Verdict {
  if (findings.some(({ severity }) => severity === 'error')) return 'fails';
  return findings.some(({ severity }) => severity === 'warning') ? 'warns' : 'runs';
}
