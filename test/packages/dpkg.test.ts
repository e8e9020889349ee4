/**
 * dpkg's database in small roots: owners through merged directories and diversions, dependencies with
 * alternatives and what packages provide, states, distroless images, and damage.
 */
import { describe, expect, it } from 'vitest';
import { RootFiles } from '../../src/files/root-files.js';
import { findPackages } from '../../src/packages/find-packages.js';
import type { PackageDatabase } from '../../src/packages/package.js';
import { countedRoot } from './counted-root.js';
import { found as foundIn, lines, must, type Nodes, names, read } from './package-world.js';

const DPKG = '/var/lib/dpkg';

const paragraph = (name: string, ...fields: string[]) =>
  lines(`Package: ${name}`, 'Status: install ok installed', 'Architecture: amd64', ...fields, '');

/** A database of `status` and lists by the name of their package. */
function database(status: string, lists: Record<string, string> = {}, more: Nodes = {}): Nodes {
  const info = Object.entries(lists).map(([name, list]) => [`${DPKG}/info/${name}.list`, list]);
  return { [`${DPKG}/status`]: status, ...Object.fromEntries(info), ...more };
}

describe('owners', () => {
  const merged: Nodes = {
    '/lib': { link: 'usr/lib' },
    '/bin': { link: 'usr/bin' },
    '/usr/lib/x/liba.so.1': 'a',
    '/usr/lib/x/libb.so.1': 'b',
    '/usr/bin/tool': 'tool',
  };
  const status = paragraph('liba1') + paragraph('libb1') + paragraph('tool');
  const lists = {
    liba1: lines('/.', '/lib', '/lib/x', '/lib/x/liba.so.1'),
    'libb1:amd64': lines('/.', '/usr', '/usr/lib', '/usr/lib/x', '/usr/lib/x/libb.so.1'),
    tool: lines('/.', '/usr', '/usr/bin', '/usr/bin/tool', ''),
  };
  const { ownerOf, ownersOf } = bound(read(database(status, lists, merged)));

  it.each([
    ['listed below the link, asked for by the real path', '/usr/lib/x/liba.so.1', 'liba1'],
    ['listed below the link, asked for so', '/lib/x/liba.so.1', 'liba1'],
    ['listed by the real path, asked for below the link', '/lib/x/libb.so.1', 'libb1'],
    ['listed by the real path, asked for so', '/usr/bin/tool', 'tool'],
    ['a program below a link', '/bin/tool', 'tool'],
    ['a file that no package has', '/usr/bin/other', undefined],
    ['a file whose directory is missing', '/opt/other', undefined],
    ['a file that is listed and gone', '/usr/lib/x/libb.so.1', 'libb1'],
  ])('%s', (_, path, owner) => {
    expect(ownerOf(path)?.name).toBe(owner);
  });

  it('a directory belongs to all of them, the top too', () => {
    expect(names(ownersOf('/usr/lib/x'))).toEqual(['libb1', 'liba1']);
    expect(names(ownersOf('/'))).toEqual(['liba1', 'libb1', 'tool']);
  });

  it('a link in the root is not followed where it is the last component', () => {
    const { ownerOf: owner } = bound(
      read(
        database(
          paragraph('dev') + paragraph('lib'),
          { dev: lines('/usr/lib/liba.so'), lib: lines('/usr/lib/liba.so.1') },
          { '/usr/lib/liba.so': { link: 'liba.so.1' }, '/usr/lib/liba.so.1': 'a' },
        ),
      ),
    );
    expect(owner('/usr/lib/liba.so')?.name).toBe('dev');
    expect(owner('/usr/lib/liba.so.1')?.name).toBe('lib');
  });

  it('a diverted file is the one of the package that diverts it, and the other one moved', () => {
    const diverted = read(
      database(
        paragraph('first') + paragraph('second') + paragraph('third'),
        { first: lines('/bin/a', '/bin/b'), second: lines('/bin/a'), third: lines('/bin/c') },
        {
          [`${DPKG}/diversions`]: lines(
            '/bin/a',
            '/bin/a.first',
            'second',
            '/bin/c',
            '/bin/d',
            ':',
          ),
        },
      ),
    );
    expect(diverted.ownerOf('/bin/a')?.name).toBe('second');
    expect(diverted.ownerOf('/bin/a.first')?.name).toBe('first');
    expect(diverted.ownerOf('/bin/b')?.name).toBe('first');
    // An administrator's diversion holds for every package.
    expect(diverted.ownerOf('/bin/c')).toBeUndefined();
    expect(diverted.ownerOf('/bin/d')?.name).toBe('third');
    expect(diverted.filesOf(must(diverted, 'first'))).toEqual(['/bin/a.first', '/bin/b']);
  });

  it('a name that is not UTF-8 is one character a byte, and the others are UTF-8', () => {
    const list = Uint8Array.from([...bytes('/usr/\u00e9\n/usr/'), 0xe8, 10]);
    const found = read({
      ...database(paragraph('a')),
      [`${DPKG}/info/a.list`]: list,
    });
    expect(found.filesOf(must(found, 'a'))).toEqual(['/usr/\u00e9', '/usr/\u00e8']);
    expect(
      read(database(paragraph('a'), { a: '/usr/\u20ac\n' })).ownerOf('/usr/\u20ac')?.name,
    ).toBe('a');
  });
});

describe('packages', () => {
  it('have their version, source and configuration', () => {
    const status = paragraph(
      'openssh-client',
      'Source: openssh (1:9.2p1-2)',
      'Version: 1:9.2p1-2+b1',
      'Conffiles:',
      ' /etc/ssh/ssh_config bd1dbcf3a2a8b1b1a9d7b2a1d8f1a2b3',
      ' /etc/with space bd1dbcf3a2a8b1b1a9d7b2a1d8f1a2b3 obsolete',
      ' /etc/going bd1dbcf3a2a8b1b1a9d7b2a1d8f1a2b3 remove-on-upgrade',
      ' /etc/new newconffile',
      'Description: text',
      ' with /etc/other bd1dbcf3a2a8b1b1a9d7b2a1d8f1a2b3',
    );
    expect(must(read(database(status)), 'openssh-client')).toMatchObject({
      name: 'openssh-client',
      version: '1:9.2p1-2+b1',
      architecture: 'amd64',
      source: 'openssh',
      configurationFiles: ['/etc/ssh/ssh_config', '/etc/with space', '/etc/new'],
    });
  });

  it('are named with their architecture where several have the name', () => {
    const status = paragraph('libc6') + paragraph('libc6').replace('amd64', 'i386');
    const found = read(database(status, { 'libc6:amd64': '/lib/a\n', 'libc6:i386': '/lib/b\n' }));
    expect(found.package('libc6')?.architecture).toBe('amd64');
    const foreign = [1, 2, 3].map((index) => paragraph(`lib${index}`).replace('amd64', 'i386'));
    const mostly = read(database(status + foreign.join('')));
    expect(mostly.package('libc6')?.architecture).toBe('i386');
    expect(found.package('libc6:i386')?.architecture).toBe('i386');
    expect(found.package('libc6:arm64')).toBeUndefined();
    expect(found.ownerOf('/lib/b')?.architecture).toBe('i386');
  });

  it('that are removed own their configuration, and are not installed', () => {
    const status =
      paragraph('gone').replace('install ok installed', 'deinstall ok config-files') +
      paragraph('never').replace('install ok installed', 'unknown ok not-installed') +
      paragraph('half').replace('install ok installed', 'install ok half-configured');
    const found = read(database(status, { gone: '/etc/gone.conf\n', half: '' }));
    expect(names(found.packages)).toEqual(['half']);
    expect(found.package('gone')).toBeUndefined();
    expect(found.ownerOf('/etc/gone.conf')).toMatchObject({ name: 'gone', isRemoved: true });
  });

  it('are those of the last update that dpkg wrote before it was stopped', () => {
    const found = read({
      ...database(paragraph('a', 'Version: 1') + paragraph('b', 'Version: 1')),
      [`${DPKG}/updates/0000`]: paragraph('a', 'Version: 2'),
      [`${DPKG}/updates/0001`]: paragraph('a', 'Version: 3'),
      [`${DPKG}/updates/tmp.i`]: paragraph('a', 'Version: 4'),
    });
    expect(found.packages.map(({ name, version }) => `${name} ${version}`)).toEqual(['a 3', 'b 1']);
  });
});

describe('dependencies', () => {
  const status = [
    paragraph('program', 'Pre-Depends: dpkg (>= 1)', 'Depends: liba (>= 1), b | c, mail, py:any'),
    paragraph('dpkg'),
    paragraph('liba'),
    paragraph('liba').replace('amd64', 'i386'),
    paragraph('c'),
    paragraph('postfix', 'Provides: mail (= 1), mta'),
    paragraph('py').replace('amd64', 'all'),
  ].join('');
  const found = read(database(status));

  it('are installed packages: of alternatives, of what they provide, of its own architecture', () => {
    const dependencies = found.dependenciesOf(must(found, 'program'));
    expect(dependencies.map(({ name, architecture }) => `${name}:${architecture}`)).toEqual([
      'dpkg:amd64',
      'liba:amd64',
      'c:amd64',
      'postfix:amd64',
      'py:all',
    ]);
  });

  it('of a package of another database are none', () => {
    const other = read(database(paragraph('other')));
    expect(found.dependenciesOf(must(other, 'other'))).toEqual([]);
    expect(found.filesOf(must(other, 'other'))).toEqual([]);
  });
});

describe('a distroless image', () => {
  const found = read({
    [`${DPKG}/status.d/libssl3`]: lines('Package: libssl3', 'Version: 3', 'Depends: libc6'),
    [`${DPKG}/status.d/libssl3.md5sums`]: lines(
      'd41d8cd98f00b204e9800998ecf8427e  usr/lib/libssl.so.3',
      'd41d8cd98f00b204e9800998ecf8427e  ./usr/share/doc/a b',
      'no sum',
    ),
    [`${DPKG}/status.d/libc6`]: lines('Package: libc6', 'Version: 2'),
  });

  it('has a file for each package, with paths in a list of checksums', () => {
    expect(names(found.packages)).toEqual(['libc6', 'libssl3']);
    expect(found.ownerOf('/usr/lib/libssl.so.3')?.name).toBe('libssl3');
    expect(found.filesOf(must(found, 'libssl3'))).toEqual([
      '/usr/lib/libssl.so.3',
      '/usr/share/doc/a b',
    ]);
    expect(names(found.dependenciesOf(must(found, 'libssl3')))).toEqual(['libc6']);
    expect(found.notes).toEqual([]);
  });
});

describe('damage', () => {
  it('a list that is missing or cannot be read is a note, and the others are read', () => {
    const found = read(
      database(
        paragraph('a') + paragraph('b') + paragraph('c'),
        { c: '/usr/c\nnot absolute\n' },
        { [`${DPKG}/info/b.list`]: { bytes: bytes('/usr/b'), unreadable: true } },
      ),
    );
    expect(found.notes).toEqual([]);
    expect(found.ownerOf('/usr/c')?.name).toBe('c');
    expect(found.filesOf(must(found, 'c'))).toEqual(['/usr/c']);
    expect(found.notes).toEqual([
      { code: 'unreadable', kind: 'dpkg', path: `${DPKG}/info/a.list` },
      { code: 'unreadable', kind: 'dpkg', path: `${DPKG}/info/b.list` },
    ]);
  });

  it.each<[string, Nodes]>([
    ['no database', { '/bin/sh': 'sh' }],
    ['an empty one', database('')],
    ['one of nothing but line breaks', database('\n\n\n')],
    ['no text', database('\0\xff\n: \n :\n')],
    ['a directory', { [`${DPKG}/status`]: { directory: true } }],
    ['a link to itself', { [`${DPKG}/status`]: { link: 'status' } }],
  ])('%s is none', (_, nodes) => {
    expect(foundIn(nodes).database).toBeUndefined();
  });

  it('a status file that cannot be read is a note', () => {
    const nodes = { [`${DPKG}/status`]: { bytes: bytes(paragraph('a')), unreadable: true } };
    const { notes } = foundIn(nodes);
    expect(notes).toEqual([{ code: 'unreadable', kind: 'dpkg', path: `${DPKG}/status` }]);
  });

  it('a status file that is too large is a note, and is not read', () => {
    const { root, reads } = countedRoot(database(paragraph('a')), { '/var/lib/dpkg/status': 1e9 });
    const { notes } = findPackages(new RootFiles(root));
    expect(notes).toEqual([{ code: 'too-large', kind: 'dpkg', path: `${DPKG}/status` }]);
    expect(reads).toEqual([]);
  });
});

describe('more than any system has', () => {
  it('lines are not read, with a note', () => {
    const { database: none, notes } = foundIn(
      database(`${paragraph('a')} x\n${' y\n'.repeat(1 << 20)}`),
    );
    expect(none).toBeUndefined();
    expect(notes).toEqual([{ code: 'too-large', kind: 'dpkg', path: `${DPKG}/status` }]);
  });

  it('packages are kept up to a limit, with a note', () => {
    const status = 'Package:a\nArchitecture:'.concat('x');
    const many = Array.from({ length: 33_000 }, (_, index) => `${status}${index}\n\n`).join('');
    const found = read(database(many));
    expect(found.packages.length).toBe(1 << 15);
    expect(found.notes.map(({ code }) => code)).toEqual(['too-large']);
    // A note for each missing list, in time that grows with their number.
    expect(found.ownerOf('/usr')).toBeUndefined();
    expect(found.notes.length).toBe(2);
  });

  it('dependencies on what everything provides are as many as packages', () => {
    const some = Array.from({ length: 400 }, (_, index) => `p${index}`);
    const depends = `Depends: ${new Array(400).fill('x').join(', ')}`;
    const found = read(
      database(some.map((name) => paragraph(name, 'Provides: x', depends)).join('')),
    );
    expect(found.dependenciesOf(must(found, 'p7')).length).toBe(399);
  });
});

describe('work', () => {
  const count = 500;
  const each = Array.from({ length: count }, (_, index) => `p${index}`);
  const nodes = database(
    each.map((name) => paragraph(name, `Depends: p0`)).join(''),
    Object.fromEntries(each.map((name) => [name, lines('/usr', `/usr/${name}`)])),
  );

  it('lists are read for the first owner that is asked for, each once', () => {
    const { root, reads, listings } = countedRoot(nodes);
    const { database: found } = findPackages(new RootFiles(root));
    if (found === undefined) throw new Error('no database');
    found.dependenciesOf(must(found, 'p7'));
    expect(reads).toEqual([`${DPKG}/status`]);
    for (const name of each) expect(found.ownerOf(`/usr/${name}`)?.name).toBe(name);
    expect(new Set(reads).size).toBe(reads.length);
    expect(reads.length).toBe(count + 1);
    expect(listings.filter((path) => path === `${DPKG}/info`).length).toBe(0);
    expect(listings.length).toBeLessThan(10);
  });

  it('a file that is called like its package costs the list of that package, and no other file does', () => {
    const programs = {
      '/usr/bin/p7': '',
      '/usr/bin/p8': '',
      '/usr/share/p9': { directory: true },
    } as const;
    const own = database(each.map((name) => paragraph(name)).join(''), {
      ...Object.fromEntries(each.map((name) => [name, lines('/usr')])),
      p7: lines('/usr', '/usr/bin/p7', '/usr/share/p9'),
      p9: lines('/usr/bin/p8', '/usr/share/p9'),
    });
    const ownerOf = (path: string) => {
      const { root, reads } = countedRoot({ ...own, ...programs });
      const owner = findPackages(new RootFiles(root)).database?.ownerOf(path)?.name;
      return { owner, reads: reads.length };
    };
    expect(ownerOf('/usr/bin/p7')).toEqual({ owner: 'p7', reads: 2 });
    expect(ownerOf('/usr/bin/p8')).toEqual({ owner: 'p9', reads: count + 1 });
    expect(ownerOf('/usr/share/p9')).toEqual({ owner: 'p7', reads: count + 1 });
  });

  it('other files of a package whose list is read cost no further list', () => {
    const own = database(each.map((name) => paragraph(name)).join(''), {
      ...Object.fromEntries(each.map((name) => [name, lines('/usr')])),
      p7: lines('/usr', '/usr/bin/p7', '/usr/lib/core/helper', '/usr/lib/p9/part'),
      p9: lines('/usr/lib/p9/other'),
    });
    const programs = {
      '/usr/bin/p7': '',
      '/usr/lib/core/helper': '',
      '/usr/lib/p9/part': '',
      '/usr/lib/p9/other': '',
    };
    const { root, reads } = countedRoot({ ...own, ...programs });
    const { database: found } = findPackages(new RootFiles(root));
    const owners = Object.keys(programs).map((path) => found?.ownerOf(path)?.name);
    expect(owners).toEqual(['p7', 'p7', 'p7', 'p9']);
    expect(reads).toEqual(
      ['status', 'info/p7.list', 'info/p9.list'].map((each) => `${DPKG}/${each}`),
    );
  });

  it('the list of one package is all that its files cost', () => {
    const { root, reads } = countedRoot(nodes);
    const { database: found } = findPackages(new RootFiles(root));
    if (found === undefined) throw new Error('no database');
    expect(found.filesOf(must(found, 'p7'))).toEqual(['/usr', '/usr/p7']);
    expect(reads).toEqual([`${DPKG}/status`, `${DPKG}/info/p7.list`]);
  });

  it('nothing is read before a question, and one database serves all who ask', () => {
    const { root, reads } = countedRoot(nodes);
    const files = new RootFiles(root);
    expect(reads).toEqual([]);
    expect(findPackages(files)).toBe(findPackages(files));
    expect(reads).toEqual([`${DPKG}/status`]);
  });
});

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The methods, to be called alone. */
function bound(found: PackageDatabase) {
  return {
    ownerOf: found.ownerOf.bind(found),
    ownersOf: found.ownersOf.bind(found),
  };
}
