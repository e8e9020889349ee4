/**
 * What callers of a writer passed, into a TypeError that says what to pass where it is something else, such
 * as the whole answer of planPrograms().
 */
import { requireArgument } from '../errors.js';
import type { ImagePlan } from '../image/image-plan.js';

/** Throws a TypeError for what is no plan. */
export function requirePlan(plan: Partial<ImagePlan> | undefined): void {
  const isPlan = Array.isArray(plan?.entries);
  requireArgument(isPlan, 'plan', 'the `plan` in what `planPrograms(root, programs)` gives');
}
