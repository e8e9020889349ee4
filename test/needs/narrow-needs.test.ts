/**
 * Words, helpers and modules that look like a need and are one for few: they stay out of images, and out of
 * what notes suggest.
 */
import { expect, it } from 'vitest';
import { program, type World } from '../support/world.js';
import { calls, glibcWith, LIB, needsIn, texts } from './need-worlds.js';
import { at, linked, packages, script } from './put-together-rows.js';

/** By confidence, the programs that commands start. */
const commands = (world: World) =>
  Object.fromEntries(
    needsIn(world)
      .filter(({ kind }) => kind === 'commands')
      .map(({ confidence, starts }) => [confidence, starts]),
  );

const big = (megabytes: number) => program({ ...linked, data: Buffer.alloc(megabytes << 20) });

it('a bar in a table of words begins no pipeline', () => {
  const world = (line: string): World => ({
    ...at('/usr/bin/doc', script('#!/usr/bin/python3', line)),
    '/usr/bin/python3': program(linked),
    '/usr/bin/su': program(linked),
    ...packages(['doc', '', '/usr/bin/doc'], ['base', 'Essential: yes', '/usr/bin/su']),
  });
  expect(commands(world('call("list | su -")'))).toEqual({ sure: ['/usr/bin/su'] });
  expect(commands(world("sulla          |  su + la 'l'"))).toEqual({});
});

it('a large program of a suggested package is sure where code calls it, else possible', () => {
  const world = (line: string, size: number): World => ({
    ...at('/usr/bin/info', script('#!/usr/bin/perl', line)),
    '/usr/bin/perl': program(linked),
    '/usr/bin/latex': big(size),
    ...packages(
      ['info', 'Suggests: tex', '/usr/bin/info'],
      ['perl', '', '/usr/bin/perl'],
      ['tex', '', '/usr/bin/latex'],
    ),
  });
  expect(commands(world("$format = 'latex';", 0))).toEqual({ sure: ['/usr/bin/latex'] });
  expect(commands(world("$format = 'latex';", 1))).toEqual({ possible: ['/usr/bin/latex'] });
  expect(commands(world("system('latex');", 1))).toEqual({ sure: ['/usr/bin/latex'] });
});

it('helpers of another part of its source, which has commands of its own, stay behind', () => {
  const helpers = (depends: string) => {
    const world: World = {
      ...at('/usr/bin/keys', program({ ...linked, ...texts('/usr/lib/keys') })),
      '/usr/lib/keys/keys-ldap': program(linked),
      '/usr/lib/keys/keys-show': program(linked),
      '/usr/bin/manager': program(linked),
      ...packages(
        ['keys', `Source: kit${depends}`, '/usr/bin/keys', '/usr/lib/keys/keys-show'],
        ['keys-manager', 'Source: kit', '/usr/bin/manager', '/usr/lib/keys/keys-ldap'],
      ),
      '/var/lib/dpkg/info/keys.list': '/usr/bin/keys\n/usr/lib/keys\n/usr/lib/keys/keys-show\n',
      '/var/lib/dpkg/info/keys-manager.list':
        '/usr/bin/manager\n/usr/lib/keys\n/usr/lib/keys/keys-ldap\n',
    };
    const { starts, except } = needsIn(world).find(({ kind }) => kind === 'data') ?? {};
    return { starts, except };
  };
  expect(helpers('')).toEqual({
    starts: ['/usr/lib/keys/keys-show'],
    except: ['/usr/lib/keys/keys-ldap'],
  });
  expect(helpers('\nDepends: keys-manager').except).toEqual([]);
});

it('a program of the name of what names its directory is no database', () => {
  const world: World = {
    ...at('/usr/bin/keys', program({ ...linked, ...texts('/usr/lib/keys') })),
    '/usr/lib/keys/keys': big(3),
    '/usr/lib/keys/keys-show': big(3),
  };
  const found = needsIn(world).filter(({ kind }) => kind === 'data');
  expect(found).toMatchObject([{ confidence: 'possible', files: ['/usr/lib/keys'] }]);
});

it('a pass of a compiler has no use for the other passes and libraries of its directory', () => {
  const data = (directory: string) => {
    const world: World = {
      ...at(`${directory}/cc1`, program({ ...linked, ...texts(directory) })),
      [`${directory}/cc1plus`]: program(linked),
      [`${directory}/libasan.so`]: {},
      [`${directory}/finclude/omp.mod`]: '',
      ...packages([
        'gcc',
        '',
        ...['cc1', 'cc1plus', 'libasan.so', 'finclude/omp.mod'].map(
          (name) => `${directory}/${name}`,
        ),
      ]),
      '/var/lib/dpkg/info/gcc.list': `${directory}\n${directory}/cc1\n`,
    };
    const { starts, opens, except } = needsIn(world).find(({ kind }) => kind === 'data') ?? {};
    return { starts, opens: opens?.map(({ name }) => name), except };
  };
  const found = ['cc1plus', 'libasan.so'].map((name) => `/usr/lib/cc/x/12/${name}`);
  expect(data('/usr/lib/cc/x/12')).toEqual({ starts: [found[0]], opens: [found[1]], except: [] });
  const passes = ['libasan.so', 'cc1', 'cc1plus'].map((name) => `/usr/lib/gcc/x/12/${name}`);
  expect(data('/usr/lib/gcc/x/12')).toEqual({ starts: [], opens: [], except: passes });
});

it('programs of others that configuration lists are likely, and possible where they are many', () => {
  const world = (...names: string[]): World => ({
    ...at('/usr/bin/view', program({ ...linked, ...calls('execv'), ...texts('/etc/view') })),
    '/etc/view/types.conf': names.map((name) => `magic=/usr/bin/${name}\n`).join(''),
    ...Object.fromEntries(names.map((name) => [`/usr/bin/${name}`, program(linked)])),
    ...packages(
      ['view', '', '/usr/bin/view', '/etc/view', '/etc/view/types.conf'],
      ['other', '', ...names.map((name) => `/usr/bin/${name}`)],
    ),
  });
  expect(Object.keys(commands(world('a1', 'b1')))).toEqual(['likely']);
  expect(Object.keys(commands(world('a1', 'b1', 'c1', 'd1', 'e1')))).toEqual(['possible']);
  // The link is of no package, and what it leads to is of a stranger.
  const chosen: World = {
    ...world('a1'),
    '/usr/bin/a1': { link: '/etc/alternatives/a1' },
    '/etc/alternatives/a1': { link: '/usr/bin/a2' },
    '/usr/bin/a2': program(linked),
    '/var/lib/dpkg/info/other.list': '/usr/bin/a2\n',
  };
  expect(commands(chosen)).toEqual({ likely: ['/usr/bin/a1'] });
});

it('modules of others that need large libraries are possible', () => {
  const place = '/usr/lib/python3/dist-packages';
  const module = (size: number): World => ({
    ...glibcWith(),
    '/app/main': { link: '/usr/bin/python3.11' },
    '/usr/bin/python3.11': program(linked),
    '/usr/lib/python3.11/os.py': '',
    [`${place}/own.py`]: '',
    [`${place}/small.py`]: '',
    [`${place}/big.so`]: { needed: ['libbig.so.1'] },
    [`${LIB}/libbig.so.1`]: { data: new Uint8Array(size << 20) },
    ...packages(
      ['python3.11', '', '/usr/bin/python3.11', '/usr/lib/python3.11/os.py'],
      ['python3-other', '', `${place}/small.py`, `${place}/big.so`],
    ),
    '/var/lib/apt/extended_states': 'Package: python3-other\nAuto-Installed: 1\n',
  });
  const others = (size: number) =>
    Object.fromEntries(
      needsIn(module(size))
        .filter(({ kind }) => kind === 'other-modules')
        .map(({ confidence, files }) => [confidence, files]),
    );
  expect(others(1)).toEqual({ likely: [`${place}/big.so`, `${place}/small.py`] });
  expect(others(5)).toEqual({ likely: [`${place}/small.py`], possible: [`${place}/big.so`] });
});
