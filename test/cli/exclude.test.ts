/**
 * `--exclude`: what is left out counts as provided elsewhere, in every command, and what only it needs
 * goes too.
 */
import fs from 'node:fs';
import nodePath from 'node:path';
import { describe, expect, it } from 'vitest';
import { glibcWith, LIB } from '../needs/need-worlds.js';
import { runCli } from '../support/cli-runner.js';
import { diskWorld, removeDiskWorldsAfterwards } from '../support/disk-world.js';
import { GLIBC_INTERPRETER, program } from '../support/world.js';

removeDiskWorldsAfterwards();

const root = diskWorld({
  ...glibcWith(36),
  '/usr/bin/app': program({ needed: ['libgpu.so.1', 'libz.so.1', 'libgone.so.2', 'libc.so.6'] }),
  '/usr/bin/plain': program({ needed: ['libz.so.1', 'libc.so.6'] }),
  [`${LIB}/libgpu.so.1`]: { link: 'libgpu-535.so' },
  [`${LIB}/libgpu-535.so`]: { soname: 'libgpu.so.1', needed: ['libonly.so.3', 'libz.so.1'] },
  [`${LIB}/libonly.so.3`]: {},
  [`${LIB}/libz.so.1`]: {},
  '/usr/share/app/small': 'small',
  '/usr/share/app/large/one': 'large',
  '/usr/share/app/large/two': 'large',
  '/srv/data/to': { link: '../other' },
  '/srv/data/file': { link: '../single' },
  '/srv/other/light': 's',
  '/srv/other/heavy': 'l',
  '/srv/single': 's',
});
const run = (...args: string[]) => runCli([args[0] as string, '--root', root, ...args.slice(1)]);
const BOTH = ['--exclude', 'libgpu.so.1', '--exclude', 'libgone.so.2'] as const;

/** The relative paths of the files in the tree that `copy` makes. */
async function copied(...args: string[]) {
  const to = nodePath.join(diskWorld({}), 'tree');
  const { code, stderr } = await run('copy', ...args, '--to', to);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const files = fs.readdirSync(to, { recursive: true, withFileTypes: true });
  return { names: files.filter((file) => file.isFile()).map(({ name }) => name), stderr };
}

describe('reports', () => {
  it('JSON has the status excluded, and nothing of what only it needs', async () => {
    const { code, stdout } = await run('/usr/bin/app', ...BOTH, '--format', 'json');
    const [app] = JSON.parse(stdout).programs;
    expect(code).toBe(0);
    expect(app.complete).toBe(true);
    expect(
      app.libraries.map(({ name, status }: { name: string; status: string }) => [name, status]),
    ).toEqual([
      ['libgpu.so.1', 'excluded'],
      ['libz.so.1', 'found'],
      ['libgone.so.2', 'excluded'],
      ['libc.so.6', 'found'],
    ]);
    expect(app.libraries[0]).toMatchObject({ path: null, rule: null, neededBy: ['/usr/bin/app'] });
  });

  it.each([
    ['ldd', '\tlibgpu.so.1 => excluded\n'],
    ['text', ' libgpu.so.1   excluded\n'],
    ['tree', 'libgpu.so.1 excluded\n'],
    ['dot', 'excluded'],
    ['mermaid', ':::excluded'],
    ['html', 'excluded'],
  ])('%s marks it', async (format, words) => {
    const { code, stdout } = await run('/usr/bin/app', ...BOTH, '--format', format);
    expect(code).toBe(0);
    // The script of the page has words for other pages too.
    const text = stdout.replace(/<script>.*<\/script>/s, '');
    expect(text).toContain(words);
    expect(text).not.toContain('not found');
    expect(text).not.toContain('libonly');
  });

  it('the list of files lacks it, without a note', async () => {
    const { stdout, stderr } = await run('/usr/bin/app', ...BOTH, '--format', 'list');
    expect(stdout).not.toContain('libgpu');
    expect(stderr).toBe('');
  });

  it('why says so, and counts nothing for it', async () => {
    const json = await run('why', '/usr/bin/app', 'libgpu.so.1', ...BOTH, '--format', 'json');
    expect(json.code).toBe(0);
    expect(JSON.parse(json.stdout).programs[0].libraries[0]).toMatchObject({
      status: 'excluded',
      size: null,
      saved: { files: 0, bytes: 0 },
    });
    const { stdout } = await run('why', '/usr/bin/app', 'libgpu.so.1', ...BOTH);
    expect(stdout).toContain('excluded');
    expect(stdout).not.toContain('not found');
  });

  it('check has a note, and no error', async () => {
    const { code, stdout } = await run('check', '/usr/bin/app', ...BOTH, '--format', 'json');
    expect(code).toBe(0);
    const { findings } = JSON.parse(stdout).programs[0];
    expect(findings.filter(({ severity }: { severity: string }) => severity === 'error')).toEqual(
      [],
    );
    const own = findings.filter(({ code: name }: { code: string }) => name === 'LIBRARY_EXCLUDED');
    expect(own).toHaveLength(2);
    expect((await run('check', '--image', '/usr/bin/app', ...BOTH)).code).toBe(0);
  });
});

describe('images', () => {
  it('are complete without it, and a note lists it', async () => {
    const { names, stderr } = await copied('/usr/bin/app', ...BOTH);
    expect(names).toContain('libz.so.1');
    expect(names.filter((name) => /gpu|only/.test(name))).toEqual([]);
    expect(stderr).toContain(
      'excluded, so something else has to provide them: libgpu.so.1, libgone.so.2',
    );
  });

  it.each([
    ['a path', `${LIB}/libgpu.so.1`],
    ['the path behind links', `/usr${LIB}/libgpu-535.so`],
    ['a pattern of names', 'libgpu*'],
    ['a pattern of paths', '/**/libgpu*'],
  ])('%s may name it', async (_how, pattern) => {
    const exclude = ['--exclude', pattern, '--exclude', 'libgone.so.2'];
    if (pattern.startsWith('/usr') && !fs.existsSync(root + pattern)) exclude[1] = pattern.slice(4);
    const { names } = await copied('/usr/bin/app', ...exclude);
    expect(names.filter((name) => /gpu|only/.test(name))).toEqual([]);
    expect((await run('dockerfile', '/usr/bin/app', ...exclude)).code).toBe(0);
  });

  it('lack files and directories of needs, and what is in a directory stays', async () => {
    const include = ['--include', '/usr/share/app'];
    const all = await copied('/usr/bin/plain', ...include);
    expect(all.names).toEqual(expect.arrayContaining(['small', 'one', 'two']));
    const less = await copied('/usr/bin/plain', ...include, '--exclude', '/usr/share/app/large');
    expect(less.names).toContain('small');
    expect(less.names).not.toContain('one');
    const one = await copied('/usr/bin/plain', ...include, '--exclude', '/usr/**/one');
    expect(one.names).toEqual(expect.arrayContaining(['small', 'two']));
    expect(one.names).not.toContain('one');
  });

  it.each([
    ['/srv/other/heavy', ['light', 'single']],
    ['/srv/data/to/heavy', ['light', 'single']],
    ['/srv/other', ['single']],
    ['/srv/data/to', ['single']],
    ['/srv/single', ['light', 'heavy']],
  ])('lack %s, which a link of a directory leads to', async (path, stays) => {
    const include = ['--include', '/srv/data', '--exclude', path];
    const { names } = await copied('/usr/bin/plain', ...include);
    expect(names.filter((name) => /light|heavy|single/.test(name)).sort()).toEqual(
      [...stays].sort(),
    );
  });
});

describe('is an error', () => {
  it.each([
    ['a name of nothing', 'libnone.so.1', 'nothing has that name'],
    ['a pattern of nothing', 'libnone*', 'nothing has that name'],
    ['the interpreter', GLIBC_INTERPRETER, 'an interpreter cannot be left out'],
    ['its name', 'ld-linux-x86-64.so.2', 'an interpreter cannot be left out'],
    ['a file argument', '/usr/bin/plain', 'a program that is named cannot be left out'],
  ])('%s', async (_what, pattern, words) => {
    const copy = ['copy', '/usr/bin/plain', '--to', nodePath.join(diskWorld({}), 'tree')];
    for (const args of [['/usr/bin/plain'], ['check', '/usr/bin/plain'], copy]) {
      const { code, stderr } = await run(...args, '--exclude', pattern);
      expect({ code, stderr }).toMatchObject({ code: 2 });
      expect(stderr).toContain(`--exclude '${pattern}': ${words}`);
    }
  });

  it.each([
    ['libz.so', '  did you mean libz.so.1?\n'],
    ['libzz.so.1', '  did you mean libz.so.1?\n'],
    ['libnone.so.1', ''],
  ])('%s, with the library that is meant', async (name, advice) => {
    expect((await run('/usr/bin/plain', '--exclude', name)).stderr).toBe(
      `elfdeps: --exclude '${name}': nothing has that name\n${advice}`,
    );
  });

  it('not for a pattern that the interpreter fits beside others', async () => {
    const { code, stdout } = await run('/usr/bin/plain', '--exclude', 'l*', '--format', 'ldd');
    expect(code).toBe(0);
    expect(stdout).toContain('libz.so.1 => excluded');
  });
});
