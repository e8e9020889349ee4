/**
 * rpm's database: a table of package headers in SQLite. The formats that came before it (Berkeley DB) and
 * beside it (ndb) are told by name, and not read.
 * Source: rpm lib/backend/sqlite.c, lib/rpmtag.h, lib/rpmds.h.
 */
import { decodeText } from '../elf/byte-source.js';
import { errnoOf } from '../errors.js';
import type { RootFiles } from '../files/root-files.js';
import { madeOnce } from '../root/made-once.js';
import { shellCommand } from '../root/shell-word.js';
import { DatabaseFiles } from './database-text.js';
import type { PackageDatabaseKind, PackageRecord, PackageRecords } from './package-kind.js';
import { namesOfDependency } from './rich-dependency.js';
import { RpmHeader, stringsIn } from './rpm-header.js';
import { sqliteRows } from './sqlite-rows.js';

/** Where distributions have it; the last is that of systems made by rpm-ostree. */
const DIRECTORIES = ['/usr/lib/sysimage/rpm', '/var/lib/rpm', '/usr/share/rpm'];
const SQLITE = 'rpmdb.sqlite';
/** Databases of other formats, by the name of their file. */
const FORMATS: ReadonlyMap<string, string> = new Map([
  ['Packages', 'Berkeley DB'],
  ['Packages.db', 'ndb'],
]);
/** Bytes of the database: ten times that of a full desktop system. */
const MOST_BYTES = 1 << 30;

const WITHOUT_PACKAGE = 'SQLite without the npm package node-sqlite3-wasm';

const NAME = 1000;
const VERSION = 1001;
const RELEASE = 1002;
const EPOCH = 1003;
const ARCH = 1022;
const FILEFLAGS = 1037;
const SOURCERPM = 1044;
const PROVIDENAME = 1047;
const REQUIREFLAGS = 1048;
const REQUIRENAME = 1049;
const DIRINDEXES = 1116;
const BASENAMES = 1117;
const DIRNAMES = 1118;
const RECOMMENDNAME = 5046;
const SUGGESTNAME = 5049;

/** RPMFILE_CONFIG */
const CONFIGURATION = 1;
/** RPMSENSE_RPMLIB: what rpm itself must be able to do. */
const OF_RPM = 1 << 24;

export const rpm: PackageDatabaseKind = {
  name: 'rpm',
  installed: [SQLITE, ...FORMATS.keys()].flatMap((name) =>
    DIRECTORIES.map((directory) => `${directory}/${name}`),
  ),
  state: [
    ...DIRECTORIES,
    ...['/var/cache/dnf', '/var/cache/libdnf5', '/var/cache/yum', '/var/cache/zypp'],
    ...['/var/lib/dnf', '/var/lib/yum', '/var/lib/zypp', '/usr/lib/sysimage/libdnf5'],
    ...['/var/log/dnf.log', '/var/log/dnf.librepo.log', '/var/log/dnf.rpm.log', '/var/log/zypp'],
  ],
  recognizes: (files) => findDatabase(files) !== undefined,
  // Source: rpm's automatic provides of libraries (elfdeps.c).
  findsLibraries: (names, is64Bit) =>
    shellCommand('dnf', 'install', ...names.map((name) => `${name}${is64Bit ? '()(64bit)' : ''}`)),
  read: (files) => new RpmRecords(files),
};

/** The path of the database; one that can be read before others. */
function findDatabase(files: RootFiles): string | undefined {
  return [SQLITE, ...FORMATS.keys()]
    .flatMap((name) => DIRECTORIES.map((directory) => `${directory}/${name}`))
    .find((path) => files.resolve(path).found);
}

class RpmRecords implements PackageRecords {
  readonly packages: readonly PackageRecord[];
  readonly #files: DatabaseFiles;
  readonly #lists = new Map<PackageRecord, FileList>();

  constructor(files: RootFiles) {
    this.#files = new DatabaseFiles(files, rpm.name);
    const path = findDatabase(files);
    if (path !== undefined) this.#read(path);
    this.packages = [...this.#lists.keys()];
  }

  get notes() {
    return this.#files.notes;
  }

  pathsOf(owner: PackageRecord): Iterable<string> {
    return this.#lists.get(owner)?.paths() ?? [];
  }

  #read(path: string): undefined {
    const format = FORMATS.get(path.slice(path.lastIndexOf('/') + 1));
    if (format !== undefined) return this.#files.note('unsupported', path, format);
    const { files } = this.#files;
    const [database, log] = [files.resolve(path), files.resolve(`${path}-wal`)];
    if (!database.found || database.entry.kind !== 'file')
      return this.#files.note('unreadable', path);
    const isLogged = log.found && log.entry.kind === 'file' && log.entry.size > 0;
    const size = database.entry.size + (isLogged ? log.entry.size : 0);
    if (size > MOST_BYTES) return this.#files.note('too-large', path);
    const copied = { database: database.path, log: isLogged ? log.path : undefined };
    const wanted = { table: 'Packages', column: 'blob', order: 'hnum' };
    try {
      for (const bytes of sqliteRows(files.root, copied, wanted)) this.#add(bytes, path);
    } catch (error) {
      // Of the root, of SQLite, or of a full disk: what was read counts.
      const code = errnoOf(error);
      if (code === 'MODULE_NOT_FOUND') this.#files.note('unsupported', path, WITHOUT_PACKAGE);
      else this.#files.note(code === undefined ? 'damaged' : 'unreadable', path);
    }
  }

  #add(bytes: Uint8Array, path: string): undefined {
    const header = RpmHeader.parse(bytes);
    const name = header?.text(NAME);
    if (header === undefined || !name) return this.#files.note('damaged', path);
    const list = new FileList(header);
    this.#lists.set(recordOf(name, header, list, this.#files), list);
  }
}

/** What zypper installed since others needed it; undefined without zypper. Source: libzypp SolvIdentFile.cc. */
const automaticNames = madeOnce((files: DatabaseFiles): ReadonlySet<string> | undefined => {
  const text = files.optionalText('/var/lib/zypp/AutoInstalled');
  return text === undefined ? undefined : new Set(text.split('\n').map((line) => line.trim()));
});

function recordOf(
  name: string,
  header: RpmHeader,
  list: FileList,
  files: DatabaseFiles,
): PackageRecord {
  const [epoch] = header.numbers(EPOCH);
  const version = `${header.text(VERSION)}-${header.text(RELEASE)}`;
  const flags = header.numbers(REQUIREFLAGS);
  const isOfRpm = (index: number) => ((flags[index] ?? 0) & OF_RPM) !== 0;
  const required = header.texts(REQUIRENAME).filter((_, index) => !isOfRpm(index));
  return {
    name,
    version: epoch === undefined ? version : `${epoch}:${version}`,
    architecture: header.text(ARCH),
    source: header.text(SOURCERPM).replace(/-[^-]+-[^-]+$/, '') || name,
    configurationFiles: [...list.paths(CONFIGURATION)],
    get isAutomatic() {
      return automaticNames(files)?.has(name);
    },
    requires: [...new Set(required)].map(namesOfDependency),
    suggests: [RECOMMENDNAME, SUGGESTNAME]
      .flatMap((tag) => header.texts(tag))
      .flatMap(namesOfDependency),
    provides: [...new Set(header.texts(PROVIDENAME))],
  };
}

/** The paths of a package in a few bytes each, decoded when they are asked for. */
class FileList {
  readonly #names: Uint8Array;
  readonly #directories: Uint8Array;
  readonly #indexes: Uint32Array;
  readonly #flags: Uint32Array;

  constructor(header: RpmHeader) {
    // Copies, since the whole header would stay in memory with them.
    this.#names = header.textBytes(BASENAMES).slice();
    this.#directories = header.textBytes(DIRNAMES).slice();
    this.#indexes = header.numbers(DIRINDEXES);
    this.#flags = header.numbers(FILEFLAGS);
  }

  /** Those with one of the flags; all without them. */
  *paths(flags?: number): Generator<string> {
    const directories = [...stringsIn(this.#directories)].map(decodeText);
    let index = 0;
    for (const name of stringsIn(this.#names)) {
      const directory = directories[this.#indexes[index] ?? -1];
      const isWanted = flags === undefined || ((this.#flags[index] ?? 0) & flags) !== 0;
      if (directory !== undefined && isWanted) yield directory + decodeText(name);
      index++;
    }
  }
}
