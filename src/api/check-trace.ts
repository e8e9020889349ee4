/**
 * What keeps traced programs from running in their root, by the checks of the registry.
 */

import type { CheckOptions } from '../check/check.js';
import { type CheckedClosure as Checked, Checker, checkEach } from '../check/check-closure.js';
import { requireClosure, requireTrace } from '../closure/arguments.js';
import type { Closure } from '../closure/closure.js';
import type { Trace } from '../closure/trace.js';
import type { Finding as AnyFinding } from '../finding.js';
import { checks, type FindingCode } from '../registry.js';

/** What `check` says about one program. `code` is one of a closed list. */
export interface Finding extends AnyFinding<FindingCode> {}

/** A closure and what there is to say about it. */
export interface CheckedClosure extends Checked<FindingCode> {}

/**
 * Everything that keeps one program of a trace from running in its root, or may, errors first; an
 * empty list means that nothing speaks against it. Reads bytes only. Throws UsageError for options
 * that make no sense.
 */
export function checkClosure(
  trace: Trace,
  closure: Closure,
  options: CheckOptions = {},
): readonly Finding[] {
  requireTrace(trace);
  requireClosure(closure);
  return new Checker(trace, options, checks).check(closure);
}

/** {@link checkClosure} for every closure of a trace, with the verdicts; the root is read once. */
export function checkTrace(trace: Trace, options: CheckOptions = {}): readonly CheckedClosure[] {
  requireTrace(trace);
  return checkEach(trace, new Checker(trace, options, checks));
}
