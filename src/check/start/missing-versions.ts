/**
 * Versions of symbols that an object asks for and the file that it asks does not define: in glibc a
 * program with an error among them does not start. What each message is stands in symbol-versions.ts.
 */
import type { Closure } from '../../closure/closure.js';
import { printable } from '../../errors.js';
import type { Fact } from '../../finding.js';
import { defineCheck } from '../check.js';
import { factsOfSymbols, symbolsUnreadable } from '../symbols/symbol-facts.js';
import {
  formatVersionProblem,
  listVersionProblems,
  type VersionProblem,
} from '../symbols/symbol-versions.js';

export const missingVersions = defineCheck({
  rules: [
    {
      code: 'VERSION_NOT_FOUND',
      levels: ['error'],
      summary: 'A library does not define a version that is asked for.',
      cause: 'The program was linked against a newer library than the root has.',
      remedy: 'Use a newer library, or build the program against the older one.',
    },
    {
      code: 'WEAK_VERSION_NOT_FOUND',
      levels: ['note'],
      summary: 'A library does not define a version that is asked for where it exists.',
      cause:
        'The program was linked against a newer library, and can do without what is new in it.',
      remedy: 'Use a newer library to have it.',
    },
    {
      code: 'NO_VERSION_INFORMATION',
      levels: ['warning'],
      summary: 'A library defines no versions, though the program asks for some.',
      cause: 'It is another build than the one that the program was linked with.',
      remedy: 'Take the library that the program was linked with, or build the program again.',
    },
    {
      code: 'VERSION_FILE_UNKNOWN',
      levels: ['error'],
      summary: 'A version is asked of a library that is not loaded.',
      cause: 'A needed name was changed after linking, the names in the version table were not.',
      remedy: 'Give the file its needed name back.',
    },
    symbolsUnreadable,
  ],
  check: ({ closure, symbols }) =>
    factsOfSymbols(closure.program.path, () =>
      listVersionProblems(closure, symbols).map((problem) => toFact(closure, problem)),
    ),
});

type VersionCode =
  | 'VERSION_NOT_FOUND'
  | 'WEAK_VERSION_NOT_FOUND'
  | 'NO_VERSION_INFORMATION'
  | 'VERSION_FILE_UNKNOWN';

function toFact(closure: Closure, problem: VersionProblem): Fact<VersionCode> {
  const { kind, object, file, version, provider } = problem;
  const row = closure.libraries.find((library) => library.object === provider);
  const rule = row?.rule === undefined ? '' : ` (found by: ${row.rule})`;
  const path = printable(object.path);
  const name = printable(version);
  const target = printable(provider?.path ?? file);
  const soname = printable(file);
  const common = { path: object.path, seen: formatVersionProblem(closure, problem) };
  switch (kind) {
    case 'missing':
    case 'weak':
      return {
        ...common,
        code: kind === 'missing' ? 'VERSION_NOT_FOUND' : 'WEAK_VERSION_NOT_FOUND',
        severity: kind === 'missing' ? 'error' : 'note',
        message: `${target}: does not define ${name}, needed by ${path}`,
        cause: `${path} was linked against a newer ${soname} than ${target}${rule}`,
        remedy: `use a ${soname} that defines ${name}, or build ${path} against the older one`,
      };
    case 'no-information':
      return {
        ...common,
        code: 'NO_VERSION_INFORMATION',
        severity: 'warning',
        message: `${target}: defines no versions, but ${path} asks for ${name}`,
        cause: `${target}${rule} is another build of ${soname} than ${path} was linked with`,
        remedy: `use the ${soname} that ${path} was linked with`,
      };
    case 'unknown-file':
      return {
        ...common,
        code: 'VERSION_FILE_UNKNOWN',
        severity: 'error',
        message: `${path}: asks ${soname} for the version ${name}, but nothing loaded has that name`,
        remedy: `give ${path} its needed name ${soname} back`,
      };
  }
}
