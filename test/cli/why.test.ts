/**
 * `elfdeps why`: words, JSON and exit codes.
 */
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli-runner.js';
import { diskWorld, removeDiskWorldsAfterwards } from '../support/disk-world.js';
import { glibcSystem, muslProgram, muslSystem, program, TRIPLET } from '../support/world.js';

removeDiskWorldsAfterwards();
const LIB = `/usr/lib/${TRIPLET}`;
const root = diskWorld({
  ...glibcSystem(36),
  '/app/main': program({ needed: ['liba.so', 'libgone.so'], rpath: '/opt/lib' }),
  [`${LIB}/liba.so`]: { needed: ['libb.so', 'libgone.so'] },
  [`${LIB}/libb.so`]: { needed: ['libevil\x1b[31m.so'] },
});
const why = (...args: string[]) => runCli(['why', '--root', root, ...args]);

it('tells chains, the place, the cost, and with --verbose every path tried', async () => {
  const { code, stdout, stderr } = await why('/app/main', 'libb');
  expect([code, stderr]).toEqual([0, '']);
  const [head, ...lines] = stdout.split('\n');
  expect(head).toMatch(/^libb\.so {2}\/.*\/libb\.so {2}\d/);
  expect(lines).toContain('  1 chain of needs');
  expect(lines).toContain('    /app/main > liba.so > libb.so');
  expect(stdout).toMatch(/^ {2}its removal saves .*, 1 file$/m);
  expect(stdout).toContain(
    `  found: from default directories, in ${LIB} after 2 other paths (--verbose lists them)\n`,
  );
  expect(stdout).not.toContain('/opt/lib/libb.so');
  const verbose = (await why('/app/main', 'libb', '--verbose')).stdout;
  expect(verbose).toContain(`  found: from default directories, in ${LIB}\n`);
  expect(verbose).toContain('        /opt/lib/libb.so missing\n');
});

it('tells who needs it where that are several, and whether one of them decides', async () => {
  const world = diskWorld({
    ...glibcSystem(36),
    '/app/main': program({ needed: ['liba.so', 'libd.so'], runpath: '/opt/lib' }),
    '/opt/lib/liba.so': { needed: ['libb.so'], runpath: '/opt/lib' },
    '/opt/lib/libb.so': { needed: ['libc1.so'], runpath: '/opt/lib' },
    '/opt/lib/libc1.so': { needed: ['libb.so'], runpath: '/opt/lib' },
    '/opt/lib/libd.so': { needed: ['liba.so'], runpath: '/opt/lib' },
  });
  const lines = async (name: string) =>
    (await runCli(['why', '--root', world, '/app/main', name])).stdout.split('\n').slice(-6);
  expect((await lines('libb.so')).slice(-5)).toEqual([
    '  needed directly by 2: liba.so, libc1.so',
    '  found: by the runpath of /opt/lib/liba.so, in /opt/lib',
    expect.stringMatching(/^ {2}its removal saves .*, 2 files$/),
    '    it can go if liba.so does not need it: the others go with it',
    '',
  ]);
  expect(await lines('liba.so')).toContain('    it can go only if none of these 2 needs it');
});

it('of several programs only those that need the library count, and the others are counted', async () => {
  const two = await why('/app/main', `${LIB}/libb.so`, 'liba.so');
  expect(two.stdout).toContain('/app/main > liba.so\n');
  expect(two.stdout).toMatch(/\n\n1 other program does not need it\n$/);
  expect(two.code).toBe(0);
  const none = await why('/app/main', `${LIB}/libb.so`, 'libnone.so');
  expect(none.stdout).toBe('none of 2 programs needs libnone.so\n');
  expect(none.code).toBe(1);
});

it('of a script, what it starts needs libraries', async () => {
  const scripts = diskWorld({
    ...glibcSystem(36),
    '/bin/sh': program({ needed: ['libone.so'] }),
    '/usr/lib/libone.so': {},
    '/bin/script': '#!/bin/sh\n',
  });
  const lines = async (...args: string[]) =>
    (await runCli(['why', '--root', scripts, ...args])).stdout.trimEnd().split('\n');
  expect((await lines('/bin/script', 'libone.so')).at(-1)).toMatch(/^ {2}its removal saves /);
  expect(await lines('/bin/script', 'libno.so')).toEqual(['nothing that it starts needs libno.so']);
  expect((await lines('/bin/script', '/usr/lib/libone.so', 'libone.so')).at(-1)).toBe(
    '1 other program does not need it',
  );
  const musl = diskWorld({
    ...glibcSystem(36),
    '/a': program({ needed: ['libone.so'] }),
    '/b': program({ needed: ['libone.so'] }),
    '/usr/lib/libone.so': {},
  });
  const { stdout } = await runCli(['why', '--root', musl, '/a', '/b', 'libone.so']);
  expect(stdout).toMatch(/\n\nboth programs need it\n$/);
});

it('one file that is needed in two ways: no need alone keeps it', async () => {
  const musl = diskWorld({
    ...muslSystem(),
    '/app/hm': muslProgram({ needed: ['libc.so'] }),
    '/app/other': muslProgram({ needed: ['libown.so', 'libc.so'] }),
    '/usr/lib/libown.so': { needed: ['libc.so'] },
  });
  const { stdout } = await runCli(['why', '--root', musl, '/app/hm', 'libc']);
  expect(stdout).toMatch(/^ {2}2 chains of needs$/m);
  expect(stdout).toMatch(
    /^ {2}its removal saves .*, 1 file\n {4}\/app\/hm needs this one file as its interpreter and as libc\.\S+:\n {4}dropping one of these needs saves nothing: the other keeps it$/m,
  );
  const json = await runCli(['why', '--root', musl, '/app/hm', 'libc', '--format', 'json']);
  const [library] = JSON.parse(json.stdout).programs[0].libraries;
  expect(library.needs).toMatchObject([{ saved: { files: 0 } }, { saved: { files: 0 } }]);
  expect(library.saved.files).toBe(1);
  const other = await runCli(['why', '--root', musl, '/app/other', 'libc']);
  expect(other.stdout).toContain('    it can go only if none of these 2 needs it\n');
});

it('says why a library is missing and what helps, as check does', async () => {
  const { findings } = JSON.parse(
    (await runCli(['check', '--root', root, '/app/main', '--format', 'json'])).stdout,
  ).programs[0];
  const [found] = findings.filter(({ path }: { path: string }) => path === 'libgone.so');
  const { stdout } = await why('/app/main', 'libgone.so');
  const words = stdout.replaceAll(/\s+/g, ' ');
  expect(words).toContain(` cause: ${found.cause} remedy: ${found.remedy}`);
  const json = await why('/app/main', 'libgone.so', '--format', 'json');
  const [{ reasons }] = JSON.parse(json.stdout).programs[0].libraries;
  expect(reasons).toEqual([{ cause: found.cause, remedy: found.remedy }]);
  const there = await why('/app/main', 'libb.so', '--format', 'json');
  expect(JSON.parse(there.stdout).programs[0].libraries[0].reasons).toBeUndefined();
});

it('works for what is missing: who needs it, and what was tried', async () => {
  const { code, stdout } = await why('/app/main', 'libgone.so');
  expect(code).toBe(0);
  expect(stdout).toContain('libgone.so  not found\n  2 chains of needs\n');
  expect(stdout).toContain('    /app/main > liba.so > libgone.so\n');
  expect(stdout).toContain('        /opt/lib/libgone.so missing\n');
  expect(stdout).not.toContain('removal');
});

it('exits with 1 when it is not needed, and says what is', async () => {
  const { code, stdout } = await why('/app/main', 'libbb.so');
  expect(code).toBe(1);
  expect(stdout).toContain('/app/main needs nothing called libbb.so\n  did you mean lib');
  expect(stdout).toContain('\n    libgone.so\n');
});

it('lists the ten nearest of many names, and counts the rest', async () => {
  const many = Array.from(
    { length: 26 },
    (_, index) => `lib${'abcdefghijklmnopqrstuvwxyz'[index]}`,
  );
  const wide = diskWorld({
    ...glibcSystem(36),
    '/app/main': program({ needed: [...many.map((name) => `${name}ear.so`), 'libfarther.so.1'] }),
  });
  const words = ['why', '--root', wide, '/app/main', 'libzeal.so'];
  const { code, stdout } = await runCli(words);
  expect(code).toBe(1);
  const [head, similar, title, first, ...rest] = stdout.trimEnd().split('\n');
  expect(head).toBe('/app/main needs nothing called libzeal.so');
  expect(similar).toMatch(/^ {2}did you mean libzear\.so, /);
  expect([title, first]).toEqual(['  it needs', '    libzear.so']);
  expect(rest).toHaveLength(10);
  expect(rest.at(-1)).toBe('    and 18 more (--verbose)');
  expect(stdout).not.toContain('libfarther');
  const all = (await runCli([...words, '--verbose'])).stdout;
  for (const name of many) expect(all).toContain(`    ${name}ear.so\n`);
  expect(all).toContain('    libfarther.so.1\n');
  expect(all).not.toContain('more');
});

it('shows no control characters', async () => {
  const { stdout } = await why('/app/main', 'lib*');
  expect(stdout).toContain('libevil\\x1b[31m.so');
  expect(stdout).not.toContain('\x1b');
});

it('json is what the schema says, with all attempts', async () => {
  const { code, stdout } = await why('/app/main', 'lib*', '--format', 'json');
  expect(code).toBe(0);
  const [{ libraries }] = JSON.parse(stdout).programs;
  const [a] = libraries;
  expect([a.name, a.chainCount, a.saved.files]).toEqual(['liba.so', 1, 2]);
  expect(a.needs).toMatchObject([{ from: '/app/main', needed: 'liba.so', saved: { files: 2 } }]);
});

it.each([
  [['/app/main']],
  [['/app/main', '']],
  [['/app/gone', 'liba.so']],
  [['/app/main', 'liba.so', '--format', 'dot']],
])('exits with 2: %j', async (args) => {
  expect((await why(...args)).code).toBe(2);
});

it.each([
  ['--include', '/opt/plugin.so'],
  ['--include', '/opt/*.so'],
  ['--dlopen', 'recommended', '--include', '/opt/plugin.so'],
])('counts what %s names as opened', async (...options) => {
  const world = diskWorld({
    ...glibcSystem(36),
    '/app/main': program({ needed: ['libc.so.6'] }),
    [`${LIB}/libc.so.6`]: {},
    [`${LIB}/libonly.so.1`]: {},
    '/opt/plugin.so': { needed: ['libonly.so.1'] },
  });
  const words = ['why', '--root', world, '/app/main', 'libonly.so.1'];
  expect((await runCli(words)).code).toBe(1);
  const { code, stdout } = await runCli([...words, ...options]);
  expect(stdout).toContain('> libonly.so.1');
  expect(code).toBe(0);
  const excluded = await runCli([...words, ...options, '--exclude', 'libonly.so.1']);
  expect(excluded.stderr).not.toContain('nothing has that name');
});

it('refuses an unknown --dlopen', async () => {
  const { code, stderr } = await why('/app/main', 'libb', '--dlopen', 'bogus');
  expect([code, stderr]).toEqual([2, expect.stringContaining("'bogus'")]);
});

describe('what needs at run time bring', () => {
  const security = `${LIB}/security`;
  const world = diskWorld({
    ...glibcSystem(36),
    '/app/main': program({ needed: ['libpam.so.0'] }),
    [`${LIB}/libpam.so.0`]: {},
    '/etc/pam.d/app': 'auth required pam_a.so\n',
    [`${security}/pam_a.so`]: { needed: ['libonly.so'] },
    [`${security}/pam_b.so`]: {},
    [`${LIB}/libonly.so`]: {},
  });
  const ask = (wanted: string, ...more: string[]) =>
    runCli(['why', '--root', world, '/app/main', wanted, ...more]);
  const head = (wanted: string) => `an image gets ${wanted} for what is needed at run time\n`;

  it('is told with the chain of a library', async () => {
    const { code, stdout } = await ask('libonly.so');
    expect(code).toBe(0);
    expect(stdout).toMatch(/\/app\/main > libpam\.so\.0 > \S+pam_a\.so \(dlopen\) > libonly\.so/);
    expect(stdout).toContain(head('libonly.so'));
    expect(stdout).toMatch(/^ {2}pam: \S+libpam\.so\.0 is loaded$/m);
    expect((await ask('libpam.so.0')).stdout).not.toContain('an image');
  });

  it('is told of a file, and in JSON', async () => {
    expect((await ask('/etc/pam.d/app')).stdout).toMatch(/^an image gets [^\n]+\n {2}pam: /);
    const json = JSON.parse((await ask('pam_a.so', '--format', 'json')).stdout);
    expect(json.needs).toMatchObject([{ kind: 'pam', program: '/app/main' }]);
    expect(json.programs[0].libraries).toHaveLength(1);
  });

  it('is nothing of what they do not bring', async () => {
    const { code, stdout } = await ask('pam_b.so');
    expect(code).toBe(1);
    expect(stdout).toContain('/app/main needs nothing called pam_b.so\n');
  });
});
