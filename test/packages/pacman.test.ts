/**
 * pacman's database in small roots; test/differential/package-databases.test.ts compares with pacman.
 */
import { describe, expect, it } from 'vitest';
import { RootFiles } from '../../src/files/root-files.js';
import { findPackages } from '../../src/packages/find-packages.js';
import { countedRoot } from './counted-root.js';
import { found, lines, must, type Nodes, names, read } from './package-world.js';

const LOCAL = '/var/lib/pacman/local';

/** A package of the database: sections of `desc`, and lines of `files`. */
function installed(
  name: string,
  fields: Record<string, readonly string[]> = {},
  paths: readonly string[] = [],
  backup: readonly string[] = [],
): Nodes {
  const section = (title: string, values: readonly string[]) =>
    values.length === 0 ? '' : lines(`%${title}%`, ...values, '');
  const all = { NAME: [name], VERSION: ['1-1'], BASE: [name], ARCH: ['x86_64'], ...fields };
  return {
    [`${LOCAL}/${name}-1-1/desc`]: Object.entries(all)
      .map(([title, values]) => section(title, values))
      .join(''),
    [`${LOCAL}/${name}-1-1/files`]: section('FILES', paths) + section('BACKUP', backup),
  };
}

const NODES: Nodes = {
  [`${LOCAL}/ALPM_DB_VERSION`]: '9\n',
  '/lib': { link: 'usr/lib' },
  '/usr/sbin': { link: 'bin' },
  '/usr/bin/openssl': 'openssl',
  '/usr/lib/libssl.so.3': 'ssl',
  ...installed(
    'glibc',
    {},
    ['etc/', 'etc/gai.conf', 'usr/', 'usr/lib/', 'usr/lib/libc.so.6'],
    ['etc/gai.conf\t28fa76ff5a9e0566eaa1e11f1ce51f09'],
  ),
  ...installed(
    'openssl',
    {
      BASE: ['openssl-base'],
      DEPENDS: ['glibc>=2.30', 'sh', 'missing'],
      OPTDEPENDS: ['curl>=8: to fetch', 'libssl.so=1.1-64: for old programs', 'missing'],
      PROVIDES: ['libssl.so=3-64', 'libcrypto.so=3-64'],
    },
    ['usr/', 'usr/bin/', 'usr/bin/openssl', 'usr/lib/', 'usr/lib/libssl.so.3'],
  ),
  ...installed('openssl-1.1', { PROVIDES: ['libssl.so=1.1-64'] }),
  ...installed('bash', { PROVIDES: ['sh'] }),
  ...installed('curl', { DEPENDS: ['libssl.so=3-64', 'libssl.so=9-64'] }),
  ...installed('old', { DEPENDS: ['libssl.so'] }),
};

describe('pacman', () => {
  const database = read(NODES);

  it('has packages with their version, source and configuration', () => {
    expect(database.kind).toBe('pacman');
    expect(names(database.packages)).toEqual([
      'bash',
      'curl',
      'glibc',
      'old',
      'openssl',
      'openssl-1.1',
    ]);
    expect(must(database, 'openssl')).toMatchObject({
      version: '1-1',
      architecture: 'x86_64',
      source: 'openssl-base',
      configurationFiles: [],
    });
    expect(must(database, 'glibc').configurationFiles).toEqual(['/etc/gai.conf']);
    expect(database.notes).toEqual([]);
  });

  it('lists paths, directories without their slash', () => {
    expect(database.filesOf(must(database, 'glibc'))).toEqual([
      '/etc',
      '/etc/gai.conf',
      '/usr',
      '/usr/lib',
      '/usr/lib/libc.so.6',
    ]);
  });

  it.each([
    ['/usr/bin/openssl', 'openssl'],
    ['/usr/sbin/openssl', 'openssl'],
    ['/lib/libssl.so.3', 'openssl'],
    ['/etc/gai.conf', 'glibc'],
    ['/usr/bin/none', undefined],
  ])('the owner of %s is %s', (path, owner) => {
    expect(database.ownerOf(path)?.name).toBe(owner);
  });

  it('resolves dependencies; those on libraries state their whole version', () => {
    const of = (name: string) => names(database.dependenciesOf(must(database, name)));
    expect(of('openssl')).toEqual(['glibc', 'bash']);
    expect(of('curl')).toEqual(['openssl']);
    expect(of('old')).toEqual(['openssl', 'openssl-1.1']);
  });

  it('resolves optional dependencies', () => {
    const of = (name: string) => names(database.suggestionsOf(must(database, name)));
    expect(of('openssl')).toEqual(['curl', 'openssl-1.1']);
    expect(of('old')).toEqual([]);
  });

  it('notes a package without a name or a description, and reads the others', () => {
    const damaged = read({
      ...installed('good'),
      ...installed('empty', { NAME: [] }),
      [`${LOCAL}/none-1-1`]: { directory: true },
    });
    expect(names(damaged.packages)).toEqual(['good']);
    expect(damaged.notes).toEqual([
      { code: 'damaged', kind: 'pacman', path: `${LOCAL}/empty-1-1/desc` },
      { code: 'unreadable', kind: 'pacman', path: `${LOCAL}/none-1-1/desc` },
    ]);
  });

  it('no package is no database', () => {
    expect(found({ [`${LOCAL}/ALPM_DB_VERSION`]: '9\n' }).database).toBeUndefined();
  });

  it('reads lists for the first owner that is asked for, each once', () => {
    const { root, reads } = countedRoot(NODES);
    const { database: counted } = findPackages(new RootFiles(root));
    expect(reads.length).toBe(6);
    counted?.ownerOf('/usr/bin/openssl');
    counted?.ownerOf('/usr/bin/none');
    expect(reads.length).toBe(12);
    expect(new Set(reads).size).toBe(12);
  });
});
