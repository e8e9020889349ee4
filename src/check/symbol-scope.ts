/**
 * Which definition a reference binds to: the loader's look-up of one symbol through all objects of
 * a process in load order. glibc matches versions; musl and uClibc know none.
 * Source: glibc elf/dl-lookup.c (do_lookup_x, check_match); musl ldso/dynlink.c (find_sym2).
 */
import type { Closure } from '../closure/closure.js';
import type { ObjectSymbols } from '../closure/object-symbols.js';
import * as c from '../elf/constants.js';
import { CLASS_COPY, CLASS_PLT } from '../elf/relocations.js';
import { NameHash } from '../elf/symbol-hash.js';
import type { DynamicSymbols } from '../elf/symbols.js';
import { ElfdepsError } from '../errors.js';
import type { LoadedObject } from '../loader/loader.js';
import { NamedObjects } from './named-objects.js';

/** The definition that a reference is bound to. */
export interface Definition {
  readonly object: LoadedObject;
  /** Index in that object's symbol table. */
  readonly index: number;
  /**
   * The reference asks this object for a version, and it has none for any of its symbols: glibc ends
   * the program by a failed assertion.
   */
  readonly versionsLost?: true;
}

/** A reference: the object that has the relocation, and the index of its symbol. */
export interface Reference {
  readonly from: LoadedObject;
  readonly index: number;
  /** {@link CLASS_PLT}, {@link CLASS_COPY} or 0. */
  readonly lookupClass: number;
}

interface Member {
  readonly object: LoadedObject;
  readonly symbols: DynamicSymbols;
}

interface WantedVersion {
  readonly name: string;
  readonly file?: string;
  readonly hash: number;
  readonly hidden: boolean;
}

/** Many times of what the largest programs take; a second or two. */
const MAX_STEPS = 1 << 25;

/** The global scope of one program's objects. */
export class SymbolScope {
  readonly #members: readonly Member[];
  readonly #byObject: ReadonlyMap<LoadedObject, Member>;
  readonly #program: LoadedObject | undefined;
  readonly #names: NamedObjects;
  readonly #hasVersions: boolean;
  #steps = MAX_STEPS;
  /** Definitions of STB_GNU_UNIQUE: the first that anybody was bound to is everybody's. */
  readonly #unique = new Map<string, Definition>();

  constructor(closure: Closure, files: ObjectSymbols) {
    this.#members = scopeObjects(closure).flatMap((object) => {
      const symbols = files.of(object);
      return symbols === undefined ? [] : [{ object, symbols }];
    });
    this.#byObject = new Map(this.#members.map((member) => [member.object, member]));
    this.#program = closure.objects[0];
    this.#names = new NamedObjects(closure);
    this.#hasVersions = closure.loader !== 'musl' && closure.loader !== 'uclibc';
  }

  /** The symbol table of an object of the scope. */
  symbolsOf(object: LoadedObject): DynamicSymbols | undefined {
    return this.#byObject.get(object)?.symbols;
  }

  /**
   * What the loader binds a reference to; undefined when nothing in the process will do. Local and
   * hidden symbols bind to themselves. As in the loader, unique symbols depend on what was looked
   * up before.
   */
  lookUp(reference: Reference): Definition | undefined {
    const { from, index, lookupClass } = reference;
    const symbols = this.symbolsOf(from);
    if (symbols === undefined) return undefined;
    const visibility = symbols.other(index) & 3;
    const isOwn = symbols.info(index) >> 4 === c.STB_LOCAL || bindsLocally(visibility);
    // musl looks at the binding alone, but a hidden undefined symbol is something no linker makes.
    if (isOwn) return { object: from, index };
    const found = this.#search(reference, symbols);
    if (visibility !== c.STV_PROTECTED || !this.#hasVersions) return found;
    // A protected symbol is its own object's, but for the address that a program made up for it.
    if (found === undefined || found.object === from) return found;
    const other =
      lookupClass === CLASS_PLT
        ? found
        : this.#search({ from, index, lookupClass: CLASS_PLT }, symbols);
    return other !== undefined && other.object !== from ? { object: from, index } : found;
  }

  #search(
    { from, index, lookupClass }: Reference,
    symbols: DynamicSymbols,
  ): Definition | undefined {
    const member = this.#byObject.get(from) as Member;
    const name = new NameHash(symbols.nameBytes(index));
    const version = this.#hasVersions ? wantedVersion(symbols, index) : undefined;
    const isSymbolic =
      this.#hasVersions && from !== this.#program && lookupClass !== CLASS_COPY && symbolic(from);
    if (isSymbolic) {
      const own = this.#find(member, { name, version, lookupClass, self: index });
      if (own !== undefined) return this.#unite({ object: from, index: own }, symbols);
    }
    for (const candidate of this.#members) {
      if (lookupClass === CLASS_COPY && candidate.object === this.#program) continue;
      const self = candidate === member ? index : -1;
      const found = this.#find(candidate, { name, version, lookupClass, self });
      if (found === undefined) continue;
      const definition = { object: candidate.object, index: found };
      if (version?.file !== undefined && !candidate.symbols.hasVersions)
        if (this.#names.find(version.file) === candidate.object)
          return { ...definition, versionsLost: true };
      // A copy is made from the library's own definition; its place in the program is everybody's.
      if (lookupClass === CLASS_COPY) {
        this.#unite({ object: from, index }, candidate.symbols, found);
        return definition;
      }
      return this.#unite(definition, candidate.symbols);
    }
    return undefined;
  }

  /** dl-lookup.c (do_lookup_unique): the one definition, which `definition` is if there was none. */
  #unite(definition: Definition, symbols: DynamicSymbols, index = definition.index): Definition {
    if (!this.#hasVersions || symbols.info(index) >> 4 !== c.STB_GNU_UNIQUE) return definition;
    const name = symbols.name(index);
    const known = this.#unique.get(name);
    if (known !== undefined) return known;
    this.#unique.set(name, definition);
    return definition;
  }

  /** A table whose names all collide, with as many references, would keep us busy for hours. */
  #spend(steps: number): void {
    this.#steps -= steps;
    if (this.#steps >= 0) return;
    const path = this.#program?.path;
    throw new ElfdepsError(
      'ELF_BAD_DYNAMIC',
      'its symbols cannot be looked up in reasonable time',
      {
        ...(path === undefined ? {} : { path }),
      },
    );
  }

  #find({ symbols }: Member, wanted: Wanted): number | undefined {
    const { hash } = symbols;
    if (hash === undefined) return undefined;
    const { walked } = hash;
    const candidates = hash.candidates(wanted.name);
    const compared = candidates.length * (1 + (wanted.name.bytes.length >> 6));
    this.#spend(1 + hash.walked - walked + compared);
    if (candidates.length === 0) return undefined;
    return this.#hasVersions
      ? findVersioned(symbols, candidates, wanted)
      : findUnversioned(symbols, candidates, wanted);
  }
}

/**
 * The objects that symbols are looked for in, in order. A loader that always puts itself into the
 * process (glibc since 2.41) is behind the others when nothing needs it.
 */
function scopeObjects({ objects, libraries }: Closure): readonly LoadedObject[] {
  const own = libraries.find(({ object }) => object?.role === 'interpreter')?.object;
  return own === undefined || objects.includes(own) ? objects : [...objects, own];
}

interface Wanted {
  readonly name: NameHash;
  readonly version: WantedVersion | undefined;
  readonly lookupClass: number;
  /** The index of the reference itself in this table, or -1. */
  readonly self: number;
}

function wantedVersion(symbols: DynamicSymbols, index: number): WantedVersion | undefined {
  const number = symbols.versionIndex(index);
  return number === undefined ? undefined : symbols.versionOf(number & 0x7fff);
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
function findVersioned(
  symbols: DynamicSymbols,
  candidates: readonly number[],
  { name, version, lookupClass, self }: Wanted,
): number | undefined {
  let only: number | undefined;
  let versions = 0;
  let found: number | undefined;
  for (const index of candidates) {
    if (!isDefinition(symbols, index, lookupClass)) continue;
    if (((1 << (symbols.info(index) & 15)) & GLIBC_TYPES) === 0) continue;
    if (index !== self && !symbols.hasName(index, name.bytes)) continue;
    // A file none of whose versions has a name is one without versions.
    const versym = symbols.hasVersions ? symbols.versionIndex(index) : undefined;
    if (versym !== undefined) {
      const isHidden = (versym & 0x8000) !== 0;
      if (version !== undefined) {
        const own = symbols.versionOf(versym & 0x7fff);
        const isSame = own?.hash === version.hash && own.name === version.name;
        if (!isSame && (version.hidden || own !== undefined || isHidden)) continue;
      } else if ((versym & 0x7fff) >= 3) {
        // An old program gets the base version or the oldest one; any other only if it is alone.
        if (!isHidden && versions++ === 0) only = index;
        continue;
      }
    }
    found = index;
    break;
  }
  found ??= versions === 1 ? only : undefined;
  if (found === undefined || bindsLocally(symbols.other(found) & 3)) return undefined;
  return isBound(symbols, found) ? found : undefined;
}

/** find_sym2 for one object: hidden versions (`name@version`) are nobody's. */
function findUnversioned(
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

function bindsLocally(visibility: number): boolean {
  return visibility === c.STV_HIDDEN || visibility === c.STV_INTERNAL;
}

function symbolic({ elf }: LoadedObject): boolean {
  const { dynamic } = elf;
  return (
    dynamic !== undefined &&
    (dynamic.tags.has(c.DT_SYMBOLIC) || (dynamic.flags & c.DF_SYMBOLIC) !== 0)
  );
}
