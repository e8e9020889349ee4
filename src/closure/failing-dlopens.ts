/**
 * Calls of dlopen() that would fail although their file is there, because a library that it needs is
 * missing. The program starts, and may do without, so this is a note and no error.
 */
import type { Diagnostic } from '../loader/diagnostic.js';
import { isOptional, type Library } from './closure.js';

/** The failing calls for one kind of need. */
export interface FailingDlopens {
  /** The kind of need, or `dlopen` for a call that belongs to none. */
  readonly need: string;
  /** What needs what; never empty. */
  readonly misses: readonly { readonly neededBy: string; readonly name: string }[];
}

/** How many misses are told of each need. */
const MOST_TOLD = 5;

/** One entry for each kind of need; calls that the user insists on are errors and not here. */
export function failingDlopens(libraries: readonly Library[]): FailingDlopens[] {
  const missing = libraries.flatMap((library) => {
    const { status, opening, needed } = library;
    const isBehind = status === 'missing' && opening !== undefined && opening.name !== needed;
    return isBehind ? [{ library, opening }] : [];
  });
  if (missing.length === 0) return [];
  const byNeed = new Map<string, { neededBy: string; name: string }[]>();
  // Once an object is loaded, a name that is its soname means it (libjvm.so of Java's libraries).
  const loaded = new Set(libraries.flatMap(({ object }) => object?.elf.dynamic?.soname ?? []));
  for (const { library, opening } of missing) {
    const { name, neededBy } = library;
    if (!isOptional(library) || loaded.has(name)) continue;
    const need = opening.need ?? 'dlopen';
    const misses = byNeed.get(need) ?? [];
    misses.push({ neededBy: neededBy[0] ?? opening.name, name });
    byNeed.set(need, misses);
  }
  return [...byNeed].map(([need, misses]) => ({ need, misses }));
}

/** The calls in one line; of many the first, and how many more there are. */
export function describeFailingDlopens({ need, misses }: FailingDlopens): string {
  const facts = misses.slice(0, MOST_TOLD).map(({ neededBy, name }) => `${neededBy} needs ${name}`);
  const more = misses.length > MOST_TOLD ? `, and ${misses.length - MOST_TOLD} more` : '';
  return `${need}: cannot be opened, a library is missing: ${facts.join(', ')}${more}`;
}

/** The same as a diagnostic of the closure. */
export function dlopenDiagnostic(failing: FailingDlopens): Diagnostic {
  return { code: 'OPEN_FAILS', need: failing.need, message: describeFailingDlopens(failing) };
}
