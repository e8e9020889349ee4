/**
 * planImage on worlds in memory: which entries, where, with what environment, and the proof that
 * refuses what would not run.
 */

import { describe, expect, it } from 'vitest';
import * as c from '../../src/elf/constants.js';
import type { ImagePlan } from '../../src/index.js';
import { formatNote, formatNotes } from '../../src/report/notes.js';
import { buildElf } from '../support/elf-builder.js';
import {
  glibcSystem,
  muslProgram,
  muslSystem,
  program,
  TRIPLET,
  type World,
} from '../support/world.js';
import { errorOf, filesOf, plan, rows } from './planned.js';

/** Debian after the /usr merge, the links absolute as in some images. */
const merged: World = {
  '/lib': { link: 'usr/lib' },
  '/lib64': { link: '/usr/lib64' },
  [`/usr/lib/${TRIPLET}/ld-linux-x86-64.so.2`]: { glibcLoader: { minor: 36 } },
  '/usr/lib64/ld-linux-x86-64.so.2': { link: `../lib/${TRIPLET}/ld-linux-x86-64.so.2` },
  [`/usr/lib/${TRIPLET}/libz.so.1.3.1`]: { soname: 'libz.so.1' },
  [`/usr/lib/${TRIPLET}/libz.so.1`]: { link: 'libz.so.1.3.1' },
  '/usr/bin/app': program({ needed: ['libz.so.1'] }),
  '/usr/bin/fixed': { type: c.ET_EXEC, dynamic: false },
};

describe('layout links', () => {
  it('keeps every link and directory on the way, parents first', () => {
    expect(rows(plan(merged, '/usr/bin/app'))).toEqual([
      'l /lib -> usr/lib',
      'l /lib64 -> /usr/lib64',
      'd /usr',
      'd /usr/bin',
      'f /usr/bin/app (program)',
      'd /usr/lib',
      `d /usr/lib/${TRIPLET}`,
      `f /usr/lib/${TRIPLET}/ld-linux-x86-64.so.2 (interpreter)`,
      `l /usr/lib/${TRIPLET}/libz.so.1 -> libz.so.1.3.1`,
      `f /usr/lib/${TRIPLET}/libz.so.1.3.1 (library)`,
      'd /usr/lib64',
      `l /usr/lib64/ld-linux-x86-64.so.2 -> ../lib/${TRIPLET}/ld-linux-x86-64.so.2`,
    ]);
  });

  it('keeps directories that a path only passes', () => {
    const made = plan(
      {
        ...glibcSystem(36),
        '/opt/bin/app': program({ needed: ['liba.so'], runpath: '/opt/share/../lib' }),
        '/opt/lib/liba.so': {},
        '/opt/share': { directory: true, mode: 0o750 },
      },
      '/opt/bin/app',
    );
    expect(made.entries).toContainEqual({ kind: 'directory', path: '/opt/share', mode: 0o750 });
  });

  it('keeps modes and sizes', () => {
    const bytes = buildElf({ type: c.ET_EXEC, dynamic: false });
    const world = { '/srv': { directory: true, mode: 0o2750 }, '/srv/su': { bytes, mode: 0o4755 } };
    expect(plan(world as World, '/srv/su').entries).toEqual([
      { kind: 'directory', path: '/srv', mode: 0o2750 },
      {
        kind: 'file',
        path: '/srv/su',
        source: '/srv/su',
        openedAs: '/srv/su',
        mode: 0o4755,
        size: bytes.length,
        because: 'program',
      },
    ]);
  });
});

describe('one file under several names', () => {
  const world: World = {
    ...glibcSystem(36),
    '/usr/bin/perl': program({ needed: ['liba.so'] }),
    '/usr/bin/perl5': { hardLink: '/usr/bin/perl' },
    '/lib/liba.so': {},
  };
  const hardLinks = (made: ImagePlan) =>
    made.entries.flatMap((entry) =>
      entry.kind === 'file' && entry.hardLinkTo !== undefined
        ? [`${entry.path} = ${entry.hardLinkTo}`]
        : [],
    );

  it('is one in a tree, by a hard link to the first', () => {
    expect(hardLinks(plan(world, ['/usr/bin/perl5', '/usr/bin/perl']))).toEqual([
      '/usr/bin/perl5 = /usr/bin/perl',
    ]);
  });

  it('is one also where programs that move apart take it along', () => {
    const own: World = {
      ...glibcSystem(36),
      '/opt/x': program({ needed: ['libx.so'], runpath: '$ORIGIN' }),
      '/opt/y': program({ needed: ['libx.so'], runpath: '$ORIGIN', flags1: 1 }),
      '/opt/libx.so': {},
    };
    const destinations = new Map([
      ['/opt/x', '/a/x'],
      ['/opt/y', '/b/y'],
    ]);
    expect(hardLinks(plan(own, ['/opt/x', '/opt/y'], { destinations }))).toEqual([
      '/b/libx.so = /a/libx.so',
    ]);
  });

  it('is stored again by COPY, and that is said', () => {
    const made = plan(
      {
        ...glibcSystem(36),
        '/lib/libfirst.so': { soname: null },
        '/lib/libsecond.so': { link: 'libfirst.so' },
        '/app/main': program({ needed: ['libfirst.so', 'libsecond.so'] }),
      },
      '/app/main',
      { layout: 'flat' },
    );
    expect(hardLinks(made)).toEqual([]);
    expect(made.notes.map(formatNote)).toEqual([
      '/lib/libfirst.so and /lib/libsecond.so: one file, stored again because COPY follows links',
    ]);
  });
});

describe('layout flat', () => {
  it('has a file at each path that is opened, and no link', () => {
    expect(rows(plan(merged, '/usr/bin/app', { layout: 'flat' }))).toEqual([
      'd /lib',
      `d /lib/${TRIPLET}`,
      `f /lib/${TRIPLET}/libz.so.1 <- /usr/lib/${TRIPLET}/libz.so.1.3.1 (library)`,
      'd /lib64',
      `f /lib64/ld-linux-x86-64.so.2 <- /usr/lib/${TRIPLET}/ld-linux-x86-64.so.2 (interpreter)`,
      'd /usr',
      'd /usr/bin',
      'f /usr/bin/app (program)',
    ]);
  });

  it('says under which name the stage has the file, with the name it gets', () => {
    const files = plan(merged, '/usr/bin/app', { layout: 'flat' }).entries.filter(
      (entry) => entry.kind === 'file',
    );
    expect(files.map(({ openedAs }) => openedAs)).toEqual([
      `/lib/${TRIPLET}/libz.so.1`,
      '/lib64/ld-linux-x86-64.so.2',
      '/usr/bin/app',
    ]);
  });

  it('a path that text would shorten wrongly is opened by its real name', () => {
    // /opt/link/../lib is /srv/lib; as text it is /opt/lib, where another library stands.
    const made = plan(
      {
        ...glibcSystem(36),
        '/opt/link': { link: '/srv/bin' },
        '/srv/bin/libx.so': {},
        '/srv/lib/liba.so': {},
        '/opt/lib/liba.so': { data: new Uint8Array(8) },
        '/app/main': program({
          needed: ['libx.so', 'liba.so'],
          runpath: '/opt/link:/opt/link/../lib',
        }),
      },
      '/app/main',
      { layout: 'flat' },
    );
    expect(made.entries).toContainEqual(
      expect.objectContaining({
        path: '/opt/lib/liba.so',
        source: '/srv/lib/liba.so',
        openedAs: '/srv/lib/liba.so',
      }),
    );
  });

  it('a program that is a link goes to its real place when its libraries stand beside that', () => {
    const world = {
      ...glibcSystem(36),
      '/usr/bin/app': { link: '/opt/app/bin/app' },
      '/opt/app/bin/app': program({ needed: ['liba.so'], runpath: '$ORIGIN/../lib' }),
      '/opt/app/lib/liba.so': {},
    };
    const made = plan(world, '/usr/bin/app', { layout: 'flat' });
    expect(filesOf(made)).toEqual([
      expect.stringContaining('/lib64/ld-linux-x86-64.so.2'),
      'f /opt/app/bin/app (program)',
      'f /opt/app/lib/liba.so (library)',
    ]);
    expect(made.entrypoint).toEqual(['/opt/app/bin/app']);
    expect(made.notes.map(formatNote)).toEqual([
      '/usr/bin/app: goes to /opt/app/bin/app, where it looks for libraries beside itself',
    ]);
    expect(plan(world, '/usr/bin/app').entrypoint).toEqual(['/usr/bin/app']);
  });

  it('any other program that is a link stays where it was named', () => {
    const world = { ...merged, '/usr/bin/alias': { link: 'app' } };
    const made = plan(world, '/usr/bin/alias', { layout: 'flat' });
    expect(filesOf(made)).toContain('f /usr/bin/alias <- /usr/bin/app (program)');
    expect(made).toMatchObject({ entrypoint: ['/usr/bin/alias'], notes: [] });
  });
});

describe.each(['links', 'flat'] as const)('environment (%s)', (layout) => {
  const cached: World = {
    ...glibcSystem(36),
    '/etc/ld.so.cache': {
      cache: [
        { name: 'libopt.so.1', path: '/opt/lib/libopt.so.1' },
        { name: 'libb.so.1', path: '/opt/b/libb.so.1' },
        { name: 'liba.so.1', path: `/usr/lib/${TRIPLET}/liba.so.1` },
      ],
    },
    '/opt/lib/libopt.so.1': { needed: ['libb.so.1'] },
    '/opt/b/libb.so.1': {},
    [`/usr/lib/${TRIPLET}/liba.so.1`]: {},
    '/usr/bin/usual': program({ needed: ['liba.so.1'] }),
    '/usr/bin/opt': program({ needed: ['libopt.so.1', 'liba.so.1'] }),
  };

  it('is empty where the default directories are enough', () => {
    const made = plan(cached, '/usr/bin/usual', { layout });
    expect(made).toMatchObject({ environment: {}, notes: [] });
    expect(rows(made).some((row) => row.includes('ld.so.cache'))).toBe(false);
  });

  it('has the directories that only the cache knows, where there is no cache', () => {
    const made = plan(cached, '/usr/bin/opt', { layout });
    if (layout === 'links') {
      expect(made.environment).toEqual({});
      expect(made.notes.map(formatNote)).toEqual([
        '/etc/ld.so.cache: made for the image, so that /opt/lib/libopt.so.1 is found',
        '/etc/ld.so.cache: made for the image, so that /opt/b/libb.so.1 is found',
      ]);
      return;
    }
    expect(made.environment).toEqual({ LD_LIBRARY_PATH: '/opt/lib:/opt/b' });
    expect(made.notes.map(formatNote)).toEqual([
      'LD_LIBRARY_PATH=/opt/lib:/opt/b: set in the image, since no ld.so.cache there lists the libraries',
    ]);
  });

  it('keeps what the user set, first', () => {
    const made = plan(
      { ...cached, '/extra/liba.so.1': {}, '/extra/libhook.so': {} },
      '/usr/bin/opt',
      {
        layout,
        libraryPath: '/extra',
        preload: 'libhook.so',
        environment: { LANG: 'C.UTF-8' },
        trace: { libraryPath: '/extra', preload: 'libhook.so' },
      },
    );
    expect(made.environment).toEqual({
      ...(layout === 'flat' ? { LD_LIBRARY_PATH: '/extra:/opt/lib:/opt/b' } : {}),
      LD_PRELOAD: 'libhook.so',
      LANG: 'C.UTF-8',
    });
    expect(filesOf(made).join('\n')).toMatch(/\/extra\/libhook\.so \(preload\)/);
  });

  it('needs nothing for a library that is moved beside its program', () => {
    const made = plan(cached, ['/usr/bin/opt', '/usr/bin/usual'], { layout });
    expect(made.programs).toEqual(['/usr/bin/opt', '/usr/bin/usual']);
    expect(made.entrypoint).toEqual(['/usr/bin/opt']);
  });
});

describe('configuration that the loader reads', () => {
  it("musl's path file goes along, by its links", () => {
    const world: World = {
      ...muslSystem(),
      '/etc/ld-musl-x86_64.path': { link: 'musl/path' },
      '/etc/musl/path': '/opt/lib\n',
      '/opt/lib/liba.so': {},
      '/app/main': muslProgram({ needed: ['liba.so', 'libc.so'] }),
    };
    const links = rows(plan(world, '/app/main'));
    expect(links).toContain('l /etc/ld-musl-x86_64.path -> musl/path');
    expect(links).toContain('f /etc/musl/path (configuration)');
    expect(rows(plan(world, '/app/main', { layout: 'flat' }))).toContain(
      'f /etc/ld-musl-x86_64.path <- /etc/musl/path (configuration)',
    );
  });

  it("glibc's preload file goes along with what it names", () => {
    const world: World = {
      ...glibcSystem(36),
      '/etc/ld.so.preload': '/lib/libhook.so\n',
      '/lib/libhook.so': {},
      '/app/main': program(),
    };
    const made = rows(plan(world, '/app/main'));
    expect(made).toContain('f /etc/ld.so.preload (configuration)');
    expect(made).toContain('f /lib/libhook.so (preload)');
  });
});

describe.each(['links', 'flat'] as const)('moved programs (%s)', (layout) => {
  const bundle: World = {
    ...glibcSystem(36),
    '/opt/app/bin/one': program({ needed: ['liba.so'], runpath: '$ORIGIN/../lib' }),
    '/opt/app/bin/two': program({ needed: ['liba.so'], runpath: '${ORIGIN}/../lib' }),
    '/opt/app/lib/liba.so': { needed: ['libb.so'], runpath: '$ORIGIN/private' },
    '/opt/app/lib/private/libb.so': {},
    '/usr/lib/libplain.so': {},
    '/usr/bin/plain': program({ needed: ['libplain.so'] }),
  };
  const move = (pairs: Record<string, string>) => ({
    layout,
    destinations: new Map(Object.entries(pairs)),
  });
  const withoutLoader = (made: ImagePlan) =>
    filesOf(made).filter((row) => !row.includes('(interpreter)'));

  it('take along what stands relative to them, and what stands relative to that', () => {
    const made = plan(bundle, '/opt/app/bin/one', move({ '/opt/app/bin/one': '/app/bin/main' }));
    expect(withoutLoader(made)).toEqual([
      'f /app/bin/main <- /opt/app/bin/one (program)',
      'f /app/lib/liba.so <- /opt/app/lib/liba.so (library)',
      'f /app/lib/private/libb.so <- /opt/app/lib/private/libb.so (library)',
    ]);
    expect(made.entrypoint).toEqual(['/app/bin/main']);
  });

  it('leave what was found by an absolute path', () => {
    const made = plan(bundle, '/usr/bin/plain', move({ '/usr/bin/plain': '/main' }));
    expect(withoutLoader(made)).toEqual([
      'f /main <- /usr/bin/plain (program)',
      'f /usr/lib/libplain.so (library)',
    ]);
  });

  it('leave a copy for a program that stays', () => {
    const made = plan(
      bundle,
      ['/opt/app/bin/one', '/opt/app/bin/two'],
      move({ '/opt/app/bin/one': '/app/bin/one' }),
    );
    expect(withoutLoader(made).filter((row) => row.includes('/liba.so'))).toEqual([
      'f /app/lib/liba.so <- /opt/app/lib/liba.so (library)',
      'f /opt/app/lib/liba.so (library)',
    ]);
  });

  it('get a copy each where they go apart, and one where they go together', () => {
    const both = ['/opt/app/bin/one', '/opt/app/bin/two'];
    const apart = plan(
      bundle,
      both,
      move({ '/opt/app/bin/one': '/a/bin/one', '/opt/app/bin/two': '/b/bin/two' }),
    );
    expect(withoutLoader(apart).filter((row) => row.includes('/liba.so'))).toEqual([
      'f /a/lib/liba.so <- /opt/app/lib/liba.so (library)',
      'f /b/lib/liba.so <- /opt/app/lib/liba.so (library)',
    ]);
    const together = plan(
      bundle,
      both,
      move({ '/opt/app/bin/one': '/a/bin/one', '/opt/app/bin/two': '/a/bin/two' }),
    );
    expect(withoutLoader(together).filter((row) => row.includes('/liba.so'))).toHaveLength(1);
  });

  it('stay where they are when that is their destination', () => {
    const made = plan(bundle, '/opt/app/bin/one', move({ '/opt/app/bin/one': '/opt/app/bin/one' }));
    expect(withoutLoader(made)).toContain('f /opt/app/bin/one (program)');
  });
});

describe('moved programs and links', () => {
  it('go through the links of the image, never over them', () => {
    const made = plan(merged, ['/usr/bin/app', '/usr/bin/fixed'], {
      destinations: new Map([
        ['/usr/bin/app', '/lib64/app'],
        ['/usr/bin/fixed', '/lib/deep/fixed'],
      ]),
    });
    expect(filesOf(made)).toContain('f /usr/lib64/app <- /usr/bin/app (program)');
    expect(filesOf(made)).toContain('f /usr/lib/deep/fixed <- /usr/bin/fixed (program)');
    expect(made.programs).toEqual(['/lib64/app', '/lib/deep/fixed']);
  });

  it('make plain directories where the image has no such link', () => {
    const made = plan(merged, '/usr/bin/fixed', {
      destinations: new Map([['/usr/bin/fixed', '/lib/fixed']]),
    });
    expect(rows(made)).toEqual(['d /lib', 'f /lib/fixed <- /usr/bin/fixed (program)']);
  });
});

describe.each(['links', 'flat'] as const)('conflicts (%s)', (layout) => {
  const conflict = (destinations: Record<string, string>) =>
    errorOf(() =>
      plan(merged, ['/usr/bin/app', '/usr/bin/fixed'], {
        layout,
        destinations: new Map(Object.entries(destinations)),
      }),
    );

  it('two files for one place', () => {
    const error = conflict({ '/usr/bin/fixed': '/usr/bin/app' });
    expect(error).toMatchObject({ code: 'PLAN_CONFLICT', path: '/usr/bin/app' });
    expect(error.fact).toBe('/usr/bin/app and /usr/bin/fixed want this place');
  });

  it('a file where a directory must be', () => {
    expect(conflict({ '/usr/bin/fixed': '/usr' })).toMatchObject({
      code: 'PLAN_CONFLICT',
      message: '/usr: a directory and /usr/bin/fixed want this place',
    });
  });

  it('a file in a file', () => {
    expect(conflict({ '/usr/bin/fixed': '/usr/bin/app/fixed' })).toMatchObject({
      code: 'PLAN_CONFLICT',
      message: '/usr/bin/app: a file, and the directory of /usr/bin/app/fixed',
    });
  });

  it('the same file twice is none', () => {
    const made = plan(merged, '/usr/bin/app', {
      layout,
      destinations: new Map([['/usr/bin/app', '/usr/bin/app']]),
    });
    expect(filesOf(made)).toContain('f /usr/bin/app (program)');
  });
});

describe('what will not run', () => {
  const broken: World = {
    ...glibcSystem(36),
    '/app/lost': program({ needed: ['libgone.so.1', 'liba.so'] }),
    '/lib/liba.so': { needed: ['libgone.so.2'] },
    '/app/alone': program({ interpreter: '/lib/ld-linux.so.9' }),
    '/lib/libbad.so': 'a text that is longer than sixty-four bytes, so that it is no short file\n',
    '/app/bad': program({ needed: ['libbad.so'] }),
    '/app/both': program({ needed: ['libgone.so.1', 'libgone.so.2', 'libgone.so.3'] }),
    '/app/both-and-more': program({
      interpreter: '/lib/ld-linux.so.9',
      needed: ['libgone.so.1'],
    }),
    '/app/script': '#!/usr/bin/env none\n',
    '/usr/bin/env': { type: c.ET_EXEC, dynamic: false },
  };

  it.each([
    [
      '/app/lost',
      '/app/lost needs libgone.so.1, which is missing; ' +
        '/lib/liba.so needs libgone.so.2, which is missing',
    ],
    ['/app/both', '/app/both needs libgone.so.1, libgone.so.2 and libgone.so.3, which are missing'],
    ['/app/alone', '/app/alone needs /lib/ld-linux.so.9, which is missing'],
    [
      '/app/both-and-more',
      '/app/both-and-more needs /lib/ld-linux.so.9 and libgone.so.1, which are missing',
    ],
    ['/app/bad', '/app/bad: /lib/libbad.so: invalid ELF header'],
  ])('%s is refused', (path, fact) => {
    const error = errorOf(() => plan(broken, path));
    expect(error).toMatchObject({ code: 'PLAN_INCOMPLETE', fact });
    expect(error.advice).toEqual({ code: 'SHOW_SEARCH', program: path });
  });

  it('is planned with allowIncomplete, without a proof', () => {
    const made = plan(broken, '/app/lost', { allowIncomplete: true });
    expect(filesOf(made)).toContain('f /app/lost (program)');
    expect(filesOf(made)).toContain('f /lib/liba.so (library)');
  });

  it('has one note for all libraries that a file lacks', () => {
    const { notes } = plan(broken, '/app/both', { allowIncomplete: true });
    expect(notes.filter(({ code }) => code === 'PROBLEM')).toHaveLength(3);
    expect(formatNotes(notes)).toEqual([
      '/app/both needs libgone.so.1, libgone.so.2 and libgone.so.3, which are missing',
    ]);
  });

  it('a library that may be missing is no reason', () => {
    const world: World = {
      ...glibcSystem(36),
      '/lib/liba.so': { needs: [{ kind: 'auxiliary', name: 'libfast.so' }] },
      '/app/main': program({ needed: ['liba.so'] }),
    };
    expect(filesOf(plan(world, '/app/main'))).toContain('f /lib/liba.so (library)');
  });
});

describe('the proof', () => {
  it('fails where moving takes a program away from its libraries', () => {
    const error = errorOf(() =>
      plan(
        {
          ...glibcSystem(36),
          '/opt/app/bin/main': program({ needed: ['liba.so'], runpath: 'lib' }),
          '/lib/liba.so': {},
          '/w/lib/liba.so': { data: new Uint8Array(8) },
        },
        '/opt/app/bin/main',
        { trace: { cwd: '/w' }, layout: 'links' },
      ),
    );
    expect(error).toMatchObject({
      code: 'PLAN_INCOMPLETE',
      fact: '/opt/app/bin/main would not find liba.so (/w/lib/liba.so) in the image',
    });
    expect(error.advice).toEqual({ code: 'KEEP_PATHS' });
  });

  it('holds for a needed name with a slash where the working directory is the same', () => {
    const world: World = {
      ...glibcSystem(36),
      '/w/main': program({ needed: ['./liba.so'] }),
      '/w/liba.so': {},
    };
    const trace = { cwd: '/w' };
    const made = plan(world, '/w/main', { trace, workdir: '/w' });
    expect(made.complete).toBe(true);
    expect(filesOf(made)).toContain('f /w/liba.so (library)');
    const error = errorOf(() => plan(world, '/w/main', { trace }));
    expect(error.fact).toBe('/w/main would not find ./liba.so (/w/liba.so) in the image');
    expect(error.advice).toEqual({ code: 'SET_WORKDIR', workdir: '/w' });
  });

  it('fails where a program would find another library of that name', () => {
    const error = errorOf(() =>
      plan(
        {
          ...glibcSystem(36),
          '/opt/one/main': program({ needed: ['liba.so'], runpath: '$ORIGIN/lib' }),
          '/opt/one/lib/liba.so': {},
          '/usr/lib/liba.so': {},
          '/srv/two': program({ needed: ['liba.so'], runpath: '$ORIGIN/lib' }),
        },
        ['/opt/one/main', '/srv/two'],
        { destinations: new Map([['/srv/two', '/opt/one/two']]) },
      ),
    );
    expect(error).toMatchObject({
      code: 'PLAN_INCOMPLETE',
      fact: '/srv/two would find /opt/one/lib/liba.so for liba.so, not /usr/lib/liba.so',
    });
  });

  // The plan has the file under the first name only: no object of the closure has the second.
  it('holds for a second name of a file, which the image needs too', () => {
    const world: World = {
      ...glibcSystem(36),
      '/lib/libfirst.so': { soname: null },
      '/lib/libsecond.so': { link: 'libfirst.so' },
      '/app/main': program({ needed: ['libfirst.so', 'libsecond.so'] }),
    };
    expect(rows(plan(world, '/app/main'))).toContain('l /lib/libsecond.so -> libfirst.so');
  });
});

describe('scripts', () => {
  it('are the entrypoint; what runs them goes along', () => {
    const made = plan(
      {
        ...glibcSystem(36),
        '/srv/tool': '#!/usr/bin/env python3\n',
        '/usr/bin/env': { type: c.ET_EXEC, dynamic: false },
        '/usr/bin/python3': { link: 'python3.12' },
        '/usr/bin/python3.12': program({ needed: ['libpy.so'] }),
        '/usr/lib/libpy.so': {},
      },
      '/srv/tool',
    );
    expect(made.programs).toEqual(['/srv/tool', '/usr/bin/env', '/usr/bin/python3']);
    expect(made.entrypoint).toEqual(['/srv/tool']);
    expect(rows(made)).toEqual(
      expect.arrayContaining([
        'f /srv/tool (program)',
        'f /usr/bin/env (interpreter)',
        'l /usr/bin/python3 -> python3.12',
        'f /usr/bin/python3.12 (program)',
        'f /usr/lib/libpy.so (library)',
      ]),
    );
  });
});

describe('what the loader refuses though every file is there', () => {
  const world = (defined: string): World => ({
    ...glibcSystem(36),
    '/lib/libv.so': {
      symbols: {
        list: [{ name: 'f', section: 1, value: 16, versym: 2 }],
        definitions: [
          { name: 'libv.so', index: 1, flags: 1 },
          { name: defined, index: 2 },
        ],
      },
    },
    '/app': program({
      needed: ['libv.so'],
      symbols: {
        list: [{ name: 'f', versym: 2 }],
        needs: [{ file: 'libv.so', versions: [{ name: 'V2', index: 2 }] }],
      },
    }),
  });

  it('is a version that a library does not define', () => {
    expect(errorOf(() => plan(world('V1'), '/app'))).toMatchObject({
      code: 'PLAN_INCOMPLETE',
      fact: '/lib/libv.so: does not define V2, needed by /app',
    });
    expect(plan(world('V1'), '/app', { allowIncomplete: true }).complete).toBe(false);
    expect(plan(world('V2'), '/app').complete).toBe(true);
  });
});

it.each<[string, object, string]>([
  ['x86-64', {}, 'linux/amd64'],
  ['i386', { class: 32 }, 'linux/386'],
  ['aarch64', { machine: c.EM_AARCH64 }, 'linux/arm64/v8'],
  ['armhf', { machine: c.EM_ARM, class: 32, flags: 0x5000400 }, 'linux/arm/v7'],
  ['armel', { machine: c.EM_ARM, class: 32, flags: 0x5000200 }, 'linux/arm/v5'],
  ['s390x', { machine: c.EM_S390, endian: 'big' }, 'linux/s390x'],
  ['ppc64le', { machine: c.EM_PPC64, flags: 2 }, 'linux/ppc64le'],
  ['riscv64', { machine: c.EM_RISCV, flags: 5 }, 'linux/riscv64'],
  ['loongarch64', { machine: c.EM_LOONGARCH, flags: 0x43 }, 'linux/loong64'],
  ['mips64el', { machine: c.EM_MIPS }, 'linux/mips64le'],
])('platform of %s in OCI words', (_what, options, expected) => {
  const { platform } = plan({ '/p': { type: c.ET_EXEC, dynamic: false, ...options } }, '/p');
  expect([platform.os, platform.architecture, platform.variant].filter(Boolean).join('/')).toBe(
    expected,
  );
});
