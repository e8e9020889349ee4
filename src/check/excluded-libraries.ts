/**
 * Libraries that the user leaves out: something else must provide them where the program runs, which no
 * check can see.
 */
import { isExcluded } from '../closure/exclusions.js';
import { printable } from '../errors.js';
import { defineCheck } from './check.js';

export const excludedLibraries = defineCheck({
  rules: [
    {
      code: 'LIBRARY_EXCLUDED',
      levels: ['note'],
      summary: 'A library is left out by --exclude.',
      cause: 'You say that something else provides it, so it is not looked for.',
      remedy: 'Make sure that it is there where the program runs.',
    },
  ],
  check: ({ closure }) => {
    const rows = closure.libraries.filter(isExcluded);
    const byName = new Map(rows.map((row) => [row.name, row]));
    return [...byName.values()].map(({ name, neededBy }) => ({
      code: 'LIBRARY_EXCLUDED',
      severity: 'note',
      path: neededBy[0] ?? closure.program.path,
      message: `${printable(name)} is excluded, ${printable(neededBy[0] ?? closure.program.path)} needs it`,
      remedy: 'make sure that it is there where the program runs; its symbols are not checked',
    }));
  },
});
