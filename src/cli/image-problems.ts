/**
 * The problems of a plan as findings of `check --image`, so that it fails where the commands that make
 * the image refuse to.
 */
import type { CheckedClosure } from '../check/check-closure.js';
import { imageDifferences } from '../check/image-differences.js';
import type { Finding } from '../finding.js';
import type { ImagePlan } from '../image/image-plan.js';
import { describeProblem } from '../image/plan-problem.js';

/** The findings with the problems that no check reports; `programs` tells where each is in the image. */
export function withImageProblems(
  checked: CheckedClosure,
  { notes }: ImagePlan,
  programs: ReadonlyMap<string, string>,
): CheckedClosure {
  const place = checked.closure.program.path;
  const found = notes.flatMap((note): Finding[] => {
    if (note.code !== 'PROBLEM' || programs.get(note.problem.program) !== place) return [];
    const { problem } = note;
    if (problem.code !== 'LEFT_BEHIND' && problem.code !== 'FOUND_ELSEWHERE') return [];
    // A library that is not found at all has a finding of its own.
    if (problem.code === 'FOUND_ELSEWHERE' && problem.found === undefined)
      if (checked.verdict === 'fails') return [];
    return [imageDifferences.finding(problem.code, place, describeProblem(problem))];
  });
  if (found.length === 0) return checked;
  return { ...checked, verdict: 'fails', findings: [...found, ...checked.findings] };
}
