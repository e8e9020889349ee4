/**
 * `elfdeps check FILE...`: exit codes, what it prints, and its formats.
 */
import { expect, it } from 'vitest';
import * as c from '../../src/elf/constants.js';
import { runCli } from '../support/cli-runner.js';
import { diskWorld, removeDiskWorldsAfterwards } from '../support/disk-world.js';
import { glibcSystem, program } from '../support/world.js';

removeDiskWorldsAfterwards();

const root = diskWorld({
  ...glibcSystem(36),
  '/bin/good': program(),
  '/bin/odd': program({ needed: ['libodd.so'] }),
  '/bin/moved': program({ needed: ['libown.so'], runpath: '$ORIGIN/../own' }),
  '/own/libown.so': {},
  '/bin/static': { type: c.ET_EXEC, dynamic: false },
  '/bin/bad': 'no \0 program',
  '/bin/text': 'echo no first line\n',
  '/bin/env': program(),
  '/bin/script': '#!/bin/env good\n',
});
const check = (...args: string[]) => runCli(['check', '--root', root, ...args]);

it.each([
  [['/bin/good', '/bin/static'], 0],
  [['/bin/good', '--preload', '/gone.so'], 0],
  [['/bin/good', '--preload', '/gone.so', '--strict'], 1],
  [['/bin/good', '/bin/odd'], 1],
  [['/bin/good', '--platform', 'linux/arm64'], 1],
  [['/bin/good', '/bin/moved:/opt/x/moved', '--image'], 0],
  [['/bin/odd', '--image'], 1],
  [['/bin/odd', '/bin/bad'], 2],
  [['/bin/text'], 1],
  [['/bin/good', '--format', 'xml'], 2],
  [['/bin/good', '--platform', 'vax'], 2],
] as const)('%j: exit code %i', async (args, code) => {
  expect((await check(...args)).code).toBe(code);
});

it('prints a verdict, the message there, the cause and the remedy', async () => {
  expect(await check('/bin/good', '/bin/odd')).toEqual({
    code: 1,
    stderr: '',
    stdout: `/bin/odd: does not run
  error LIBRARY_NOT_FOUND
    libodd.so: not found, needed by /bin/odd
      > /bin/odd: error while loading shared libraries: libodd.so: cannot open shared object file: No such file or directory
    cause: no directory that the loader searches has a file of this name
    remedy: install the package that has libodd.so in the root, or copy the file
      to /usr/lib/libodd.so with what it needs (elfdeps copy)

/bin/good: runs

2 programs: 1 runs, 1 does not
`,
  });
});

it('quotes nothing that comes after what the kernel refuses', async () => {
  const empty = diskWorld({ '/bin/odd': program({ needed: ['libodd.so'] }) });
  const { code, stdout } = await runCli(['check', '--root', empty, '/bin/odd']);
  expect(code).toBe(1);
  expect(stdout).toContain('> exec /bin/odd: no such file or directory\n');
  expect(stdout).toContain('libodd.so: not found, needed by /bin/odd\n    cause: ');
  expect(stdout).not.toContain('error while loading shared libraries');
});

it('says which platform was asked for', async () => {
  const { stdout } = await check('/bin/good', '--platform', 'linux/arm64');
  const words = stdout.replaceAll(/\s+/g, ' ');
  expect(words).toContain('for x86-64, but it shall run on linux/arm64 (--platform)');
  expect(words).toContain('build the program for linux/arm64, or ask for the platform that it is');
});

it('says it in JSON', async () => {
  const { stdout } = await check('/bin/good', '/bin/odd', '--format', 'json');
  expect(JSON.parse(stdout)).toMatchObject({
    schema: 'elfdeps-check/1',
    root,
    programs: [
      { path: '/bin/good', verdict: 'runs', findings: [] },
      { path: '/bin/odd', verdict: 'fails', findings: [{ code: 'LIBRARY_NOT_FOUND' }] },
    ],
    errors: [],
  });
});

it('checks the image that would be made, by the names that the user gave', async () => {
  const runs = '/bin/script: runs\n/bin/env: runs\n/bin/good: runs\n';
  expect((await check('/bin/script', '--quiet')).stdout).toBe(runs);
  expect((await check('/bin/script:/opt/s', '--image', '--quiet')).stdout).toBe(runs);
  const { stdout } = await check('/bin/odd:/opt/odd', '--image', '--quiet');
  expect(stdout).toMatch(/^\/bin\/odd: does not run\n {2}error LIBRARY_NOT_FOUND\n/);
  expect(stdout).toContain('> /opt/odd: error while loading shared libraries: libodd.so');
});

it.each([[[]], [['--image']]])(
  'sarif names an absolute path of this machine so (%j)',
  async (more) => {
    const uriOf = async (...args: string[]) => {
      const { stdout } = await runCli(['check', '--format', 'sarif', ...args, ...more]);
      const { locations } = JSON.parse(stdout).runs[0].results[0];
      return locations[0].physicalLocation.artifactLocation.uri;
    };
    expect(await uriOf(`${root}/bin/odd`)).toBe(`file://${root}/bin/odd`);
    expect(await uriOf('--root', root, '/bin/odd')).toBe('bin/odd');
  },
);

it.each([
  ['--with', 'tz'],
  ['--without', 'certs'],
  ['--env', 'A=b'],
])('%s is only for --image', async (option, value) => {
  expect((await check('/bin/good', '--image', option, value)).code).toBe(0);
  expect(await check('/bin/good', option, value)).toEqual({
    code: 2,
    stdout: '',
    stderr: `elfdeps: check takes ${option} only with --image
  without it the root is checked as it is, and nothing is added to it
`,
  });
});

it('--image refuses what copy refuses: a library path that depends on the working directory', async () => {
  const message = "elfdeps: the library path has the relative directory 'libs'";
  for (const command of [['check', '--image'], ['dockerfile']]) {
    const args = [...command, '--root', root, '/bin/good', '--library-path', 'libs'];
    const { code, stderr } = await runCli(args);
    expect([code, stderr.split('\n')[0]]).toEqual([2, message]);
  }
  expect((await check('/bin/good', '--library-path', 'libs')).code).toBe(0);
});

it('--image is checked with the variables that it would have', async () => {
  const world = diskWorld({
    ...glibcSystem(36),
    '/bin/odd': program({ needed: ['libodd.so'] }),
    '/opt/odd/libodd.so': {},
  });
  const args = ['check', '--root', world, '/bin/odd', '--image', '--quiet'];
  const more = ['--include', '/opt/odd/libodd.so', '--env', 'LD_LIBRARY_PATH=/opt/odd'];
  expect(await runCli(args)).toMatchObject({ code: 1 });
  expect(await runCli([...args, ...more])).toMatchObject({ code: 0, stdout: '/bin/odd: runs\n' });
});

it('judges what --include names, in the words of dlerror()', async () => {
  const plugins = diskWorld({
    ...glibcSystem(36),
    '/bin/app': program(),
    '/lib/good.node': {},
    '/lib/bad.node': { needed: ['libodd.so'] },
  });
  const run = (...args: string[]) => runCli(['check', '--root', plugins, '/bin/app', ...args]);
  expect((await run()).code).toBe(0);
  expect((await run('--include', '/lib/good.node')).code).toBe(0);
  const { code, stdout } = await run('--include', '/lib/bad.node');
  expect(code).toBe(1);
  expect(stdout).toContain(
    '      > libodd.so: cannot open shared object file: No such file or directory\n',
  );
});
