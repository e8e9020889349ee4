/**
 * What callers of the library passed, into a TypeError that says what to pass where it is something else.
 * TypeScript finds such mistakes; this is for callers in JavaScript. Values of the right type that make no
 * sense are left to the functions, which throw UsageError.
 */
import { requireArgument } from '../errors.js';
import type { Root } from '../root/root.js';
import type { Closure } from './closure.js';
import type { Trace } from './trace.js';

/** Throws a TypeError for a root that has no files to look at, such as a path or a promise. */
export function requireRoot(root: Partial<Root> | undefined): void {
  const isRoot = typeof root?.lstat === 'function';
  requireArgument(isRoot, 'root', "what `await openRoot('/')` gives");
}

/** Throws a TypeError for paths of programs that are no array of texts. */
export function requirePrograms(programs: unknown): void {
  const arePaths = Array.isArray(programs) && programs.every((path) => typeof path === 'string');
  requireArgument(arePaths, 'programs', "an array of absolute paths, such as ['/usr/bin/git']");
}

/** Options that are arrays; the characters of a text would be taken for its elements. */
const LISTS = ['exclude', 'given', 'include', 'packages', 'started', 'with', 'without'];

/** Throws a TypeError for an option that should be an array and is not. */
export function requireLists(options: object): void {
  for (const [name, value] of Object.entries(options))
    if (LISTS.includes(name) && value !== undefined)
      requireArgument(Array.isArray(value), name, 'an array');
}

/** Throws a TypeError for a trace that was not made by a function of elfdeps. */
export function requireTrace(trace: Partial<Trace> | undefined): void {
  const isTrace = trace?.closures !== undefined && trace.files !== undefined;
  requireArgument(isTrace, 'trace', 'what `traceDependencies(root, programs)` gives');
}

/** Throws a TypeError for a closure that is not of a trace, such as the path of a program. */
export function requireClosure(closure: Partial<Closure> | undefined): void {
  requireArgument(closure?.libraries !== undefined, 'closure', 'one of `trace.closures`');
}
