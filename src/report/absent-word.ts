/**
 * The words for a needed name without a file, the same in every format: nothing has that name, or the user
 * leaves it out.
 */
import type { LibraryStatus } from '../closure/closure.js';
import type { NeedNode } from '../closure/need-graph.js';
import type { Style } from './style.js';

/** `not found` or `excluded`. */
export function absentWord(how: NeedNode['role'] | LibraryStatus): string {
  return how === 'excluded' ? 'excluded' : 'not found';
}

/** The same in the colour of what is wrong, or of what is only told. */
export function styledAbsentWord(how: NeedNode['role'] | LibraryStatus, style: Style): string {
  return how === 'excluded' ? style.dim(absentWord(how)) : style.red(absentWord(how));
}
