/**
 * Runs the checks on the programs of a trace, and draws the conclusion: will each run in its root?
 */
import type { Closure } from '../closure/closure.js';
import type { Trace } from '../closure/trace.js';
import { parsePlatform } from '../elf/platform.js';
import { startPlace } from '../files/path-search.js';
import {
  type Fact,
  type Finding,
  type FindingRule,
  type Severity,
  wordsOfRule,
} from '../finding.js';
import { scriptsByProgram } from '../needs/detect-needs.js';
import { type NeedOptions, ProgramFacts } from '../needs/program-facts.js';
import type { Check, CheckedProgram, CheckOptions } from './check.js';
import { readRootSystem } from './root-system.js';
import { type ScriptChainCode, scriptChain } from './start/script-chain.js';

/** `fails`: there is an error. `warns`: it runs as far as can be told, but there are warnings. */
export type Verdict = 'runs' | 'warns' | 'fails';

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note'];

/** A closure and what there is to say about it. */
export interface CheckedClosure<Code extends string = string> {
  readonly closure: Closure;
  readonly verdict: Verdict;
  /** Errors first. */
  readonly findings: readonly Finding<Code>[];
}

/**
 * Prepares to check closures of one trace: the root is looked at once.
 * @internal
 */
export class Checker<Code extends string = string> {
  readonly #common: Omit<CheckedProgram, 'closure' | 'facts'>;
  readonly #trace: Trace;
  readonly #needs: NeedOptions;
  readonly #checks: readonly Check<Code>[];
  readonly #scripts: ReadonlyMap<string, readonly string[]>;
  /** What findings of a code say unless the fact itself does. */
  readonly #words: ReadonlyMap<string, Pick<Finding, 'cause' | 'remedy'>>;

  /** Throws UsageError for a platform that is not known. */
  constructor(trace: Trace, options: CheckOptions, checks: readonly Check<Code>[]) {
    const { files, loaders } = trace;
    const { symbols } = files;
    const programs = new Set(trace.closures.map(({ program }) => program.path));
    const system = readRootSystem(files, loaders, programs);
    const cpu = options.platform === undefined ? system.cpu : parsePlatform(options.platform);
    const { startedBy } = trace.options;
    this.#common = {
      files,
      symbols,
      loaders,
      system,
      options,
      ...startPlace(trace.options),
      cpu,
      startedBy: startedBy === 'trusted' ? undefined : startedBy,
    };
    this.#checks = checks;
    const rules = checks.flatMap<FindingRule>((check) => check.rules);
    this.#words = new Map(rules.map((rule) => [rule.code, wordsOfRule(rule)]));
    this.#trace = trace;
    this.#scripts = scriptsByProgram(trace);
    const { image } = trace.root;
    this.#needs = {
      environment: options.environment ?? image?.environment,
      user: options.user ?? image?.user,
    };
  }

  /** Every finding about one closure, errors first, each once. */
  check(closure: Closure): Finding<Code>[] {
    const program = closure.program.path;
    const configured = this.#trace.loaderOf(program);
    const checked: CheckedProgram = {
      ...this.#common,
      closure,
      facts: new ProgramFacts(closure, this.#common.files, this.#needs, configured, {
        place: this.#common,
        scripts: this.#scripts.get(program),
      }),
    };
    const facts = eachOnce(this.#checks.flatMap((check) => check.check(checked)));
    const isRefused = facts.some(({ refusedByKernel }) => refusedByKernel);
    const findings = withConsequences(facts).map(({ explains: _, cause, remedy, ...fact }) => ({
      ...fact,
      cause: cause ?? this.#words.get(fact.code)?.cause ?? '',
      remedy: remedy ?? this.#words.get(fact.code)?.remedy ?? '',
      // A program that the kernel does not start prints nothing, and neither does its loader.
      seen: isRefused && !fact.refusedByKernel ? undefined : fact.seen,
      program,
    }));
    return SEVERITIES.flatMap((severity) => findings.filter((f) => f.severity === severity));
  }
}

function eachOnce<Code extends string>(facts: readonly Fact<Code>[]): Fact<Code>[] {
  const known = new Set<string>();
  return facts.filter(({ code, message }) => {
    const key = `${code}\0${message}`;
    return !known.has(key) && known.add(key);
  });
}

/** One cause is one finding: what another fact explains is told with it, and not by itself. */
function withConsequences<Code extends string>(facts: readonly Fact<Code>[]) {
  const causes = facts.filter(({ explains }) => explains !== undefined);
  const cause = causes.find(({ code }) => !causes.some(({ explains }) => explains?.includes(code)));
  if (cause === undefined) return facts;
  const isExplained = ({ code }: Fact) => cause.explains?.includes(code) ?? false;
  const told = facts
    .filter(isExplained)
    .map(({ together, message }) => together?.message ?? message);
  const consequences = [...new Set(told)];
  return facts
    .filter((fact) => !isExplained(fact))
    .map((fact) => (fact === cause && consequences.length > 0 ? { ...fact, consequences } : fact));
}

/**
 * Checks every closure of a trace, in its order. A script runs only if the programs do that its
 * first line starts, which may be scripts too.
 * @internal
 */
export function checkEach<Code extends string>(
  trace: Trace,
  checker: Checker<Code>,
): CheckedClosure<Code | ScriptChainCode>[] {
  const checked = new Map(
    trace.closures.map((closure) => {
      const findings = checker.check(closure);
      return [closure.program.path, { closure, findings, verdict: verdictOf(findings) }];
    }),
  );
  // What an interpreter cannot do for a script is told with the script.
  const isOfScript = ({ path, program }: Finding) =>
    path !== program && checked.get(path)?.closure.program.kind === 'script';
  const ofScripts = [...checked.values()]
    .flatMap(({ findings }) => findings.filter(isOfScript))
    .map((finding) => ({ ...finding, program: finding.path }));
  const context = { checked, files: trace.files, place: startPlace(trace.options) };
  return [...checked.values()].map(({ closure, findings: own }) => {
    const { path } = closure.program;
    const findings = [
      ...ofScripts.filter(({ program }) => program === path),
      ...own.filter((finding) => !isOfScript(finding)),
      ...scriptChain.check(closure.program, context),
    ];
    return { closure, findings, verdict: verdictOf(findings) };
  });
}

/**
 * What keeps the programs of a trace from starting in its root: the errors among the findings of
 * `checks`. Empty when all of them start, as far as files tell.
 * @internal
 */
export function startErrors<Code extends string>(
  trace: Trace,
  checks: readonly Check<Code>[],
): Finding<Code | ScriptChainCode>[] {
  const checked = checkEach(trace, new Checker(trace, {}, checks));
  return checked.flatMap(({ findings }) => findings.filter(isError));
}

function isError({ severity }: Finding): boolean {
  return severity === 'error';
}

/** What the findings about a program come to. */
function verdictOf(findings: readonly Finding[]): Verdict {
  if (findings.some(isError)) return 'fails';
  return findings.some(({ severity }) => severity === 'warning') ? 'warns' : 'runs';
}
