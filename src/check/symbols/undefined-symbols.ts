/**
 * Symbols that a process looks for and nobody defines: what `ldd -r` prints, and what ends a
 * program with "symbol lookup error" at its start or at the first call.
 * Source: glibc elf/rtld.c (LD_WARN, LD_BIND_NOW) and elf/dl-lookup.c (_dl_lookup_symbol_x); musl
 * ldso/dynlink.c (do_relocs).
 */
import type { Closure } from '../../closure/closure.js';
import * as c from '../../elf/constants.js';
import type { DynamicSymbols } from '../../elf/symbols.js';
import { printable } from '../../errors.js';
import type { ElfSymbols } from '../../files/elf-symbols.js';
import type { LoadedObject } from '../../loader/loader.js';
import type { Check, Fact } from '../check.js';
import { relocationOrder } from './relocation-order.js';
import { factsOfSymbols } from './symbol-facts.js';
import { SymbolScope } from './symbol-scope.js';
import { listVersionProblems } from './symbol-versions.js';

/** One failed look-up. */
export interface UndefinedSymbol {
  /** The object that refers to it. */
  readonly object: LoadedObject;
  readonly name: string;
  /** The version it asks for, and the needed file that shall define it. */
  readonly version?: string;
  readonly file?: string;
  /** Bound at the start of the program; otherwise the first call fails, if it ever comes. */
  readonly atStart: boolean;
  /** The object that defines it, but in no version at all: here glibc gives up. */
  readonly withoutVersion?: LoadedObject;
}

/**
 * Every look-up that fails when all functions are bound, in the loader's order: a symbol comes
 * again where its relocations are apart, as in the output of `ldd -r`. Weak references may stay
 * undefined. Ends where the loader itself gives up. With `bindNow` false only what is bound at the start (`ldd -d`).
 */
export function listUndefinedSymbols(
  closure: Closure,
  files: ElfSymbols,
  bindNow = true,
): UndefinedSymbol[] {
  const scope = new SymbolScope(closure, files);
  const isLazy = closure.traits?.bindsLazily ?? true;
  const hasVersions = closure.traits?.matchesVersions ?? true;
  const undefinedSymbols: UndefinedSymbol[] = [];
  for (const object of relocationOrder(closure)) {
    const symbols = scope.symbolsOf(object);
    if (symbols === undefined) continue;
    const relocations = files.relocations(object);
    const lazyFrom = isLazy && !bindsNow(object) ? relocations.lazyFrom : Number.POSITIVE_INFINITY;
    const count = bindNow
      ? relocations.symbols.length
      : Math.min(lazyFrom, relocations.symbols.length);
    for (let at = 0; at < count; at++) {
      const index = relocations.symbols[at] as number;
      const lookupClass = relocations.classes[at] as number;
      const found = scope.lookUp({ from: object, index, lookupClass });
      if (found === undefined ? isWeak(symbols, index) : found.versionsLost !== true) continue;
      const version = hasVersions ? versionOf(symbols, index) : undefined;
      undefinedSymbols.push({
        object,
        name: symbols.name(index),
        ...(version === undefined ? {} : { version: version.name }),
        ...(version?.file === undefined ? {} : { file: version.file }),
        atStart: at < lazyFrom && !(isLazy && hasMipsStub(object, symbols, index)),
        ...(found === undefined ? {} : { withoutVersion: found.object }),
      });
      if (found !== undefined) return undefinedSymbols;
    }
  }
  return undefinedSymbols;
}

/** The lines of `ldd -r` behind its list: for a loader that lists by loading, those of a start. */
export function formatUndefinedSymbols(
  closure: Closure,
  undefinedSymbols: readonly UndefinedSymbol[],
): string[] {
  const { words, listsByLoading } = closure.traits ?? {};
  return undefinedSymbols.map((symbol) => {
    if (symbol.withoutVersion !== undefined) return words?.versionsLost ?? '';
    if (listsByLoading) return wordsAbout(closure, symbol) ?? '';
    return `${printable(undefinedText(symbol))}\t(${printable(symbol.object.path)})`;
  });
}

/** What the loader says about a symbol when it starts the program, or at the first call. */
function wordsAbout(
  { program, traits }: Closure,
  { object, name, version }: UndefinedSymbol,
): string | undefined {
  const miss = { program: program.path, object: object.path, name, version };
  return traits === null ? undefined : printable(traits.words.symbolNotFound(miss));
}

/** So many symbols of one object have a finding each; the rest is counted. */
const MAX_EACH = 10;

/**
 * Undefined symbols of a program, each once for an object: errors where the program does not start,
 * warnings where a call will end it. A library that is checked alone only has a note: what loads it
 * may define them. Nothing is said when libraries or versions are missing, which is then the cause.
 */
export const checkUndefinedSymbols: Check = ({ closure, symbols }) => {
  if (!closure.complete || closure.loader === null) return [];
  return factsOfSymbols(closure.program.path, () => {
    if (listVersionProblems(closure, symbols).some(({ kind }) => kind === 'missing')) return [];
    const byObject = new Map<LoadedObject, Map<string, UndefinedSymbol>>();
    for (const symbol of listUndefinedSymbols(closure, symbols)) {
      const own = byObject.get(symbol.object) ?? new Map<string, UndefinedSymbol>();
      const key = `${symbol.name}\0${symbol.version}`;
      // One that is bound at the start is the worse case of the two.
      if (own.get(key)?.atStart !== true) own.set(key, symbol);
      byObject.set(symbol.object, own);
    }
    return [...byObject].flatMap(([object, own]) => {
      const all = [...own.values()];
      if (closure.program.kind === 'shared-library') return [openSymbols(object, all)];
      const ordered = [
        ...all.filter(({ atStart }) => atStart),
        ...all.filter(({ atStart }) => !atStart),
      ];
      const facts = ordered.slice(0, MAX_EACH).map((symbol) => toFact(closure, symbol));
      const rest = ordered.slice(MAX_EACH);
      return rest.length === 0 ? facts : [...facts, furtherSymbols(object, rest)];
    });
  });
};

function toFact(closure: Closure, symbol: UndefinedSymbol): Fact {
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
): Fact {
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

function furtherSymbols(object: LoadedObject, rest: readonly UndefinedSymbol[]): Fact {
  return {
    code: 'SYMBOLS_NOT_FOUND',
    severity: rest.some(({ atStart }) => atStart) ? 'error' : 'warning',
    path: object.path,
    message: printable(
      `${object.path}: needs ${rest.length} more symbols that nothing that is loaded defines: ${someNames(rest)}`,
    ),
    cause: 'no object that is loaded exports them',
    remedy: 'see the symbols before',
  };
}

function openSymbols(object: LoadedObject, all: readonly UndefinedSymbol[]): Fact {
  return {
    code: 'SYMBOLS_LEFT_OPEN',
    severity: 'note',
    path: object.path,
    message: printable(
      `${object.path}: leaves ${all.length} symbols to the program that loads it: ${someNames(all)}`,
    ),
    cause: 'nothing that it needs itself defines them',
    remedy: 'check the program that loads it, with --include for the library',
  };
}

function someNames(symbols: readonly UndefinedSymbol[]): string {
  const names = symbols.slice(0, 3).map(({ name }) => name);
  return `${names.join(', ')}${symbols.length > names.length ? ', ...' : ''}`;
}

function undefinedText({ name, version }: UndefinedSymbol): string {
  return `undefined symbol: ${name}${version === undefined ? '' : `, version ${version}`}`;
}

function bindsNow({ elf }: LoadedObject): boolean {
  const { dynamic } = elf;
  return (
    dynamic !== undefined &&
    (dynamic.tags.has(c.DT_BIND_NOW) ||
      (dynamic.flags & c.DF_BIND_NOW) !== 0 ||
      (dynamic.flags1 & c.DF_1_NOW) !== 0)
  );
}

/** On MIPS the value of an undefined function is a stub, which binds it at its first call. */
function hasMipsStub({ elf }: LoadedObject, symbols: DynamicSymbols, index: number): boolean {
  return (
    elf.header.machine === c.EM_MIPS &&
    symbols.section(index) === c.SHN_UNDEF &&
    (symbols.info(index) & 15) === c.STT_FUNC &&
    symbols.hasValue(index)
  );
}

function isWeak(symbols: DynamicSymbols, index: number): boolean {
  return symbols.info(index) >> 4 === c.STB_WEAK;
}

function versionOf(
  symbols: DynamicSymbols,
  index: number,
): { readonly name: string; readonly file?: string } | undefined {
  const number = symbols.versionIndex(index);
  return number === undefined ? undefined : symbols.versionOf(number & 0x7fff);
}
