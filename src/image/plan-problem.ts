/**
 * What keeps a program from running in the image that a plan makes, as data, and the one place that
 * words it.
 */
import { type Closure, isOptional } from '../closure/closure.js';
import { type ElfdepsError, listed } from '../errors.js';
import type { Finding } from '../finding.js';
import type { SecureCause } from '../loader/process-rights.js';
import { addTo } from '../root/multimap.js';
import type { RealPath } from '../root/root.js';

/** `program` is the program's path in the root that was traced. */
export type PlanProblem =
  /** The root itself does not have it. */
  | {
      readonly code: 'INTERPRETER_MISSING' | 'LIBRARY_MISSING';
      readonly program: string;
      readonly name: string;
      readonly neededBy: string;
    }
  /** The loader gives up at a file; `fact` is what it says. */
  | { readonly code: 'LOADER_GIVES_UP'; readonly program: string; readonly fact: string }
  /** `env` finds no program for a script, and the like; `fact` is a whole sentence. */
  | { readonly code: 'INCOMPLETE'; readonly program: string; readonly fact: string }
  /** Every file is there, and the kernel or the loader refuses to start the program. */
  | { readonly code: 'NOT_STARTED'; readonly program: string; readonly finding: Finding }
  /** The image has another file for a name, or none where `found` is absent. */
  | {
      readonly code: 'FOUND_ELSEWHERE';
      readonly program: string;
      readonly name: string;
      readonly wanted: RealPath;
      readonly found?: RealPath;
      /** Why the program runs in secure-execution mode there; absent where it does not. */
      readonly secure?: SecureCause;
    }
  | { readonly code: 'NOT_READABLE'; readonly program: string; readonly error?: ElfdepsError }
  /** The program looks for the files of a need beside itself, and is not there. */
  | {
      readonly code: 'LEFT_BEHIND';
      readonly program: string;
      readonly need: string;
      readonly place: string;
    }
  /** The loader is of one build, a library of the same C library of another. */
  | {
      readonly code: 'MIXED_LIBC';
      readonly program: string;
      readonly interpreter: string;
      readonly library: string;
      readonly interpreterIsOurs: boolean;
    };

/** The same text for two problems that are one: the same thing lacks, for the same program. */
export function problemKey(problem: PlanProblem): string {
  const { code, program } = problem;
  const about = (): readonly (string | undefined)[] => {
    switch (problem.code) {
      case 'INTERPRETER_MISSING':
      case 'LIBRARY_MISSING':
      case 'FOUND_ELSEWHERE':
        return [problem.name];
      case 'NOT_STARTED':
        return [problem.finding.code, problem.finding.path];
      case 'LEFT_BEHIND':
        return [problem.need];
      case 'MIXED_LIBC':
        return [problem.library];
      default:
        return [];
    }
  };
  return [code, program, ...about()].join('\0');
}

/** What a problem means, in one line; names paths. */
export function describeProblem(problem: PlanProblem): string {
  const { program } = problem;
  switch (problem.code) {
    case 'INTERPRETER_MISSING':
    case 'LIBRARY_MISSING':
      return `${problem.neededBy} needs ${problem.name}, which is missing`;
    case 'LOADER_GIVES_UP':
      return `${program}: ${problem.fact}`;
    case 'INCOMPLETE':
      return problem.fact;
    case 'NOT_STARTED':
      return problem.finding.message;
    case 'FOUND_ELSEWHERE':
      return problem.found === undefined
        ? `${program} would not find ${problem.name} (${problem.wanted}) in the image${secureText(problem)}`
        : `${program} would find ${problem.found} for ${problem.name}, not ${problem.wanted}`;
    case 'NOT_READABLE': {
      const reason = problem.error === undefined ? '' : `: ${problem.error.message}`;
      return `${program} could not be read in the image${reason}`;
    }
    case 'LEFT_BEHIND':
      return `${program} finds the files of ${problem.need} from its own directory, not from ${problem.place}`;
    case 'MIXED_LIBC': {
      const [ours, theirs] = problem.interpreterIsOurs ? ['build', 'base'] : ['base', 'build'];
      return (
        `${program} would run with ${problem.interpreter} of the ${ours}` +
        ` and ${problem.library} of the ${theirs}`
      );
    }
  }
}

function secureText({ secure }: { readonly secure?: SecureCause }): string {
  return secure === undefined
    ? ''
    : `, where it runs in secure-execution mode (${secure}) for the image's user`;
}

/** A sentence for each problem, each once; one for all that a file lacks. */
export function problemFacts(problems: readonly PlanProblem[]): string[] {
  const lacking = new Map<string, string[]>();
  for (const problem of problems)
    if (isLack(problem)) addTo(lacking, problem.neededBy, problem.name);
  const facts = problems.map((problem) => {
    if (!isLack(problem)) return describeProblem(problem);
    const all = [...new Set(lacking.get(problem.neededBy))];
    return all.length < 2
      ? describeProblem(problem)
      : `${problem.neededBy} needs ${listed(all, 'and')}, which are missing`;
  });
  return [...new Set(facts)];
}

function isLack(
  problem: PlanProblem,
): problem is Extract<PlanProblem, { readonly neededBy: string }> {
  return problem.code === 'LIBRARY_MISSING' || problem.code === 'INTERPRETER_MISSING';
}

const MOST_TOLD = 5;

/** Problems as one line, each once; of many the first, and how many more there are. */
export function describeProblems(problems: readonly PlanProblem[]): string {
  const facts = problemFacts(problems);
  const more = facts.length > MOST_TOLD + 1 ? [`and ${facts.length - MOST_TOLD} more`] : [];
  return [...(more.length > 0 ? facts.slice(0, MOST_TOLD) : facts), ...more].join('; ');
}

/** One problem for each thing that is missing; at least one where the closure is not complete. */
export function incompleteProblems(closure: Closure): PlanProblem[] {
  const { interpreter, libraries, fatal, diagnostics } = closure;
  const program = closure.program.path;
  if (closure.complete) return [];
  const problems: PlanProblem[] = [];
  if (interpreter?.status === 'missing')
    problems.push({
      code: 'INTERPRETER_MISSING',
      program,
      name: interpreter.path,
      neededBy: program,
    });
  for (const library of libraries)
    if (library.status === 'missing' && !isOptional(library))
      problems.push({
        code: 'LIBRARY_MISSING',
        program,
        name: library.name,
        neededBy: library.neededBy[0] ?? program,
      });
  if (fatal !== undefined) problems.push({ code: 'LOADER_GIVES_UP', program, fact: fatal });
  if (problems.length > 0) return problems;
  const told = diagnostics.map(({ message }) => message);
  return (told.length > 0 ? told : [`${program}: something is missing`]).map((fact) => ({
    code: 'INCOMPLETE',
    program,
    fact,
  }));
}
