/**
 * What helps where the image of `check --image` lacks a need that the root could serve: the option that adds
 * it, since nobody puts files into an image that is not made yet.
 */
import type { CheckedClosure } from '../check/check-closure.js';
import type { Finding } from '../finding.js';
import { addsNothing } from '../needs/detect-needs.js';
import type { RuntimeNeed } from '../needs/need.js';
import { needDetectors } from '../registry/needs.js';

/** The findings with `--with KIND` as the remedy where a need that is suggested brings what is missing. */
export function withImageRemedies(
  checked: CheckedClosure,
  suggested: readonly RuntimeNeed[],
): CheckedClosure {
  const kinds = new Set(suggested.filter((need) => !addsNothing(need)).map(({ kind }) => kind));
  const findings = checked.findings.map((finding): Finding => {
    const [kind, ...others] = needDetectors
      .filter(({ absent }) => absent?.rules.some(({ code }) => code === finding.code))
      .map((detector) => detector.kind);
    if (kind === undefined || others.length > 0 || !kinds.has(kind)) return finding;
    return { ...finding, remedy: `add it to the image: --with ${kind}` };
  });
  return { ...checked, findings };
}
