/**
 * Which definition a reference binds to: the loader's look-up of one symbol through all objects of
 * a process in load order. glibc matches versions; musl and uClibc know none.
 * Source: glibc elf/dl-lookup.c (_dl_lookup_symbol_x); musl ldso/dynlink.c (find_sym2).
 */
import type { Closure } from '../../closure/closure.js';
import * as c from '../../elf/constants.js';
import { CLASS_COPY, CLASS_PLT } from '../../elf/relocations.js';
import { NameHash } from '../../elf/symbol-hash.js';
import type { DynamicSymbols } from '../../elf/symbols.js';
import { ElfdepsError } from '../../errors.js';
import type { ElfSymbols } from '../../files/elf-symbols.js';
import type { LoadedObject } from '../../loader/loader.js';
import { abilitiesOf } from './loader-abilities.js';
import { NamedObjects } from './named-objects.js';
import {
  bindsLocally,
  findUnversioned,
  findVersioned,
  type Wanted,
  type WantedVersion,
} from './symbol-match.js';

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

/** Many times of what the largest programs take; a second or two. */
const MAX_STEPS = 1 << 25;
/** Names in a chain of a hash table that linkers make, and what it takes to compare one in a longer chain. */
const USUAL_CANDIDATES = 16;
const COMPARISON_STEPS = 12;

/** The global scope of one program's objects. */
export class SymbolScope {
  readonly #members: readonly Member[];
  readonly #byObject: ReadonlyMap<LoadedObject, Member>;
  readonly #program: LoadedObject | undefined;
  readonly #names: NamedObjects;
  readonly #hasVersions: boolean;
  #tables: ReadonlySet<DynamicSymbols> | undefined;
  #keepsVersions: boolean | undefined;
  #steps = MAX_STEPS;
  /** Definitions of STB_GNU_UNIQUE: all references are bound to the first that one was bound to. */
  readonly #unique = new Map<string, Definition>();

  readonly #closure: Closure;
  readonly #files: ElfSymbols;
  readonly #loader: Member | undefined;
  #otherName: ((name: string) => string | undefined) | undefined;
  /** {@link LoaderAbilities.endsAtVersionFile} of the loader. */
  readonly endedBy: string | undefined;

  constructor(closure: Closure, files: ElfSymbols) {
    this.#closure = closure;
    this.#files = files;
    this.endedBy = abilitiesOf(closure, files).endsAtVersionFile;
    this.#members = scopeObjects(closure).flatMap((object) => {
      const symbols = files.of(object);
      return symbols === undefined ? [] : [{ object, symbols }];
    });
    this.#loader = this.#members.find(({ object }) => object.role === 'interpreter');
    this.#byObject = new Map(this.#members.map((member) => [member.object, member]));
    this.#program = closure.objects[0];
    this.#names = new NamedObjects(closure);
    this.#hasVersions = closure.traits?.matchesVersions ?? true;
  }

  /** Whether this is the symbol table of an object of the scope. */
  has(symbols: DynamicSymbols | undefined): boolean {
    this.#tables ??= new Set(this.#members.map((member) => member.symbols));
    return symbols !== undefined && this.#tables.has(symbols);
  }

  /**
   * Whether every file that a version is asked of has versions. Then a symbol that some object of the
   * scope defines is never {@link Definition.versionsLost}. False too where a look-up may end early.
   */
  get keepsVersions(): boolean {
    if (this.endedBy !== undefined) return false;
    this.#keepsVersions ??= this.#members.every(({ symbols }) =>
      symbols.versions.needs.every(({ file }) => {
        const provider = this.#names.find(file);
        const table = provider && this.symbolsOf(provider);
        return table === undefined || table.hasVersions;
      }),
    );
    return this.#keepsVersions;
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

  #search(reference: Reference, symbols: DynamicSymbols): Definition | undefined {
    const { from, index, lookupClass } = reference;
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
      if (found !== undefined) return this.#bind(reference, candidate, found, version?.file);
      if (this.#isEnd(candidate, version?.file, lookupClass)) return undefined;
    }
    return this.#byOtherName(symbols.name(index));
  }

  /** Whether a look-up goes no further than this object, since its version is asked of it. */
  #isEnd({ object }: Member, file: string | undefined, lookupClass: number): boolean {
    if (file === undefined || this.endedBy === undefined || lookupClass === CLASS_COPY)
      return false;
    return this.#names.find(file) === object;
  }

  /** Whether the look-up of a version ends at the file that it is asked of, for want of it there. */
  endsAtFile(version: Pick<WantedVersion, 'file'> | undefined): boolean {
    if (version?.file === undefined || this.endedBy === undefined) return false;
    const object = this.#names.find(version.file);
    return object !== undefined && this.#byObject.has(object);
  }

  /** The definition that was found in an object; `file` is the one that its version shall be of. */
  #bind(
    { from, index, lookupClass }: Reference,
    { object, symbols }: Member,
    found: number,
    file: string | undefined,
  ): Definition {
    const definition = { object, index: found };
    const isLost = file !== undefined && !symbols.hasVersions && this.#names.find(file) === object;
    if (isLost) return { ...definition, versionsLost: true };
    if (lookupClass !== CLASS_COPY) return this.#unite(definition, symbols);
    // A copy is made from the library's own definition; all others use its place in the program.
    this.#unite({ object: from, index }, symbols, found);
    return definition;
  }

  /** What the loader finds in itself alone, by another name than the one that is referred to. */
  #byOtherName(name: string): Definition | undefined {
    const { traits } = this.#closure;
    const own = this.#loader;
    if (own === undefined || traits?.otherNames === undefined) return undefined;
    this.#otherName ??= traits.otherNames(this.#files.bytes(own.object));
    const target = this.#otherName(name);
    if (target === undefined) return undefined;
    const wanted = {
      name: new NameHash(new TextEncoder().encode(target)),
      version: undefined,
      lookupClass: CLASS_PLT,
      self: -1,
    };
    const index = this.#find(own, wanted);
    return index === undefined ? undefined : { object: own.object, index };
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
      { path },
    );
  }

  #find({ symbols }: Member, wanted: Wanted): number | undefined {
    const { hash } = symbols;
    if (hash === undefined) return undefined;
    const { walked } = hash;
    const candidates = hash.candidates(wanted.name);
    const each = candidates.length > USUAL_CANDIDATES ? COMPARISON_STEPS : 1;
    const compared = candidates.length * (each + (wanted.name.bytes.length >> 6));
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

function wantedVersion(symbols: DynamicSymbols, index: number): WantedVersion | undefined {
  const number = symbols.versionIndex(index);
  return number === undefined ? undefined : symbols.versionOf(number & 0x7fff);
}

function symbolic({ elf }: LoadedObject): boolean {
  const { dynamic } = elf;
  return (
    dynamic !== undefined &&
    (dynamic.tags.has(c.DT_SYMBOLIC) || (dynamic.flags & c.DF_SYMBOLIC) !== 0)
  );
}
