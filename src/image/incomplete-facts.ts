/**
 * What keeps a program from running, in words.
 */
import { type Closure, isOptional } from '../closure/closure.js';

/** Facts as one line; of many the first, and how many more there are. */
export function several(facts: readonly string[]): string {
  const more = facts.length > MOST_TOLD + 1 ? [`and ${facts.length - MOST_TOLD} more`] : [];
  return [...(more.length > 0 ? facts.slice(0, MOST_TOLD) : facts), ...more].join('; ');
}

const MOST_TOLD = 5;

/** One sentence for each thing that is missing; at least one where the closure is not complete. */
export function incompleteFacts(closure: Closure): string[] {
  const { program, interpreter, libraries, fatal, diagnostics } = closure;
  if (closure.complete) return [];
  const facts = [
    ...(interpreter?.status === 'missing'
      ? [`${program.path} needs ${interpreter.path}, which is missing`]
      : []),
    ...libraries
      .filter((library) => library.status === 'missing' && !isOptional(library))
      .map(
        ({ name, neededBy }) => `${neededBy[0] ?? program.path} needs ${name}, which is missing`,
      ),
    ...(fatal === undefined ? [] : [`${program.path}: ${fatal}`]),
  ];
  if (facts.length > 0) return facts;
  const told = diagnostics.map(({ message }) => message);
  return told.length > 0 ? told : [`${program.path}: something is missing`];
}
