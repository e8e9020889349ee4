/**
 * Runs the checks on closures, and draws the conclusion: will it run in its root?
 */
import type { Closure } from '../closure/closure.js';
import { ObjectSymbols } from '../closure/object-symbols.js';
import type { Trace } from '../closure/trace.js';
import type { Loader } from '../loader/loader.js';
import { NeedContext } from '../runtime/need-context.js';
import { ObjectFacts } from '../runtime/object-facts.js';
import type { Check, CheckContext, CheckOptions } from './check.js';
import type { Finding } from './finding.js';
import { parsePlatform } from './platform.js';
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
  readonly #common: Omit<CheckContext, 'closure' | 'configured' | 'evidence'>;
  readonly #facts: ObjectFacts;
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
    const symbols = new ObjectSymbols(trace.root);
    const programs = new Set(trace.closures.map(({ program }) => program.path));
    const system = readRootSystem(files, loaders, programs);
    const cpu = options.platform === undefined ? system.cpu : parsePlatform(options.platform);
    this.#common = { files, symbols, system, options, ...(cpu === undefined ? {} : { cpu }) };
    this.#facts = new ObjectFacts(files, symbols);
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
      evidence: new NeedContext(closure, this.#facts, {}),
      ...(configured === undefined ? {} : { configured }),
    };
    const seen = new Set<string>();
    const findings = this.#checks
      .flatMap((check) => check(context))
      .map((fact) => ({ ...fact, program }))
      .filter(({ code, message }) => {
        const key = `${code}\0${message}`;
        return !seen.has(key) && seen.add(key);
      });
    return SEVERITIES.flatMap((severity) => findings.filter((f) => f.severity === severity));
  }
}

/**
 * Checks every closure of a trace, in its order. A script runs only if the programs do that its
 * first line starts; the trace has them directly behind it.
 */
export function checkEach(trace: Trace, checker: Checker): CheckedClosure[] {
  const findings = trace.closures.map((closure) => checker.check(closure));
  return trace.closures.map((closure, index) => {
    const own = findings[index] as Finding[];
    const all = closure.program.kind === 'script' ? [...own, ...ofItsPrograms(closure)] : own;
    return { closure, findings: all, verdict: verdictOf(all) };
  });

  function ofItsPrograms({ program }: Closure): Finding[] {
    const { interpreter } = program.shebang ?? {};
    return trace.closures.flatMap((closure, index) => {
      const { path } = closure.program;
      if (path !== interpreter || verdictOf(findings[index] as Finding[]) !== 'fails') return [];
      return {
        code: 'SCRIPT_INTERPRETER_FAILS',
        severity: 'error',
        program: program.path,
        path: program.path,
        message: `${program.path}: its interpreter ${path} does not run in the root`,
        cause: 'a script is run by the program that its first line names',
        remedy: `see the findings about ${path}`,
      };
    });
  }
}

/** What the findings about a program come to. */
export function verdictOf(findings: readonly Finding[]): Verdict {
  if (findings.some(({ severity }) => severity === 'error')) return 'fails';
  return findings.some(({ severity }) => severity === 'warning') ? 'warns' : 'runs';
}
