/**
 * Databases that are damaged by chance: bytes changed, taken out or doubled, files cut off. Whatever they
 * say then, questions are answered and nothing is thrown.
 */
import { describe, expect, it } from 'vitest';
import { RootFiles } from '../../src/files/root-files.js';
import { findPackages } from '../../src/packages/find-packages.js';
import { memoryRoot } from '../../src/root/memory-root.js';
import { Random } from '../support/random.js';
import { lines, type Nodes } from './package-world.js';
import { rpmHeader, sqliteBytes, TABLE } from './rpm-database.js';

const NAMES = Array.from({ length: 12 }, (_, index) => `pkg${index}`);
const path = (name: string) => `/usr/lib/${name}/file`;

const dpkg: Nodes = {
  '/var/lib/dpkg/status': NAMES.map((name, index) =>
    lines(
      `Package: ${name}`,
      'Status: install ok installed',
      'Architecture: amd64',
      `Depends: ${NAMES[index - 1] ?? 'none'} (>= 1) | virtual`,
      'Provides: virtual (= 1)',
      'Conffiles:',
      ` /etc/${name} d41d8cd98f00b204e9800998ecf8427e`,
      '',
    ),
  ).join(''),
  '/var/lib/dpkg/diversions': lines(path('pkg1'), `${path('pkg1')}.old`, 'pkg2'),
  ...Object.fromEntries(
    NAMES.map((name) => [`/var/lib/dpkg/info/${name}.list`, lines('/.', '/usr', path(name))]),
  ),
};

const apk: Nodes = {
  '/lib/apk/db/installed': NAMES.map((name, index) =>
    lines(
      ...[`P:${name}`, 'V:1', 'A:x86_64', `D:${NAMES[index - 1] ?? 'none'} so:x`, 'p:so:x=1'],
      ...[`F:usr/lib/${name}`, 'R:file', 'Z:Q1', 'F:etc', `R:${name}`, ''],
    ),
  ).join(''),
};

const pacman: Nodes = Object.fromEntries(
  NAMES.flatMap((name, index) => {
    const directory = `/var/lib/pacman/local/${name}-1-1`;
    const depends = NAMES[index - 1] ?? 'none';
    return [
      [
        `${directory}/desc`,
        lines(
          '%NAME%',
          name,
          '',
          '%DEPENDS%',
          `${depends}>=1`,
          'libx.so=1-64',
          '',
          '%PROVIDES%',
          'libx.so=1-64',
        ),
      ],
      [
        `${directory}/files`,
        lines('%FILES%', 'usr/', path(name).slice(1), '', '%BACKUP%', `etc/x\td41d`),
      ],
    ];
  }),
);

const rpm: Nodes = (() => {
  const rows = NAMES.map((name, index) =>
    rpmHeader({
      ...{ 1000: name, 1001: '1', 1002: '1', 1022: 'x86_64', 1044: `${name}-1-1.src.rpm` },
      ...{
        1047: [name, 'virtual'],
        1048: [0, 0],
        1049: [NAMES[index - 1] ?? 'none', '(a or virtual)'],
      },
      ...{ 1037: [1, 0], 1116: [0, 0], 1117: ['file', 'other'], 1118: [`/usr/lib/${name}/`] },
    }),
  );
  const { database, log } = sqliteBytes(TABLE, rows.slice(0, 8), rows.slice(8));
  const at = '/var/lib/rpm/rpmdb.sqlite';
  return { [at]: database, [`${at}-wal`]: log };
})();

/** All bytes, some of them damaged in one of the usual ways. */
function damage(random: Random, node: Uint8Array | string): Uint8Array {
  const bytes = typeof node === 'string' ? new TextEncoder().encode(node) : node.slice();
  const at = random.below(bytes.length);
  const length = random.below(random.pick([4, 64, 1024]));
  switch (random.below(4)) {
    case 0:
      for (let left = random.below(20); left >= 0; left--)
        bytes[random.below(bytes.length)] = random.pick([0, 10, 32, 255, random.below(256)]);
      return bytes;
    case 1:
      return bytes.subarray(0, at);
    case 2:
      return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + length)]);
    default:
      return Uint8Array.from([...bytes.subarray(0, at + length), ...bytes.subarray(at)]);
  }
}

function damaged(random: Random, nodes: Nodes): Nodes {
  return Object.fromEntries(
    Object.entries(nodes).map(([file, node]) => [
      file,
      random.chance(0.5) ? damage(random, node as Uint8Array | string) : node,
    ]),
  );
}

/** Asks everything that there is to ask; the number of answers. */
function askAll(nodes: Nodes): number {
  const { database, notes } = findPackages(new RootFiles(memoryRoot(nodes)));
  if (database === undefined) return notes.length;
  let answers = 0;
  for (const name of NAMES) answers += database.ownersOf(path(name)).length;
  for (const each of database.packages) {
    answers += database.filesOf(each).length + database.dependenciesOf(each).length;
    answers += each.configurationFiles.length;
    for (const file of database.filesOf(each)) expect(file).toMatch(/^\//);
    expect(each.name).not.toBe('');
  }
  return answers + database.notes.length;
}

describe.each([
  ['dpkg', dpkg, 300],
  ['apk', apk, 300],
  ['pacman', pacman, 300],
  ['rpm', rpm, 60],
] as const)('%s', (_, nodes, count) => {
  it('answers everything when it is whole', () => {
    expect(askAll(nodes)).toBeGreaterThan(3 * NAMES.length);
  });

  it.each(Array.from({ length: 6 }, (_, seed) => seed + 1))('throws nothing, seed %i', (seed) => {
    const random = new Random(seed);
    let answered = 0;
    for (let left = count / 6; left > 0; left--) if (askAll(damaged(random, nodes)) > 0) answered++;
    expect(answered).toBeGreaterThan(0);
  });
});
