/**
 * Calls of dlopen() that would fail though their file is there, since a library that it needs is
 * missing. The program starts, and may go on without, so that is told and stops nothing.
 */
import type { Diagnostic } from '../loader/loader.js';
import { isOptional, type Library } from './closure.js';

/** How many are named of each need. */
const MOST_TOLD = 5;

/** One diagnostic for each kind of need that opens such a file; none for what is insisted on. */
export function failingDlopens(libraries: readonly Library[]): Diagnostic[] {
  const byNeed = new Map<string, string[]>();
  for (const library of libraries) {
    const { status, opening, needed, name, neededBy } = library;
    if (status === 'found' || opening === undefined || opening.name === needed) continue;
    if (!isOptional(library)) continue;
    const need = opening.need ?? 'dlopen';
    const fact = `${neededBy[0] ?? opening.name} needs ${name}`;
    byNeed.set(need, [...(byNeed.get(need) ?? []), fact]);
  }
  return [...byNeed].map(([need, facts]) => {
    const more = facts.length > MOST_TOLD ? `, and ${facts.length - MOST_TOLD} more` : '';
    const told = facts.slice(0, MOST_TOLD).join(', ');
    return {
      code: 'OPEN_FAILS',
      need,
      message: `${need}: cannot be opened for what is missing: ${told}${more}`,
    };
  });
}
