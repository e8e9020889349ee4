/**
 * Package databases, as a root has them: dpkg, apk, pacman, and the headers and tables of rpm.
 */
import { RootFiles } from '../src/files/root-files.js';
import { findPackages } from '../src/packages/find-packages.js';
import { namesOfDependency } from '../src/packages/rich-dependency.js';
import { RpmHeader } from '../src/packages/rpm-header.js';
import { type MemoryNode, memoryRoot } from '../src/root/memory-root.js';
import { rpmHeader, sqliteBytes, TABLE } from '../test/packages/rpm-database.js';
import { encode } from '../test/support/elf-builder.js';
import type { Format } from './format.js';
import { mutateBytes, mutateText } from './mutate-bytes.js';

/** Reads every package of the database, its files and its dependencies. */
function read(nodes: Record<string, MemoryNode>): boolean {
  const { database } = findPackages(new RootFiles(memoryRoot(nodes)));
  if (database === undefined) return false;
  for (const one of database.packages) {
    for (const path of database.filesOf(one)) database.ownersOf(path);
    database.dependenciesOf(one);
    database.package(one.name);
  }
  database.ownerOf('/usr/bin/tool');
  return database.packages.length > 0;
}

const DPKG_WORDS = [
  'Package: ',
  'Status: install ok installed\n',
  'Depends: ',
  'Provides: ',
  'Conffiles:\n',
  ' | ',
  ', ',
  ' (>= 1)',
  ':any',
  'Source: ',
  'Version: ',
  '\n\n',
  'Architecture: amd64\n',
  ' continued\n',
];
const PARAGRAPH =
  'Package: tool\nStatus: install ok installed\nArchitecture: amd64\nSource: src (1)\nVersion: 1:2-3\nDepends: libc6 (>= 2.3) | libc6.1, other:any\nProvides: a (= 1), b\nConffiles:\n /etc/tool.conf 0123456789abcdef\n /etc/old 01 obsolete\nDescription: x\n y\n .\n\nPackage: libc6\nStatus: install ok installed\nArchitecture: amd64\nMulti-Arch: same\nVersion: 2.36\n\n';

const dpkg: Format = {
  name: 'dpkg',
  words: DPKG_WORDS,
  seeds: () => [encode(PARAGRAPH), encode('/.\n/usr\n/usr/bin\n/usr/bin/tool\n/etc/tool.conf\n')],
  mutate: (random, input, other) => mutateText(random, input, other, DPKG_WORDS),
  run(input) {
    const isStatus = Buffer.from(input.subarray(0, 4096)).includes('Package');
    const status = isStatus ? input : PARAGRAPH;
    return read({
      '/var/lib/dpkg/status': status,
      '/var/lib/dpkg/status.d/x': status,
      '/var/lib/dpkg/info/tool.list': isStatus ? '/usr/bin/tool\n' : input,
      '/var/lib/dpkg/info/libc6:amd64.list': '/lib/libc.so.6\n',
      '/var/lib/dpkg/diversions': isStatus ? '/a\n/b\ntool\n' : input,
      '/usr/bin/tool': 'x',
    });
  },
};

const APK_WORDS = [
  'P:',
  'V:',
  'F:',
  'R:',
  'D:',
  'p:',
  'o:',
  'A:',
  'so:libc.so.6',
  '!x',
  '>=1',
  '\n\n',
  'M:0:0:750\n',
  'a:0:0:777\n',
  'Z:Q1x\n',
];
const apk: Format = {
  name: 'apk',
  words: APK_WORDS,
  seeds: () => [
    encode(
      'C:Q1x=\nP:musl\nV:1.2\nA:x86_64\no:musl\np:so:libc.musl-x86_64.so.1=1\nF:lib\nR:ld-musl-x86_64.so.1\na:0:0:755\nZ:Q1x=\n\nP:tool\nV:3\no:src\nD:so:libc.musl-x86_64.so.1 a>=3.5 !b@edge\nr:c\nF:usr/bin\nM:0:0:750\nR:tool\n\n',
    ),
  ],
  mutate: (random, input, other) => mutateText(random, input, other, APK_WORDS),
  run: (input) => read({ '/lib/apk/db/installed': input, '/usr/bin/tool': 'x' }),
};

const PACMAN_WORDS = [
  '%NAME%\n',
  '%VERSION%\n',
  '%FILES%\n',
  '%BACKUP%\n',
  '%DEPENDS%\n',
  '%PROVIDES%\n',
  '%',
  '\n\n',
  'usr/bin/\n',
  '=1-64',
  '%BASE%\n',
];
const pacman: Format = {
  name: 'pacman',
  words: PACMAN_WORDS,
  seeds: () => [
    encode(
      '%NAME%\ntool\n\n%VERSION%\n1-1\n\n%BASE%\nbase\n\n%ARCH%\nx86_64\n\n%DEPENDS%\nglibc>=2.30\nsh\n\n%PROVIDES%\nliba.so=3-64\n\n%FILES%\nusr/\nusr/bin/\nusr/bin/tool\netc/x\n\n%BACKUP%\netc/x\t01\n\n',
    ),
  ],
  mutate: (random, input, other) => mutateText(random, input, other, PACMAN_WORDS),
  run: (input) =>
    read({
      '/var/lib/pacman/local/ALPM_DB_VERSION': '9\n',
      '/var/lib/pacman/local/tool-1-1/desc': input,
      '/var/lib/pacman/local/tool-1-1/files': input,
      '/var/lib/pacman/local/other-1-1/desc': '%NAME%\nother\n\n%VERSION%\n1-1\n',
      '/usr/bin/tool': 'x',
    }),
};

const header = (name: string) =>
  rpmHeader({
    ...{
      1000: name,
      1001: '2.0',
      1002: '1.fc42',
      1003: [1],
      1022: 'x86_64',
      1044: `${name}-2.0-1.src.rpm`,
    },
    ...{ 1037: [0, 17], 1116: [0, 1], 1117: ['tool', 'x.conf'], 1118: ['/usr/bin/', '/etc/'] },
    ...{ 1047: ['tool', 'libc.so.6()(64bit)'], 1048: [0, 1 << 24], 1049: ['/bin/sh', '(a or b)'] },
  });

const RICH = [
  '(a or b)',
  '(',
  ')',
  ' if ',
  ' with ',
  ' unless ',
  ' else ',
  ' and ',
  '>= 1',
  '/bin/sh',
  '((a))',
];
const rpmHeaders: Format = {
  name: 'headers of rpm',
  seeds: () => [header('tool'), header('other')],
  mutate: (random, input) => mutateBytes(random, input, random.chance(0.7) ? 8 : 0),
  run(input) {
    const head = RpmHeader.parse(input);
    if (head === undefined) return false;
    for (const tag of [1000, 1003, 1037, 1116, 1117, 1118, 1049, 1048, 5000]) {
      [...head.texts(tag)];
      [...head.numbers(tag)];
    }
    return true;
  },
};

const rich: Format = {
  name: 'dependencies of rpm',
  words: RICH,
  seeds: () => [
    encode('(a or (b with c >= 2) if d else (e unless f))'),
    encode('libc.so.6()(64bit) >= 2'),
  ],
  mutate: (random, input, other) => mutateText(random, input, other, RICH),
  run(input) {
    namesOfDependency(Buffer.from(input).toString());
    return true;
  },
};

let database: Uint8Array | undefined;
const rpm: Format = {
  name: 'rpm database',
  seeds() {
    database ??= sqliteBytes(TABLE, [header('tool'), header('other')]).database;
    return [database];
  },
  // The rows stand at the end of their page, and the headers are what elfdeps itself reads.
  mutate: (random, input) => mutateBytes(random, input, random.chance(0.8) ? 7168 : 100),
  run(input) {
    read({ '/usr/lib/sysimage/rpm/rpmdb.sqlite': input, '/usr/bin/tool': 'x' });
    return Buffer.from(input.subarray(0, 15)).toString() === 'SQLite format 3';
  },
};

export const packageFormats: readonly Format[] = [dpkg, apk, pacman, rpmHeaders, rich, rpm];
