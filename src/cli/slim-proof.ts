/**
 * What keeps a slim image from doing what the image did: programs that do not start, and what `check` finds
 * in the result only.
 */

import { checkTrace } from '../api/check-trace.js';
import type { Trace } from '../closure/trace.js';
import { PlanError } from '../errors.js';
import type { Finding } from '../finding.js';
import type { ImagePlan } from '../image/image-plan.js';
import { describeProblems, type PlanProblem } from '../image/plan-problem.js';
import { traceInImage } from '../image/trace-in-image.js';
import type { ImageOptions } from './image-options.js';

/** Throws PLAN_INCOMPLETE where a program that the image starts would not. */
export function requireStarting(
  { notes }: ImagePlan,
  programs: ReadonlySet<string>,
  { allowIncomplete }: Pick<ImageOptions, 'allowIncomplete'>,
): void {
  const problems = notes.flatMap((note): PlanProblem[] =>
    note.code === 'PROBLEM' && programs.has(note.problem.program) ? [note.problem] : [],
  );
  if (problems.length === 0 || allowIncomplete) return;
  throw new PlanError('PLAN_INCOMPLETE', describeProblems(problems), {
    hint: 'elfdeps check --root IMAGE tells whether the image itself can run; --allow-incomplete continues anyway',
  });
}

/**
 * What `check` says of the result and not of the image, about what the image starts. Throws
 * PLAN_INCOMPLETE for errors.
 */
export function newFindings(
  trace: Trace,
  plan: ImagePlan,
  programs: ReadonlySet<string>,
  { allowIncomplete }: Pick<ImageOptions, 'allowIncomplete'>,
): Finding[] {
  const findingsOf = (one: Trace) =>
    checkTrace(one)
      .filter(({ closure }) => programs.has(closure.program.path))
      .flatMap(({ findings }) => findings)
      .filter(({ severity }) => severity !== 'note');
  // Two programs may fail with the same words, one of them only in the result.
  const keyOf = ({ program, code, message }: Finding) => `${program}\0${code}\0${message}`;
  const known = new Set(findingsOf(trace).map(keyOf));
  const found = findingsOf(traceInImage(trace, plan)).filter((each) => !known.has(keyOf(each)));
  const [error] = found.filter(({ severity }) => severity === 'error');
  if (error === undefined || allowIncomplete) return found;
  throw new PlanError('PLAN_INCOMPLETE', error.message, {
    hint: 'the result would not run; --keep PATH keeps more, --allow-incomplete continues anyway',
  });
}
