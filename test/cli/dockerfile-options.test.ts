/**
 * The options of `elfdeps dockerfile`: how the image is started, what it is built on, several CPUs.
 */
import fs from 'node:fs';
import nodePath from 'node:path';
import { describe, expect, it } from 'vitest';
import * as c from '../../src/elf/constants.js';
import { type CliOptions, runCli } from '../support/cli-runner.js';
import { diskWorld, removeDiskWorldsAfterwards } from '../support/disk-world.js';
import { glibcSystem, program, TRIPLET } from '../support/world.js';

removeDiskWorldsAfterwards();

const world = {
  ...glibcSystem(36),
  [`/lib/${TRIPLET}/libc.so.6`]: {},
  '/usr/bin/app': program({ needed: ['libc.so.6', 'libz.so.1'] }),
  [`/usr/lib/${TRIPLET}/libz.so.1`]: { link: 'libz.so.1.3' },
  [`/usr/lib/${TRIPLET}/libz.so.1.3`]: { soname: 'libz.so.1' },
  '/usr/bin/static': { type: c.ET_EXEC, dynamic: false },
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\napp:x:7:7::/:/bin/sh\n',
  '/etc/group': 'root:x:0:\napp:x:7:\n',
};
const root = diskWorld(world);
const run = (args: readonly string[], options: CliOptions = {}) =>
  runCli(['dockerfile', '--root', root, ...args], options);
const linesOf = async (...args: string[]) => (await run(['-q', ...args])).stdout.split('\n');

describe('the file of --output', () => {
  const at = (name: string) => nodePath.join(diskWorld({ '/kept': 'mine' }), name);

  it.each(['-o', '--output'])('%s has what standard output would have', async (option) => {
    const file = at('Dockerfile');
    const printed = await run(['/usr/bin/app']);
    const written = await run(['/usr/bin/app', option, file]);
    expect([written.code, written.stdout, written.stderr]).toEqual([0, '', printed.stderr]);
    expect(fs.readFileSync(file, 'utf8')).toBe(printed.stdout);
    expect((await run(['/usr/bin/app', '-o', '-'])).stdout).toBe(printed.stdout);
  });

  it('has the stages of several CPUs', async () => {
    const file = at('Dockerfile');
    const words = ['dockerfile', '--platform-root', `linux/amd64=${root}`, '/usr/bin/static'];
    const { stdout } = await runCli(words);
    expect((await runCli([...words, '-o', file])).stdout).toBe('');
    expect(fs.readFileSync(file, 'utf8')).toBe(stdout);
  });

  it('is replaced with --force only, and stays where the plan fails', async () => {
    const file = at('kept');
    const refused = await run(['/usr/bin/gone', '-o', file]);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      `elfdeps: ${file}: the file exists\n  give another name, or --force to replace it\n`,
    ]);
    expect((await run(['/usr/bin/gone', '-o', file, '--force'])).code).toBe(2);
    expect(fs.readFileSync(file, 'utf8')).toBe('mine');
    expect((await run(['/usr/bin/app', '-o', file, '--force'])).code).toBe(0);
    expect(fs.readFileSync(file, 'utf8')).toContain('FROM scratch');
  });
});

describe('how the image is started', () => {
  it('words or a JSON array', async () => {
    expect(await linesOf('--entrypoint', '/usr/bin/static -x', '/usr/bin/static')).toContain(
      'ENTRYPOINT ["/usr/bin/static","-x"]',
    );
    const json = ['--entrypoint', '["/usr/bin/static", "a b"]', '--cmd', '["-c"]'];
    expect((await linesOf(...json, '/usr/bin/static')).slice(-3)).toEqual([
      'ENTRYPOINT ["/usr/bin/static","a b"]',
      'CMD ["-c"]',
      '',
    ]);
    expect((await linesOf('--entrypoint', '', '/usr/bin/static')).join()).not.toContain('ENTRYP');
  });

  it('a name without a slash means a file that may be executed', async () => {
    const bytes = new TextEncoder().encode('#!/usr/bin/static\n');
    const other = diskWorld({
      ...world,
      '/usr/bin/tool': { bytes, mode: 0o755 },
      '/usr/bin/data': { bytes, mode: 0o644 },
    });
    const start = (name: string) =>
      runCli([
        ...['dockerfile', '--root', other, '--entrypoint', name],
        ...['--include', '/usr/bin/tool', '--include', '/usr/bin/data', '/usr/bin/static'],
      ]);
    expect((await start('tool')).stdout).toContain('ENTRYPOINT ["tool"]');
    expect((await start('data')).code).toBe(2);
  });

  it('user, directory, variables and labels', async () => {
    const lines = await linesOf(
      ...['--user', 'app:app', '--workdir', '/my $dir', '--env', 'A=1', '--env', 'B=x y="z"'],
      ...['--label', 'a.b/c=d', '/usr/bin/static'],
    );
    expect(lines.slice(3, -2)).toEqual([
      'ENV A=1',
      'ENV B="x y=\\"z\\""',
      'LABEL a.b/c=d',
      'WORKDIR /my \\$dir',
      'USER app:app',
    ]);
  });

  it.each([
    ['--entrypoint', '["a", 1]', '--entrypoint takes words without quotes or a JSON array'],
    ['--cmd', '[', '--cmd takes words without quotes or a JSON array'],
    ['--cmd', 'a "b c"', '--cmd takes words without quotes or a JSON array'],
    ['--entrypoint', '/nope', '--entrypoint /nope: there is no such file in the image'],
    ['--entrypoint', 'nope', '--entrypoint nope: there is no such file in the image'],
    ['--user', 'gone', "--user gone: no such name in the image's /etc/passwd"],
    ['--user', '1:gone', "--user gone: no such name in the image's /etc/group"],
    ['--user', 'a b', '--user takes USER or USER:GROUP'],
    ['--user', 'app:app:app', '--user takes USER or USER:GROUP'],
    ['--user', ':', '--user takes USER or USER:GROUP'],
    ['--user', 'app:', '--user takes USER or USER:GROUP'],
    ['--user', ':app', '--user takes USER or USER:GROUP'],
    ['--user', '1\nRUN evil', '--user takes USER or USER:GROUP'],
    ['--user', '2147483648', '--user takes USER or USER:GROUP'],
    ['--user', '0:4294967296', '--user takes USER or USER:GROUP'],
    ['--cmd', '["a\\u0000b"]', '--cmd takes words without quotes or a JSON array'],
    ['--env', 'A=1\nRUN evil', 'a Dockerfile cannot give A a line break'],
    ['--label', 'a=1\nRUN evil', 'a Dockerfile cannot give a a line break'],
    ['--workdir', '/a\nRUN evil', 'a Dockerfile cannot give WORKDIR a line break'],
    ['--workdir', 'here', '--workdir takes an absolute path'],
    ['--env', 'A', '--env takes NAME=VALUE'],
    ['--env', '=x', '--env takes NAME=VALUE'],
    ['--label', 'a\nRUN b=c', '--label takes NAME=VALUE'],
    ['--env', 'A=x\nRUN y', 'a Dockerfile cannot give A a line break'],
    ['--base-root', '/x', '--base-root needs --base'],
    ['--platform-root', 'arm64', '--platform-root takes linux/ARCH=DIR'],
  ])('%s %j is refused', async (option, value, fact) => {
    const { code, stdout, stderr } = await runCli([
      ...['dockerfile', '/usr/bin/static', option, value],
      ...(option === '--platform-root' ? [] : ['--root', root]),
    ]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(fact);
  });
});

it('--verbose says which links become files', async () => {
  const { stderr } = await run(['-v', '/usr/bin/app']);
  expect(stderr).toBe(
    `elfdeps: note: /usr/lib/${TRIPLET}/libz.so.1: a link to libz.so.1.3 in the root, a file in the image\n`,
  );
});

describe('--base', () => {
  it('with --base-root leaves out what is there', async () => {
    const { code, stdout, stderr } = await run([
      ...['--base', 'some/base', '--base-root', root, '/usr/bin/app:/opt/app'],
    ]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'FROM some/base\nCOPY --from=build /usr/bin/app /opt/\nENTRYPOINT ["/opt/app"]\n',
    });
    expect(stderr).toContain('note: left out, the base has them: ');
  });

  it.each([
    ['debian:12-slim', 'has a glibc of its own'],
    ['gcr.io/distroless/base-debian12', 'has a glibc of its own'],
    ['busybox:1.36-glibc', 'has a glibc of its own'],
    ['alpine:3.20', 'has musl, and glibc would come beside it; --base-root'],
    ['node:22-alpine', 'has musl, and glibc would come beside it; --base-root'],
    ['my/base:1', 'what it holds is not known here'],
  ])('%s without --base-root: refused for a dynamic program', async (base, advice) => {
    const refused = await run(['--base', base, '/usr/bin/app']);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain(`elfdeps: ${base}: ${advice}`);
    const copies = await run(['--base', base, '--copy-only', '/usr/bin/app']);
    expect(copies.code).toBe(0);
    expect(copies.stdout).toMatch(/^COPY /);
    expect(copies.stderr).toContain(`note: ${base}: ${advice}`);
    expect((await run(['--base', base, '/usr/bin/static'])).stderr).toBe('');
  });

  it.each(['scratch', 'gcr.io/distroless/static-debian12'])('%s: no advice', async (base) => {
    expect((await run(['--base', base, '/usr/bin/app'])).stderr).toBe('');
  });
});

describe('--parents', () => {
  it('is one COPY with links, behind a line that names the syntax', async () => {
    const { stdout } = await run(['--parents', '/usr/bin/app']);
    expect(stdout).toBe(
      [
        '# syntax=docker/dockerfile:1.20',
        'FROM scratch',
        'COPY --parents --from=build \\',
        `  /lib/${TRIPLET}/ld-linux-x86-64.so.2 \\`,
        `  /lib/${TRIPLET}/libc.so.6 \\`,
        '  /lib64/ld-linux-x86-64.so.2 \\',
        '  /usr/bin/app \\',
        `  /usr/lib/${TRIPLET}/libz.so.1 \\`,
        `  /usr/lib/${TRIPLET}/libz.so.1.3 \\`,
        '  /',
        'ENTRYPOINT ["/usr/bin/app"]',
        '',
      ].join('\n'),
    );
  });

  it('copies what moves, and files of the build context, on lines of their own', async () => {
    const moved = await linesOf('--parents', '--copy-only', '/usr/bin/app:/app');
    expect(moved.at(-2)).toBe('COPY --from=build /usr/bin/app /');
    const options = { cwd: `${root}/usr/bin` };
    const { stdout, stderr } = await run(['--parents', '--copy-only', 'static'], options);
    expect(stdout).toBe('COPY static /\n');
    expect(stderr).toContain('# syntax=docker/dockerfile:1.20 must be the first line');
  });

  it('is for scratch only', async () => {
    const { code, stderr } = await run(['--parents', '--base', 'alpine', '/usr/bin/app']);
    expect(code).toBe(2);
    expect(stderr).toContain('--parents works on scratch only');
  });
});

describe('--platform-root', () => {
  const arm = diskWorld({
    '/usr/bin/static': { machine: c.EM_AARCH64, type: c.ET_EXEC, dynamic: false },
  });
  const forPlatforms = (...roots: string[]) =>
    runCli([
      ...['dockerfile', '/usr/bin/static'],
      ...roots.flatMap((given) => ['--platform-root', given]),
    ]);

  it('makes a stage for each CPU, and the last one of them', async () => {
    const { code, stdout } = await forPlatforms(`linux/amd64=${root}`, `arm64=${arm}`);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: [
        'ARG TARGETARCH',
        'FROM scratch AS final-amd64',
        'COPY --from=build /usr/bin/static /usr/bin/',
        'ENTRYPOINT ["/usr/bin/static"]',
        '',
        'FROM scratch AS final-arm64',
        'COPY --from=build /usr/bin/static /usr/bin/',
        'ENTRYPOINT ["/usr/bin/static"]',
        '',
        'FROM final-${TARGETARCH}',
        '',
      ].join('\n'),
    });
  });

  it('is named where the plan for it cannot be made', async () => {
    const lacking = diskWorld({
      '/usr/bin/static': program({ needed: ['libgone.so.1'] }),
    });
    const { code, stderr } = await forPlatforms(`linux/amd64=${lacking}`);
    expect(code).not.toBe(0);
    expect(stderr).toContain(`(--platform-root linux/amd64=${lacking})`);
  });

  it('must be for the CPU that its programs are for, once', async () => {
    expect((await forPlatforms(`linux/arm64=${root}`)).stderr).toContain('there are for amd64');
    expect((await forPlatforms(`amd64=${root}`, `amd64=${root}`)).stderr).toContain('amd64 twice');
  });
});
