/**
 * pacman's database: a directory for each package, with its description and its list of files.
 * Source: libalpm be_local.c (local_db_read), deps.c (alpm_dep_from_string, _alpm_depcmp_provides).
 */
import type { RootFiles } from '../files/root-files.js';
import { shellCommand } from '../root/shell-word.js';
import { DatabaseFiles } from './database-text.js';
import type { PackageDatabaseKind, PackageRecord, PackageRecords } from './package-kind.js';

const BASE = '/var/lib/pacman/local';

export const pacman: PackageDatabaseKind = {
  name: 'pacman',
  installed: ['/var/lib/pacman/local/ALPM_DB_VERSION'],
  state: ['/var/lib/pacman', '/var/cache/pacman', '/var/log/pacman.log'],
  recognizes: (files) => files.resolve(BASE).found,
  findsLibraries: (names) =>
    `${shellCommand('pacman', '-F', ...names)} names ${names.length === 1 ? 'it' : 'them'}`,
  read: (files) => new PacmanRecords(files),
};

class PacmanRecords implements PackageRecords {
  readonly packages: readonly PackageRecord[];
  readonly #files: DatabaseFiles;
  readonly #directories = new Map<PackageRecord, string>();

  constructor(files: RootFiles) {
    this.#files = new DatabaseFiles(files, pacman.name);
    for (const name of files.namesIn(BASE)) {
      if (this.#files.isFull(this.#directories.size, BASE)) break;
      const directory = `${BASE}/${name}`;
      // Beside packages there is a file with the version of the format.
      const entry = files.resolve(directory);
      if (!entry.found || entry.entry.kind !== 'directory') continue;
      const record = this.#record(directory);
      if (record !== undefined) this.#directories.set(record, directory);
    }
    this.packages = [...this.#directories.keys()];
  }

  get notes() {
    return this.#files.notes;
  }

  *pathsOf(owner: PackageRecord): Generator<string> {
    const directory = this.#directories.get(owner);
    if (directory === undefined) return;
    for (const path of this.#section(`${directory}/files`, 'FILES')) yield `/${path}`;
  }

  #record(directory: string): PackageRecord | undefined {
    const lines = this.#files.lines(`${directory}/desc`);
    if (lines === undefined) return undefined;
    const fields = sections(lines);
    const of = (name: string) => fields.get(name)?.[0] ?? '';
    const name = of('NAME');
    if (name === '') return this.#files.note('damaged', `${directory}/desc`);
    const backup = () =>
      this.#section(`${directory}/files`, 'BACKUP').map((line) => `/${line.replace(/\t.*/, '')}`);
    let configurationFiles: readonly string[] | undefined;
    return {
      name,
      version: of('VERSION'),
      architecture: of('ARCH'),
      source: of('BASE') || name,
      // They are in the other file, which is read only for this.
      get configurationFiles() {
        configurationFiles ??= backup();
        return configurationFiles;
      },
      // Source: alpm_pkgreason_t.
      isAutomatic: of('REASON') === '1',
      requires: (fields.get('DEPENDS') ?? []).map((each) => [dependency(each)]),
      // Each is a name with what it is for: `lib: to read pictures`.
      suggests: (fields.get('OPTDEPENDS') ?? []).map((each) => dependency(each.replace(/:.*/, ''))),
      provides: (fields.get('PROVIDES') ?? []).flatMap((each) => [
        withoutVersion(each),
        dependency(each),
      ]),
    };
  }

  #section(path: string, name: string): readonly string[] {
    // A package without files has none, and its list may be missing.
    if (!this.#files.files.resolve(path).found) return [];
    return sections(this.#files.lines(path) ?? []).get(name) ?? [];
  }
}

/** Lines between `%NAME%` and the next empty line. */
function sections(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const line of lines) {
    const name = /^%([A-Z0-9]+)%$/.exec(line)?.[1];
    if (name !== undefined) {
      current = [];
      found.set(name, current);
    } else if (line === '') current = undefined;
    else current?.push(line);
  }
  return found;
}

/**
 * A name without its version; of a library (`libssl.so=3-64`) the version stays, since packages with
 * several versions of one library are installed together, and dependencies state all of it.
 */
function dependency(text: string): string {
  return /^[^<>=]+\.so=[^<>=]+$/.test(text) ? text : withoutVersion(text);
}

function withoutVersion(text: string): string {
  return text.replace(/[<>=].*/, '');
}
