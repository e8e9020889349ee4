/**
 * The modification time of everything in an image. Source: reproducible-builds.org, SOURCE_DATE_EPOCH.
 */
import { UsageError } from '../errors.js';
import type { Terminal } from './terminal.js';

/** Seconds since 1970; 0 if the variable is not set. Throws {@link UsageError}. */
export function sourceDate({ env }: Terminal): number {
  const text = env.SOURCE_DATE_EPOCH ?? '';
  if (text === '') return 0;
  if (!/^\d{1,11}$/.test(text))
    throw new UsageError(`SOURCE_DATE_EPOCH is '${text}': not a number of seconds since 1970`);
  return Number(text);
}
