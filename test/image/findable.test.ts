/**
 * What an image gets so that its libraries are found, and what its proof sees.
 */

import { describe, expect, it } from 'vitest';
import * as c from '../../src/elf/constants.js';
import type { ImagePlan } from '../../src/index.js';
import { LdCache } from '../../src/loader/glibc/cache.js';
import { formatNote } from '../../src/report/notes.js';
import {
  GLIBC_INTERPRETER,
  glibcLoaderBytes,
  glibcSystem,
  memoryNode,
  muslProgram,
  muslSystem,
  program,
  type World,
} from '../support/world.js';
import { errorOf, filesOf, plan, rows } from './planned.js';

/** The text of a generated file; undefined where there is none. */
function generated(made: ImagePlan, path: string): Uint8Array | undefined {
  const entry = made.entries.find((e) => e.path === path);
  return entry?.kind === 'generated' ? entry.bytes : undefined;
}

const cacheRows = (made: ImagePlan) =>
  [
    ...(LdCache.parse(generated(made, '/etc/ld.so.cache') as Uint8Array, 'little')?.entries() ??
      []),
  ].map(({ soname, path, flags, hwcaps }) => `${soname} ${path} ${flags} ${hwcaps ?? ''}`.trim());

const glibcWorld: World = {
  ...glibcSystem(36),
  '/etc/ld.so.cache': {
    cache: [
      { name: 'libopt.so.10', path: '/opt/lib/libopt.so.10' },
      { name: 'libopt.so.9', path: '/opt/lib/libopt.so.9' },
      { name: 'libunused.so', path: '/opt/lib/libunused.so' },
    ],
  },
  '/opt/lib/libopt.so.10': { needed: ['libopt.so.9'] },
  '/opt/lib/libopt.so.9': {},
  '/opt/lib/libunused.so': {},
  '/app/main': program({ needed: ['libopt.so.10'] }),
  '/app/two': program({ needed: ['libopt.so.9'] }),
  '/app/fixed': { type: c.ET_EXEC, dynamic: false },
};

describe('an ld.so.cache', () => {
  it('has what the programs need and nothing else', () => {
    const made = plan(glibcWorld, ['/app/main', '/app/two']);
    expect(cacheRows(made)).toEqual([
      'libopt.so.10 /opt/lib/libopt.so.10 771',
      'libopt.so.9 /opt/lib/libopt.so.9 771',
    ]);
    expect(made.complete).toBe(true);
  });

  it('stands also where the root has none, after --ldconfig', () => {
    const { '/etc/ld.so.cache': _, ...world } = glibcWorld;
    const made = plan({ ...world, '/etc/ld.so.conf': '/opt/lib\n' }, '/app/two', {
      trace: { ldconfig: true },
    });
    expect(cacheRows(made)).toEqual(['libopt.so.9 /opt/lib/libopt.so.9 771']);
  });

  it('says which variant an entry is', () => {
    const path = '/opt/lib/glibc-hwcaps/x86-64-v3/libopt.so.9';
    const made = plan({ ...glibcWorld, '/etc/ld.so.conf': '/opt/lib\n', [path]: {} }, '/app/two', {
      trace: { ldconfig: true, hwcaps: 'x86-64-v3' },
    });
    expect(cacheRows(made)).toEqual([
      `libopt.so.9 ${path} 771 x86-64-v3`,
      // For lesser CPUs.
      'libopt.so.9 /opt/lib/libopt.so.9 771',
    ]);
  });

  it('takes what only LD_LIBRARY_PATH found, which a tree cannot set', () => {
    const { '/etc/ld.so.cache': _, ...world } = glibcWorld;
    const libraryPath = '/opt/lib';
    const made = plan(world, '/app/two', { libraryPath, trace: { libraryPath } });
    expect(cacheRows(made)).toEqual(['libopt.so.9 /opt/lib/libopt.so.9 771']);
    expect(made.environment).toEqual({});
    expect(made.notes.map(formatNote)[0]).toBe(
      'LD_LIBRARY_PATH=/opt/lib: not set in the image: needed libraries are found without it',
    );
    expect(
      rows(plan(world, '/app/two', { layout: 'flat', libraryPath, trace: { libraryPath } })),
    ).not.toContain('g /etc/ld.so.cache');
  });

  it('is no way where LD_LIBRARY_PATH goes before a runpath that leads elsewhere', () => {
    const libraryPath = '/opt/lib';
    const made = plan(
      {
        ...glibcWorld,
        '/x/libopt.so.9': { data: new Uint8Array([9]) },
        '/app/old': program({ needed: ['libopt.so.9'], rpath: '/x' }),
        '/app/new': program({ needed: ['libopt.so.9'], runpath: '/x' }),
      },
      ['/app/old', '/app/new'],
      { libraryPath, trace: { libraryPath } },
    );
    expect(made.environment).toEqual({ LD_LIBRARY_PATH: '/opt/lib' });
    expect(made.notes.map(formatNote)).toEqual([
      'LD_LIBRARY_PATH=/opt/lib: given by you, kept for the image',
    ]);
    expect(made.complete).toBe(true);
  });

  it('is not made for a LD_LIBRARY_PATH that nothing needs', () => {
    const libraryPath = '/none:/opt/lib';
    for (const layout of ['links', 'flat'] as const) {
      const made = plan(glibcWorld, '/app/fixed', { layout, libraryPath, trace: { libraryPath } });
      expect(filesOf(made)).toEqual(['f /app/fixed (program)']);
      expect(made.environment).toEqual({});
    }
  });

  it('leaves the LD_LIBRARY_PATH that the image is asked to have', () => {
    const made = plan(glibcWorld, '/app/fixed', { environment: { LD_LIBRARY_PATH: '/plugins' } });
    expect(made.environment).toEqual({ LD_LIBRARY_PATH: '/plugins' });
  });
});

describe("musl's path file", () => {
  const world: World = {
    ...muslSystem(),
    '/opt/lib/liba.so': {},
    '/srv/lib/libb.so': {},
    '/app/main': muslProgram({ needed: ['liba.so', 'libc.so'] }),
    '/app/both': muslProgram({ needed: ['liba.so', 'libb.so'] }),
  };
  const file = '/etc/ld-musl-x86_64.path';
  const text = (made: ImagePlan) => new TextDecoder().decode(generated(made, file));
  const libraryPath = '/opt/lib';

  it('has the directories of LD_LIBRARY_PATH before the default ones', () => {
    const made = plan(world, '/app/main', { libraryPath, trace: { libraryPath } });
    expect(text(made)).toBe('/opt/lib\n/lib\n/usr/local/lib\n/usr/lib\n');
    expect(made.notes.map(formatNote)).toContain(
      `${file}: made for the image, so that /opt/lib/liba.so is found`,
    );
  });

  it('keeps what the root has in it, in the place where it is', () => {
    const made = plan(
      { ...world, [file]: { link: 'musl/path' }, '/etc/musl/path': '/lib:/srv/lib\n' },
      '/app/both',
      { libraryPath, trace: { libraryPath } },
    );
    expect(rows(made)).toContain(`l ${file} -> musl/path`);
    expect(new TextDecoder().decode(generated(made, '/etc/musl/path'))).toBe(
      '/opt/lib\n/lib\n/srv/lib\n',
    );
  });
});

describe('the proof', () => {
  it('uses the loader that was chosen for the trace', () => {
    const world: World = {
      '/lib/ld-own.so': { muslLoader: true },
      '/opt/lib/liba.so': {},
      '/app/main': program({
        interpreter: '/lib/ld-own.so',
        needed: ['liba.so'],
        runpath: '/opt/lib',
      }),
    };
    const made = plan(world, '/app/main', { trace: { loader: 'musl' } });
    expect(filesOf(made)).toContain('f /opt/lib/liba.so (library)');
  });

  it('compares programs by their place: a script and its interpreter, named in either order', () => {
    const world: World = {
      ...glibcSystem(36),
      '/srv/tool': '#!/usr/bin/py\n',
      '/usr/bin/py': program({ needed: ['libpy.so'] }),
      '/usr/lib/libpy.so': {},
      '/usr/bin/other': program({ needed: ['libother.so'] }),
      '/usr/lib/libother.so': {},
    };
    const made = plan(world, ['/srv/tool', '/usr/bin/other', '/usr/bin/py'], {
      destinations: new Map([['/srv/tool', '/tool']]),
    });
    expect(made.programs).toEqual(['/tool', '/usr/bin/py', '/usr/bin/other']);
    expect(made.complete).toBe(true);
  });

  it('sees that the interpreter would be another file', () => {
    const error = errorOf(() =>
      plan(
        {
          ...glibcSystem(36),
          '/app/own/ld-2.36.so': { glibcLoader: { minor: 36 } },
          '/app/main': program({ interpreter: 'own/ld-2.36.so' }),
        },
        '/app/main',
        { trace: { cwd: '/app' } },
      ),
    );
    expect(error.fact).toContain('/app/main would not find own/ld-2.36.so (/app/own/ld-2.36.so)');
  });

  it('finds even for what is not complete', () => {
    const world: World = {
      ...glibcWorld,
      '/app/lost': program({ needed: ['libopt.so.9', 'libgone.so'] }),
    };
    const made = plan(world, '/app/lost', { layout: 'flat', allowIncomplete: true });
    expect(made.environment).toEqual({ LD_LIBRARY_PATH: '/opt/lib' });
    expect(made.complete).toBe(false);
    expect(made.notes.map(formatNote)).toContain('/app/lost needs libgone.so, which is missing');
  });

  it('turns what would be otherwise into notes when that is allowed', () => {
    const world: World = {
      ...glibcSystem(36),
      '/opt/main': program({ needed: ['liba.so'], runpath: '$ORIGIN/../lib' }),
      '/lib/liba.so': {},
      '/opt/one/main': program({ needed: ['liba.so'], runpath: '$ORIGIN/lib' }),
      '/opt/one/lib/liba.so': { data: new Uint8Array(8) },
      '/srv/two': program({ needed: ['liba.so'], runpath: '$ORIGIN/lib' }),
    };
    const options = { destinations: new Map([['/srv/two', '/opt/one/two']]) };
    const made = plan(world, ['/opt/one/main', '/srv/two'], { ...options, allowIncomplete: true });
    expect(made.complete).toBe(false);
    expect(made.notes.map(formatNote)).toContain(
      '/srv/two would find /opt/one/lib/liba.so for liba.so, not /lib/liba.so',
    );
  });

  it('has words for a script whose program env does not find', () => {
    const error = errorOf(() =>
      plan(
        {
          '/app/script': '#!/usr/bin/env none\n',
          '/usr/bin/env': { type: c.ET_EXEC, dynamic: false },
        },
        '/app/script',
      ),
    );
    expect(error).toMatchObject({ code: 'PLAN_INCOMPLETE' });
    expect(error.fact).toContain("env finds no 'none'");
  });
});

describe('the entrypoint', () => {
  it('is the first that can be started, and none where there is only a library', () => {
    expect(plan(glibcWorld, ['/opt/lib/libopt.so.9', '/app/fixed']).entrypoint).toEqual([
      '/app/fixed',
    ]);
    expect(plan(glibcWorld, '/opt/lib/libopt.so.9').entrypoint).toEqual([]);
  });

  it('refuses a program that has no execute permission', () => {
    const script = { '/app/run': { bytes: new TextEncoder().encode('#!/bin/sh\n'), mode: 0o644 } };
    const shell: World = { '/bin/sh': { type: c.ET_EXEC, dynamic: false } };
    const world = { ...script, ...shell } as World;
    expect(() => plan(world, '/app/run')).toThrow('/app/run: no execute bit (mode 0644)');
    expect(plan(world, '/app/run', { allowIncomplete: true }).notes.map(formatNote)).toEqual([
      '/app/run: a script, and elfdeps did not look for the programs that it starts (add them by --include)',
      '/app/run: no execute bit (mode 0644)',
    ]);
  });
});

describe('programs that give rights, for a user who is not root', () => {
  const capability = Uint8Array.from([1, 0, 0, 2, 0, 0x20, ...new Array(14).fill(0)]);
  const bytes = (node: World[string]) => memoryNode('/app/main', node) as Uint8Array;
  const trace = { startedBy: 'trusted' } as const;
  const main = program({ needed: ['libx.so'], runpath: '/app/lib' });
  const world: World = {
    ...glibcWorld,
    '/app/cached': { bytes: bytes(program({ needed: ['libopt.so.9'] })), capability },
    '/app/beside': {
      bytes: bytes(program({ needed: ['libx.so'], runpath: '$ORIGIN/lib' })),
      mode: 0o4755,
    },
    '/app/lib/libx.so': {},
  };

  it('find by a cache what $ORIGIN leads others to', () => {
    const made = plan(world, '/app/beside', { user: '65534', trace });
    expect(cacheRows(made)).toEqual(['libx.so /app/lib/libx.so 771']);
    expect(made.complete).toBe(true);
    expect(rows(plan(world, '/app/beside', { trace }))).not.toContain('g /etc/ld.so.cache');
  });

  it('find it by a cache also where the library moves with the program', () => {
    const destinations = new Map([['/app/beside', '/bin/beside']]);
    const made = plan(world, '/app/beside', { user: '1:1', trace, destinations });
    expect(cacheRows(made)).toEqual(['libx.so /bin/lib/libx.so 771']);
  });

  it('get the cache of the stage instead of LD_LIBRARY_PATH', () => {
    const made = plan(world, '/app/cached', { layout: 'flat', user: '65534', trace });
    expect(filesOf(made)).toContain('f /etc/ld.so.cache (configuration)');
    expect(made.environment).toEqual({});
    expect(made.notes.map(formatNote)).toContain(
      '/etc/ld.so.cache: copied, since a program with more rights than its user ignores LD_LIBRARY_PATH',
    );
    const byRoot = plan(world, '/app/cached', { layout: 'flat', trace });
    expect(byRoot.environment).toEqual({ LD_LIBRARY_PATH: '/opt/lib' });
  });

  it('are refused where the stage has no such cache', () => {
    const { message, advice } = errorOf(() =>
      plan(world, '/app/beside', { layout: 'flat', user: '65534', trace }),
    );
    expect(message).toBe(
      "/app/beside would not find libx.so (/app/lib/libx.so) in the image, where it runs in secure-execution mode (set-user-ID) for the image's user",
    );
    expect(advice).toEqual({
      code: 'RUN_IN_ROOT',
      command: "printf '%s\\n' /app/lib >> /etc/ld.so.conf && ldconfig",
    });
  });

  it('are refused with the command for musl', () => {
    const elf = muslProgram({ needed: ['libx.so'], runpath: '$ORIGIN/lib' });
    const muslWorld = {
      ...muslSystem(),
      '/app/main': { bytes: bytes(elf), mode: 0o4755 },
      '/app/lib/libx.so': {},
    };
    const user = '65534';
    const { advice } = errorOf(() => plan(muslWorld, '/app/main', { layout: 'flat', user, trace }));
    expect(advice).toEqual({
      code: 'RUN_IN_ROOT',
      command: "printf '%s\\n' /lib /usr/local/lib /usr/lib /app/lib >> /etc/ld-musl-x86_64.path",
    });
    expect(rows(plan(muslWorld, '/app/main', { user, trace }))).toContain(
      'g /etc/ld-musl-x86_64.path',
    );
  });

  it.each([
    ['a library', { '/app/lib/libx.so': { bytes: bytes({ soname: 'libx.so' }), mode: 0o640 } }],
    ['a directory', { '/app/lib': { directory: true, mode: 0o700 }, '/app/lib/libx.so': {} }],
    ['the program', { '/app/main': { bytes: bytes(main), mode: 0o750 } }],
    [
      'the interpreter',
      { [GLIBC_INTERPRETER]: { bytes: glibcLoaderBytes({ minor: 36 }), mode: 0o750 } },
    ],
  ] as [string, World][])(
    'are refused, as others are, where the user may not use %s',
    (_, closed) => {
      const open: World = { ...glibcSystem(36), '/app/main': main, '/app/lib/libx.so': {} };
      // A directory comes before what is in it.
      const all = { ...closed, ...open, ...closed };
      expect(plan(all, '/app/main', { trace }).complete).toBe(true);
      expect(errorOf(() => plan(all, '/app/main', { user: '65534:65534', trace })).code).toBe(
        'PLAN_INCOMPLETE',
      );
    },
  );
});
