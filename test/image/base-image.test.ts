/**
 * Plans for images that are built on another one: what is left out, where files go through the
 * base's links, and what may never be replaced.
 */

import { describe, expect, it } from 'vitest';
import * as c from '../../src/elf/constants.js';
import { memoryRoot } from '../../src/index.js';
import { formatNote } from '../../src/report/notes.js';
import {
  glibcSystem,
  memoryWorld,
  muslProgram,
  muslSystem,
  program,
  TRIPLET,
  type World,
} from '../support/world.js';
import { errorOf, filesOf, plan } from './planned.js';

const LIB = `/lib/${TRIPLET}`;

/** The build image: glibc and a libz, and programs. */
const build: World = {
  ...glibcSystem(36),
  [`${LIB}/libc.so.6`]: {},
  [`${LIB}/libz.so.1`]: { data: new Uint8Array([1]) },
  '/usr/bin/app': program({ needed: ['libz.so.1', 'libc.so.6'] }),
  '/usr/bin/plain': program({ needed: ['libc.so.6'] }),
  '/usr/bin/static': { type: c.ET_EXEC, dynamic: false },
};

/** A base with the same glibc, /usr merged. */
const merged: World = {
  '/lib': { link: 'usr/lib' },
  '/lib64': { link: 'usr/lib64' },
  '/bin': { link: 'usr/bin' },
  [`/usr/lib/${TRIPLET}/ld-linux-x86-64.so.2`]: { glibcLoader: { minor: 36 } },
  '/usr/lib64/ld-linux-x86-64.so.2': { link: `../lib/${TRIPLET}/ld-linux-x86-64.so.2` },
  [`/usr/lib/${TRIPLET}/libc.so.6`]: {},
  '/usr/bin/busybox': { type: c.ET_EXEC, dynamic: false },
  '/usr/bin/tool': { link: 'busybox' },
};

function on(base: World, programs: string | string[], options: Parameters<typeof plan>[2] = {}) {
  const root = memoryRoot(memoryWorld(base));
  return plan(build, programs, { layout: 'flat', base: root, ...options });
}

const fails = (base: World, name: string) => errorOf(() => on(base, name));

describe('what the base has', () => {
  it('is left out when path and bytes are the same, through its links', () => {
    const made = on(merged, '/usr/bin/app');
    expect(filesOf(made)).toEqual([
      'f /usr/bin/app (program)',
      `f /usr/lib/${TRIPLET}/libz.so.1 <- ${LIB}/libz.so.1 (library)`,
    ]);
    expect(made.notes.map(formatNote)).toEqual([
      `left out, the base has them: /usr/lib/${TRIPLET}/libc.so.6, /usr/lib64/ld-linux-x86-64.so.2`,
    ]);
    expect(made.entrypoint).toEqual(['/usr/bin/app']);
  });

  it('is left out in a base whose directories are no links', () => {
    const { '/usr/bin/app': _, ...without } = build;
    expect(filesOf(on(without, '/usr/bin/app'))).toEqual(['f /usr/bin/app (program)']);
    expect(filesOf(on(build, '/usr/bin/app'))).toEqual([]);
  });

  it('is nothing in a base for musl: glibc comes beside it', () => {
    const base: World = { ...muslSystem(), '/bin/sh': muslProgram() };
    expect(filesOf(on(base, '/usr/bin/plain'))).toEqual([
      `f ${LIB}/libc.so.6 (library)`,
      expect.stringContaining('f /lib64/ld-linux-x86-64.so.2 '),
      'f /usr/bin/plain (program)',
    ]);
  });

  it('does not matter to a static program', () => {
    expect(filesOf(on(merged, '/usr/bin/static'))).toEqual(['f /usr/bin/static (program)']);
  });
});

describe('another build of a library', () => {
  const other = { [`/usr/lib/${TRIPLET}/libz.so.1`]: { data: new Uint8Array([2]) } } as World;

  it('of the base is used where it will do', () => {
    const made = on({ ...merged, ...other }, '/usr/bin/app');
    expect(filesOf(made)).toEqual(['f /usr/bin/app (program)']);
    expect(made.notes.map(formatNote)).toContain(
      `left out, the base's own builds work: /usr/lib/${TRIPLET}/libz.so.1`,
    );
  });

  it('of the base is replaced where it will not do', () => {
    const broken = { needed: ['libnone.so'], data: new Uint8Array([2]) };
    const made = on({ ...merged, [`/usr/lib/${TRIPLET}/libz.so.1`]: broken }, '/usr/bin/app');
    expect(filesOf(made)).toContain(
      `f /usr/lib/${TRIPLET}/libz.so.1 <- ${LIB}/libz.so.1 (library)`,
    );
    expect(made.notes.map(formatNote)).toContain(
      `replaces the base's builds: /usr/lib/${TRIPLET}/libz.so.1`,
    );
  });

  it('replaces a link, not the file that the link leads to', () => {
    const made = on(
      {
        ...merged,
        [`/usr/lib/${TRIPLET}/libz.so.1`]: { link: 'libz.so.1.9' },
        [`/usr/lib/${TRIPLET}/libz.so.1.9`]: { needed: ['libnone.so'], soname: 'libz.so.1' },
      },
      '/usr/bin/app',
    );
    expect(filesOf(made)).toContain(
      `f /usr/lib/${TRIPLET}/libz.so.1 <- ${LIB}/libz.so.1 (library)`,
    );
  });
});

describe('the C library of the base', () => {
  it('is used with its own loader, also where that is another build', () => {
    const newer: World = {
      ...merged,
      [`/usr/lib/${TRIPLET}/ld-linux-x86-64.so.2`]: { glibcLoader: { minor: 41 } },
      [`/usr/lib/${TRIPLET}/libc.so.6`]: { data: new Uint8Array([3]) },
    };
    expect(filesOf(on(newer, '/usr/bin/plain'))).toEqual(['f /usr/bin/plain (program)']);
  });

  it('found at another place keeps ours out', () => {
    const elsewhere: World = {
      '/lib64/ld-linux-x86-64.so.2': {
        glibcLoader: { minor: 41, directories: ['/lib64', '/usr/lib64'], lib: 'lib64' },
      },
      '/lib64/libc.so.6': { data: new Uint8Array([3]) },
    };
    const made = on(elsewhere, '/usr/bin/plain');
    expect(filesOf(made)).toEqual(['f /usr/bin/plain (program)']);
    expect(made.notes.map(formatNote)).toContain(
      `left out, not used on this base: ${LIB}/libc.so.6`,
    );
  });

  it('of the same build is used from where the base has it, as in busybox', () => {
    const busybox: World = {
      '/lib64': { link: 'lib' },
      '/lib/ld-linux-x86-64.so.2': { glibcLoader: { minor: 36 } },
      '/lib/libc.so.6': {},
    };
    expect(filesOf(on(busybox, '/usr/bin/plain'))).toEqual(['f /usr/bin/plain (program)']);
  });

  it('of the same build is completed', () => {
    const base: World = {
      '/lib64': { link: 'lib' },
      '/lib/ld-linux-x86-64.so.2': { glibcLoader: { minor: 36 } },
      '/lib/libc.so.6': {},
    };
    const root = memoryRoot(memoryWorld(base));
    const made = plan(
      {
        ...build,
        [`${LIB}/libm.so.6`]: {},
        '/usr/bin/sine': program({ needed: ['libm.so.6', 'libc.so.6'] }),
      },
      '/usr/bin/sine',
      { layout: 'flat', base: root },
    );
    expect(filesOf(made)).toContain(`f ${LIB}/libm.so.6 (library)`);
  });

  it('is never mixed with ours', () => {
    const { [`/usr/lib/${TRIPLET}/libc.so.6`]: _, ...withoutLibc } = merged;
    const newer: World = {
      ...withoutLibc,
      [`/usr/lib/${TRIPLET}/ld-linux-x86-64.so.2`]: { glibcLoader: { minor: 41 } },
    };
    const error = fails(newer, '/usr/bin/plain');
    expect(error.code).toBe('PLAN_CONFLICT');
    expect(error.fact).toBe(
      'on this base, /usr/bin/plain would run with /lib64/ld-linux-x86-64.so.2 of the base' +
        ` and ${LIB}/libc.so.6 of the build`,
    );
    expect(error.advice).toEqual({ code: 'OTHER_BASE' });
  });
});

describe('what would not run', () => {
  const newer: World = {
    '/lib64/ld-linux-x86-64.so.2': { glibcLoader: { minor: 41 } },
  };

  it('is planned where that is allowed, with notes', () => {
    const made = on(newer, '/usr/bin/plain', { allowIncomplete: true });
    expect(made.complete).toBe(false);
    expect(filesOf(made)).toContain('f /usr/bin/plain (program)');
    expect(made.notes.map(formatNote).at(-1)).toContain(
      'on this base, /usr/bin/plain would run with',
    );
  });

  it('in the root neither is not held against the base', () => {
    const { [`${LIB}/libz.so.1`]: _, ...world } = build;
    const root = memoryRoot(memoryWorld(merged));
    const options = { layout: 'flat', base: root, allowIncomplete: true } as const;
    const made = plan(world, '/usr/bin/app', options);
    expect(made.complete).toBe(false);
    expect(made.notes.map(formatNote)).toEqual([
      '/usr/bin/app needs libz.so.1, which is missing',
      expect.stringContaining('left out, the base has them'),
    ]);
  });
});

describe('a script', () => {
  const world: World = {
    ...build,
    '/srv/tool': '#!/usr/bin/env python3\n',
    '/usr/bin/env': { type: c.ET_EXEC, dynamic: false },
    '/usr/bin/python3': program({ needed: ['libc.so.6'], data: new Uint8Array([1]) }),
  };
  const scriptOn = (base: World) =>
    filesOf(plan(world, '/srv/tool', { layout: 'flat', base: memoryRoot(memoryWorld(base)) }));

  it("is run by the base's own interpreter, also by another build of it", () => {
    const python = program({ needed: ['libc.so.6'], data: new Uint8Array([2]) });
    const env = { type: c.ET_EXEC, dynamic: false, data: new Uint8Array([2]) } as const;
    expect(scriptOn({ ...merged, '/usr/bin/env': env, '/usr/bin/python3': python })).toEqual([
      'f /srv/tool (program)',
    ]);
  });

  describe('whose interpreter is another build in the base', () => {
    const python = (build: number) =>
      program({ needed: ['libc.so.6'], data: new Uint8Array([build]) });
    const line = '#!/usr/bin/env -S python3 -u\n';
    const here: World = {
      ...world,
      '/srv/tool': line,
      '/usr/bin/python3': { link: 'python3.11' },
      '/usr/bin/python3.11': python(1),
    };
    const there = {
      ...merged,
      '/usr/bin/env': { type: c.ET_EXEC, dynamic: false } as const,
      '/usr/bin/python3': python(2),
    };
    const added = (programs: string[]) =>
      filesOf(plan(here, programs, { layout: 'flat', base: memoryRoot(memoryWorld(there)) }));

    it('is run by that one, whatever the interpreter is here', () => {
      expect(added(['/srv/tool'])).toEqual(['f /srv/tool (program)']);
    });

    it('comes with the interpreter where that is named too', () => {
      const both = ['f /srv/tool (program)', 'f /usr/bin/python3 <- /usr/bin/python3.11 (program)'];
      expect(added(['/srv/tool', '/usr/bin/python3'])).toEqual(both);
      expect(added(['/usr/bin/python3', '/srv/tool'])).toEqual(both);
    });
  });

  it('takes its interpreter along where the base has none', () => {
    expect(scriptOn(merged)).toEqual([
      'f /srv/tool (program)',
      'f /usr/bin/env (interpreter)',
      'f /usr/bin/python3 (program)',
    ]);
  });
});

describe('places', () => {
  it("go through the base's links, never over them", () => {
    const made = on(merged, '/usr/bin/static', {
      destinations: new Map([['/usr/bin/static', '/bin/new/static']]),
    });
    expect(filesOf(made)).toEqual(['f /usr/bin/new/static <- /usr/bin/static (program)']);
    expect(made.entrypoint).toEqual(['/bin/new/static']);
  });

  it.each<[string, World, string]>([
    ['a directory', { '/opt/x': { directory: true } }, '/opt/x'],
    ['a file as a directory', { '/opt': 'text' }, '/opt/x'],
    ['a link to nowhere', { '/opt/x': { link: '/none' } }, '/opt/x'],
  ])('%s of the base is no place for a file', (_what, base, place) => {
    const error = errorOf(() =>
      on(base, '/usr/bin/static', { destinations: new Map([['/usr/bin/static', place]]) }),
    );
    expect(error).toMatchObject({ code: 'PLAN_CONFLICT', path: place });
  });

  it('a link is no place for a file of another name, which COPY would write through', () => {
    const base: World = { '/opt/x': { link: 'y' }, '/opt/y': 'text' };
    const error = errorOf(() =>
      on(base, '/usr/bin/static', { destinations: new Map([['/usr/bin/static', '/opt/x']]) }),
    );
    expect(error.fact).toContain('write through');
  });
});
