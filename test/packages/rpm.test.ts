/**
 * rpm's database in small roots; test/differential/package-databases.test.ts compares with rpm.
 */
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RootFiles } from '../../src/files/root-files.js';
import { findPackages } from '../../src/packages/find-packages.js';
import { namesOfDependency } from '../../src/packages/rich-dependency.js';
import { RpmHeader } from '../../src/packages/rpm-header.js';
import { sqliteRows } from '../../src/packages/sqlite-rows.js';
import { memoryRoot } from '../../src/root/memory-root.js';
import { openRoot } from '../../src/root/open-root.js';
import type { RealPath } from '../../src/root/root.js';
import { tar } from '../support/tar-builder.js';
import { countedRoot } from './counted-root.js';
import { found, must, type Nodes, names, read } from './package-world.js';
import { type DatabaseBytes, rpmHeader, sqliteBytes, TABLE, type Tags } from './rpm-database.js';

const PATH = '/usr/lib/sysimage/rpm/rpmdb.sqlite';

/** A header of a package with files as `[directory, name, flags]`. */
function header(
  name: string,
  files: readonly (readonly [string, string, number])[] = [],
  more: Tags = {},
): Uint8Array {
  const directories = [...new Set(files.map(([directory]) => directory))];
  return rpmHeader({
    1000: name,
    1001: '2.0',
    1002: '1.fc42',
    1022: 'x86_64',
    1044: `${name}-source-2.0-1.fc42.src.rpm`,
    1037: files.map(([, , flags]) => flags),
    1116: files.map(([directory]) => directories.indexOf(directory)),
    1117: files.map(([, base]) => base),
    1118: directories,
    ...more,
  });
}

const nodesOf = ({ database, log }: DatabaseBytes): Nodes => ({
  [PATH]: database,
  ...(log.length > 0 && { [`${PATH}-wal`]: log }),
});

const HEADERS = [
  header('glibc', [['/lib64/', 'libc.so.6', 0]], { 1047: ['glibc', 'libc.so.6()(64bit)'] }),
  header('bash', [['/usr/bin/', 'bash', 0]], { 1047: ['bash', '/bin/sh', '/bin/sh'] }),
  header(
    'openssl',
    [
      ['/usr/bin/', 'openssl', 0],
      ['/etc/pki/', 'openssl.cnf', 1 | 16],
      ['/usr/share/doc/', 'README', 2],
      ['/usr/bin/', 'c_rehash', 0],
    ],
    {
      1003: [1],
      1048: [0, 0, 1 << 24, 0, 0],
      1049: ['libc.so.6()(64bit)', '/bin/sh', 'rpmlib(X)', '/lib64/libc.so.6', '(none or bash)'],
      5046: ['(bash if none)', 'missing'],
      5049: ['libc.so.6()(64bit)'],
    },
  ),
];

describe('rpm', () => {
  const database = read(nodesOf(sqliteBytes(TABLE, HEADERS)));

  it('has packages with their version, source and configuration', () => {
    expect(database.kind).toBe('rpm');
    expect(names(database.packages)).toEqual(['glibc', 'bash', 'openssl']);
    expect(must(database, 'openssl')).toMatchObject({
      version: '1:2.0-1.fc42',
      architecture: 'x86_64',
      source: 'openssl-source',
      configurationFiles: ['/etc/pki/openssl.cnf'],
    });
    expect(database.notes).toEqual([]);
  });

  it('tells what zypper installed for others', () => {
    const nodes = nodesOf(sqliteBytes(TABLE, HEADERS));
    const zypper = read({ ...nodes, '/var/lib/zypp/AutoInstalled': '# a comment\nbash\n' });
    const automatic = (of: typeof database) =>
      names(of.packages.filter((each) => of.isAutomatic(each)));
    expect(automatic(zypper)).toEqual(['bash']);
    expect(automatic(database)).toEqual([]);
  });

  it('puts paths together from directories and names', () => {
    expect(database.filesOf(must(database, 'openssl'))).toEqual([
      '/usr/bin/openssl',
      '/etc/pki/openssl.cnf',
      '/usr/share/doc/README',
      '/usr/bin/c_rehash',
    ]);
    expect(database.ownerOf('/usr/bin/c_rehash')?.name).toBe('openssl');
    expect(database.ownerOf('/usr/bin/other')).toBeUndefined();
  });

  it('resolves dependencies: what packages provide, and files; not what rpm must be able to do', () => {
    const of = (name: string) => names(database.dependenciesOf(must(database, name)));
    expect(of('openssl')).toEqual(['glibc', 'bash']);
  });

  it('resolves what packages recommend and suggest', () => {
    const of = (name: string) => names(database.suggestionsOf(must(database, name)));
    expect(of('openssl')).toEqual(['bash', 'glibc']);
    expect(of('bash')).toEqual([]);
  });

  it('reads what is only in the log yet', () => {
    const bytes = sqliteBytes(TABLE, HEADERS.slice(0, 1), HEADERS.slice(1));
    expect(bytes.log.length).toBeGreaterThan(0);
    expect(names(read(nodesOf(bytes)).packages)).toEqual(['glibc', 'bash', 'openssl']);
    // A log that another database wrote says nothing, as for SQLite itself.
    const other = { ...bytes, log: Buffer.alloc(4096, 1) };
    expect(names(read(nodesOf(other)).packages)).toEqual(['glibc']);
  });

  it.each([
    ['/var/lib/rpm/rpmdb.sqlite', { '/usr/lib/sysimage/rpm': { directory: true } }],
    ['/usr/share/rpm/rpmdb.sqlite', {}],
    [PATH, { '/var/lib/rpm': { link: '../../usr/lib/sysimage/rpm' } }],
    [PATH, { '/usr/lib/sysimage/rpm/Packages': 'of an older rpm' }],
  ] as const)('is found at %s', (path, more) => {
    const { database: bytes } = sqliteBytes(TABLE, HEADERS);
    expect(read({ [path]: bytes, ...more }).packages.length).toBe(3);
  });

  it('is read in an archive too', async () => {
    const directory = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-test-'));
    try {
      const { database: bytes, log } = sqliteBytes(TABLE, HEADERS.slice(0, 1), HEADERS.slice(1));
      const name = PATH.slice(1);
      const archive = nodePath.join(directory, 'root.tar');
      fs.writeFileSync(
        archive,
        tar([
          { name, body: bytes },
          { name: `${name}-wal`, body: log },
        ]),
      );
      const root = await openRoot(archive);
      const { database: inArchive } = findPackages(new RootFiles(root));
      root.close?.();
      expect(names(inArchive?.packages ?? [])).toEqual(['glibc', 'bash', 'openssl']);
    } finally {
      fs.rmSync(directory, { recursive: true });
    }
  });

  it.each([
    ['/var/lib/rpm/Packages', 'Berkeley DB'],
    ['/usr/lib/sysimage/rpm/Packages.db', 'ndb'],
  ])('%s is told as %s, and not read', (path, format) => {
    const { root, reads } = countedRoot({ [path]: 'bytes' });
    const { database: none, notes } = findPackages(new RootFiles(root));
    expect(none).toBeUndefined();
    expect(notes).toEqual([{ code: 'unsupported', kind: 'rpm', path, format }]);
    expect(reads).toEqual([]);
  });
});

describe('damage', () => {
  const soundBytes = sqliteBytes(TABLE, HEADERS).database;
  const damaged = [{ code: 'damaged', kind: 'rpm', path: PATH }];
  const view = (rows: string) => `CREATE VIEW Packages AS ${rows}`;
  const endless = 'WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)';

  it.each<[string, Uint8Array]>([
    ['no database', new TextEncoder().encode('SQLite format 3\0 and no more')],
    ['an empty file', new Uint8Array(0)],
    ['one that ends early', soundBytes.subarray(0, 4096)],
    ['one without the table', sqliteBytes('CREATE TABLE other (x)').database],
    [
      'rows without end',
      sqliteBytes(view(`${endless} SELECT n AS hnum, x'00' AS blob FROM c`)).database,
    ],
    [
      'a column that is computed',
      sqliteBytes('CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob AS (zeroblob(9)))')
        .database,
    ],
  ])('%s is a note', (_, bytes) => {
    const { database, notes } = found({ [PATH]: bytes });
    expect(database).toBeUndefined();
    expect(notes).toEqual(damaged);
  });

  it('a row that is no header is a note, and the others are read', () => {
    const rows = [
      Uint8Array.from([1, 2, 3]),
      new Uint8Array(64).fill(255),
      rpmHeader({ 1001: 'no name' }),
      ...HEADERS,
    ];
    const { database, notes } = found(nodesOf(sqliteBytes(TABLE, rows)));
    expect(database?.packages.length).toBe(3);
    expect(notes).toEqual(damaged);
  });

  it('a file that cannot be read, and one that is too large, are notes', () => {
    expect(found({ [PATH]: { bytes: soundBytes, unreadable: true } }).notes).toEqual([
      { code: 'unreadable', kind: 'rpm', path: PATH },
    ]);
    expect(found({ [PATH]: { directory: true } }).notes).toEqual([
      { code: 'unreadable', kind: 'rpm', path: PATH },
    ]);
    const { root, reads } = countedRoot({ [PATH]: soundBytes }, { [PATH]: 2 ** 40 });
    expect(findPackages(new RootFiles(root)).notes).toEqual([
      { code: 'too-large', kind: 'rpm', path: PATH },
    ]);
    expect(reads).toEqual([]);
  });

  it('a header whose numbers lie says less, whatever byte is changed', () => {
    const sound = HEADERS[2] as Uint8Array;
    const tags = [1000, 1003, 1037, 1044, 1049, 1116, 1117, 1118];
    let most = 0;
    for (let at = 0; at < sound.length; at++)
      for (const value of [0, 1, 0x7f, 0xff]) {
        const bytes = sound.slice();
        bytes[at] = value;
        const parsed = RpmHeader.parse(bytes);
        if (parsed === undefined) continue;
        for (const tag of tags)
          most = Math.max(most, parsed.texts(tag).length, parsed.numbers(tag).length);
      }
    expect(most).toBeGreaterThan(4);
    expect(most).toBeLessThanOrEqual(sound.length);
  });
});

describe('the copy that SQLite opens', () => {
  const { TMPDIR } = process.env;
  let directory: string;
  beforeEach(() => {
    directory = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-test-'));
  });
  afterEach(() => {
    process.env.TMPDIR = TMPDIR;
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    fs.rmSync(directory, { recursive: true });
  });

  it('is gone afterwards, and after damage', () => {
    const bytes = sqliteBytes(TABLE, HEADERS, HEADERS);
    process.env.TMPDIR = directory;
    expect(read(nodesOf(bytes)).packages.length).toBe(6);
    expect(found({ [PATH]: bytes.database.subarray(0, 5000) }).database).toBeUndefined();
    expect(found({ [PATH]: { bytes: bytes.database, unreadable: true } }).notes.length).toBe(1);
    expect(fs.readdirSync(directory)).toEqual([]);
  });

  it('has no name while its rows are read, so that a signal leaves nothing', () => {
    const { database, log } = sqliteBytes(TABLE, HEADERS.slice(0, 1), HEADERS.slice(1));
    process.env.TMPDIR = directory;
    const root = memoryRoot({ '/db': database, '/log': log });
    const wanted = { table: 'Packages', column: 'blob', order: 'hnum' };
    const copied = { database: '/db' as RealPath, log: '/log' as RealPath };
    const left: (readonly string[])[] = [];
    for (const _ of sqliteRows(root, copied, wanted)) left.push(fs.readdirSync(directory));
    expect(left).toEqual(HEADERS.map(() => []));
  });

  it('that has no place is a note', () => {
    const bytes = sqliteBytes(TABLE, HEADERS);
    process.env.TMPDIR = `${directory}/none`;
    expect(found(nodesOf(bytes)).notes).toEqual([{ code: 'unreadable', kind: 'rpm', path: PATH }]);
  });
});

describe('dependencies', () => {
  it.each([
    ['libz.so.1()(64bit)', ['libz.so.1()(64bit)']],
    ['(a or b)', ['a', 'b']],
    ['(a and b and c)', ['a', 'b', 'c']],
    ['(a if b)', ['a']],
    ['(a if b else c)', ['a', 'c']],
    ['(a unless b)', ['a']],
    ['(a without b)', ['a']],
    ['(a >= 1.0 with a < 2)', ['a', 'a']],
    ['((a if b) or (c and d))', ['a', 'c', 'd']],
    ['(a if (b or c))', ['a']],
    ['(a if (b if c else d) else e)', ['a', 'e']],
    ['(libz.so.1()(64bit) if /usr/bin/x)', ['libz.so.1()(64bit)']],
    ['(', []],
    ['(((((', []],
    [')', [')']],
    ['(a or', ['a']],
    ['() a)', ['a']],
  ])('%s', (text, expected) => {
    expect(namesOfDependency(text)).toEqual(expected);
  });

  it('a long one of parentheses ends', () => {
    expect(namesOfDependency('('.repeat(100_000))).toEqual([]);
    expect(namesOfDependency(`(${'a('.repeat(50_000)}`).length).toBeLessThan(200);
  });
});
