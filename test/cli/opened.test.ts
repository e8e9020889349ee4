/**
 * `--opened`: an image gets what a run opened, and the notes tell how that differs from what was found
 * without it.
 */
import fs from 'node:fs';
import nodePath from 'node:path';
import { describe, expect, it } from 'vitest';
import { ET_EXEC } from '../../src/elf/constants.js';
import { calls, glibcWith, LIB } from '../needs/need-worlds.js';
import { runCli } from '../support/cli-runner.js';
import { diskWorld, removeDiskWorldsAfterwards } from '../support/disk-world.js';
import { program } from '../support/world.js';

removeDiskWorldsAfterwards();
const GCONV = `/usr${LIB}/gconv`;

const root = diskWorld({
  ...glibcWith(36),
  '/usr/bin/app': program({ needed: ['libc.so.6'] }),
  '/usr/bin/tool': program({ needed: ['libtool.so.1', 'libc.so.6'] }),
  [`${LIB}/libtool.so.1`]: {},
  '/opt/plugs/one.so': { needed: ['libtwo.so'] },
  [`${LIB}/libtwo.so`]: {},
  '/usr/share/app/data': 'data',
  '/usr/share/app/never-opened': 'data',
  '/usr/share/empty/file': 'a directory that is listed',
  '/etc/ld.so.cache': 'lists what an image does not have',
  '/srv/key.pem': '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n',
});
const logs = diskWorld({
  '/strace': [
    '1 execve("/usr/bin/app", ["app"], 0x7f /* 1 var */) = 0',
    '1 openat(AT_FDCWD, "/etc/ld.so.cache", O_RDONLY|O_CLOEXEC) = 3',
    `1 openat(AT_FDCWD, "${LIB}/libc.so.6", O_RDONLY|O_CLOEXEC) = 3`,
    '1 openat(AT_FDCWD, "/opt/plugs/one.so", O_RDONLY|O_CLOEXEC) = 3',
    '1 openat(AT_FDCWD, "/usr/share/app/data", O_RDONLY) = 3',
    '1 openat(AT_FDCWD, "/usr/share/empty", O_RDONLY|O_DIRECTORY) = 3',
    '1 openat(AT_FDCWD, "/srv/key.pem", O_RDONLY) = 3',
    '1 openat(AT_FDCWD, "/usr/share/app/none", O_RDONLY) = -1 ENOENT (No such file or directory)',
    'hello from the program',
    '1 vfork() = 2',
    '2 execve("/usr/bin/tool", ["tool"], 0x7f /* 1 var */) = 0',
    '',
  ].join('\n'),
  '/useless': 'hello\nworld\n',
  '/empty': '',
  '/paths': '/usr/share/app/data\n',
});
const log = nodePath.join(logs, 'strace');
const run = (...args: string[]) => runCli([args[0] as string, '--root', root, ...args.slice(1)]);

describe('copy --opened', () => {
  it('copies what the run opened, with the libraries of what it loaded and started', async () => {
    const to = nodePath.join(diskWorld({}), 'tree');
    const { code, stderr } = await run('copy', '/usr/bin/app', '--opened', log, '--to', to);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const has = (path: string) => fs.existsSync(to + path);
    const wanted = ['/opt/plugs/one.so', '/usr/share/app/data', '/usr/bin/tool'];
    expect(
      [...wanted, `${LIB}/libtwo.so`, `${LIB}/libtool.so.1`].filter((path) => !has(path)),
    ).toEqual([]);
    expect(fs.readdirSync(`${to}/usr/share/empty`)).toEqual([]);
    const unwanted = ['/usr/share/app/never-opened', '/etc/ld.so.cache', '/srv/key.pem'];
    expect(unwanted.filter(has)).toEqual([]);
    expect(stderr).toContain('/srv/key.pem: left out, because it may hold a secret');
    expect(stderr).toContain('--opened: 1 of 11 lines could not be read');
    expect(stderr).toContain(
      '--opened: opened, but not predicted: /opt/plugs/one.so, /srv/key.pem, /usr/bin/tool, /usr/share/app/data',
    );
    expect(stderr).not.toContain('predicted, but not opened');
  });

  it('predicts the files that links in a copied directory lead to', async () => {
    const own = diskWorld({
      ...glibcWith(36),
      '/usr/bin/app': program({ needed: ['libc.so.6'] }),
      '/usr/share/app/conf': { link: '/etc/app' },
      '/usr/share/app/one': { link: '../../../opt/one' },
      '/etc/app/a': '1',
      '/opt/one': '1',
      '/srv/other': '1',
      '/log': '/etc/app/a\n/opt/one\n/srv/other\n',
    });
    const args = ['--include', '/usr/share/app', '--opened', `${own}/log`, '-o', `${own}/tar`];
    const { stderr } = await runCli(['tar', '--root', own, '/usr/bin/app', ...args]);
    expect(stderr).toMatch(/opened, but not predicted: \/srv\/other$/m);
  });

  it('makes directories with their mode and owner', async () => {
    const own = diskWorld({
      ...glibcWith(36),
      '/usr/bin/app': program({ needed: ['libc.so.6'] }),
      '/var/spool/app/old': '',
      '/log': '/usr/bin/app\nopen("/var/spool/app/new", O_WRONLY|O_CREAT, 0600) = 3\n',
    });
    // Only root may give a directory to others.
    if (process.getuid?.() === 0) fs.chownSync(`${own}/var/spool/app`, 103, 106);
    fs.chmodSync(`${own}/var/spool/app`, 0o2775);
    const { uid, gid } = fs.statSync(`${own}/var/spool/app`);
    const file = nodePath.join(diskWorld({}), 'manifest.json');
    const args = ['--opened', `${own}/log`, '--manifest', file, '-o', `${file}.tar`];
    expect(await runCli(['tar', '--root', own, '/usr/bin/app', ...args])).toMatchObject({
      code: 0,
    });
    const { entries } = JSON.parse(fs.readFileSync(file, 'utf8')).images[0];
    const at = entries.find(({ path }: { path: string }) => path === '/var/spool/app');
    expect(at).toMatchObject({ mode: '02775', owner: { uid, gid }, reason: { need: 'opened' } });
  });

  it('adds a secret that is named itself', async () => {
    const to = nodePath.join(diskWorld({}), 'tree');
    const args = ['--opened', log, '--include', '/srv/key.pem', '--to', to];
    expect(await run('copy', '/usr/bin/app', ...args)).toMatchObject({ code: 0 });
    expect(fs.existsSync(`${to}/srv/key.pem`)).toBe(true);
  });

  it('takes relative paths of a run on this machine from the working directory', async () => {
    const here = diskWorld({
      '/app': { type: ET_EXEC, dynamic: false },
      '/log': '1 execve("./app", ["./app"], 0x7f /* 1 var */) = 0\n',
    });
    const { code, stderr } = await runCli(['./app', '--opened', 'log'], { cwd: here });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('tells no need that a run leaves nothing of', async () => {
    const hosts = diskWorld({
      ...glibcWith(36),
      '/usr/bin/app': program({ needed: ['libc.so.6'], ...calls('getaddrinfo') }),
      '/etc/hosts': '127.0.0.1 localhost',
      '/log': `/usr/bin/app\n/etc/hosts\n${LIB}/libc.so.6\n`,
    });
    const args = ['--opened', `${hosts}/log`, '--to', `${hosts}/tree`];
    const { stderr } = await runCli(['copy', '--root', hosts, '/usr/bin/app', ...args]);
    expect(stderr).not.toContain('note: /usr/bin/app imports getaddrinfo');
  });

  it('tells apart what it suggests itself', async () => {
    const own = diskWorld({
      ...glibcWith(36),
      '/usr/bin/app': program({ needed: ['libx.so', 'libc.so.6'], ...calls('localtime') }),
      [`${LIB}/libx.so`]: calls('iconv_open'),
      [`${GCONV}/gconv-modules.cache`]: '',
      [`${GCONV}/ISO8859-1.so`]: {},
      [`${GCONV}/CP932.so`]: {},
      '/usr/share/zoneinfo/Etc/UTC': 'TZif',
      '/etc/localtime': { link: '/usr/share/zoneinfo/Etc/UTC' },
      '/srv/other': '1',
      '/log': `/etc/localtime\n/srv/other\n${GCONV}/gconv-modules.cache\n${GCONV}/CP932.so\n`,
    });
    const args = ['--opened', `${own}/log`, '-o', `${own}/tar`];
    const { stderr } = await runCli(['tar', '--root', own, '/usr/bin/app', ...args]);
    expect(stderr).toMatch(/opened, but not predicted: \/srv\/other$/m);
    expect(stderr).toContain(
      `opened, but not added without it: ${GCONV}/CP932.so (gconv-all), ${GCONV}/gconv-modules.cache (gconv), /usr/share/zoneinfo/Etc/UTC (tz)\n`,
    );
  });

  it('tells what the run did not open', async () => {
    const paths = nodePath.join(logs, 'paths');
    const { stderr } = await run('dockerfile', '/usr/bin/app', '--opened', paths);
    expect(stderr).toContain(`--opened: predicted, but not opened: ${LIB}/libc.so.6, /usr/bin/app`);
  });
});

describe('other commands', () => {
  it('a report traces what was opened, and has it among the needs', async () => {
    const { code, stdout } = await run(
      '/usr/bin/app',
      '--opened',
      log,
      '--needs',
      '--format',
      'json',
    );
    expect(code).toBe(0);
    const { programs } = JSON.parse(stdout);
    const [app, tool] = programs;
    expect(app.libraries.map(({ name }: { name: string }) => name)).toContain('/opt/plugs/one.so');
    expect(
      app.runtimeNeeds.find(({ kind }: { kind: string }) => kind === 'opened').files,
    ).toContain('/usr/share/app/data');
    expect(tool.path).toBe('/usr/bin/tool');
  });

  it('check --image checks what they would copy', async () => {
    const { code } = await run('check', '--image', '/usr/bin/app', '--opened', log);
    expect(code).toBe(0);
  });
});

describe('a log that tells nothing', () => {
  it.each([
    ['useless', 'none of its 2 lines tells of an opened file'],
    ['empty', 'the log is empty'],
    ['none', 'no such file or directory'],
  ])('%s', async (name, words) => {
    const path = nodePath.join(logs, name);
    const { code, stderr } = await run('/usr/bin/app', '--opened', path);
    expect(code).toBe(2);
    expect(stderr).toContain(`${path}: ${words}`);
  });

  it('standard input is read once', async () => {
    const { code, stderr } = await run('/usr/bin/app', '--opened', '-', '--opened', '-');
    expect(code).toBe(2);
    expect(stderr).toContain('standard input can be read once');
  });
});
