/**
 * Which of the symbols that a hash table gives for a name is the definition that a reference means,
 * within one object.
 * Source: glibc elf/dl-lookup.c (do_lookup_x, check_match); musl ldso/dynlink.c (find_sym2).
 */
import * as c from '../../elf/constants.js';
import { CLASS_COPY, CLASS_PLT } from '../../elf/relocations.js';
import type { NameHash } from '../../elf/symbol-hash.js';
import type { DynamicSymbols } from '../../elf/symbols.js';

/** The version that a reference asks for. */
export interface WantedVersion {
  readonly name: string;
  readonly file?: string;
  readonly hash: number;
  readonly hidden: boolean;
}

/** What is looked for. */
export interface Wanted {
  readonly name: NameHash;
  readonly version: WantedVersion | undefined;
  readonly lookupClass: number;
  /** The index of the reference itself in this table, or -1. */
  readonly self: number;
}

/** STT_NOTYPE, OBJECT, FUNC, COMMON, TLS: what can be a definition. glibc adds GNU_IFUNC. */
const DEFINITION_TYPES =
  (1 << c.STT_NOTYPE) |
  (1 << c.STT_OBJECT) |
  (1 << c.STT_FUNC) |
  (1 << c.STT_COMMON) |
  (1 << c.STT_TLS);
const GLIBC_TYPES = DEFINITION_TYPES | (1 << c.STT_GNU_IFUNC);
const DEFINITION_BINDINGS = (1 << c.STB_GLOBAL) | (1 << c.STB_WEAK) | (1 << c.STB_GNU_UNIQUE);

/** do_lookup_x for one object: the right version, or the only one where none is asked for. */
export function findVersioned(
  symbols: DynamicSymbols,
  candidates: readonly number[],
  wanted: Wanted,
): number | undefined {
  let only: number | undefined;
  let versions = 0;
  let found: number | undefined;
  for (const index of candidates) {
    if (!isNamed(symbols, index, wanted)) continue;
    const fit = fitOf(symbols, index, wanted.version);
    if (fit === 'yes') {
      found = index;
      break;
    }
    if (fit === 'if-alone' && versions++ === 0) only = index;
  }
  found ??= versions === 1 ? only : undefined;
  if (found === undefined || bindsLocally(symbols.other(found) & 3)) return undefined;
  return isBound(symbols, found) ? found : undefined;
}

/** Whether a candidate defines the name, in whatever version. */
function isNamed(
  symbols: DynamicSymbols,
  index: number,
  { name, lookupClass, self }: Wanted,
): boolean {
  if (!isDefinition(symbols, index, lookupClass)) return false;
  if (((1 << (symbols.info(index) & 15)) & GLIBC_TYPES) === 0) return false;
  return index === self || symbols.hasName(index, name.bytes);
}

/** check_match: whether the version of a definition is the one that is asked for. */
function fitOf(
  symbols: DynamicSymbols,
  index: number,
  version: WantedVersion | undefined,
): 'yes' | 'no' | 'if-alone' {
  // A file none of whose versions has a name is one without versions.
  const versym = symbols.hasVersions ? symbols.versionIndex(index) : undefined;
  if (versym === undefined) return 'yes';
  const number = versym & 0x7fff;
  const isHidden = (versym & 0x8000) !== 0;
  if (version === undefined) {
    // An old program gets the base version or the oldest one; any other only if it is alone.
    if (number < 3) return 'yes';
    return isHidden ? 'no' : 'if-alone';
  }
  const own = symbols.versionOf(number);
  if (own?.hash === version.hash && own.name === version.name) return 'yes';
  return version.hidden || own !== undefined || isHidden ? 'no' : 'yes';
}

/** find_sym2 for one object: hidden versions (`name@version`) do not count. */
export function findUnversioned(
  symbols: DynamicSymbols,
  candidates: readonly number[],
  { name, lookupClass }: Wanted,
): number | undefined {
  const index = candidates.find(
    (candidate) =>
      ((symbols.versionIndex(candidate) ?? 0) & 0x8000) === 0 &&
      symbols.hasName(candidate, name.bytes),
  );
  if (index === undefined || !isDefinition(symbols, index, lookupClass)) return undefined;
  const type = symbols.info(index) & 15;
  if (type === c.STT_TLS && symbols.section(index) === c.SHN_UNDEF) return undefined;
  return ((1 << type) & DEFINITION_TYPES) !== 0 && isBound(symbols, index) ? index : undefined;
}

function isDefinition(symbols: DynamicSymbols, index: number, lookupClass: number): boolean {
  const section = symbols.section(index);
  const isTls = (symbols.info(index) & 15) === c.STT_TLS;
  if (section !== c.SHN_ABS && !isTls && !symbols.hasValue(index)) return false;
  if (section !== c.SHN_UNDEF) return true;
  if (symbols.machine === c.EM_MIPS && (symbols.other(index) & c.STO_MIPS_PLT) === 0) return false;
  // An executable's own PLT entry is the address of a function, but not the function.
  return (lookupClass & (CLASS_PLT | CLASS_COPY)) === 0;
}

function isBound(symbols: DynamicSymbols, index: number): boolean {
  return ((1 << (symbols.info(index) >> 4)) & DEFINITION_BINDINGS) !== 0;
}

/** Whether no other object can use a symbol of this visibility. */
export function bindsLocally(visibility: number): boolean {
  return visibility === c.STV_HIDDEN || visibility === c.STV_INTERNAL;
}
