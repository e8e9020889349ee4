/**
 * Facts made from symbols, and the one that their tables cannot be read.
 */
import { ElfdepsError } from '../../errors.js';
import type { Fact } from '../check.js';

/** Facts made from symbols; that the tables of a file cannot be read is one of them. */
export function factsOfSymbols(program: string, facts: () => Fact[]): Fact[] {
  try {
    return facts();
  } catch (error) {
    if (!(error instanceof ElfdepsError)) throw error;
    return [
      {
        code: 'SYMBOLS_UNREADABLE',
        severity: 'error',
        path: error.path ?? program,
        message: error.message,
        cause: 'the file is damaged or not whole; a loader that maps it crashes',
        remedy: 'copy the file again from where it comes from',
      },
    ];
  }
}
