/**
 * Runs the rows of detector-rows.ts. That programs really fail without what they need is shown in
 * test/differential/runtime.test.ts.
 */
import { describe, expect, it } from 'vitest';
import type { NeedOptions } from '../../src/index.js';
import { needDetectors } from '../../src/registry.js';
import { program, type World } from '../support/world.js';
import { isWorld, rows } from './detector-rows.js';
import { calls, glibcWith, LIB, needsIn, texts } from './need-worlds.js';
import { at, linked, packages } from './put-together-rows.js';

const nothing = {
  program: '/app/main',
  confidence: 'sure',
  files: [],
  except: [],
  opens: [],
  starts: [],
  directories: [],
  generated: {},
};

describe.each(rows.map((row) => [`${row.kind} ${row.case ?? ''}`.trim(), row] as const))(
  '%s',
  (_name, { kind, world, options = {}, need, silent }) => {
    it('is found', () => {
      const found = needsIn(world, options).filter((each) => each.kind === kind);
      // Which files are a standard library is a matter of the manifest, whose tests show it.
      expect(found.map((each) => ({ ...each, standard: undefined }))).toEqual([
        { ...nothing, kind, ...need },
      ]);
    });

    it('is not found', () => {
      const changed = isWorld(silent) ? { ...world, ...(silent as World) } : world;
      const present = Object.entries(changed).filter(([, node]) => node !== undefined);
      const other = isWorld(silent) ? options : (silent as NeedOptions);
      const kinds = needsIn(Object.fromEntries(present), other).map((each) => each.kind);
      expect(kinds).not.toContain(kind);
    });
  },
);

it('every detector has a row', () => {
  expect(new Set(rows.map(({ kind }) => kind))).toEqual(
    new Set(needDetectors.map(({ kind }) => kind)),
  );
});

it('copies no driver for a note or a guess', () => {
  const sonames = ['libcuda.so.1', 'liba.so'];
  const main = program({
    ...calls('dlopen'),
    ...texts('libnvidia-ml.so.1', 'libplug.so'),
    dlopen: [sonames.map((soname) => ({ soname: [soname], priority: 'required' }))],
  });
  const there = { [`${LIB}/libplug.so`]: {}, [`${LIB}/libnvidia-ml.so.1`]: {} };
  const needs = needsIn({ ...glibcWith(), ...there, '/app/main': main });
  expect(needs.flatMap(({ opens }) => opens.map(({ name }) => name))).toEqual([
    'liba.so',
    'libplug.so',
  ]);
  expect(needs.find(({ kind }) => kind === 'host')?.because).toContain(
    'libcuda.so.1, libnvidia-ml.so.1',
  );
});

it('of commands that bear the name of the program takes the small ones', () => {
  const world = (...names: string[]): World => ({
    ...at('/usr/bin/keys', program({ ...linked, ...texts('/usr/libexec/xkeys') })),
    ...Object.fromEntries(names.map((name) => [`/usr/libexec/xkeys/${name}`, program(linked)])),
    '/usr/libexec/xkeys/keys-show': program({ ...linked, data: Buffer.alloc(5 << 20) }),
    ...packages(['keys', '', '/usr/bin/keys', '/usr/libexec/xkeys']),
  });
  const added = (all: World) =>
    needsIn(all).flatMap(({ confidence, files }) => (confidence === 'sure' ? files : []));
  expect(added(world('keys-compile'))).toEqual(['/usr/libexec/xkeys/keys-compile']);
  expect(
    added({
      ...world('keys-compile'),
      '/usr/libexec/xkeys/show': world()['/usr/libexec/xkeys/keys-show'] as World[string],
    }),
  ).toEqual([]);
});

it('of helpers in a directory of all takes what its package depends on, and no script of an interpreter', () => {
  const named = Buffer.from('\0solve\0synth-prove\0');
  const world: World = {
    ...at(
      '/usr/bin/synth',
      program({
        ...linked,
        ...calls('posix_spawnp'),
        data: Buffer.concat([named, Buffer.alloc(4 << 20)]),
      }),
    ),
    '/usr/bin/python3': program(linked),
    '/usr/bin/synth-prove': { bytes: Buffer.from('#!/usr/bin/python3\n'), mode: 0o755 },
    '/usr/bin/solve': program({ ...linked, data: Buffer.alloc(3 << 20) }),
  };
  const found = (...fields: string[]) =>
    needsIn({
      ...world,
      ...packages(
        ['synth', fields.join('\n'), ...['', '-prove'].map((end) => `/usr/bin/synth${end}`)],
        [fields.includes('Source: kit') ? 'kit' : 'solver', '', '/usr/bin/solve'],
      ),
    })
      .filter(({ kind }) => kind === 'commands')
      .map(({ confidence, starts }) => [confidence, starts]);
  expect(found('Depends: solver')).toEqual([
    ['sure', ['/usr/bin/solve']],
    ['likely', ['/usr/bin/synth-prove']],
  ]);
  expect(found()).toEqual([['likely', ['/usr/bin/synth-prove']]]);
  expect(found('Source: kit', 'Depends: kit')).toEqual([['likely', ['/usr/bin/synth-prove']]]);
});

it('a script starts commands that come along with what the user names beside it', () => {
  const files: World = {
    ...at('/usr/bin/build', {
      bytes: Buffer.from("#!/usr/bin/python3\ntools = [['ar'], ['od']]\n"),
      mode: 0o755,
    }),
    ...Object.fromEntries(
      ['python3', 'cc', 'ar', 'od'].map((name) => [`/usr/bin/${name}`, program(linked)]),
    ),
    ...packages(
      ['build', '', '/usr/bin/build'],
      ['cc', 'Depends: tools', '/usr/bin/cc'],
      ['tools', '', '/usr/bin/ar'],
      ['others', '', '/usr/bin/od'],
    ),
  };
  const started = (...programs: string[]) =>
    needsIn(files, { programs })
      .filter((need) => need.kind === 'commands' && need.program === '/usr/bin/build')
      .flatMap(({ starts }) => starts);
  expect(started('/usr/bin/build', '/usr/bin/cc')).toEqual(['/usr/bin/ar']);
  expect(started('/usr/bin/build')).toEqual([]);
});

it('a library of another source with a compiler in it makes no compiler', () => {
  const reading = { needed: ['libjit.so', 'libc.so.6'] };
  const all = (source: string): World => ({
    ...at('/usr/bin/log', program(reading)),
    [`${LIB}/libjit.so`]: texts('/usr/include'),
    '/usr/include/log.h': '',
    ...packages(
      ['log', 'Depends: log-dev, libjit', '/usr/bin/log'],
      ['log-dev', '', '/usr/include/log.h'],
      ['libjit', source, `${LIB}/libjit.so`],
    ),
  });
  const found = (world: World) => needsIn(world).some(({ kind }) => kind === 'compiler');
  expect(found(all(''))).toBe(false);
  expect(found(all('Source: log'))).toBe(true);
});

it('takes what a package suggests for its program, and not for its libraries', () => {
  const pari = { '/usr/share/pari/a': '' };
  const named = texts('/usr/share/pari');
  const own = ['Recommends: galdata', '/usr/bin/gp', `${LIB}/libgp.so`] as const;
  const found = (world: World) => needsIn(world).flatMap(({ files }) => files);
  const all = { ...pari, ...packages(['pari-gp', ...own], ['galdata', '', '/usr/share/pari']) };
  expect(found({ ...at('/usr/bin/gp', program({ ...linked, ...named })), ...all })).toEqual([
    '/usr/share/pari',
  ]);
  const libraries = { needed: ['libgp.so', 'libc.so.6'] };
  const world = { ...at('/usr/bin/gp', program(libraries)), [`${LIB}/libgp.so`]: named, ...all };
  expect(found(world)).toEqual([]);
});

it('a note with more names than a call takes arguments', () => {
  const soname = ['liba.so', ...Array.from({ length: 300_000 }, () => '')];
  const main = program({ needed: ['liba.so'], dlopen: [[{ soname, priority: 'required' }]] });
  const needs = needsIn({ ...glibcWith(), [`${LIB}/liba.so`]: {}, '/app/main': main });
  expect(needs.find(({ kind }) => kind === 'dlopen')?.opens[0]?.name).toBe('liba.so');
});

it('what one library finds is not found for another one', () => {
  const world = {
    ...glibcWith(),
    '/opt/own/libplug.so.2': { soname: null },
    [`${LIB}/liba.so`]: { runpath: '/opt/own', ...calls('dlopen'), ...texts('libplug.so.2') },
    [`${LIB}/libb.so`]: { ...calls('dlopen'), ...texts('libplug.so.2') },
    '/app/main': program({ needed: ['liba.so', 'libb.so'] }),
  };
  const found = needsIn(world).find(({ kind }) => kind === 'dlopen-texts');
  expect(found?.opens).toEqual([{ name: 'libplug.so.2', from: `${LIB}/liba.so` }]);
});
