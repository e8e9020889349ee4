/**
 * Audit modules: with which libraries they are reported, and that images have them. What real loaders do
 * with the same is in test/differential/audit-modules.test.ts.
 */
import { expect, it } from 'vitest';
import { closureFiles } from '../../src/closure/closure-files.js';
import { json } from '../../src/report/trace/json.js';
import { text } from '../../src/report/trace/text.js';
import { filesOf, plan } from '../image/planned.js';
import {
  closureOf,
  glibcSystem,
  muslProgram,
  muslSystem,
  program,
  type World,
} from '../support/world.js';

const symbols = { list: [{ name: 'la_version', section: 1 }] };
const world: World = {
  ...glibcSystem(36),
  '/lib/x86_64-linux-gnu/libc.so.6': {},
  '/app/main': program({ needed: ['libc.so.6'], audit: 'libau.so:libgone.so', runpath: '/opt' }),
  '/opt/libau.so': { needed: ['libc.so.6', 'libdeep.so'], runpath: '$ORIGIN/deep', symbols },
  '/opt/deep/libdeep.so': {},
};

it('are no libraries of the program, and have their own', () => {
  const { libraries, auditModules, complete } = closureOf(world);
  expect(libraries.map(({ name }) => name)).toEqual(['libc.so.6']);
  expect(complete).toBe(true);
  expect(auditModules).toMatchObject([
    { name: 'libau.so', source: 'DT_AUDIT', refusal: undefined },
    { name: 'libgone.so', source: 'DT_AUDIT', refusal: { code: 'cannot-open' } },
  ]);
  expect(auditModules[0]?.objects.map(({ path }) => path)).toEqual([
    '/opt/libau.so',
    '/lib/x86_64-linux-gnu/libc.so.6',
    '/opt/deep/libdeep.so',
  ]);
});

it('come in the order of the variable, then of the tags', () => {
  const asks = program({
    needed: ['libc.so.6'],
    audit: '/opt/a.so',
    depaudit: '/opt/b.so:/opt/c.so',
  });
  const { auditModules } = closureOf({ ...world, '/app/main': asks }, '/app/main', {
    audit: '/opt/d.so',
  });
  expect(auditModules.map(({ name, source }) => `${source} ${name}`)).toEqual([
    'LD_AUDIT /opt/d.so',
    'DT_AUDIT /opt/a.so',
    'DT_DEPAUDIT /opt/b.so',
    'DT_DEPAUDIT /opt/c.so',
  ]);
});

it('are in reports, marked as such', () => {
  const closures = [closureOf(world)];
  const input = {
    root: '/',
    closures,
    errors: [],
    names: new Map(),
    verbose: false,
    quiet: false,
    color: false,
  };
  expect(JSON.parse(json.format(input)).programs[0].auditModules).toMatchObject([
    {
      name: 'libau.so',
      source: 'DT_AUDIT',
      path: '/opt/libau.so',
      realPath: '/opt/libau.so',
      status: 'found',
      libraries: [{ name: 'libc.so.6' }, { name: 'libdeep.so', status: 'found' }],
    },
    { name: 'libgone.so', path: null, status: 'missing', libraries: [] },
  ]);
  const report = text.format(input);
  expect(report).toContain('  audit module libau.so /opt/libau.so  DT_AUDIT\n');
  expect(report).toContain('  audit module libgone.so not found  DT_AUDIT\n');
  const plain = { ...input, closures: [closureOf({ ...world, '/app/main': program() })] };
  expect(JSON.parse(json.format(plain)).programs[0]).not.toHaveProperty('auditModules');
});

it('go into images with what they load, and move with the program that finds them beside itself', () => {
  expect(filesOf(plan(world, '/app/main'))).toEqual(
    expect.arrayContaining(['f /opt/libau.so (library)', 'f /opt/deep/libdeep.so (library)']),
  );
  const beside = {
    ...world,
    '/app/main': program({ needed: ['libc.so.6'], audit: '$ORIGIN/lib/libau.so' }),
    '/app/lib/libau.so': { symbols },
  };
  const destinations = new Map([['/app/main', '/bin/main']]);
  expect(filesOf(plan(beside, '/app/main', { destinations }))).toContain(
    'f /bin/lib/libau.so <- /app/lib/libau.so (library)',
  );
});

it('that only the cache knows are found by a cache in the image', () => {
  const cached = {
    ...world,
    '/app/main': program({ needed: ['libc.so.6'], audit: 'libau.so' }),
    '/etc/ld.so.cache': { cache: [{ name: 'libau.so', path: '/opt/libau.so' }] },
  };
  const made = plan(cached, '/app/main');
  expect(made.complete).toBe(true);
  expect(made.entries.map(({ path }) => path)).toContain('/etc/ld.so.cache');
});

it('that are passed over or left out are no files of the program', () => {
  const lacks = { ...world, '/opt/libau.so': { needed: ['libnone.so'], symbols } };
  const paths = (...args: Parameters<typeof closureOf>) =>
    closureFiles(closureOf(...args)).map(({ path }) => path);
  expect(paths(lacks)).not.toContain('/opt/libau.so');
  expect(paths(world, '/app/main', { exclude: ['libau.so'] })).not.toContain('/opt/libau.so');
  expect(paths(world, '/app/main', { exclude: ['libdeep.so'] })).toContain('/opt/libau.so');
});

it('are unknown to musl', () => {
  const main = muslProgram({ audit: '/opt/libau.so' });
  const { auditModules } = closureOf({ ...muslSystem(), '/app/main': main, '/opt/libau.so': {} });
  expect(auditModules).toEqual([]);
});
