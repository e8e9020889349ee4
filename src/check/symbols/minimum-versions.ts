/**
 * The oldest system that a program runs on: the highest version of each family of symbol versions
 * that it and the libraries that it brings ask for, and the oldest kernel by their ABI tags.
 */
import type { Closure } from '../../closure/closure.js';
import { NO_VERSIONS, type SymbolVersions } from '../../elf/versions.js';
import type { ElfSymbols } from '../../files/elf-symbols.js';
import type { LoadedObject } from '../../loader/loader.js';
import { madeOnce } from '../../root/made-once.js';
import { type Distribution, distributions } from './distributions.js';

/** Families of versions that come with the system: glibc's, and those of GCC's libraries. */
const VERSION_FAMILIES = ['GLIBC', 'GLIBCXX', 'CXXABI', 'GCC'] as const;
/** One of them. */
export type VersionFamily = (typeof VERSION_FAMILIES)[number];

/** The highest version of one family that is asked for. */
export interface MinimumVersion {
  readonly family: VersionFamily;
  /** Such as `2.34`. */
  readonly version: string;
  /** The object that asks for it; of several the first in load order. */
  readonly neededBy: string;
  /** Symbols of that version that it imports, some of them. */
  readonly symbols: readonly string[];
}

/** What a program asks of the system under it. */
export interface MinimumVersions {
  /** What the program itself asks for: where the system has all libraries. */
  readonly program: readonly MinimumVersion[];
  /** What it asks for with all libraries but those of glibc and GCC: where it brings them along. */
  readonly closure: readonly MinimumVersion[];
  /** The oldest kernel that the ABI tags allow, and the object that has the tag. */
  readonly kernel?: { readonly version: string; readonly neededBy: string };
}

const NUMBERED = /^(GLIBC|GLIBCXX|CXXABI|GCC)_(\d+(?:\.\d+)*)$/;
/** Versions that say what a loader must be able to do, and the first release that is. */
const ABILITIES: Readonly<Record<string, string>> = { GLIBC_ABI_DT_RELR: 'GLIBC_2.36' };
const MAX_SYMBOLS = 3;

/** Reads DT_VERNEED of the objects, and no symbol but of those that decide. Weak needs do not count. */
export function minimumVersions(closure: Closure, files: ElfSymbols): MinimumVersions {
  const [program] = closure.objects;
  const brought = closure.objects.filter((object) => !isOfSystem(object, files));
  const kernel = oldestKernel(closure.objects);
  return {
    program: program === undefined ? [] : highest([program], files),
    closure: highest(brought, files),
    kernel,
  };
}

/** The newest of several versions; undefined if there is none. */
export function newestVersion(versions: readonly (string | undefined)[]): string | undefined {
  return versions.reduce(
    (known, next) =>
      next !== undefined && (known === undefined || compareVersions(next, known) > 0)
        ? next
        : known,
    undefined,
  );
}

/** What several programs ask for together: of each family and the kernel the highest version. */
export function mergedMinimum(all: readonly MinimumVersions[]): MinimumVersions {
  const kernels = all.flatMap(({ kernel }) => kernel ?? []);
  return {
    program: newest(all.flatMap(({ program }) => program)),
    closure: newest(all.flatMap(({ closure }) => closure)),
    kernel: kernels.reduce<MinimumVersions['kernel']>(
      (best, next) =>
        best === undefined || compareVersions(next.version, best.version) > 0 ? next : best,
      undefined,
    ),
  };
}

function newest(versions: readonly MinimumVersion[]): MinimumVersion[] {
  return VERSION_FAMILIES.flatMap((family) => {
    const own = versions.filter((each) => each.family === family);
    const [first] = own;
    if (first === undefined) return [];
    return own.reduce(
      (best, next) => (compareVersions(next.version, best.version) > 0 ? next : best),
      first,
    );
  });
}

/** The releases that have all of `versions`, of each distribution the oldest. */
export function oldestDistributions(versions: readonly MinimumVersion[]): Distribution[] {
  const found = new Map<string, Distribution>();
  for (const distribution of distributions) {
    const has = versions.every(
      ({ family, version }) => compareVersions(distribution[family], version) >= 0,
    );
    if (has && !found.has(distribution.name)) found.set(distribution.name, distribution);
  }
  return [...found.values()];
}

/** Numbers between dots, one by one: `2.4` is below `2.34`. Negative where `a` is older. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** A library of glibc or GCC itself: it defines versions of a family. */
function isOfSystem(object: LoadedObject, files: ElfSymbols): boolean {
  if (object.role === 'interpreter') return true;
  const versions = files.versions(object);
  return versions !== undefined && definesNumbered(versions);
}

const definesNumbered = madeOnce(({ definitions = [] }: SymbolVersions) =>
  definitions.some(({ name }) => NUMBERED.test(name)),
);

interface AskedVersion {
  readonly family: string;
  readonly version: string;
  /** Its number in DT_VERSYM of the object. */
  readonly index: number;
}

/** The highest numbered version of each family that a file asks for, without weak ones. */
const askedVersions = madeOnce(({ needs }: SymbolVersions): readonly AskedVersion[] => {
  const best = new Map<string, AskedVersion>();
  for (const { name, weak, index } of needs.flatMap(({ versions }) => versions)) {
    const [, family, version] = NUMBERED.exec(ABILITIES[name] ?? name) ?? [];
    if (weak || family === undefined || version === undefined) continue;
    takeHigher(best, { family, version, index });
  }
  return [...best.values()];
});

function takeHigher<Asked extends AskedVersion>(best: Map<string, Asked>, asked: Asked): void {
  const known = best.get(asked.family);
  if (known === undefined || compareVersions(asked.version, known.version) > 0)
    best.set(asked.family, asked);
}

/**
 * The oldest glibc that a closure runs with, such as `2.34`: the program and all libraries but those of
 * glibc and GCC. Undefined where nothing asks for a version of glibc. Reads no symbols.
 */
export function minimumGlibc(closure: Closure, files: ElfSymbols): string | undefined {
  const brought = closure.objects.filter((object) => !isOfSystem(object, files));
  return highestAsked(brought, files).get('GLIBC')?.version;
}

function highestAsked(
  objects: readonly LoadedObject[],
  files: ElfSymbols,
): ReadonlyMap<string, AskedVersion & { readonly object: LoadedObject }> {
  const best = new Map<string, AskedVersion & { readonly object: LoadedObject }>();
  for (const object of objects)
    for (const asked of askedVersions(files.versions(object) ?? NO_VERSIONS))
      takeHigher(best, { ...asked, object });
  return best;
}

function highest(objects: readonly LoadedObject[], files: ElfSymbols): MinimumVersion[] {
  const best = highestAsked(objects, files);
  return VERSION_FAMILIES.flatMap((family) => {
    const found = best.get(family);
    if (found === undefined) return [];
    const { version, index, object } = found;
    return { family, version, neededBy: object.path, symbols: someSymbols(object, index, files) };
  });
}

/** The first symbols of a version, by its number in DT_VERSYM; the others are not decoded. */
function someSymbols(object: LoadedObject, version: number, files: ElfSymbols): string[] {
  const names: string[] = [];
  const symbols = files.of(object);
  if (symbols === undefined) return names;
  for (let index = 1; index < symbols.count && names.length < MAX_SYMBOLS; index++)
    if (((symbols.versionIndex(index) ?? 0) & 0x7fff) === version) names.push(symbols.name(index));
  return names;
}

/** NT_GNU_ABI_TAG with system 0, Linux. Source: glibc sysdeps/unix/sysv/linux/dl-osinfo.h. */
function oldestKernel(objects: readonly LoadedObject[]): MinimumVersions['kernel'] {
  let oldest: MinimumVersions['kernel'];
  for (const { path, elf } of objects) {
    if (elf.abiTag?.os !== 0) continue;
    const version = elf.abiTag.kernel.join('.');
    if (oldest === undefined || compareVersions(version, oldest.version) > 0)
      oldest = { version, neededBy: path };
  }
  return oldest;
}
