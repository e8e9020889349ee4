/**
 * Symbols that a process looks for and nobody defines: what `ldd -r` prints, and what ends a
 * program with "symbol lookup error" at its start or at the first call.
 * Source: glibc elf/rtld.c (LD_WARN, LD_BIND_NOW) and elf/dl-lookup.c (_dl_lookup_symbol_x); musl
 * ldso/dynlink.c (do_relocs).
 */
import type { Closure } from '../closure/closure.js';
import * as c from '../elf/constants.js';
import { printable } from '../errors.js';
import type { LoadedObject } from '../loader/loader.js';
import type { Finding } from './finding.js';
import type { ObjectSymbols } from './object-symbols.js';
import { relocationOrder } from './relocation-order.js';
import { SymbolScope } from './symbol-scope.js';

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
}

/**
 * Every look-up that fails when all functions are bound, in the loader's order: a symbol comes
 * again where its relocations are apart, as in the output of `ldd -r`. Weak references may stay
 * undefined. With `bindNow` false only what is bound at the start (`ldd -d`).
 */
export function listUndefinedSymbols(
  closure: Closure,
  files: ObjectSymbols,
  bindNow = true,
): UndefinedSymbol[] {
  const scope = new SymbolScope(closure, files);
  const isLazy = closure.loader !== 'musl';
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
      if (symbols.info(index) >> 4 === c.STB_WEAK) continue;
      const lookupClass = relocations.classes[at] as number;
      if (scope.lookUp({ from: object, index, lookupClass }) !== undefined) continue;
      const version = closure.loader === 'musl' ? undefined : versionOf(symbols, index);
      undefinedSymbols.push({
        object,
        name: symbols.name(index),
        ...(version === undefined ? {} : { version: version.name }),
        ...(version?.file === undefined ? {} : { file: version.file }),
        atStart: at < lazyFrom,
      });
    }
  }
  return undefinedSymbols;
}

/** The lines of `ldd -r` behind its list, or what musl's loader says. */
export function formatUndefinedSymbols(
  closure: Closure,
  undefinedSymbols: readonly UndefinedSymbol[],
): string[] {
  return undefinedSymbols.map((symbol) => {
    const { object, name } = symbol;
    if (closure.loader === 'musl')
      return printable(`Error relocating ${object.path}: ${name}: symbol not found`);
    return `${printable(undefinedText(symbol))}\t(${printable(object.path)})`;
  });
}

/**
 * Undefined symbols as findings, each symbol of an object once: errors where the program does not
 * start, warnings where a call will end it. None when a library is missing or the loader gives up
 * before it relocates: then that is the cause, and what else is missing shows only afterwards.
 */
export function findUndefinedSymbols(closure: Closure, files: ObjectSymbols): Finding[] {
  if (!closure.complete || closure.fatal !== undefined) return [];
  const seen = new Set<string>();
  const findings: Finding[] = [];
  for (const symbol of listUndefinedSymbols(closure, files)) {
    const key = `${symbol.object.path}\0${symbol.name}\0${symbol.version}`;
    if (seen.has(key)) continue;
    seen.add(key);
    findings.push(toFinding(closure, symbol));
  }
  return findings;
}

function toFinding(closure: Closure, symbol: UndefinedSymbol): Finding {
  const { object, name, version, file, atStart } = symbol;
  const program = closure.program.path;
  const full = printable(version === undefined ? name : `${name}, version ${version}`);
  const provider = file === undefined ? undefined : closure.libraries.find((l) => l.name === file);
  const isMusl = closure.loader === 'musl';
  return {
    code: 'SYMBOL_NOT_FOUND',
    severity: atStart ? 'error' : 'warning',
    program,
    path: object.path,
    message: `${printable(object.path)}: needs the symbol ${full}, which nothing that is loaded defines`,
    seen: printable(
      isMusl
        ? `Error relocating ${object.path}: ${name}: symbol not found`
        : `${program}: symbol lookup error: ${object.path}: ${undefinedText(symbol)}`,
    ),
    cause: printable(
      provider?.object === undefined
        ? `no object that is loaded exports it${atStart ? '' : '; the first call ends the program'}`
        : `it was linked against another build of ${file} than ${provider.object.path} (${ruleText(provider.rule)})`,
    ),
    remedy: printable(
      provider?.object === undefined
        ? 'add or upgrade the library that defines it, or link the object with it'
        : `use the build of ${file} that ${object.path} was linked with`,
    ),
  };
}

function undefinedText({ name, version }: UndefinedSymbol): string {
  return `undefined symbol: ${name}${version === undefined ? '' : `, version ${version}`}`;
}

function ruleText(rule: string | undefined): string {
  return rule === undefined ? 'loaded' : `found by: ${rule}`;
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

function versionOf(
  symbols: NonNullable<ReturnType<ObjectSymbols['of']>>,
  index: number,
): { readonly name: string; readonly file?: string } | undefined {
  const number = symbols.versionIndex(index);
  return number === undefined ? undefined : symbols.versionOf(number & 0x7fff);
}
