/**
 * What helps where the image of `check --image` lacks a need that the root could serve: the option that adds
 * it. The image does not exist yet, so advice to put files into it would not help.
 */
import type { CheckedClosure } from '../check/check-closure.js';
import type { Finding } from '../finding.js';
import { addsNothing } from '../needs/detect-needs.js';
import type { RuntimeNeed } from '../needs/need.js';
import { needDetectors } from '../registry/needs.js';
import type { ImageOptions } from './image-options.js';
import { nameList } from './runtime-needs.js';

/**
 * The findings with an option as the remedy: `--with KIND` where a need that is suggested brings what is
 * missing, and the `--without` that left it out.
 */
export function withImageRemedies(
  checked: CheckedClosure,
  suggested: readonly RuntimeNeed[],
  { without }: Pick<ImageOptions, 'without'>,
): CheckedClosure {
  const leftOut = nameList(without);
  const kinds = new Set(suggested.filter((need) => !addsNothing(need)).map(({ kind }) => kind));
  const findings = checked.findings.map((finding): Finding => {
    const [detector, ...others] = needDetectors.filter(({ absent }) =>
      absent?.rules.some(({ code }) => code === finding.code),
    );
    if (detector === undefined || others.length > 0) return finding;
    const { kind, documentation } = detector;
    if (kinds.has(kind)) return { ...finding, remedy: `add it to the image: --with ${kind}` };
    // Only what an image gets unasked can be left out.
    const option = [kind, 'all'].find((name) => leftOut.includes(name));
    if (option === undefined || !documentation.confidence.includes('sure')) return finding;
    return {
      ...finding,
      remedy:
        option === kind
          ? `do not leave it out: --without ${kind}`
          : `add it to the image: --with ${kind}, which --without all leaves out`,
    };
  });
  return { ...checked, findings };
}
