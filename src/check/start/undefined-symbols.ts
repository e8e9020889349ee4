/**
 * Symbols that a process looks for and no object defines: errors where the program does not start,
 * warnings where a call will end it. A library that is checked alone only has a note: what loads it
 * may define them. Nothing is said when libraries or versions are missing, which is then the cause.
 */
import type { Closure } from '../../closure/closure.js';
import { isExcluded } from '../../closure/exclusions.js';
import { printable } from '../../errors.js';
import type { ElfSymbols } from '../../files/elf-symbols.js';
import type { Fact } from '../../finding.js';
import type { LoadedObject } from '../../loader/loader.js';
import { defineCheck } from '../check.js';
import { factsOfSymbols, symbolsUnreadable } from '../symbols/symbol-facts.js';
import { listVersionProblems } from '../symbols/symbol-versions.js';
import {
  listUndefinedSymbols,
  type UndefinedSymbol,
  wordsAbout,
} from '../symbols/undefined-symbols.js';

/** So many symbols of one object have a finding each; the rest is counted. */
const MAX_EACH = 10;

const SAME_BUILD = 'Take the library that the program was linked with, or build the program again.';

export const undefinedSymbols = defineCheck({
  rules: [
    {
      code: 'SYMBOL_NOT_FOUND',
      levels: ['error', 'warning'],
      summary: 'A symbol that is used is exported by no library.',
      cause:
        'A library is another build than the one that the program was linked with, or is missing.',
      remedy: SAME_BUILD,
    },
    {
      code: 'SYMBOL_WITHOUT_VERSION',
      levels: ['error', 'warning'],
      summary: 'A library has a symbol, but not in the version that is asked for.',
      cause: 'It is another build than the one that the program was linked with.',
      remedy: SAME_BUILD,
    },
    {
      code: 'SYMBOLS_NOT_FOUND',
      levels: ['error', 'warning'],
      summary: 'More symbols are not found.',
      cause: 'No object that is loaded exports them.',
      remedy: SAME_BUILD,
    },
    {
      code: 'SYMBOLS_LEFT_OPEN',
      levels: ['note'],
      summary: 'A library leaves symbols to the program that loads it.',
      cause: 'Nothing that it needs itself defines them.',
      remedy: 'Check the program that loads it, with --include for the library.',
    },
    symbolsUnreadable,
  ],
  check({ closure, symbols }) {
    if (!closure.complete || closure.loader === null) return [];
    // What is left out may define any of them.
    if (closure.libraries.some(isExcluded)) return [];
    return factsOfSymbols(closure.program.path, () => {
      if (listVersionProblems(closure, symbols).some(({ kind }) => kind === 'missing')) return [];
      return [...bySymbol(closure, symbols)].flatMap(([object, own]) =>
        factsOf(closure, object, [...own.values()]),
      );
    });
  },
});

/** The symbols that each object lacks, each once by its name and version. */
function bySymbol(
  closure: Closure,
  symbols: ElfSymbols,
): ReadonlyMap<LoadedObject, ReadonlyMap<string, UndefinedSymbol>> {
  const byObject = new Map<LoadedObject, Map<string, UndefinedSymbol>>();
  for (const symbol of listUndefinedSymbols(closure, symbols)) {
    const own = byObject.get(symbol.object) ?? new Map<string, UndefinedSymbol>();
    const key = `${symbol.name}\0${symbol.version}`;
    // One that is bound at the start is the worse case of the two.
    if (own.get(key)?.atStart !== true) own.set(key, symbol);
    byObject.set(symbol.object, own);
  }
  return byObject;
}

type SymbolCode =
  | 'SYMBOL_NOT_FOUND'
  | 'SYMBOL_WITHOUT_VERSION'
  | 'SYMBOLS_NOT_FOUND'
  | 'SYMBOLS_LEFT_OPEN';

function factsOf(
  closure: Closure,
  object: LoadedObject,
  all: readonly UndefinedSymbol[],
): Fact<SymbolCode>[] {
  if (closure.program.kind === 'shared-library') return [openSymbols(object, all)];
  const ordered = [
    ...all.filter(({ atStart }) => atStart),
    ...all.filter(({ atStart }) => !atStart),
  ];
  const facts = ordered.slice(0, MAX_EACH).map((symbol) => toFact(closure, symbol));
  const rest = ordered.slice(MAX_EACH);
  return rest.length === 0 ? facts : [...facts, furtherSymbols(object, rest)];
}

function toFact(
  closure: Closure,
  symbol: UndefinedSymbol,
): Fact<'SYMBOL_NOT_FOUND' | 'SYMBOL_WITHOUT_VERSION'> {
  if (symbol.withoutVersion !== undefined)
    return lostVersions(closure, symbol, symbol.withoutVersion);
  const { object, name, version, file, atStart } = symbol;
  const full = version === undefined ? name : `${name}, version ${version}`;
  const row = file === undefined ? undefined : closure.libraries.find((l) => l.name === file);
  const provider = row?.object;
  const rule = row?.rule === undefined ? '' : ` (found by: ${row.rule})`;
  return {
    code: 'SYMBOL_NOT_FOUND',
    severity: atStart ? 'error' : 'warning',
    path: object.path,
    message: printable(
      `${object.path}: needs the symbol ${full}, which nothing that is loaded defines`,
    ),
    seen: wordsAbout(closure, symbol),
    cause: printable(
      provider === undefined
        ? `no object that is loaded exports it${atStart ? '' : '; the first call of it ends the program'}`
        : `it was linked against another build of ${file} than ${provider.path}${rule}`,
    ),
    remedy: printable(
      provider === undefined
        ? 'add or upgrade the library that defines it, or link the object with that library'
        : `use the build of ${file} that ${object.path} was linked with`,
    ),
  };
}

function lostVersions(
  closure: Closure,
  { object, name, version, file, atStart }: UndefinedSymbol,
  provider: LoadedObject,
): Fact<'SYMBOL_WITHOUT_VERSION'> {
  return {
    code: 'SYMBOL_WITHOUT_VERSION',
    severity: atStart ? 'error' : 'warning',
    path: provider.path,
    message: printable(
      `${provider.path}: has the symbol ${name}, but no versions; ${object.path} asks for ${version}`,
    ),
    seen: closure.traits?.words.versionsLost,
    cause: printable(
      `${provider.path} was built without versions, unlike the ${file} that ${object.path} was linked with`,
    ),
    remedy: printable(`use the ${file} that ${object.path} was linked with`),
  };
}

function furtherSymbols(
  object: LoadedObject,
  rest: readonly UndefinedSymbol[],
): Fact<'SYMBOLS_NOT_FOUND'> {
  return {
    code: 'SYMBOLS_NOT_FOUND',
    severity: rest.some(({ atStart }) => atStart) ? 'error' : 'warning',
    path: object.path,
    message: printable(
      `${object.path}: needs ${rest.length} more symbols that nothing that is loaded defines: ${someNames(rest)}`,
    ),
    remedy: 'see the symbols before',
  };
}

function openSymbols(
  object: LoadedObject,
  all: readonly UndefinedSymbol[],
): Fact<'SYMBOLS_LEFT_OPEN'> {
  return {
    code: 'SYMBOLS_LEFT_OPEN',
    severity: 'note',
    path: object.path,
    message: printable(
      `${object.path}: leaves ${all.length} symbols to the program that loads it: ${someNames(all)}`,
    ),
  };
}

function someNames(symbols: readonly UndefinedSymbol[]): string {
  const names = symbols.slice(0, 3).map(({ name }) => name);
  return `${names.join(', ')}${symbols.length > names.length ? ', ...' : ''}`;
}
