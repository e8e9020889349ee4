/**
 * What a trace says beside the rows of a listing: the interpreter, completeness, who needs what and
 * what was tried, errors of single files, scripts, and the loader of a file without interpreter.
 */
import { describe, expect, it } from 'vitest';
import { trace } from '../../src/closure/trace.js';
import { DF_1_PIE, EM_IA_64, ET_EXEC, ET_REL } from '../../src/elf/constants.js';
import { loaders } from '../../src/registry.js';
import { memoryRoot } from '../../src/root/memory-root.js';
import {
  closureOf,
  GLIBC_INTERPRETER,
  glibcSystem,
  MUSL_INTERPRETER,
  memoryWorld,
  muslProgram,
  muslSystem,
  program,
  rowsOf,
  traceWorld,
} from '../support/world.js';

const glibc = glibcSystem(41);

describe('interpreter', () => {
  it('G63: a program with an interpreter and no needs has no libraries, yet needs that file', () => {
    const closure = closureOf({ ...glibc, '/app/main': program() });
    expect(closure).toMatchObject({
      linkage: 'dynamic',
      libraries: [],
      interpreter: { path: GLIBC_INTERPRETER, status: 'found' },
      complete: true,
    });
    expect(closureOf({ '/app/main': program() })).toMatchObject({
      libraries: [],
      interpreter: { path: GLIBC_INTERPRETER, status: 'missing' },
      complete: false,
    });
  });

  it('its links are part of the answer', () => {
    const { interpreter } = closureOf({ ...glibcSystem(31), '/app/main': program() });
    expect(interpreter?.realPath).toBe('/lib/x86_64-linux-gnu/ld-2.31.so');
    expect(interpreter?.links.map((link) => link.path)).toEqual([
      GLIBC_INTERPRETER,
      '/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2',
    ]);
  });

  it('static programs have none and are complete', () => {
    expect(closureOf({ '/app/main': { type: ET_EXEC } })).toMatchObject({
      linkage: 'static',
      interpreter: null,
      loader: null,
      complete: true,
    });
    expect(closureOf({ '/app/main': { flags1: DF_1_PIE } }).linkage).toBe('static-pie');
  });

  describe('a relative one is looked for in the working directory', () => {
    const world = {
      ...glibc,
      '/x/lib/ld.so': { link: GLIBC_INTERPRETER },
      '/x/ld.so': { link: GLIBC_INTERPRETER },
      '/r/liba.so': {},
    };
    it.each(['./ld.so', 'ld.so', 'lib/ld.so', './lib/../ld.so'])('%s', (interpreter) => {
      const options = { interpreter, needed: ['liba.so'], rpath: '/r' };
      const started = { ...world, '/app/main': program(options) };
      const closure = closureOf(started, '/app/main', { cwd: '/x' });
      expect(closure).toMatchObject({ loader: 'glibc', complete: true });
      expect(closure.interpreter).toMatchObject({ path: interpreter, status: 'found' });
      expect(rowsOf(closure)).toEqual(['liba.so => /r/liba.so']);
      const [error] = traceWorld(started, '/app/main', { cwd: '/' }).errors;
      expect(error).toMatchObject({ code: 'LOADER_UNKNOWN', path: '/app/main' });
      expect(error?.hint).toContain('--workdir');
    });
  });

  it('an interpreter that no loader knows is an error about the program', () => {
    const { errors } = traceWorld({ '/app/main': program({ interpreter: '/lib/ld-foo.so.1' }) });
    expect(errors).toMatchObject([{ code: 'LOADER_UNKNOWN', path: '/app/main' }]);
  });

  it('an interpreter under another name is known by where it leads to', () => {
    const world = {
      ...muslSystem(),
      '/lib64/loader': { link: MUSL_INTERPRETER },
      '/app/main': program({ interpreter: '/lib64/loader', needed: ['liba.so'] }),
      '/usr/lib/liba.so': {},
    };
    expect(closureOf(world).loader).toBe('musl');
  });
});

describe('rows', () => {
  const world = {
    ...glibc,
    '/app/main': program({ needed: ['liba.so', 'libz.so'], rpath: '/l' }),
    '/l/liba.so': { needed: ['libb.so', 'libz.so'] },
    '/l/libb.so': { needed: ['liba.so'] },
  };
  const closure = closureOf(world);

  it('tell who needs a name', () => {
    const rows = closure.libraries.map(({ name, neededBy }) => [name, neededBy]);
    expect(rows).toContainEqual(['liba.so', ['/app/main', '/l/libb.so']]);
    expect(rows).toContainEqual(['libz.so', ['/app/main']]);
    expect(rows).toContainEqual(['libz.so', ['/l/liba.so']]);
  });

  it('tell the rule, and whose path it was', () => {
    const row = closure.libraries.find(({ name }) => name === 'libb.so');
    expect(row).toMatchObject({
      rule: 'rpath',
      tried: [{ rule: 'rpath', path: '/l/libb.so', from: '/app/main', outcome: 'found' }],
    });
  });

  it('tell every path that was tried for what is missing', () => {
    const row = closure.libraries.find(({ status }) => status === 'missing');
    expect(row?.tried.map(({ rule, path, outcome }) => `${rule} ${path} ${outcome}`)).toEqual([
      'rpath /l/libz.so missing',
      'default /lib/x86_64-linux-gnu/libz.so missing',
      'default /usr/lib/x86_64-linux-gnu/libz.so missing',
      'default /lib/libz.so missing',
      'default /usr/lib/libz.so missing',
    ]);
    expect(row?.error).toBe('cannot open shared object file: No such file or directory');
    expect(closure.complete).toBe(false);
  });

  it('objects are in load order, the program first', () => {
    expect(closure.objects.map(({ path }) => path)).toEqual([
      '/app/main',
      '/l/liba.so',
      '/l/libb.so',
    ]);
  });
});

describe('files without an interpreter', () => {
  const library = { needed: ['libb.so'], runpath: '/l' };
  it('a library of a glibc root is answered by glibc', () => {
    const closure = closureOf({ ...glibc, '/l/liba.so': library, '/l/libb.so': {} }, '/l/liba.so');
    expect(closure).toMatchObject({ loader: 'glibc', interpreter: null });
    expect(rowsOf(closure)).toEqual(['libb.so => /l/libb.so']);
  });

  it('a library of a musl root is answered by musl', () => {
    const closure = closureOf({ ...muslSystem(), '/l/liba.so': library }, '/l/liba.so');
    expect(closure.loader).toBe('musl');
  });

  it('in a root of both its needs decide', () => {
    const both = { ...glibc, ...muslSystem() };
    const needs = (name: string) =>
      closureOf({ ...both, '/l/liba.so': { needed: [name] } }, '/l/liba.so').loader;
    expect(needs('libc.so.6')).toBe('glibc');
    expect(needs('libc.musl-x86_64.so.1')).toBe('musl');
  });
});

describe('several programs', () => {
  it('a bad file among them is an error, the others are answered', () => {
    const { closures, errors } = traceWorld(
      {
        ...glibc,
        ...muslSystem(),
        '/app/main': program(),
        '/app/musl': muslProgram(),
        '/app/text': 'text',
        '/app/empty': '',
        '/app/short': { truncate: 70 },
        '/app/directory': { directory: true },
        '/app/loop': { link: 'loop' },
        '/app/dangling': { link: 'none' },
      },
      [
        '/app/main',
        '/app/text',
        '/app/empty',
        '/app/short',
        '/app/directory',
        '/app/loop',
        '/app/dangling',
        '/app/none',
        '/app/musl',
      ],
    );
    expect(closures.map(({ loader }) => loader)).toEqual(['glibc', 'musl']);
    expect(errors.map(({ code, path }) => `${path} ${code}`)).toEqual([
      '/app/text NOT_ELF',
      '/app/empty EMPTY_FILE',
      '/app/short ELF_TRUNCATED',
      '/app/directory NOT_REGULAR_FILE',
      '/app/loop ROOT_SYMLINK_LOOP',
      '/app/dangling FILE_NOT_FOUND',
      '/app/none FILE_NOT_FOUND',
    ]);
  });

  it('one with more places to look at than time is an error, the others are answered', () => {
    const many = (count: number, text: (index: number) => string) =>
      Array.from({ length: count }, (_, index) => text(index));
    const looking = (names: number) =>
      program({
        runpath: many(4000, (i) => `/${i}`).join(':'),
        needed: many(names, (i) => `lib${i}.so`),
      });
    const { closures, errors } = traceWorld(
      { ...glibc, '/app/main': looking(300), '/app/good': looking(5) },
      ['/app/main', '/app/good'],
    );
    expect(closures.map(({ program: { path } }) => path)).toEqual(['/app/good']);
    expect(errors.map(({ message }) => message)).toEqual([
      '/app/main: its libraries would be looked for at too many paths',
    ]);
  });

  it('long paths count for more', () => {
    let lookups = 0;
    const memory = memoryRoot(
      memoryWorld({
        ...glibc,
        '/app/main': program({
          rpath: Array.from({ length: 250 }, (_, i) => `/d${i}/${'x/'.repeat(1900)}`).join(':'),
          needed: Array.from({ length: 1000 }, (_, i) => `lib${i}.so`),
        }),
      }),
    );
    const root = {
      ...memory,
      lstat: (path: string) => {
        lookups++;
        return memory.lstat(path);
      },
    };
    const { errors } = trace(root, ['/app/main'], {}, loaders);
    expect(errors.map(({ code }) => code)).toEqual(['ELF_BAD_DYNAMIC']);
    expect(lookups).toBeLessThan(20_000);
  });

  it('a relocatable file is static', () => {
    expect(closureOf({ '/app/main': { type: ET_REL } })).toMatchObject({
      linkage: 'static',
      libraries: [],
    });
  });
});

describe('scripts', () => {
  const world = {
    ...glibc,
    '/usr/bin/env': program({ needed: ['liba.so'], runpath: '/l' }),
    '/usr/bin/tool': program(),
    '/l/liba.so': {},
  };

  it('are followed by the programs that their first line starts', () => {
    const { closures } = traceWorld({ ...world, '/app/main': '#!/usr/bin/env tool\n' });
    expect(closures.map(({ program: { path, kind } }) => `${path} ${kind}`)).toEqual([
      '/app/main script',
      '/usr/bin/env executable',
      '/usr/bin/tool executable',
    ]);
    expect(closures[0]).toMatchObject({ interpreter: { path: '/usr/bin/env' }, complete: true });
  });

  it('start a relative interpreter from the working directory', () => {
    const files = {
      ...world,
      '/opt/bin/run': program({ needed: ['libx.so'] }),
      '/opt/s': '#!bin/run\n',
    };
    const { closures } = traceWorld(files, ['/opt/s'], { cwd: '/opt' });
    expect(closures.map(({ program: { path } }) => path)).toEqual(['/opt/s', '/opt/bin/run']);
    expect(closures[0]).toMatchObject({ interpreter: { path: 'bin/run' }, complete: true });
    expect(traceWorld(files, ['/opt/s']).closures).toMatchObject([{ complete: false }]);
  });

  it('whose interpreter is missing are not complete', () => {
    const { closures } = traceWorld({ ...world, '/app/main': '#!/bin/none\n' });
    expect(closures).toMatchObject([{ interpreter: { status: 'missing' }, complete: false }]);
  });

  it('whose env finds nothing are not complete', () => {
    const { closures } = traceWorld({ ...world, '/app/main': '#!/usr/bin/env none\n' });
    expect(closures[0]).toMatchObject({
      complete: false,
      diagnostics: [{ code: 'SCRIPT_PROGRAM_MISSING' }],
    });
  });

  it.each([
    ['-S tool -x', '/usr/bin/tool'],
    ['-iS tool', '/usr/bin/tool'],
    ['-S -u LANG tool', '/usr/bin/tool'],
    ['-S -C /tmp --unset=X A=1 tool', '/usr/bin/tool'],
    ['-S "tool" arg', '/usr/bin/tool'],
    ['-S PATH=/opt:${PATH} tool', '/opt/tool'],
    ['--split-string=tool arg', '/usr/bin/tool'],
  ])('env %s starts %s', (argument, path) => {
    const { closures } = traceWorld({
      ...world,
      '/opt/tool': program(),
      '/app/main': `#!/usr/bin/env ${argument}\n`,
    });
    expect(closures.at(-1)?.program.path).toBe(path);
  });

  it.each([
    ['tool', '/venv/tool'],
    ['-S tool -x', '/venv/tool'],
    ['-vS tool', '/venv/tool'],
    ['-S PATH=/opt:${PATH} tool', '/venv/tool'],
    ['-S -i PATH=${PATH} tool', '/venv/tool'],
    ['-S -i tool', '/usr/bin/tool'],
    ['-iS tool', '/usr/bin/tool'],
    ['-S - tool', '/usr/bin/tool'],
    ['-S -u PATH tool', '/usr/bin/tool'],
    ['-S --unset=PATH tool', '/usr/bin/tool'],
    ['-S -u LANG tool', '/venv/tool'],
  ])('env %s starts %s with /venv in PATH', (argument, path) => {
    const { closures } = traceWorld(
      { ...world, '/venv/tool': program(), '/app/main': `#!/usr/bin/env ${argument}\n` },
      ['/app/main'],
      { searchPath: '/venv:/usr/bin' },
    );
    expect(closures.at(-1)?.program.path).toBe(path);
  });

  it('may follow each other in any number', () => {
    const scripts = Array.from({ length: 20_000 }, (_, i) => [`/s${i}`, `#!/s${i + 1}\n`] as const);
    const { closures } = traceWorld({ ...world, ...Object.fromEntries(scripts) }, ['/s0']);
    expect(closures).toHaveLength(20_000);
    expect(closures.at(-1)).toMatchObject({ program: { path: '/s19999' }, complete: false });
  });

  it('that start themselves end', () => {
    const { closures } = traceWorld({ '/app/main': '#!/app/main\n' });
    expect(closures).toHaveLength(1);
  });
});

describe('ldconfig', () => {
  const world = {
    ...glibc,
    '/app/main': program({ needed: ['liba.so.1'] }),
    '/opt/liba.so.1.2': { soname: 'liba.so.1' },
    '/opt/liba.so.1': { link: 'liba.so.1.2' },
    '/etc/ld.so.conf': '/opt\n',
  };

  it('without it a missing cache is a missing cache, with the advice to run it', () => {
    const closure = closureOf(world);
    expect(rowsOf(closure)).toEqual(['liba.so.1 => not found']);
    expect(closure.diagnostics).toMatchObject([{ code: 'CACHE_MISSING', path: '/opt/liba.so.1' }]);
  });

  it('with it the answer is that of a cache just made', () => {
    const closure = closureOf(world, '/app/main', { ldconfig: true });
    expect(rowsOf(closure)).toEqual(['liba.so.1 => /opt/liba.so.1']);
  });
});

it('a program for ia64, whose addresses are above 2^53, has its libraries', () => {
  const ia64 = { machine: EM_IA_64, base: 0x6000000000000000n };
  const interpreter = '/lib/ld-linux-ia64.so.2';
  const closure = closureOf({
    [interpreter]: { ...ia64, soname: 'ld-linux-ia64.so.2' },
    '/lib/liba.so': { ...ia64, needed: ['libb.so'] },
    '/usr/lib/libb.so': ia64,
    '/app/main': program({ ...ia64, interpreter, needed: ['liba.so'] }),
  });
  expect(rowsOf(closure)).toEqual(['liba.so => /lib/liba.so', 'libb.so => /usr/lib/libb.so']);
});

describe('a library in an installation of its own', () => {
  const prefix = '/home/user/gentoo';
  const loaderPath = `${prefix}/lib64/ld-linux-x86-64.so.2`;
  const directories = [`${prefix}/lib64`, `${prefix}/usr/lib64`];
  const library = `${prefix}/usr/lib64/libx.so`;
  const installation = (programs: Readonly<Record<string, object>>) => ({
    [loaderPath]: { glibcLoader: { minor: 41, directories } },
    [library]: { needed: ['liba.so'] },
    [`${prefix}/usr/lib64/liba.so`]: {},
    ...programs,
  });
  const own = program({ interpreter: loaderPath });

  it.each([
    ['the usual program', `${prefix}/bin/sh`],
    ['a program that is not usual', `${prefix}/usr/bin/eix`],
  ])('has the loader of %s there', (_what, path) => {
    const closure = closureOf(installation({ [path]: own }), library);
    expect(closure.loaderPath).toBe(loaderPath);
    expect(rowsOf(closure)).toEqual([`liba.so => ${prefix}/usr/lib64/liba.so`]);
  });

  it('whatever loader the root has', () => {
    const world = {
      ...glibc,
      '/bin/sh': program(),
      ...installation({ [`${prefix}/bin/sh`]: own }),
    };
    expect(closureOf(world, library).loaderPath).toBe(loaderPath);
    expect(closureOf({ ...world, '/lib/liby.so': {} }, '/lib/liby.so').loaderPath).toBe(
      GLIBC_INTERPRETER,
    );
  });

  it('has not the loader of programs for another CPU, nor one that a library names', () => {
    const world = {
      ...glibc,
      ...installation({
        [`${prefix}/bin/sh`]: { ...own, class: 32 },
        [`${prefix}/usr/bin/libc.so`]: { interpreter: loaderPath, soname: 'libc.so.6' },
      }),
    };
    expect(closureOf(world, library).loaderPath).toBe(GLIBC_INTERPRETER);
  });
});
