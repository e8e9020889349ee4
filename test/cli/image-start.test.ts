/**
 * An image as the root: its variables, working directory, user and command count, and options replace
 * single values.
 */
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli-runner.js';
import { dockerEntries, ociEntries } from '../support/image-builder.js';
import { entriesOf, tar } from '../support/tar-builder.js';
import { glibcSystem, memoryNode, program, TRIPLET, type World } from '../support/world.js';

const directory = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-start-'));
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }));

const LIB = `/lib/${TRIPLET}`;
const world: World = {
  ...glibcSystem(36),
  [`${LIB}/libc.so.6`]: {},
  '/opt/l/libown.so.1': { needed: ['libc.so.6'] },
  '/opt/bin/app': program({ needed: ['libown.so.1', 'libc.so.6'] }),
  '/usr/bin/env': program({ needed: ['libc.so.6'] }),
  '/usr/bin/tini': program({ needed: ['libc.so.6'] }),
  '/bin/sh': program({ needed: ['libc.so.6'] }),
  '/bin/mksh': program({ needed: ['libc.so.6'] }),
  '/usr/bin/npm': '#!/bin/sh\n',
  '/srv/package.json': '{"scripts": {"start": "app --serve"}}',
  '/srv/data.txt': 'data',
  '/entry.sh': '#!/bin/sh\nset -e\nif [ "$1" = app ]; then\n  echo "start" >&2\nfi\nexec "$@"\n',
  '/wrap.sh': '#!/bin/sh\nshift\nexec env -u X "$@"\n',
  '/serve.sh': '#!/bin/sh\nif [ "$1" = serve ]; then\n  exec app --all\nfi\nexec "$@"\n',
  '/options.sh':
    '#!/bin/sh\nlog() { echo "$@"; }\nif [ "${1#-}" != "$1" ]; then\n  set -- app "$@"\nfi\nexec "$@"\n',
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nwww:x:33:33::/:/bin/false\n',
};
const ENV = ['PATH=/opt/bin:/usr/bin:/bin', 'LD_LIBRARY_PATH=/opt/l', 'LANG=C'];

let count = 0;
/** Writes an image of the world with a configuration, and gives its path. */
function image(
  config: object,
  layout: typeof dockerEntries = dockerEntries,
  more: World = {},
): string {
  const nodes = Object.fromEntries(
    Object.entries({ ...world, ...more }).map(([path, node]) => [path, memoryNode(path, node)]),
  );
  const path = nodePath.join(directory, `image-${count++}.tar`);
  const built = {
    layers: [tar(entriesOf(nodes))],
    names: ['app:1'],
    config: { Env: ENV, ...config },
  };
  fs.writeFileSync(path, tar(layout([built])));
  return path;
}

const programsOf = (stdout: string) =>
  JSON.parse(stdout).programs.map(({ path }: { path: string }) => path);

async function started(config: object, ...options: string[]) {
  const result = await runCli(['--root', image(config), '--format', 'json', ...options]);
  return { ...result, programs: result.code === 2 ? [] : programsOf(result.stdout) };
}

describe.each([
  ['a docker-save archive', dockerEntries],
  ['an OCI layout', ociEntries],
])('%s', (_name, layout) => {
  it('gives its LD_LIBRARY_PATH to reports, checks and images', async () => {
    const root = image({}, layout);
    const args = ['--root', root, '/opt/bin/app'];
    expect(await runCli(args)).toMatchObject({ code: 0 });
    expect(await runCli(['check', ...args])).toMatchObject({ code: 0 });
    const to = nodePath.join(directory, `tree-${count++}`);
    expect(await runCli(['copy', ...args, '--to', to])).toMatchObject({ code: 0 });
    expect(fs.existsSync(`${to}/opt/l/libown.so.1`)).toBe(true);
    expect((await runCli(['dockerfile', ...args])).stdout).toContain('LD_LIBRARY_PATH=/opt/l');
  });

  it('--library-path replaces it', async () => {
    const args = ['--root', image({}, layout), '/opt/bin/app', '--library-path', '/none'];
    expect((await runCli(args)).code).toBe(1);
  });
});

describe('what it starts', () => {
  it.each([
    ['the entry point', { Entrypoint: ['/opt/bin/app'] }, ['/opt/bin/app']],
    ['the command, by PATH', { Cmd: ['app', '-v'] }, ['/opt/bin/app']],
    [
      'a wrapper and its program',
      { Entrypoint: ['tini', '--'], Cmd: ['app'] },
      ['/usr/bin/tini', '/opt/bin/app'],
    ],
    [
      'a shell and its program',
      { Cmd: ['/bin/sh', '-c', 'cd /srv && exec app "$X"'] },
      ['/bin/sh', '/opt/bin/app'],
    ],
    [
      'a shell of another name',
      { Cmd: ['/bin/mksh', '-c', 'cd /srv && exec app'] },
      ['/bin/mksh', '/opt/bin/app'],
    ],
    [
      'a script that starts its arguments',
      { Entrypoint: ['/entry.sh'], Cmd: ['app'] },
      ['/entry.sh', '/bin/sh', '/opt/bin/app'],
    ],
    [
      'a script that is a wrapper',
      { Entrypoint: ['/wrap.sh', 'run'], Cmd: ['app'] },
      ['/wrap.sh', '/bin/sh', '/opt/bin/app'],
    ],
    [
      'a script that has a word for its program',
      { Entrypoint: ['/serve.sh'], Cmd: ['serve'] },
      ['/serve.sh', '/bin/sh', '/opt/bin/app'],
    ],
    [
      'a script that gives options to its program',
      { Entrypoint: ['/options.sh'], Cmd: ['-v'] },
      ['/options.sh', '/bin/sh', '/opt/bin/app'],
    ],
    [
      'the script of package.json',
      { Cmd: ['npm', 'start'], WorkingDir: '/srv' },
      ['/usr/bin/npm', '/bin/sh', '/opt/bin/app'],
    ],
  ])('%s', async (_what, config, programs) => {
    const { code, programs: found } = await started(config);
    expect(code).toBe(0);
    expect(found).toEqual(programs);
  });

  it.each([
    ['nothing', {}, 'has no entry point and no command'],
    ['a program that is not there', { Cmd: ['gone'] }, "cannot be told from 'gone'"],
    ['a word that a shell computes', { Cmd: ['/bin/sh', '-c', 'exec $SERVER'] }, 'cannot be told'],
  ])('%s: exit code 2, and what to do', async (_what, config, message) => {
    const { code, stderr } = await started(config);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('a root that is no image needs a file argument', async () => {
    expect(await runCli(['--root', directory])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no file given'),
    });
  });
});

describe('its PATH', () => {
  /** The world with a script that starts a command of /opt/bin. */
  const scripted = (text: string, config: object = {}) =>
    image({ Entrypoint: [SCRIPT], ...config }, dockerEntries, { [SCRIPT]: text });
  const SCRIPT = '/usr/local/bin/run';

  it.each([
    ['env', '#!/usr/bin/env app\n'],
    ['a shell', '#!/bin/sh\napp\n'],
  ])('is the one that %s searches, in every command', async (_what, text) => {
    const root = scripted(text);
    expect(await runCli(['check', '--root', root])).toMatchObject({ code: 0 });
    const plan = await runCli(['dockerfile', '--root', root]);
    expect(plan).toMatchObject({ code: 0, stdout: expect.stringContaining('/opt/bin/app') });
    const to = nodePath.join(directory, `slim-${count++}.tar`);
    expect(await runCli(['slim', root, '-o', to])).toMatchObject({ code: 0 });
    const list = await runCli(['--root', to, '/opt/bin/app', '--format', 'list']);
    expect(list).toMatchObject({ code: 0 });
  });

  it('gives way to that of --env', async () => {
    const root = scripted('#!/usr/bin/env app\n', { Env: ['PATH=/usr/bin', ...ENV.slice(1)] });
    const check = ['check', '--image', '--root', root];
    expect((await runCli(check)).code).toBe(1);
    expect((await runCli([...check, '--env', 'PATH=/opt/bin'])).code).toBe(0);
    expect((await runCli(['--root', root, 'app', '--format', 'list'])).code).toBe(2);
    const options = ['--env', 'PATH=/opt/bin', '--workdir', '/'];
    expect(await runCli(['dockerfile', '--root', root, 'app', ...options])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('/opt/bin/app'),
    });
  });
});

describe('its user', () => {
  const root = image({ User: 'www', Entrypoint: ['/opt/bin/app'] });

  it.each([
    [['--root', root], 'USER www is a name'],
    [['--root', root, '--user', 'root'], '--user root is a name'],
    [['--root', root, '--user', '33'], undefined],
  ])('decides about the needs of a report: %j', async (options, because) => {
    const { stdout } = await runCli([...options, '--needs', '--format', 'json']);
    const needs: { kind: string; because: string }[] = JSON.parse(stdout).programs[0].runtimeNeeds;
    const found = needs.find(({ kind }) => kind === 'passwd');
    expect(found?.because).toBe(because);
  });

  it.each([
    ['dockerfile', []],
    ['check', ['--image']],
  ])('has to be in the image that %s %j makes, named by it or by --user', async (name, options) => {
    const words = [name, '--root', root, ...options, '--without', 'passwd'];
    const { code, stderr } = await runCli(words);
    expect(stderr).toContain("USER www: no such name in the image's /etc/passwd");
    expect(code).toBe(2);
    const given = await runCli([...words, '--user', 'www']);
    expect(given.stderr).toContain("--user www: no such name in the image's /etc/passwd");
    expect((await runCli([...words, '--user', '33'])).code).toBe(0);
  });

  it('has to be in a slim image', async () => {
    const to = nodePath.join(directory, `slim-${count++}.tar`);
    const { code, stderr } = await runCli(['slim', root, '-o', to, '--drop', '/etc/passwd']);
    expect(stderr).toContain('USER www: no such name');
    expect(code).toBe(2);
    expect(fs.existsSync(to)).toBe(false);
  });

  it('is found in a long list, and no list is too long without a word', async () => {
    const line = (id: number) => `u${id}:x:${id}:${id}::/:/bin/false\n`;
    const accounts = (count: number) => ({
      '/etc/passwd': Array.from({ length: count }, (_, id) => line(id)).join(''),
    });
    const long = image({}, dockerEntries, accounts(40_000));
    const words = ['/opt/bin/app', '--user', 'u39999'];
    expect(await runCli(['check', '--root', long, ...words])).toMatchObject({ code: 0 });
    const to = nodePath.join(directory, `tree-${count++}`);
    expect(await runCli(['copy', '--root', long, ...words, '--to', to])).toMatchObject({ code: 0 });
    expect(fs.readFileSync(`${to}/etc/passwd`, 'utf8')).toContain('u39999:x:39999');
    const huge = image({}, dockerEntries, accounts(600_000));
    const { code, stderr } = await runCli(['check', '--root', huge, ...words]);
    expect(stderr).toContain('/etc/passwd: larger than 16 MiB');
    expect(code).toBe(2);
  });
});

describe('the image that is made of it', () => {
  const config = {
    Entrypoint: ['tini', '--'],
    Cmd: ['app', '/srv/data.txt'],
    User: 'www',
    WorkingDir: '/srv',
    Labels: { maintainer: 'them' },
  };

  it('starts as the image did, with the files that its command names', async () => {
    const { code, stdout, stderr } = await runCli(['dockerfile', '--root', image(config)]);
    expect(stderr).not.toContain('programs: the image starts');
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(lines).toContain('ENTRYPOINT ["tini","--"]');
    expect(lines).toContain('CMD ["app","/srv/data.txt"]');
    expect(lines).toContain('USER www');
    expect(lines).toContain('WORKDIR /srv');
    expect(stdout).toContain('LANG=C');
    expect(stdout).toContain('maintainer=');
    expect(stdout).toContain('/srv/data.txt');
  });

  it('options replace single values', async () => {
    const { code, stdout } = await runCli([
      ...['dockerfile', '--root', image(config), '--env', 'LANG=de_DE.UTF-8', '--user', '0'],
      ...['--workdir', '/opt', '--entrypoint', 'app'],
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain('LANG=de_DE.UTF-8');
    expect(stdout).toContain('LD_LIBRARY_PATH=/opt/l');
    expect(stdout).toContain('USER 0');
    expect(stdout).toContain('WORKDIR /opt');
    expect(stdout).toContain('ENTRYPOINT ["app"]');
    // As with docker run --entrypoint, the default arguments are not for another entry point.
    expect(stdout).not.toContain('CMD');
  });
});
