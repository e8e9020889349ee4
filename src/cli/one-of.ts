/**
 * The value of an option that takes one of a few names.
 */
import { UsageError } from '../errors.js';

/** The name that `value` is. Throws {@link UsageError} with all that are `known` for any other text. */
export function oneOf<T extends string>(option: string, known: readonly T[], value: string): T {
  const found = known.find((name) => name === value);
  if (found !== undefined) return found;
  throw new UsageError(`unknown ${option} '${value}'`, { hint: `known are ${known.join(', ')}` });
}
