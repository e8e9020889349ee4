/**
 * Answers about a path, or another text, in the files of a root: made once in a run, and let go with the files.
 */
import { madeOnce } from '../root/made-once.js';
import type { RootFiles } from './root-files.js';

/** `make`, whose result is kept for each path. What it throws is thrown anew for each call. */
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
