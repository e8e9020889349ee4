/**
 * A list of libraries to preload, of a variable or a file, as requests. What separates the names is up to
 * each loader.
 */
import type { Request } from './loader.js';

/** The names in a list, in order; none without a list. */
export function preloadNames(list: string | undefined, separator: RegExp): string[] {
  return (list ?? '').split(separator).filter((name) => name !== '');
}

/** Their requests: of LD_PRELOAD, without which the program starts too, unless `about` says otherwise. */
export function preloadRequests(
  names: readonly string[],
  about: Pick<Request, 'source' | 'required'> = { source: 'LD_PRELOAD' },
): Request[] {
  return names.map((name) => ({ name, kind: 'preload', ...about }));
}
