/**
 * Answers about packages from the records of any kind of database: owners from one pass over all lists
 * of paths, dependencies from names and from what packages provide. Each table is made when the first
 * question needs it; that of the owners, which is large, only where the records have no search of their own.
 */
import type { RootFiles } from '../files/root-files.js';
import { addTo } from '../root/multimap.js';
import type { Package, PackageDatabase, PackageNote } from './package.js';
import type { PackageRecord, PackageRecords } from './package-kind.js';
import { PathAliases } from './path-aliases.js';

/** Paths of the whole database: several times those of a full desktop system. */
const MOST_PATHS = 1 << 20;

/** A database of any kind. */
export class IndexedPackages implements PackageDatabase {
  readonly kind: string;
  readonly packages: readonly Package[];
  readonly #records: PackageRecords;
  readonly #byPackage: ReadonlyMap<Package, PackageRecord>;
  readonly #aliases: PathAliases;
  #owners: ReadonlyMap<string, readonly PackageRecord[]> | undefined;
  readonly #searched = new Map<string, readonly PackageRecord[]>();
  readonly #dependencies = new Map<Package, readonly Package[]>();
  #providers: ReadonlyMap<string, readonly PackageRecord[]> | undefined;

  constructor(kind: string, files: RootFiles, records: PackageRecords) {
    this.kind = kind;
    this.packages = records.packages.filter(({ isRemoved }) => !isRemoved);
    this.#records = records;
    this.#byPackage = new Map(records.packages.map((record) => [record, record]));
    this.#aliases = new PathAliases(files);
  }

  get notes(): readonly PackageNote[] {
    return this.#records.notes;
  }

  package(name: string): Package | undefined {
    const named = this.packages.filter((each) => each.name === name);
    if (named.length === 0)
      return this.packages.find((each) => `${each.name}:${each.architecture}` === name);
    if (named.length === 1) return named[0];
    const own = mostCommon(this.packages.map(({ architecture }) => architecture));
    return named.find(({ architecture }) => architecture === own) ?? named[0];
  }

  ownerOf(path: string): Package | undefined {
    return this.#guess(path) ?? this.ownersOf(path)[0];
  }

  /** Most programs are of a package of their name, which has a short list; all lists take long to read. */
  #guess(path: string): Package | undefined {
    if (this.#owners !== undefined || this.#searched.size > 0) return undefined;
    for (const form of this.#aliases.of(path)) {
      const found = this.#records.guess?.(form);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  ownersOf(path: string): readonly Package[] {
    const found = this.#aliases.of(path).flatMap((form) => this.#listing(form));
    return found.length < 2 ? found : [...new Set(found)];
  }

  /** The packages whose lists have a path as it stands. */
  #listing(path: string): readonly PackageRecord[] {
    const records = this.#records;
    if (records.search === undefined) {
      this.#owners ??= indexOwners(records);
      return this.#owners.get(path) ?? [];
    }
    const found = this.#searched.get(path) ?? records.search(path);
    this.#searched.set(path, found);
    return found;
  }

  isEssential(owner: Package): boolean {
    return this.#byPackage.get(owner)?.isEssential === true;
  }

  isAutomatic(owner: Package): boolean {
    return this.#byPackage.get(owner)?.isAutomatic === true;
  }

  filesOf(owner: Package): readonly string[] {
    const record = this.#byPackage.get(owner);
    return record === undefined ? [] : [...new Set(pathsOf(this.#records, record))];
  }

  dependenciesOf(dependent: Package): readonly Package[] {
    const known = this.#dependencies.get(dependent) ?? this.#findDependencies(dependent);
    this.#dependencies.set(dependent, known);
    return known;
  }

  #findDependencies(dependent: Package): readonly Package[] {
    const record = this.#byPackage.get(dependent);
    if (record === undefined) return [];
    const found = new Set<Package>();
    for (const name of new Set(record.requires.flat()))
      for (const each of this.#meeting(name, record)) found.add(each);
    found.delete(record);
    return [...found];
  }

  suggestionsOf(owner: Package): readonly Package[] {
    const record = this.#byPackage.get(owner);
    const names = new Set(record?.suggests);
    return record === undefined
      ? []
      : [...new Set([...names].flatMap((name) => this.#meeting(name, record)))];
  }

  /** The installed packages that a dependency on `name` may mean. */
  #meeting(name: string, dependent: PackageRecord): readonly Package[] {
    this.#providers ??= indexProviders(this.packages as readonly PackageRecord[]);
    const providers = this.#providers.get(name) ?? [];
    if (providers.length === 0 && name.startsWith('/')) return this.ownersOf(name);
    const alike = providers.filter(({ architecture }) => architecture === dependent.architecture);
    return alike.length > 0 ? alike : providers;
  }
}

/** The value that most of them are; the first of those where several are. */
function mostCommon(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return [...counts.keys()].find((value) => counts.get(value) === most);
}

function indexOwners(records: PackageRecords): ReadonlyMap<string, readonly PackageRecord[]> {
  const owners = new Map<string, PackageRecord[]>();
  let left = MOST_PATHS;
  for (const record of records.packages) {
    // Most paths have one owner: they share its list.
    const alone: [PackageRecord] = [record];
    for (const path of pathsOf(records, record)) {
      if (--left < 0) return owners;
      addOwner(owners, path, alone);
    }
  }
  return owners;
}

/** Adds the record of a list that several paths share, which is therefore not added to. */
function addOwner(
  owners: Map<string, PackageRecord[]>,
  path: string,
  alone: [PackageRecord],
): void {
  const before = owners.get(path);
  const [record] = alone;
  if (before === undefined) owners.set(path, alone);
  else if (before.at(-1) === record) return;
  else if (before.length > 1) before.push(record);
  else owners.set(path, [...before, record]);
}

function indexProviders(
  records: readonly PackageRecord[],
): ReadonlyMap<string, readonly PackageRecord[]> {
  const providers = new Map<string, PackageRecord[]>();
  for (const record of records)
    for (const name of new Set([record.name, ...record.provides])) addTo(providers, name, record);
  return providers;
}

/** Paths of a package without a slash or dot at the end; what is no absolute path is left out. */
function* pathsOf(records: PackageRecords, record: PackageRecord): Generator<string> {
  for (const path of records.pathsOf(record)) {
    if (!path.startsWith('/')) continue;
    yield path.endsWith('/') || path.endsWith('/.') ? path.replace(/\/+\.?$/, '') || '/' : path;
  }
}
