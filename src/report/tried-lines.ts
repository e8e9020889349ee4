/**
 * The candidates of a search, for the reports for people.
 */
import type { Attempt } from '../loader/loader.js';
import type { Style } from './style.js';

/** Attempts in the order in which they were made, under a heading for each search rule. */
export function triedLines(tried: readonly Attempt[], style: Style): string[] {
  const lines: string[] = [];
  let heading = '';
  for (const attempt of tried) {
    const next = attempt.from === undefined ? attempt.rule : `${attempt.rule} of ${attempt.from}`;
    if (next !== heading) lines.push(`      ${style.dim(next)}`);
    heading = next;
    lines.push(`        ${style.plain(attempt.path)} ${style.dim(attempt.outcome)}`);
  }
  return lines;
}
