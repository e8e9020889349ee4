/**
 * apk's database in small roots. No apk is at hand on Debian: the bytes are those that apk-tools writes by
 * its source (apk_db_fdb_write, apk_pkg_write_index_header).
 */
import { describe, expect, it } from 'vitest';
import { RootFiles } from '../../src/files/root-files.js';
import { findPackages } from '../../src/packages/find-packages.js';
import { countedRoot } from './counted-root.js';
import { found, lines, must, type Nodes, names, read } from './package-world.js';

const INSTALLED = lines(
  'C:Q1Deb0jNytkrjPW4N/eKLZ43BwOlw=',
  'P:musl',
  'V:1.2.5-r9',
  'A:x86_64',
  'S:411000',
  'I:667648',
  'T:the musl c library (libc) implementation',
  'U:https://musl.libc.org/',
  'L:MIT',
  'o:musl',
  'm:Natanael Copa <ncopa@alpinelinux.org>',
  't:1739985600',
  'c:4b4d1ca3e1c3b6a2',
  'p:so:libc.musl-x86_64.so.1=1',
  'F:lib',
  'R:ld-musl-x86_64.so.1',
  'a:0:0:755',
  'Z:Q1UZ8DMyxSfUB0oFsEnN9nqRnzVbU=',
  'R:libc.musl-x86_64.so.1',
  'a:0:0:777',
  'Z:Q17yJ3JFNypA4mxhJJr0ou6CzsJVI=',
  '',
  'C:Q1XjuTPMKBgW/sEIIl/H2A8e2DsJM=',
  'P:libssl3',
  'V:3.5.1-r0',
  'A:x86_64',
  'o:openssl',
  'D:so:libc.musl-x86_64.so.1 libcrypto3>=3.5 !openssl-old@edge',
  'p:so:libssl.so.3=3',
  'r:libressl',
  'f:S',
  'F:usr',
  'F:usr/lib',
  'R:libssl.so.3',
  'a:0:0:755',
  'F:etc',
  'F:etc/ssl',
  'M:0:0:750',
  'R:openssl.cnf',
  'F:etcetera',
  'R:no-configuration',
  '',
  'P:libcrypto3',
  'V:3.5.1-r0',
  'A:x86_64',
  'D:so:libc.musl-x86_64.so.1 /bin/sh cmd:missing',
  'F:',
  'R:top',
  '',
  'P:busybox',
  'V:1.37.0-r18',
  'A:x86_64',
  'p:/bin/sh cmd:busybox=1.37.0-r18',
  'F:bin',
  'R:busybox',
  '',
  '',
  'P:.virtual',
  'V:0',
);

describe('apk', () => {
  const database = read({ '/lib/apk/db/installed': INSTALLED });

  it('has packages with their version and source', () => {
    expect(database.kind).toBe('apk');
    expect(names(database.packages)).toEqual([
      'musl',
      'libssl3',
      'libcrypto3',
      'busybox',
      '.virtual',
    ]);
    expect(must(database, 'libssl3')).toMatchObject({
      version: '3.5.1-r0',
      architecture: 'x86_64',
      source: 'openssl',
      configurationFiles: ['/etc/ssl/openssl.cnf'],
    });
    expect(must(database, 'busybox').source).toBe('busybox');
  });

  it('lists files below their directories', () => {
    expect(database.filesOf(must(database, 'libssl3'))).toEqual([
      '/usr',
      '/usr/lib',
      '/usr/lib/libssl.so.3',
      '/etc',
      '/etc/ssl',
      '/etc/ssl/openssl.cnf',
      '/etcetera',
      '/etcetera/no-configuration',
    ]);
    expect(database.filesOf(must(database, 'libcrypto3'))).toEqual(['/', '/top']);
    expect(database.filesOf(must(database, '.virtual'))).toEqual([]);
  });

  it('knows owners', () => {
    expect(database.ownerOf('/lib/ld-musl-x86_64.so.1')?.name).toBe('musl');
    expect(database.ownerOf('/top')?.name).toBe('libcrypto3');
    expect(database.ownerOf('/bin/sh')).toBeUndefined();
  });

  it('resolves dependencies: names, libraries, commands and paths, and no conflicts', () => {
    const of = (name: string) => names(database.dependenciesOf(must(database, name)));
    expect(of('libssl3')).toEqual(['musl', 'libcrypto3']);
    expect(of('libcrypto3')).toEqual(['musl', 'busybox']);
    expect(of('musl')).toEqual([]);
  });

  it('is found in merged systems too, where packages list /lib', () => {
    const merged = read({
      '/usr/lib/apk/db/installed': INSTALLED,
      '/lib': { link: 'usr/lib' },
      '/usr/lib/ld-musl-x86_64.so.1': 'musl',
    });
    expect(merged.ownerOf('/usr/lib/ld-musl-x86_64.so.1')?.name).toBe('musl');
    expect(merged.ownerOf('/lib/libssl.so.3')?.name).toBe('libssl3');
  });

  it('passes over fields that it does not know, and notes a package without a name', () => {
    const damaged = read({
      '/lib/apk/db/installed': lines('V:1', 'F:lost', 'R:file', '', 'P:a', '?', 'X:y', 'R:early'),
    });
    expect(names(damaged.packages)).toEqual(['a']);
    expect(damaged.filesOf(must(damaged, 'a'))).toEqual([]);
    expect(damaged.ownerOf('/lost/file')).toBeUndefined();
    expect(damaged.notes).toEqual([
      { code: 'damaged', kind: 'apk', path: '/lib/apk/db/installed' },
    ]);
  });

  it.each<[string, Nodes]>([
    ['an empty file', { '/lib/apk/db/installed': '' }],
    ['a directory', { '/lib/apk/db/installed': { directory: true } }],
    ['no text', { '/lib/apk/db/installed': Uint8Array.from([0, 255, 10, 10, 80, 58, 10]) }],
  ])('%s is no database', (_, nodes) => {
    expect(found(nodes).database).toBeUndefined();
  });

  it('reads one file once, whatever is asked', () => {
    const { root, reads } = countedRoot({ '/lib/apk/db/installed': INSTALLED });
    const { database: counted } = findPackages(new RootFiles(root));
    counted?.ownerOf('/top');
    for (const each of counted?.packages ?? []) counted?.filesOf(each);
    for (const each of counted?.packages ?? []) counted?.dependenciesOf(each);
    expect(reads).toEqual(['/lib/apk/db/installed']);
  });
});
