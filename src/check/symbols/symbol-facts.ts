/**
 * Facts made from symbols: if the tables of a file cannot be read, the only fact is that.
 */
import { ElfdepsError } from '../../errors.js';
import type { Fact, FindingRule } from '../../finding.js';

/** Of every check that reads symbols. */
export const symbolsUnreadable: FindingRule<'SYMBOLS_UNREADABLE'> = {
  code: 'SYMBOLS_UNREADABLE',
  levels: ['error'],
  summary: 'The symbol table of a file is damaged.',
  cause: 'The file is damaged or not whole.',
  remedy: 'Copy the file again from where it comes from.',
};

/** What `facts` gives, or {@link symbolsUnreadable} of the file whose tables are damaged. */
export function factsOfSymbols<Code extends string>(
  program: string,
  facts: () => readonly Fact<Code>[],
): readonly Fact<Code | 'SYMBOLS_UNREADABLE'>[] {
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
      },
    ];
  }
}
