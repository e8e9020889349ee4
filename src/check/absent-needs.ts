/**
 * The needs that a root does not meet. Each need knows itself what to say then; this is the one
 * check that asks them all.
 */
import type { NeedDetector } from '../needs/need.js';
import type { Check } from './check.js';

/** The check of these needs, in their order. */
export function absentNeeds<Code extends string>(
  needs: readonly NeedDetector<Code>[],
): Check<Code> {
  return {
    rules: needs.flatMap(({ absent }) => absent?.rules ?? []),
    check: ({ facts }) => needs.flatMap(({ absent }) => absent?.check(facts) ?? []),
  };
}
