/**
 * Findings as reports show them: several of one cause become one, with the words for all of them.
 */
import type { Finding } from '../../finding.js';
import { addTo } from '../../root/multimap.js';

/** A finding, or several of one cause in one. */
export interface FoundTogether extends Omit<Finding, 'program' | 'path'> {
  /** What it is about, in the order of the findings. */
  readonly paths: readonly string[];
}

/** The findings, each with its own words or those for all of its cause; those stand where the first one stood. */
export function foundTogether(findings: readonly Finding[]): FoundTogether[] {
  const firsts = new Set<Finding>();
  const paths = new Map<Finding['together'], string[]>();
  for (const finding of findings) {
    const { together, path } = finding;
    if (together === undefined || !paths.has(together)) firsts.add(finding);
    if (together !== undefined) addTo(paths, together, path);
  }
  return [...firsts].map((finding) => {
    const { together, path } = finding;
    // Nothing is seen of what comes after a refusal of the kernel.
    const seen = finding.seen === undefined ? undefined : (together ?? finding).seen;
    return { ...finding, ...together, seen, paths: paths.get(together) ?? [path] };
  });
}
