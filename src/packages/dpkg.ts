/**
 * dpkg's database: `status` and the lists in `info`, with diversions; and `status.d` of distroless
 * images, which has one file for each package and its paths in a list of checksums.
 * Source: dpkg lib/dpkg/dbmodify.c (updates), db-fsys-files.c; rules_distroless (status.d).
 */
import type { RootFiles } from '../files/root-files.js';
import { madeOnce } from '../root/made-once.js';
import { shellCommand } from '../root/shell-word.js';
import { type Paragraph, parseParagraphs } from './control-file.js';
import { DatabaseFiles, linesOf } from './database-text.js';
import { type Diversion, readDiversions } from './dpkg-diversions.js';
import { recordOf } from './dpkg-record.js';
import type { PackageDatabaseKind, PackageRecord, PackageRecords } from './package-kind.js';
import { PathLists } from './path-lists.js';

const BASE = '/var/lib/dpkg';

export const dpkg: PackageDatabaseKind = {
  name: 'dpkg',
  installed: [`${BASE}/status`, `${BASE}/status.d`],
  state: [
    BASE,
    '/var/lib/apt',
    '/var/lib/ucf',
    '/var/cache/apt',
    '/var/cache/debconf',
    '/var/log/apt',
    '/var/log/dpkg.log',
    '/var/log/alternatives.log',
  ],
  recognizes: (files) => files.resolve(`${BASE}/status`).found || statusNames(files).length > 0,
  findsLibraries: ([name = '', ...more]) =>
    more.length === 0
      ? `${shellCommand('apt-file', 'search', name)} names it`
      : 'apt-file search NAME names each',
  read: (files) => new DpkgRecords(files),
};

/** A file of status.d and the list of its package. */
interface StatusFile {
  readonly path: string;
  readonly sums: string;
}

class DpkgRecords implements PackageRecords {
  readonly packages: readonly PackageRecord[];
  readonly #files: DatabaseFiles;
  readonly #sums = new Map<PackageRecord, string>();
  #diversions: ReadonlyMap<string, Diversion> | undefined;
  /** Lists as they are stored, of those that were asked for. */
  readonly #read = new Map<PackageRecord, Uint8Array | undefined>();
  readonly #single = new Map<PackageRecord, PathLists<PackageRecord>>();
  /** The lists of all packages, once one of them did not tell. */
  #lists: PathLists<PackageRecord> | undefined;

  constructor(files: RootFiles) {
    this.#files = new DatabaseFiles(files, dpkg.name);
    this.packages = [...this.#ofStatus(), ...this.#ofStatusDirectory()];
  }

  get notes() {
    return this.#files.notes;
  }

  pathsOf(owner: PackageRecord): Iterable<string> {
    const sums = this.#sums.get(owner);
    return sums === undefined ? this.#listed(owner) : this.#summed(sums);
  }

  search(path: string): readonly PackageRecord[] {
    this.#lists ??= new PathLists(this.packages, (owner) => this.#bytesOf(owner));
    const lists = this.#lists;
    const diversion = this.#diverted().get(path);
    const found = lists
      .search(path)
      .filter(({ name }) => diversion === undefined || diversion.by === name);
    for (const [from, { to, by }] of this.#diverted())
      if (to === path) found.push(...lists.search(from).filter(({ name }) => name !== by));
    return found;
  }

  #diverted(): ReadonlyMap<string, Diversion> {
    this.#diversions ??= readDiversions(this.#files, `${BASE}/diversions`);
    return this.#diversions;
  }

  /** dpkg refuses a package with a file of another one, but for diversions. Directories have many. */
  guess(path: string): PackageRecord | undefined {
    const file = this.#files.files.resolve(path);
    if (!file.found || file.entry.kind === 'directory') return undefined;
    for (const [from, { to }] of this.#diverted())
      if (from === path || to === path) return undefined;
    const names = new Set(path.split('/'));
    return this.packages.find(
      (each) =>
        (names.has(each.name) || this.#read.has(each)) &&
        this.#listOnly(each).search(path).length > 0,
    );
  }

  /** The list of one package. Those that were read are asked first, since most questions are about few packages. */
  #listOnly(owner: PackageRecord): PathLists<PackageRecord> {
    let list = this.#single.get(owner);
    if (list === undefined) {
      list = new PathLists([owner], (each) => this.#bytesOf(each));
      this.#single.set(owner, list);
    }
    return list;
  }

  /** The list of a package as it is stored, with a path in each line. */
  #bytesOf(owner: PackageRecord): Uint8Array | undefined {
    if (!this.#read.has(owner)) this.#read.set(owner, this.#readList(owner));
    return this.#read.get(owner);
  }

  #readList(owner: PackageRecord): Uint8Array | undefined {
    if (this.#sums.has(owner))
      return Buffer.from([...this.pathsOf(owner)].map((path) => `${path}\n`).join(''));
    const list = this.#listOf(owner);
    return list === undefined ? undefined : this.#files.bytes(list);
  }

  #paragraphs(path: string): Paragraph[] {
    const bytes = this.#files.textBytes(path);
    return bytes === undefined ? [] : parseParagraphs(bytes);
  }

  /** The packages of the status file; paragraphs in `updates` are newer. */
  #ofStatus(): PackageRecord[] {
    const { files } = this.#files;
    const updates = files.namesIn(`${BASE}/updates`).filter((name) => /^\d+$/.test(name));
    const paths = [`${BASE}/status`, ...updates.map((name) => `${BASE}/updates/${name}`)];
    const records = new Map<string, PackageRecord | undefined>();
    const isAutomatic = (name: string) => automaticNames(this.#files)?.has(name);
    for (const path of paths) {
      if (!files.resolve(path).found) continue;
      for (const paragraph of this.#paragraphs(path)) {
        if (this.#files.isFull(records.size, path)) break;
        const key = `${paragraph.get('package')}:${paragraph.get('architecture')}`;
        records.set(key, recordOf(paragraph, isAutomatic));
      }
    }
    return [...records.values()].filter((record) => record !== undefined);
  }

  #ofStatusDirectory(): PackageRecord[] {
    const isAutomatic = (name: string) => automaticNames(this.#files)?.has(name);
    return statusNames(this.#files.files).flatMap(({ path, sums }) => {
      const [paragraph] = this.#paragraphs(path);
      const record = paragraph && recordOf(paragraph, isAutomatic);
      if (record === undefined) return this.#files.note('damaged', path) ?? [];
      this.#sums.set(record, sums);
      return [record];
    });
  }

  *#listed(owner: PackageRecord): Generator<string> {
    const diversions = this.#diverted();
    const bytes = this.#lists === undefined ? this.#bytesOf(owner) : this.#lists.listOf(owner);
    for (const path of bytes === undefined ? [] : linesOf(bytes)) {
      const diversion = diversions.get(path);
      yield diversion === undefined || diversion.by === owner.name ? path : diversion.to;
    }
  }

  /** The file with the paths of a package. One without files has a list too, so a missing one is a fault. */
  #listOf({ name, architecture }: PackageRecord): string | undefined {
    const lists = [`${name}:${architecture}.list`, `${name}.list`];
    const paths = lists.map((each) => `${BASE}/info/${each}`);
    const list = paths.find((path) => this.#files.files.resolve(path).found);
    return list ?? this.#files.note('unreadable', `${BASE}/info/${name}.list`);
  }

  /** Lines of md5sum(1), with paths from the top of the root. */
  *#summed(sums: string): Generator<string> {
    if (!this.#files.files.resolve(sums).found) return;
    for (const line of this.#files.lines(sums) ?? []) {
      const path = /^[0-9a-f]{32} [ *](?:\.?\/)?(.+)$/.exec(line)?.[1];
      if (path !== undefined) yield `/${path}`;
    }
  }
}

/** What apt installed since others needed it; undefined without apt. Source: apt-mark(8), extended_states. */
const automaticNames = madeOnce((files: DatabaseFiles): ReadonlySet<string> | undefined => {
  const path = '/var/lib/apt/extended_states';
  const states = files.files.resolve(path).found ? files.textBytes(path) : undefined;
  if (states === undefined) return undefined;
  const automatic = parseParagraphs(states).filter((each) => each.get('auto-installed') === '1');
  return new Set(automatic.flatMap((each) => each.get('package') ?? []));
});

/** The files of status.d that describe packages. */
function statusNames(files: RootFiles): StatusFile[] {
  const directory = `${BASE}/status.d`;
  const names = files.namesIn(directory);
  return names
    .filter((name) => !/\.(?:md5sums|list|preinst|postinst|prerm|postrm|conffiles)$/.test(name))
    .map((name) => ({ path: `${directory}/${name}`, sums: `${directory}/${name}.md5sums` }));
}
