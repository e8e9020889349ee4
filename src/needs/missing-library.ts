/**
 * What `elfdeps check` says of a library that an object opens by dlopen and the root does not have:
 * one rule, whether a note or a text of the object names it.
 */
import type { Fact, FindingRule } from '../finding.js';

/** Of every need that finds names for dlopen. */
export const dlopenMissing: FindingRule<'DLOPEN_MISSING'> = {
  code: 'DLOPEN_MISSING',
  levels: ['warning', 'note'],
  summary: 'A library that is opened at run time is not in the root.',
  cause: 'Its name is not among the needs of the program, but in a note or a text of it.',
  remedy: 'Put the library into the root.',
};

/** A finding of {@link dlopenMissing}; `names` are alternatives, the first is what is seen. */
export function missingLibrary({
  names,
  ...about
}: Omit<Fact, 'code' | 'seen'> & { readonly names: readonly string[] }): Fact<'DLOPEN_MISSING'> {
  return {
    ...about,
    code: 'DLOPEN_MISSING',
    seen: `${names[0]}: cannot open shared object file: No such file or directory`,
  };
}
