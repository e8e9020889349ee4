/**
 * A verdict of `check` in words, for every report that tells it.
 */
import type { CheckedClosure } from '../../check/check-closure.js';

/** What a program or a library does, such as `runs` or `does not load`, and its number of warnings. */
export function verdictFacts({ closure, verdict, findings }: CheckedClosure): {
  readonly does: string;
  readonly warnings: number;
} {
  const [does, doesNot] =
    closure.program.kind === 'shared-library'
      ? ['loads', 'does not load']
      : ['runs', 'does not run'];
  return {
    does: verdict === 'fails' ? doesNot : does,
    warnings: findings.filter(({ severity }) => severity === 'warning').length,
  };
}
