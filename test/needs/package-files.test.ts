/**
 * `--package` in small roots: which files of a package come along, with what they need themselves, and what
 * is said where there is no such package.
 */
import { describe, expect, it } from 'vitest';
import {
  formatNote,
  memoryRoot,
  planTrace,
  type TraceWithNeeds,
  traceDependencies,
  traceRuntimeNeeds,
} from '../../src/index.js';
import { findPackages } from '../../src/packages/find-packages.js';
import { formatPackageNotes } from '../../src/report/notes.js';
import { rows } from '../image/planned.js';
import { lines } from '../packages/package-world.js';
import { memoryWorld, program, type World } from '../support/world.js';
import { glibcWith, LIB } from './need-worlds.js';

const DPKG = '/var/lib/dpkg';
const list = (name: string, ...paths: readonly string[]): World => ({
  [`${DPKG}/info/${name}.list`]: lines(...paths),
});

const SYSTEM: World = {
  ...glibcWith(36),
  '/usr/bin/app': program({ needed: ['libc.so.6'] }),
  [`${DPKG}/status`]: ['plugins', 'plugins-doc', 'plugin-tools', 'other']
    .map((name) =>
      lines(`Package: ${name}`, 'Status: install ok installed', 'Architecture: all', ''),
    )
    .join('\n'),
  ...list(
    'plugins',
    ...['/.', '/usr', '/usr/lib', '/usr/lib/plugs', '/usr/lib/plugs/one.so', '/usr/lib/plugs/deep'],
    ...['/usr/lib/plugs/deep/two.dat', '/usr/lib/plugs/link', '/usr/lib/shared'],
    ...['/usr/lib/shared/mine', '/usr/share/doc/plugins/README', '/usr/share/doc/plugins'],
    ...['/usr/include/plugs.h', '/usr/lib/plugs.a', '/usr/bin/plug', '/usr/lib/gone'],
    ...['/usr/share/locale/de/LC_MESSAGES', '/usr/share/locale/de/LC_MESSAGES/plugs.mo'],
    ...['/var/lib/plugs', '/etc/plugs', '/etc/plugs/key', '/etc/plugs/conf'],
  ),
  ...list('other', '/usr', '/usr/lib', '/usr/lib/shared', '/usr/lib/shared/theirs'),
  ...list('plugins-doc'),
  ...list('plugin-tools'),
  '/usr/lib/plugs/one.so': { needed: ['libextra.so', 'libc.so.6'] },
  [`${LIB}/libextra.so`]: { needed: ['libc.so.6'] },
  '/usr/lib/plugs/deep/two.dat': 'two',
  '/usr/lib/plugs/link': { link: 'deep/two.dat' },
  '/usr/lib/shared/mine': 'mine',
  '/usr/lib/shared/theirs': 'theirs',
  '/usr/share/doc/plugins/README': 'text',
  '/usr/share/locale/de/LC_MESSAGES/plugs.mo': 'messages',
  '/usr/include/plugs.h': 'text',
  '/usr/lib/plugs.a': 'archive',
  '/usr/bin/plug': program({ needed: ['libtool.so', 'libc.so.6'] }),
  [`${LIB}/libtool.so`]: { needed: ['libc.so.6'] },
  '/var/lib/plugs': { directory: true, mode: 0o750 },
  '/etc/plugs/conf': 'conf',
  '/etc/plugs/key': '-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\n',
};

const traceWorld = (world: World, path: string) =>
  traceDependencies(memoryRoot(memoryWorld(world)), [path]);

const needs = (packages: readonly string[], world: World = SYSTEM): TraceWithNeeds =>
  traceRuntimeNeeds(traceWorld(world, '/usr/bin/app'), { packages, without: ['all'] });

function errorOf(make: () => unknown): unknown {
  try {
    make();
  } catch (error) {
    return error;
  }
  throw new Error('no error');
}

describe('--package', () => {
  it('adds what matters at run time, and a directory as a whole where it is all of it', () => {
    const [need] = needs(['plugins']).chosen;
    expect(need).toMatchObject({
      kind: 'package',
      program: '/usr/bin/app',
      because: '--package plugins',
      files: ['/etc/plugs/conf', '/usr/bin/plug', '/usr/lib/plugs', '/usr/lib/shared/mine'],
      secrets: ['/etc/plugs/key'],
      directories: [{ path: '/var/lib/plugs', mode: 0o750 }],
    });
  });

  it('resolves its libraries as opened, and its programs as programs', () => {
    const { trace, chosen } = needs(['plugins']);
    expect(chosen[0]?.opens).toEqual([{ name: '/usr/lib/plugs/one.so' }]);
    expect(chosen[0]?.starts).toEqual(['/usr/bin/plug']);
    expect(trace.closures.map(({ program: { path } }) => path)).toEqual([
      '/usr/bin/app',
      '/usr/bin/plug',
    ]);
    const first = trace.closures[0]?.libraries.map(({ name }) => name);
    expect(first).toContain('libextra.so');
    expect(trace.closures[1]?.libraries.map(({ name }) => name)).toContain('libtool.so');
  });

  it.each(['links', 'flat'] as const)('is in a plan of layout %s', (layout) => {
    const { plan } = planTrace(traceWorld(SYSTEM, '/usr/bin/app'), {
      packages: ['plugins'],
      without: ['all'],
      layout,
    });
    const paths = rows(plan).join('\n');
    for (const path of ['/usr/bin/plug', '/usr/lib/shared/mine', 'libextra.so', 'libtool.so'])
      expect(paths).toContain(path);
    for (const path of ['README', 'plugs.h', 'plugs.a', 'theirs', '/etc/plugs/key', 'dpkg'])
      expect(paths).not.toContain(path);
    expect(plan.notes.map(formatNote).join('\n')).toContain('/etc/plugs/key: left out');
  });

  it('adds nothing for a package without files, and one need for a package named twice', () => {
    expect(needs(['plugin-tools']).chosen).toMatchObject([{ files: [], directories: [] }]);
    expect(needs(['plugins', 'plugins']).chosen.length).toBe(1);
  });

  it.each([
    ['pluginz', 'similar: plugins'],
    ['plugin', 'similar: plugins, plugin-tools, plugins-doc'],
    ['nothing-like-it', undefined],
    ['', undefined],
  ])('says that no package is called %s, and which are similar', (name, hint) => {
    const error = errorOf(() => needs([name]));
    expect(error).toMatchObject({
      code: 'USAGE',
      message: `--package ${name}: no installed package has this name`,
    });
    expect((error as { hint?: string }).hint).toBe(hint);
  });

  const without = Object.fromEntries(
    Object.entries(SYSTEM).filter(([path]) => !path.startsWith(DPKG)),
  );
  it.each<[string, World, string]>([
    ['no database', without, 'name files by --include'],
    [
      'one of a format that is not read',
      { ...without, '/var/lib/rpm/Packages': 'old' },
      '/var/lib/rpm/Packages: the package database of rpm is in Berkeley DB, which elfdeps does not read; name files by --include',
    ],
  ])('says so where the root has %s', (_, world, hint) => {
    expect(errorOf(() => needs(['plugins'], world))).toMatchObject({
      code: 'USAGE',
      message: '--package plugins: the root has no package database that can be read',
      hint,
    });
  });

  it('is words where a database is missing, damaged or of another format', () => {
    const told = (world: World) =>
      formatPackageNotes(findPackages(traceWorld(world, '/usr/bin/app').files));
    const guessed =
      'the root has no package database that elfdeps can read, so which files belong to a program is' +
      ' only guessed from names and paths';
    expect(told(SYSTEM)).toEqual([]);
    expect(told(without)).toEqual([guessed]);
    expect(told({ ...without, '/var/lib/rpm/Packages': 'old' })).toEqual([
      '/var/lib/rpm/Packages: the package database of rpm is in Berkeley DB, which elfdeps does not read',
      guessed,
    ]);
    const lists = Object.keys(SYSTEM).filter((path) => path.endsWith('.list'));
    const few = Object.fromEntries(
      Object.entries(SYSTEM).filter(([path]) => !lists.includes(path)),
    );
    const { files } = traceWorld(few, '/usr/bin/app');
    findPackages(files).database?.ownerOf('/usr/bin/app');
    expect(formatPackageNotes(findPackages(files))).toEqual([
      '/var/lib/dpkg/info/plugins.list and 3 more: missing or unreadable in the package database of' +
        ' dpkg, so some owners are unknown',
    ]);
    expect(told({ ...without, '/lib/apk/db/installed': 'V:1\n' })).toEqual([
      '/lib/apk/db/installed: damaged in the package database of apk, so some packages may be unknown',
      guessed,
    ]);
  });
});
