/**
 * Answers that are made once in a run, however many programs, needs and checks ask: kept beside what they
 * are about, and let go with it.
 */
import type { RootFiles } from './root-files.js';

/** `make`, whose result is kept for each object. What it throws is thrown anew for each call. */
export function madeOnce<Of extends object, Result>(make: (of: Of) => Result): (of: Of) => Result {
  const known = new WeakMap<Of, { readonly result: Result }>();
  return (of) => {
    let answer = known.get(of);
    if (answer === undefined) {
      answer = { result: make(of) };
      known.set(of, answer);
    }
    return answer.result;
  };
}

/** The same for each path, or other text, in the files of a root. */
export function madeOncePerPath<Result>(
  make: (files: RootFiles, path: string) => Result,
): (files: RootFiles, path: string) => Result {
  const tables = madeOnce((_files: RootFiles) => new Map<string, { readonly result: Result }>());
  return (files, path) => {
    const table = tables(files);
    let answer = table.get(path);
    if (answer === undefined) {
      answer = { result: make(files, path) };
      table.set(path, answer);
    }
    return answer.result;
  };
}
