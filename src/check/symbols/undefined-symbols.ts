/**
 * Symbols that a process looks for and no object defines: what `ldd -r` prints, and what ends a
 * program with "symbol lookup error" at its start or at the first call.
 * Source: glibc elf/rtld.c (LD_WARN, LD_BIND_NOW) and elf/dl-lookup.c (_dl_lookup_symbol_x); musl
 * ldso/dynlink.c (do_relocs).
 */
import { type Closure, isOpened } from '../../closure/closure.js';
import * as c from '../../elf/constants.js';
import { CLASS_COPY, type Relocations } from '../../elf/relocations.js';
import type { DynamicSymbols } from '../../elf/symbols.js';
import { printable } from '../../errors.js';
import type { ElfSymbols } from '../../files/elf-symbols.js';
import type { LoadedObject } from '../../loader/loader.js';
import { relocationOrder } from './relocation-order.js';
import { type Definition, SymbolScope } from './symbol-scope.js';

/** One failed look-up. */
export interface UndefinedSymbol {
  /** The object that refers to it. */
  readonly object: LoadedObject;
  readonly name: string;
  /** The version it asks for, and the needed file that shall define it. */
  readonly version?: string;
  readonly file?: string;
  /**
   * The loader searches no further than that file: a later one may have the symbol, and the reference
   * may be weak. The words between the symbol and the version in its message.
   */
  readonly endedBy?: string;
  /** Bound at the start of the program; otherwise the first call fails, if it ever comes. */
  readonly atStart: boolean;
  /** The object that defines it, but in no version at all: here glibc gives up. */
  readonly withoutVersion?: LoadedObject;
}

/**
 * Every look-up that fails when all functions are bound, in the loader's order: a symbol comes
 * again where its relocations are apart, as in the output of `ldd -r`. Weak references may stay
 * undefined. Ends where the loader itself gives up. With `bindNow` false only what is bound at the
 * start (`ldd -d`).
 */
export function listUndefinedSymbols(
  closure: Closure,
  files: ElfSymbols,
  bindNow = true,
): UndefinedSymbol[] {
  const scope = new SymbolScope(closure, files);
  const all: UndefinedSymbol[] = [];
  for (const object of relocationOrder(closure)) {
    const symbols = scope.symbolsOf(object);
    if (symbols === undefined) continue;
    for (const failed of failedLookUps({ closure, object, symbols, scope, files, bindNow })) {
      all.push(failed);
      if (failed.withoutVersion !== undefined) return all;
    }
  }
  return all;
}

interface LookUps {
  readonly closure: Closure;
  readonly object: LoadedObject;
  readonly symbols: DynamicSymbols;
  readonly scope: SymbolScope;
  readonly files: ElfSymbols;
  readonly bindNow: boolean;
}

/** Those of one object, in the order of its relocations. */
function* failedLookUps(lookUps: LookUps): Generator<UndefinedSymbol> {
  const { closure, object, symbols, scope, files, bindNow } = lookUps;
  const { bindsLazily = true, matchesVersions = true } = closure.traits ?? {};
  const relocations = files.relocations(object);
  const isLazy = bindsLazily && !bindsNow(object);
  const { lazyFrom, count } = lookedUpRange(relocations, isLazy, bindNow);
  const known = new KnownBindings(files.bindings(object), symbols, scope);
  for (let at = 0; at < count; at++) {
    const index = relocations.symbols[at] as number;
    const lookupClass = relocations.classes[at] as number;
    if (known.has(at, index)) continue;
    const found = scope.lookUp({ from: object, index, lookupClass });
    known.add(at, lookupClass, found);
    const version = matchesVersions ? versionOf(symbols, index) : undefined;
    const isEnded = found === undefined && lookupClass !== CLASS_COPY && scope.endsAtFile(version);
    if (!isFailure(found, isEnded || !isWeak(symbols, index))) continue;
    const hasStub = bindsLazily && hasMipsStub(object, symbols, index);
    yield {
      object,
      name: symbols.name(index),
      version: version?.name,
      file: version?.file,
      endedBy: isEnded ? scope.endedBy : undefined,
      atStart: at < lazyFrom && !hasStub,
      withoutVersion: found?.object,
    };
  }
}

/** How many references are looked up, and from where on the first call does it, not the start. */
function lookedUpRange(
  { lazyFrom, symbols: { length } }: Relocations,
  isLazy: boolean,
  bindNow: boolean,
): { readonly lazyFrom: number; readonly count: number } {
  const boundAtStart = isLazy ? Math.min(lazyFrom, length) : length;
  return { lazyFrom: boundAtStart, count: bindNow ? length : boundAtStart };
}

/** A definition fails only where it has no version at all; a weak reference needs none. */
function isFailure(found: Definition | undefined, isRequired: boolean): boolean {
  return found === undefined ? isRequired : found.versionsLost === true;
}

/**
 * What is known of an object's references from other processes. A symbol that some object of the scope
 * defines is not undefined, whichever object comes first; so a reference need not be looked up again
 * where the object that defined it before is loaded too. Weak references may stay undefined.
 */
class KnownBindings {
  readonly #bindings: (DynamicSymbols | undefined)[];
  readonly #symbols: DynamicSymbols;
  readonly #scope: SymbolScope;
  readonly #isUsable: boolean;

  constructor(
    bindings: (DynamicSymbols | undefined)[],
    symbols: DynamicSymbols,
    scope: SymbolScope,
  ) {
    this.#bindings = bindings;
    this.#symbols = symbols;
    this.#scope = scope;
    this.#isUsable = scope.keepsVersions;
  }

  /** Whether the reference of a relocation cannot fail. */
  has(at: number, index: number): boolean {
    if (!this.#isUsable) return false;
    return isWeak(this.#symbols, index) || this.#scope.has(this.#bindings[at]);
  }

  add(at: number, lookupClass: number, found: Definition | undefined): void {
    // A copy relocation leaves the program out of the search, so its answer is for the program alone.
    if (found === undefined || lookupClass === CLASS_COPY) return;
    this.#bindings[at] = this.#scope.symbolsOf(found.object);
  }
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
export function wordsAbout(
  closure: Closure,
  { object, name, version, file, endedBy }: UndefinedSymbol,
): string | undefined {
  const { program, traits } = closure;
  const about = { name, version, file, endedBy, isOpened: isOpened(closure, object) };
  const miss = { program: program.path, object: object.path, ...about };
  return traits === null ? undefined : printable(traits.words.symbolNotFound(miss));
}

function undefinedText({ name, version, file, endedBy }: UndefinedSymbol): string {
  if (endedBy !== undefined)
    return `symbol ${name}${endedBy}${version} not defined in file ${file} with link time reference`;
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
