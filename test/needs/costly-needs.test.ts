/**
 * What a program names but needs libraries that are large beside it: a plug-in for few, a viewer that it
 * could start. An option that a note names brings none of it.
 */
import { describe, expect, it } from 'vitest';
import { program, type World } from '../support/world.js';
import { calls, glibcWith, LIB, needsIn, texts } from './need-worlds.js';

const DIRECTORY = '/usr/lib/app';
const main = (...values: string[]) =>
  program({ needed: ['libc.so.6'], ...calls('dlopen', 'execve'), ...texts(...values) });
/** A library of so many MiB, and what needs it. */
const large = (size: number): World => ({
  ...glibcWith(),
  [`${LIB}/libbig.so.1`]: { data: new Uint8Array(size << 20) },
});
const NEEDED = { needed: ['libbig.so.1'] };
/** By confidence, the files of data, the programs, and the libraries of a program. */
const found = (world: World, kind: string) =>
  Object.fromEntries(
    needsIn(world)
      .filter((need) => need.kind === kind)
      .map(({ confidence, files, starts, opens }) => [
        confidence,
        kind === 'data' ? files : [...starts, ...opens.map(({ name }) => name)],
      ]),
  );

describe('plug-ins of one directory', () => {
  const plugins = (size: number, ...costly: string[]): World => ({
    ...large(size),
    '/app/main': { link: '/usr/bin/app' },
    '/usr/bin/app': main(DIRECTORY),
    ...Object.fromEntries(
      ['a', 'b', 'c', 'd'].map((name) => [
        `${DIRECTORY}/${name}.so`,
        costly.includes(name) ? NEEDED : {},
      ]),
    ),
  });
  const light = ['a', 'b', 'c'].map((name) => `${DIRECTORY}/${name}.so`);

  it('come without the one that brings large libraries for itself', () => {
    expect(found(plugins(2, 'd'), 'data')).toEqual({ sure: light, likely: [`${DIRECTORY}/d.so`] });
  });

  it('come with it only for all, where these are larger than the program', () => {
    const [sure, possible] = [light, [`${DIRECTORY}/d.so`]];
    expect(found(plugins(25, 'd'), 'data')).toEqual({ sure, possible });
    expect(found(plugins(5, 'd'), 'data')).toEqual({ sure, likely: possible });
  });

  it('of a library come as far as it is large itself, whatever their directory is called', () => {
    const world = (size: number): World => {
      const data = new Uint8Array(size << 10);
      data.set(texts(DIRECTORY).data ?? []);
      return {
        ...plugins(1, 'd'),
        '/usr/bin/app': { ...program({ needed: ['libapp.so.1'] }), data: new Uint8Array(8 << 20) },
        [`${LIB}/libapp.so.1`]: { data },
      };
    };
    expect(found(world(10), 'data')).toEqual({ sure: light, likely: [`${DIRECTORY}/d.so`] });
    expect(found(world(1024), 'data')).toEqual({ sure: [DIRECTORY] });
  });

  it('come whole where most need the same, or it is small', () => {
    expect(found(plugins(2, 'a', 'd'), 'data')).toEqual({ sure: [DIRECTORY] });
    expect(found(plugins(0, 'd'), 'data')).toEqual({ sure: [DIRECTORY] });
  });
});

it('programs that it may start are likely, and possible where they need much', () => {
  const world = (size: number): World => ({
    ...large(size),
    '/app/main': main('/bin/show', '/bin/other'),
    '/bin/show': program(NEEDED),
    '/bin/other': program(),
    // Without packages that every system has, any small program may be one of them.
    '/var/lib/dpkg/status': [
      'Package: base\nStatus: install ok installed\nEssential: yes\n',
      'Package: app\nStatus: install ok installed\n',
      'Package: other\nStatus: install ok installed\n',
    ].join('\n'),
    '/var/lib/dpkg/info/app.list': '/app/main\n',
    '/var/lib/dpkg/info/other.list': '/bin/other\n/bin/show\n',
  });
  expect(found(world(5), 'commands')).toEqual({ likely: ['/bin/other'], possible: ['/bin/show'] });
  expect(found(world(2), 'commands')).toEqual({ likely: ['/bin/show', '/bin/other'] });
});

it('commands of its package are its own, unless that is one of many commands', () => {
  const world = (many: number): World => {
    const paths = ['main', 'sum', ...Array.from({ length: many }, (_, at) => `c${at}`)];
    return {
      ...glibcWith(),
      '/app/main': { link: '/usr/bin/main' },
      ...Object.fromEntries(paths.map((name) => [`/usr/bin/${name}`, program()])),
      '/usr/bin/main': program({ needed: ['libc.so.6'], ...calls('execvp'), ...texts('sum') }),
      '/var/lib/dpkg/status': 'Package: coreutils\nStatus: install ok installed\n',
      '/var/lib/dpkg/info/coreutils.list': paths.map((name) => `/usr/bin/${name}\n`).join(''),
    };
  };
  expect(found(world(2), 'commands')).toEqual({ sure: ['/usr/bin/sum'] });
  expect(found(world(80), 'commands')).toEqual({});
});

it('libraries that it may open are likely, and possible where they need much', () => {
  const world = (size: number): World => ({
    ...large(size),
    '/app/main': main('libshow.so.1', 'libother.so.1'),
    [`${LIB}/libshow.so.1`]: NEEDED,
    [`${LIB}/libother.so.1`]: {},
  });
  expect(found(world(5), 'dlopen-texts')).toEqual({
    likely: ['libother.so.1'],
    possible: ['libshow.so.1'],
  });
  expect(found(world(2), 'dlopen-texts')).toEqual({ likely: ['libshow.so.1', 'libother.so.1'] });
});

describe('modules that were installed for others', () => {
  const PYTHON = '/usr/lib/python3/dist-packages';
  const packages = (list: Readonly<Record<string, { depends?: string; file: string }>>): World => ({
    '/var/lib/dpkg/status': Object.entries(list)
      .map(
        ([name, { depends = '' }]) =>
          `Package: ${name}\nStatus: install ok installed\nVersion: 1\nDepends: ${depends}\n`,
      )
      .join('\n'),
    ...Object.fromEntries(
      Object.entries(list).map(([name, { file }]) => [
        `/var/lib/dpkg/info/${name}.list`,
        `${file}\n`,
      ]),
    ),
  });
  const world: World = {
    ...glibcWith(),
    [`${LIB}/libpython3.11.so.1.0`]: {},
    '/usr/lib/python3.11/os.py': '',
    [`${PYTHON}/own.py`]: '',
    [`${PYTHON}/other.py`]: '',
    [`${PYTHON}/mine.py`]: '',
    ...packages({
      server: { depends: 'python3-own', file: '/usr/sbin/server' },
      python3: { file: '/usr/lib/python3.11/os.py' },
      'python3-own': { file: `${PYTHON}/own.py` },
      'python3-other': { file: `${PYTHON}/other.py` },
    }),
  };

  it('are no part of an image for a program that has Python inside', () => {
    const server: World = {
      ...world,
      '/app/main': { link: '/usr/sbin/server' },
      '/usr/sbin/server': program({ needed: ['libpython3.11.so.1.0', 'libc.so.6'] }),
    };
    const needs = needsIn(server);
    expect(needs.find(({ kind }) => kind === 'modules')).toMatchObject({
      confidence: 'sure',
      files: ['/usr/lib/python3.11', `${PYTHON}/mine.py`, `${PYTHON}/own.py`],
    });
    expect(needs.find(({ kind }) => kind === 'other-modules')).toMatchObject({
      confidence: 'possible',
      files: [`${PYTHON}/other.py`],
    });
  });

  it('are, where someone installed them by name for Python itself', () => {
    const python = { ...world, '/app/main': { link: '/usr/bin/python3.11' } };
    const needs = needsIn({ ...python, '/usr/bin/python3.11': program({ needed: ['libc.so.6'] }) });
    expect(needs.find(({ kind }) => kind === 'modules')?.files).toEqual([
      '/usr/lib/python3.11',
      PYTHON,
    ]);
  });
});

it('zones are sure for a language whose package depends on theirs', () => {
  const tcl = (depends: string): World => ({
    ...glibcWith(),
    '/app/main': { link: '/usr/bin/tclsh8.6' },
    '/usr/bin/tclsh8.6': program({ needed: ['libtcl8.6.so'] }),
    [`${LIB}/libtcl8.6.so`]: texts('/usr/share/tcltk/tcl8.6'),
    '/usr/share/tcltk/tcl8.6/init.tcl': '',
    '/usr/share/zoneinfo/Europe/Paris': '',
    '/var/lib/dpkg/status': [
      `Package: libtcl8.6\nStatus: install ok installed\n${depends}`,
      'Package: tzdata\nStatus: install ok installed\n',
    ].join('\n'),
    '/var/lib/dpkg/info/libtcl8.6.list': `${LIB}/libtcl8.6.so\n/usr/share/tcltk/tcl8.6\n`,
    '/var/lib/dpkg/info/tzdata.list': '/usr/share/zoneinfo\n/usr/share/zoneinfo/Europe/Paris\n',
  });
  const zones = (world: World) => needsIn(world).find(({ kind }) => kind === 'tz');
  expect(zones(tcl('Depends: tzdata\n'))).toMatchObject({ confidence: 'sure' });
  expect(zones(tcl(''))).toBeUndefined();
});

it('of the large files of a library take the one that has its name', () => {
  const bytes = new Uint8Array(3 << 20);
  const world = (database: string): World => ({
    ...glibcWith(),
    '/app/main': program({ needed: ['libproj.so.25', 'libc.so.6'] }),
    [`${LIB}/libproj.so.25`]: { ...texts('/usr/share/proj') },
    [`/usr/share/proj/${database}`]: { bytes },
    '/usr/share/proj/grid.gsb': { bytes },
  });
  expect(found(world('proj.db'), 'data')).toEqual({
    sure: ['/usr/share/proj/proj.db'],
    likely: ['/usr/share/proj/grid.gsb'],
  });
  expect(found(world('project.db'), 'data')).toEqual({ likely: ['/usr/share/proj'] });
});
