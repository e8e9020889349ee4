/**
 * apk's database: one file with a paragraph for each package, its fields first, then its directories and
 * their files.
 * Source: apk-tools src/database.c (apk_db_fdb_read), src/package.c (apk_dep_parse); apk-package(5).
 */
import type { RootFiles } from '../files/root-files.js';
import { madeOnce } from '../root/made-once.js';
import { shellCommand } from '../root/shell-word.js';
import { DatabaseFiles } from './database-text.js';
import type { PackageDatabaseKind, PackageRecord, PackageRecords } from './package-kind.js';

/** The first is that of merged systems, where the second leads to the same file. */
const PATHS = ['/usr/lib/apk/db/installed', '/lib/apk/db/installed'];

export const apk: PackageDatabaseKind = {
  name: 'apk',
  installed: ['/lib/apk/db/installed', '/usr/lib/apk/db/installed'],
  state: ['/lib/apk', '/usr/lib/apk', '/etc/apk', '/var/cache/apk', '/var/lib/apk'],
  recognizes: (files) => databasePath(files) !== undefined,
  // Source: abuild(1), the provides of shared libraries.
  findsLibraries: (names) => shellCommand('apk', 'add', ...names.map((name) => `so:${name}`)),
  read: (files) => new ApkRecords(files),
};

function databasePath(files: RootFiles): string | undefined {
  return PATHS.find((path) => files.resolve(path).found);
}

/** Lines of one package; `end` is that of the empty line behind them. */
interface Paragraph {
  readonly start: number;
  readonly end: number;
}

class ApkRecords implements PackageRecords {
  readonly packages: readonly PackageRecord[];
  readonly #files: DatabaseFiles;
  readonly #lines: readonly string[];
  readonly #paragraphs = new Map<PackageRecord, Paragraph>();

  constructor(files: RootFiles) {
    this.#files = new DatabaseFiles(files, apk.name);
    const path = databasePath(files);
    this.#lines = (path && this.#files.lines(path)) || [];
    for (const paragraph of paragraphs(this.#lines)) {
      if (this.#files.isFull(this.#paragraphs.size, path ?? '')) break;
      const record = this.#record(paragraph);
      if (record !== undefined) this.#paragraphs.set(record, paragraph);
      else if (path !== undefined) this.#files.note('damaged', path);
    }
    this.packages = [...this.#paragraphs.keys()];
  }

  get notes() {
    return this.#files.notes;
  }

  *pathsOf(owner: PackageRecord): Generator<string> {
    const paragraph = this.#paragraphs.get(owner);
    if (paragraph === undefined) return;
    for (const { path } of this.#entries(paragraph)) yield path;
  }

  /** Undefined where the paragraph has no name. */
  #record(paragraph: Paragraph): PackageRecord | undefined {
    const fields = new Map<string, string>();
    for (let at = paragraph.start; at < paragraph.end; at++) {
      const line = this.#lines[at] as string;
      // From here on there are only paths.
      if (line.startsWith('F:')) break;
      if (line[1] === ':') fields.set(line[0] as string, line.slice(2));
    }
    const name = fields.get('P');
    if (!name) return undefined;
    const files = this.#files;
    return {
      name,
      version: fields.get('V') ?? '',
      architecture: fields.get('A') ?? '',
      source: fields.get('o') || name,
      // What apk does not replace when it upgrades, unless protected_paths.d says otherwise.
      configurationFiles: [...this.#entries(paragraph)]
        .filter(({ path, isFile }) => isFile && path.startsWith('/etc/'))
        .map(({ path }) => path),
      get isAutomatic() {
        const named = namesInWorld(files);
        return named && !named.has(name);
      },
      requires: dependencies(fields.get('D')).map((each) => [each]),
      provides: dependencies(fields.get('p')),
    };
  }

  /** Directories, each followed by its files. A file before the first directory is passed over. */
  *#entries({ start, end }: Paragraph): Generator<ApkEntry> {
    let directory: string | undefined;
    for (let at = start; at < end; at++) {
      const line = this.#lines[at] as string;
      const name = line.slice(2);
      if (line.startsWith('F:')) {
        directory = name === '' ? '' : `/${name}`;
        yield { path: directory || '/', isFile: false };
      } else if (directory !== undefined && line.startsWith('R:'))
        yield { path: `${directory}/${name}`, isFile: true };
    }
  }
}

/** What someone asked for by name; undefined where nothing says so. Source: apk-world(5). */
const namesInWorld = madeOnce((files: DatabaseFiles): ReadonlySet<string> | undefined => {
  const world = files.optionalText('/etc/apk/world');
  return world === undefined ? undefined : new Set(dependencies(world));
});

interface ApkEntry {
  readonly path: string;
  readonly isFile: boolean;
}

/** A line of less than two bytes ends a paragraph. */
function* paragraphs(lines: readonly string[]): Generator<Paragraph> {
  let start = 0;
  for (let at = 0; at <= lines.length; at++) {
    if ((lines[at] ?? '').length >= 2) continue;
    if (at > start) yield { start, end: at };
    start = at + 1;
  }
}

/** Names of `D:` and `p:` without versions and repositories; what begins with `!` is a conflict. */
function dependencies(field = ''): string[] {
  return field.split(/\s/).flatMap((each) => /^[^!<>=~@\s][^<>=~@\s]*/.exec(each)?.[0] ?? []);
}
