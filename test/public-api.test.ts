/**
 * What only src/index.ts does: the whole way to a plan in one call, and functions that take a trace in
 * front of those of a room.
 */
import { describe, expect, it } from 'vitest';
import * as c from '../src/elf/constants.js';
import {
  type Closure,
  checkClosure,
  checkTrace,
  closureFiles,
  detectRuntimeNeeds,
  ElfdepsError,
  lddLines,
  listNeededVersions,
  listUndefinedSymbols,
  listUnusedNeeds,
  loaderMessages,
  memoryRoot,
  minimumVersions,
  needGraph,
  needKinds,
  oldestDistributions,
  openRoot,
  PlanError,
  parseElf,
  parseSymbols,
  planImage,
  planPrograms,
  planTrace,
  traceDependencies,
  traceRuntimeNeeds,
  writers,
} from '../src/index.js';
import { buildElf } from './support/elf-builder.js';
import { glibcSystem, memoryWorld, program, type World } from './support/world.js';

const world: World = {
  ...glibcSystem(36),
  '/app/main': program({ needed: ['liba.so'], symbols: { list: [{ name: 'getaddrinfo' }] } }),
  '/app/lost': program({ needed: ['libgone.so'] }),
  '/app/moved': program({ needed: ['libfar.so'] }),
  '/lib/liba.so': {},
  '/lib/glibc-hwcaps/x86-64-v3/liba.so': {},
  '/far/libfar.so': {},
  '/etc/nsswitch.conf': new TextEncoder().encode('hosts: files dns\n'),
};
const root = memoryRoot(memoryWorld(world));
const pathsOf = ({ plan }: ReturnType<typeof planPrograms>) =>
  plan.entries.flatMap(({ kind, path }) => (kind === 'directory' ? [] : [path]));

describe('planPrograms', () => {
  it('is the single steps in one', () => {
    const { trace, chosen, suggested } = traceRuntimeNeeds(
      traceDependencies(root, ['/app/main'], { hwcaps: 'none' }),
      { without: ['passwd'] },
    );
    const plan = planImage(trace, { layout: 'links', needs: chosen });
    const made = planPrograms(root, ['/app/main'], { without: ['passwd'] });
    expect(made.plan).toEqual(plan);
    expect([made.chosen, made.suggested]).toEqual([chosen, suggested]);
    expect(made.trace.closures.map(({ program: { path } }) => path)).toEqual(['/app/main']);
    expect(pathsOf(made)).toEqual(expect.arrayContaining(['/app/main', '/lib/liba.so']));
  });

  it.each([
    [[], ['/lib/glibc-hwcaps/x86-64-v3/liba.so']],
    [['/lib/glibc-hwcaps/x86-64-v3/liba.so'], []],
  ])('notes variants that it leaves out, with %j included', (include, paths) => {
    const { plan } = planPrograms(root, ['/app/main'], { include });
    const notes = plan.notes.flatMap((note) => (note.code === 'VARIANT_LEFT_OUT' ? note.path : []));
    expect(notes).toEqual(paths);
  });

  it.each([
    ['#!/bin/sh\nexit 0\n', {}, false],
    ['#!/bin/sh\n/app/main\n', { without: ['all'] }, false],
    ['#!/bin/sh\n/app/main\n', {}, false],
    ['#!/app/main\nopen\n', {}, true],
  ])('notes that nothing looked at the commands of %j, with %j: %j', (text, options, isNoted) => {
    const script = { '/app/run': text, '/bin/sh': program() };
    const own = memoryRoot(memoryWorld({ ...world, ...script }));
    const { plan } = planPrograms(own, ['/app/run'], options);
    expect(plan.notes.some(({ code }) => code === 'SCRIPT')).toBe(isNoted);
  });

  it('plans for every CPU of the platform, unless told otherwise', () => {
    const variant = '/lib/glibc-hwcaps/x86-64-v3/liba.so';
    const usual = pathsOf(planPrograms(root, ['/app/main']));
    expect(usual).toContain('/lib/liba.so');
    expect(usual).not.toContain(variant);
    const newer = pathsOf(planPrograms(root, ['/app/main'], { hwcaps: 'x86-64-v3' }));
    expect(newer).toContain(variant);
    // On a lesser CPU it is loaded.
    expect(newer).toContain('/lib/liba.so');
  });

  it('adds what the needs find in the root', () => {
    const nss = '/etc/nsswitch.conf';
    expect(pathsOf(planPrograms(root, ['/app/main']))).toContain(nss);
    expect(pathsOf(planPrograms(root, ['/app/main'], { without: ['nss'] }))).not.toContain(nss);
  });

  it('finds libraries by a library path, and finds a way to them in the image', () => {
    const { plan } = planPrograms(root, ['/app/moved'], { libraryPath: '/far', layout: 'flat' });
    expect(plan.environment).toEqual({ LD_LIBRARY_PATH: '/far' });
  });

  it('takes a place for a program, and what the image starts with', () => {
    const { plan } = planPrograms(root, ['/app/main'], {
      destinations: new Map([['/app/main', '/start']]),
      command: ['-v'],
      environment: { TZ: 'UTC' },
      user: '1000',
    });
    expect(plan).toMatchObject({
      entrypoint: ['/start'],
      command: ['-v'],
      environment: { TZ: 'UTC' },
      user: '1000',
    });
  });

  it('throws what a single step throws, and the error of a program that is not there', () => {
    expect(() => planPrograms(root, ['/app/lost'])).toThrow(PlanError);
    expect(planPrograms(root, ['/app/lost'], { allowIncomplete: true }).plan.complete).toBe(false);
    expect(() => planPrograms(root, ['/app/main'], { with: ['ns'] })).toThrow(/no need is called/);
    const code = (() => {
      try {
        planPrograms(root, ['/app/main', '/app/none']);
      } catch (error) {
        return error instanceof ElfdepsError ? [error.code, error.path] : error;
      }
      return 'no error';
    })();
    expect(code).toEqual(['FILE_NOT_FOUND', '/app/none']);
  });
});

it('planTrace takes the library path of the trace', () => {
  const trace = traceDependencies(root, ['/app/moved'], { libraryPath: '/far' });
  expect(planTrace(trace, { layout: 'flat' }).plan.environment.LD_LIBRARY_PATH).toBe('/far');
});

it('needKinds are the names that with and without take', () => {
  const kinds = needKinds.map(({ kind }) => kind);
  expect(kinds).toContain('nss');
  expect(() => planPrograms(root, ['/app/main'], { without: kinds })).not.toThrow();
});

describe('symbols', () => {
  const glibc = program({
    needed: ['liba.so', 'libb.so'],
    symbols: {
      list: [{ name: 'f', versym: 2 }, { name: 'gone' }],
      needs: [{ file: 'liba.so', versions: [{ name: 'GLIBC_2.34', index: 2 }] }],
      relocations: [
        { symbol: 'f', type: 6 },
        { symbol: 'gone', type: 6 },
      ],
    },
  });
  const trace = traceDependencies(
    memoryRoot(
      memoryWorld({
        ...glibcSystem(36),
        '/app/main': glibc,
        '/lib/liba.so': {
          symbols: {
            list: [{ name: 'f', value: 1, versym: 2 }],
            definitions: [
              { name: 'liba.so', index: 1, flags: c.VER_FLG_BASE },
              { name: 'GLIBC_2.34', index: 2 },
            ],
          },
        },
        '/lib/libb.so': { symbols: { list: [] } },
      }),
    ),
    ['/app/main'],
  );
  const closure = trace.closures[0] as Closure;

  it('listUndefinedSymbols and lddLines -r', () => {
    expect(listUndefinedSymbols(trace, closure).map(({ name }) => name)).toEqual(['gone']);
    expect(lddLines(trace, closure, '-r')).toEqual(['undefined symbol: gone\t(/app/main)']);
  });

  it('listUnusedNeeds and lddLines -u', () => {
    expect(listUnusedNeeds(trace, closure).map(({ needed }) => needed)).toEqual(['libb.so']);
    expect(lddLines(trace, closure, '-u')).toEqual([
      'Unused direct dependencies:',
      '\t/lib/libb.so',
    ]);
  });

  it('listNeededVersions and lddLines -v', () => {
    expect(listNeededVersions(trace, closure)).toMatchObject([
      { file: 'liba.so', version: 'GLIBC_2.34', path: '/lib/liba.so' },
    ]);
    expect(lddLines(trace, closure, '-v')).toContain('\t\tliba.so (GLIBC_2.34) => /lib/liba.so');
  });

  it('minimumVersions and oldestDistributions', () => {
    const { program: versions } = minimumVersions(trace, closure);
    expect(versions).toMatchObject([{ family: 'GLIBC', version: '2.34', symbols: ['f'] }]);
    expect(oldestDistributions(versions).map(({ name }) => name)).toContain('Debian');
  });

  it('parseSymbols takes the bytes that parseElf takes', () => {
    const bytes = buildElf({ symbols: { list: [{ name: 'g' }, { name: 'h', value: 1 }] } });
    const symbols = parseSymbols(bytes, parseElf(bytes));
    expect(symbols?.imports().map(({ name }) => name)).toEqual(['g']);
    expect(symbols?.exports().map(({ name }) => name)).toEqual(['h']);
    expect(parseSymbols(buildElf({ dynamic: false }), parseElf(buildElf({ dynamic: false })))).toBe(
      undefined,
    );
  });
});

describe('an argument of another type', () => {
  const ROOT = "root: pass what `await openRoot('/')` gives";
  const PROGRAMS = "programs: pass an array of absolute paths, such as ['/usr/bin/git']";
  const TRACE = 'trace: pass what `traceDependencies(root, programs)` gives';
  const CLOSURE = 'closure: pass one of `trace.closures`';
  const trace = traceDependencies(root, ['/app/main']);
  const called = (call: (...args: never[]) => unknown, ...args: readonly unknown[]) => {
    Reflect.apply(call, undefined, args);
  };

  const ofClosures = [
    checkClosure,
    lddLines,
    listUndefinedSymbols,
    listUnusedNeeds,
    listNeededVersions,
    minimumVersions,
  ];

  it.each([traceDependencies, planPrograms])('is told by %o for a root and programs', (call) => {
    for (const wrong of ['/', undefined, null, openRoot('/'), ['/app/main'], {}])
      expect(() => called(call, wrong, ['/app/main'])).toThrow(new TypeError(ROOT));
    for (const wrong of ['/app/main', undefined, [1], new Set(['/app/main'])])
      expect(() => called(call, root, wrong)).toThrow(new TypeError(PROGRAMS));
  });

  it.each([
    detectRuntimeNeeds,
    traceRuntimeNeeds,
    planImage,
    planTrace,
    checkTrace,
    loaderMessages,
    ...ofClosures,
  ])('is told by %o for a trace', (call) => {
    for (const wrong of [root, undefined, null, '/app/main', [trace], { trace }])
      expect(() => called(call, wrong, trace.closures[0])).toThrow(new TypeError(TRACE));
  });

  it.each(ofClosures)('is told by %o for a closure', (call) => {
    for (const wrong of [undefined, null, '/app/main', trace])
      expect(() => called(call, trace, wrong)).toThrow(new TypeError(CLOSURE));
  });

  it.each([needGraph, closureFiles])('is told by %o for a closure alone', (call) => {
    for (const wrong of [undefined, null, '/app/main', trace])
      expect(() => called(call, wrong)).toThrow(new TypeError(CLOSURE));
  });

  it.each(['given', 'include', 'packages', 'started', 'with', 'without'])(
    'is told for %s, which is an array',
    (name) => {
      const wrong = new TypeError(`${name}: pass an array`);
      expect(() => called(planPrograms, root, ['/app/main'], { [name]: 'gconv' })).toThrow(wrong);
      expect(() => called(traceRuntimeNeeds, trace, { [name]: 'gconv' })).toThrow(wrong);
    },
  );

  it('is told for exclude, and undefined options are none', () => {
    const wrong = new TypeError('exclude: pass an array');
    const options = { exclude: 'liba.so' };
    expect(() => called(traceDependencies, root, ['/app/main'], options)).toThrow(wrong);
    expect(traceDependencies(root, ['/app/main'], { exclude: undefined }).errors).toEqual([]);
  });

  it('is told by parseElf for bytes', () => {
    const wrong = 'bytes: pass the bytes of a file, such as `readFileSync(path)` gives';
    for (const bytes of ['/app/main', undefined, null, {}])
      expect(() => called(parseElf, bytes)).toThrow(new TypeError(wrong));
  });

  it('is told by the writers for a plan and a place', async () => {
    const made = planPrograms(root, ['/app/main']);
    const wrong = new TypeError(
      'plan: pass the `plan` in what `planPrograms(root, programs)` gives',
    );
    expect(() => called(writers.dockerfile, made, { base: 'scratch' })).toThrow(wrong);
    for (const write of [writers.directory, writers.tar])
      await expect(Reflect.apply(write, undefined, [made, root, 'out'])).rejects.toThrow(wrong);
    await expect(Reflect.apply(writers.directory, undefined, [made.plan, 'out'])).rejects.toThrow(
      new TypeError('destination: pass the path of a directory'),
    );
  });

  it('is told by openRoot for a path', async () => {
    await expect(Reflect.apply(openRoot, undefined, [undefined])).rejects.toThrow(
      new TypeError('path: pass a text: a directory or an archive'),
    );
  });
});
