/**
 * What stops the programs of a trace at their start although every file is there: a loader that is not
 * executable, a symbol that nothing defines. Files that a program opens later do not count.
 */
import type { Check } from '../check/check.js';
import { startErrors } from '../check/check-closure.js';
import type { Trace } from '../closure/trace.js';
import type { PlanProblem } from './plan-problem.js';

/** The error findings about each program as it starts. */
export function startProblems(trace: Trace, checks: readonly Check[]): PlanProblem[] {
  const start = trace.atStart();
  // What is missing is a problem of its own, and would show again here.
  const incomplete = new Set(
    start.closures.flatMap(({ program, complete }) => (complete ? [] : [program.path])),
  );
  return startErrors(start, checks)
    .filter(({ program }) => !incomplete.has(program))
    .map((finding) => ({ code: 'NOT_STARTED', program: finding.program, finding }));
}
