/**
 * `elfdeps check FILE...`: exit codes, what it prints, and its formats.
 */
import { describe, expect, it } from 'vitest';
import * as c from '../../src/elf/constants.js';
import { runCli } from '../support/cli-runner.js';
import { diskWorld, removeDiskWorldsAfterwards } from '../support/disk-world.js';
import { glibcSystem, program, type World } from '../support/world.js';

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
    remedy: copy the file to /lib/x86_64-linux-gnu/libodd.so with what it needs
      (on a system that has it: elfdeps copy libodd.so --to DIR)

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
  expect(stdout).toContain('therefore: libodd.so: not found, needed by /bin/odd\n    remedy: ');
  expect(stdout).not.toContain('error while loading shared libraries');
});

it('says which platform was asked for', async () => {
  const { stdout } = await check('/bin/good', '--platform', 'linux/arm64');
  const words = stdout.replaceAll(/\s+/g, ' ');
  expect(words).toContain('for x86-64, not for linux/arm64 (--platform)');
  expect(words).toContain('build the program for linux/arm64, or give the platform that it is');
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

describe('several libraries that are missing for one cause', () => {
  const names = ['libone.so.1', 'libtwo.so.1'];
  const needing = (more: World) =>
    diskWorld({ ...glibcSystem(36), '/bin/needy': program({ needed: names }), ...more });
  const checked = async (world: string, ...args: string[]) =>
    (await runCli(['check', '--root', world, '/bin/needy', ...args])).stdout;

  it('are one finding in text, and one each in JSON and SARIF', async () => {
    const world = needing({});
    expect(await checked(world)).toBe(`/bin/needy: does not run
  error LIBRARY_NOT_FOUND
    libone.so.1 and libtwo.so.1: not found, needed by /bin/needy
      > /bin/needy: error while loading shared libraries: libone.so.1: cannot open shared object file: No such file or directory
    cause: no directory that the loader searches has files of these names
    remedy: copy the files to /lib/x86_64-linux-gnu with what they need (on a
      system that has them: elfdeps copy libone.so.1 libtwo.so.1 --to DIR)
`);
    const { programs } = JSON.parse(await checked(world, '-f', 'json'));
    const { findings } = programs[0];
    expect(findings.map(({ path }: { path: string }) => path)).toEqual(names);
    expect(Object.keys(findings[0])).not.toContain('together');
    const sarif = JSON.parse(await checked(world, '-f', 'sarif'));
    expect(sarif.runs[0].results).toHaveLength(2);
  });

  it('are told with the directory that has them', async () => {
    const text = await checked(needing({ '/opt/lib/libone.so.1': {}, '/opt/lib/libtwo.so.1': {} }));
    expect(text).toContain('cause: the files are in /opt/lib, which the loader does not search\n');
    expect(text.match(/LIBRARY_NOT_FOUND/g)).toHaveLength(1);
  });

  it('are two findings where the causes differ', async () => {
    const text = await checked(needing({ '/opt/lib/libone.so.1': {} }));
    expect(text.match(/LIBRARY_NOT_FOUND/g)).toHaveLength(2);
  });

  it.each<[string, World, string]>([
    [
      'apk',
      { '/lib/apk/db/installed': 'P:musl\nV:1\n\n' },
      'in the root (apk add so:libone.so.1 so:libtwo.so.1)',
    ],
    [
      'dpkg',
      { '/var/lib/dpkg/status': 'Package: a\nStatus: install ok installed\nVersion: 1\n\n' },
      'in the root (apt-file search NAME names each)',
    ],
    [
      'dpkg, which lists them',
      {
        '/var/lib/dpkg/status':
          'Package: one\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n\n',
        '/var/lib/dpkg/info/one.list': '/usr/lib/libone.so.1\n/usr/lib/libtwo.so.1\n',
      },
      'install one in the root again, which has them',
    ],
  ])('are told with what the package manager calls them: %s', async (_kind, files, words) => {
    expect((await checked(needing(files))).replaceAll(/\s+/g, ' ')).toContain(words);
  });
});

it('--image names the option that adds what a program may need', async () => {
  const zones = diskWorld({
    ...glibcSystem(36),
    '/bin/clock': program({ symbols: { list: [{ name: 'localtime' }] } }),
    '/usr/share/zoneinfo/UTC': 'TZif2',
  });
  const checked = (...args: string[]) => runCli(['check', '--root', zones, '/bin/clock', ...args]);
  const { stdout } = await checked('--image');
  expect(stdout).toContain('note ZONEINFO_MISSING\n');
  expect(stdout).toContain('    remedy: add it to the image: --with tz\n');
  expect(stdout).not.toContain('> ');
  expect((await checked('--image', '--with', 'tz')).stdout).not.toContain('ZONEINFO_MISSING');
  expect((await checked()).stdout).not.toContain('ZONEINFO_MISSING');
});

it('--image names the --without that left out what a program needs', async () => {
  const root = diskWorld({
    ...glibcSystem(36),
    '/bin/clock': program({ symbols: { list: [{ name: 'getservbyname' }] } }),
    '/etc/services': 'http 80/tcp\n',
  });
  const checked = async (...args: string[]) =>
    (await runCli(['check', '--root', root, '/bin/clock', ...args])).stdout.replaceAll(/\s+/g, ' ');
  const without = (kinds: string) => checked('--image', '--without', kinds);
  expect(await checked('--image')).not.toContain('SERVICES_MISSING');
  expect(await without('nss,services')).toContain(
    'remedy: do not leave it out: --without services ',
  );
  const all = 'remedy: add it to the image: --with services, which --without all leaves out ';
  expect(await without('all')).toContain(all);
  expect(await checked('--image', '--without', 'all', '--with', 'services')).not.toContain(
    'SERVICES_MISSING',
  );
});
