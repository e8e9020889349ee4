/**
 * What users see of runtime needs: `--with` and `--without`, notes of what is suggested, and facts that
 * no option mends.
 */
import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { calls, glibcWith, LIB, texts } from '../needs/need-worlds.js';
import { runCli } from '../support/cli-runner.js';
import { diskWorld, removeDiskWorldsAfterwards } from '../support/disk-world.js';
import { glibcSystem, program } from '../support/world.js';

removeDiskWorldsAfterwards();

const root = diskWorld({
  ...glibcWith(36),
  [`${LIB}/libcuda.so.1`]: {},
  '/bin/sh': program({ needed: ['libc.so.6'] }),
  '/usr/bin/app': program({ needed: ['libc.so.6'], ...calls('mkstemp', 'system') }),
  '/usr/bin/web': program({ needed: ['libc.so.6'], ...calls('getaddrinfo') }),
  [`${LIB}/libgcc_s.so.1`]: { needed: ['libc.so.6'] },
  '/usr/bin/ends': program({ needed: ['libc.so.6'], ...calls('pthread_cancel') }),
  '/usr/bin/gpu': program({ needed: ['libcuda.so.1', 'libc.so.6'] }),
  '/usr/bin/plugs': program({
    needed: ['libc.so.6'],
    ...calls('dlopen'),
    ...texts('libcuda.so.1'),
  }),
  '/usr/bin/opens': program({
    needed: ['libc.so.6'],
    ...calls('dlopen', 'pthread_exit', 'getaddrinfo'),
    ...texts('libopt.so.1', 'libgone.so.1'),
  }),
  [`${LIB}/libopt.so.1`]: { needed: ['libmore.so'] },
  [`${LIB}/libmore.so`]: {},
});
const withPlugins = diskWorld({
  ...glibcWith(36),
  '/usr/bin/host': program({ needed: ['libc.so.6'] }),
  '/opt/plugs/deep/libone.so': { needed: ['libtwo.so', 'libc.so.6'], ...calls('mkstemp') },
  '/opt/plugs/libtwo-1.so': { soname: 'libtwo.so' },
  '/opt/plugs/outside': { link: '../other/file' },
  '/opt/other/file': 'data\n',
  [`${LIB}/libtwo.so`]: { link: '../../opt/plugs/libtwo-1.so' },
});
const run = (...args: string[]) => runCli([args[0] as string, '--root', root, ...args.slice(1)]);
const copied = async (...args: string[]) => (await run('dockerfile', ...args)).stdout;

describe('the directory of an application', () => {
  const NODE = program({ needed: ['libc.so.6'] });
  const world = () =>
    diskWorld({
      ...glibcWith(36),
      '/usr/bin/node': NODE,
      '/srv/app/main.js': { bytes: new TextEncoder().encode('#!/usr/bin/node\n'), mode: 0o755 },
      '/srv/app/package.json': '{}',
      '/srv/app/build/main.node': { needed: ['libc.so.6'] },
    });
  const namesIn = (directory: string) => fs.readdirSync(directory).sort();

  it.each(['out', 'out/deep'])(
    'does not bring the tree that is written to %s in it',
    async (place) => {
      const app = world();
      const to = `${app}/srv/app/${place}`;
      fs.mkdirSync(to, { recursive: true });
      const copy = ['copy', '--root', app, '/srv/app/main.js', '--to', to];
      expect(await runCli(copy)).toMatchObject({ code: 0 });
      const first = namesIn(`${to}/srv/app`);
      expect(first).toEqual([
        'build',
        'main.js',
        ...(place === 'out' ? [] : ['out']),
        'package.json',
      ]);
      expect(await runCli([...copy, '--force'])).toMatchObject({ code: 0 });
      expect(namesIn(`${to}/srv/app`)).toEqual(first);
      if (place !== 'out') expect(namesIn(`${to}/srv/app/out`)).toEqual([]);
    },
  );

  it('does not bring the archive that is written in it, but what is beside', async () => {
    const app = world();
    const place = `${app}/srv/app/app.tar`;
    fs.writeFileSync(place, 'earlier');
    fs.writeFileSync(`${app}/srv/app/other.tar`, 'other');
    const tar = ['tar', '--root', app, '/srv/app/main.js', '-o', place, '--force'];
    expect(await runCli(tar)).toMatchObject({ code: 0 });
    const text = fs.readFileSync(place, 'latin1');
    expect(text).toContain('srv/app/other.tar');
    expect(text).not.toContain('srv/app/app.tar');
  });

  it('is told with its size where it is large', async () => {
    const app = world();
    const notes = async () =>
      (await runCli(['dockerfile', '--root', app, '/srv/app/main.js'])).stderr;
    expect(await notes()).not.toContain('MB');
    fs.truncateSync(`${app}/srv/app/build/main.node`);
    fs.truncateSync(`${app}/srv/app/build/main.node`, 70_000_000);
    expect(await notes()).toContain(
      'elfdeps: note: modules: 70 MB are from /srv/app (--exclude leaves parts of it out)\n',
    );
    const to = `${app}/copied`;
    const { stderr } = await runCli(['copy', '--root', app, '/srv/app/main.js', '--to', to]);
    expect(stderr).toContain('modules: 70 MB are from /srv/app ');
  });
});

describe('the image commands', () => {
  it('add what is sure, and suggest what is likely', async () => {
    const { code, stdout, stderr } = await run('dockerfile', '/usr/bin/app');
    expect(code).toBe(0);
    expect(stdout).not.toContain('/bin/sh');
    expect(stderr).toBe(
      [
        'elfdeps: note: /tmp: an empty directory, which COPY cannot make (docker run --tmpfs /tmp)',
        'elfdeps: note: it may also need --with shell (--verbose tells why)',
        '',
      ].join('\n'),
    );
  });

  it('say of a kind that is added in part that there is more of it', async () => {
    const partly = diskWorld({
      ...glibcWith(36),
      '/bin/sh': program({ needed: ['libc.so.6'] }),
      '/usr/bin/app-helper': program({ needed: ['libc.so.6'] }),
      '/usr/bin/other': program({ needed: ['libc.so.6'], data: new Uint8Array(1 << 20) }),
      '/usr/bin/app': program({
        needed: ['libc.so.6'],
        ...calls('execve', 'system'),
        ...texts('/usr/bin/app-helper', '/usr/bin/other'),
      }),
    });
    const { stderr } = await runCli(['dockerfile', '--root', partly, '/usr/bin/app']);
    expect(stderr).toContain('elfdeps: note: added commands (--without leaves it out)\n');
    expect(stderr).toContain(
      'elfdeps: note: it may also need --with shell,commands (more commands; --verbose tells why)\n',
    );
  });

  it('tell why with --verbose', async () => {
    const { stderr } = await run('dockerfile', '--verbose', '/usr/bin/app');
    const copy = await run('copy', '--verbose', '/usr/bin/app', '--to', `${diskWorld({})}/tree`);
    expect(copy.stderr).toContain('note: tmp: added, /usr/bin/app imports mkstemp\n');
    expect(stderr).toContain(
      'note: tmp: not added (COPY cannot make it), /usr/bin/app imports mkstemp\n',
    );
    expect(stderr).toContain(
      'note: shell: not added, /usr/bin/app imports system (--with shell)\n',
    );
  });

  it('say what engines bring, and what they do not', async () => {
    const web = await run('dockerfile', '--verbose', '/usr/bin/web');
    expect(web.stdout).not.toContain('/etc/hosts');
    expect(web.stderr).toContain(
      'note: hosts: not added (container engines bring /etc/hosts), /usr/bin/web imports getaddrinfo\n',
    );
    const short = await run('dockerfile', '/usr/bin/web');
    expect(short.stderr).not.toMatch(/added .*hosts/);
  });

  it('say shortly what was added and which option drops it', async () => {
    const copy = await run('copy', '/usr/bin/opens', '--to', `${diskWorld({})}/tree`);
    expect(copy.stderr).toContain(
      'elfdeps: note: added libgcc, nss and hosts (--without leaves them out)\n',
    );
  });

  it('take --with and --without', async () => {
    expect(await copied('--with', 'shell', '/usr/bin/app')).toContain('/bin/sh');
    const { stderr } = await run('dockerfile', '--without', 'tmp,shell', '/usr/bin/app');
    expect(stderr).toBe('');
  });

  it('keep what was opened for a need', async () => {
    expect(await copied('/usr/bin/ends')).toContain('libgcc_s.so.1');
  });

  it('add libraries whose names stand in a program when they are asked to, and never else', async () => {
    const { stdout, stderr } = await run('dockerfile', '/usr/bin/opens');
    expect(stdout).not.toMatch(/libopt|libmore/);
    expect(stderr).toContain('--with dlopen-texts');
    const asked = await copied('--with', 'dlopen-texts', '/usr/bin/opens');
    for (const library of ['libopt.so.1', 'libmore.so']) expect(asked).toContain(library);
    expect(asked).not.toContain('libgone');
  });

  it('add up --with and --without that are given again', async () => {
    const { stderr } = await run(
      'dockerfile',
      '--without',
      'tmp',
      '--without',
      'shell',
      '/usr/bin/app',
    );
    expect(stderr).toBe('');
  });

  it('refuse kinds that they do not know', async () => {
    expect(await run('dockerfile', '--with', 'shel', '/usr/bin/app')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^elfdeps: no need is called 'shel'/),
    });
  });

  it('say that a driver of the host is in the image, and copy none for a guess', async () => {
    const fact = "the library belongs to NVIDIA's kernel driver and comes from the host";
    const needed = await run('dockerfile', '/usr/bin/gpu');
    expect(needed.stdout).toContain('libcuda.so.1');
    expect(needed.stderr).toBe(`elfdeps: note: /usr/bin/gpu needs libcuda.so.1: ${fact}\n`);
    const guessed = await run('dockerfile', '--with', 'all', '/usr/bin/plugs');
    expect(guessed.stdout).not.toContain('libcuda');
    expect(guessed.stderr).toBe(`elfdeps: note: /usr/bin/plugs needs libcuda.so.1: ${fact}\n`);
  });
});

describe('--package', () => {
  const installed = (name: string) =>
    `Package: ${name}\nStatus: install ok installed\nArchitecture: all\n\n`;
  const packaged = diskWorld({
    ...glibcWith(36),
    '/usr/bin/host': program({ needed: ['libc.so.6'] }),
    '/var/lib/dpkg/status': installed('plugs') + installed('plugs-doc'),
    '/var/lib/dpkg/info/plugs.list': '/opt/plugs\n/opt/plugs/one.so\n/usr/share/man/one.1\n',
    '/var/lib/dpkg/info/plugs-doc.list': '/.\n',
    '/opt/plugs/one.so': { needed: ['libtwo.so'] },
    '/usr/share/man/one.1': 'text',
    [`${LIB}/libtwo.so`]: {},
  });
  const inPackaged = (command: string, ...args: string[]) =>
    runCli([command, '--root', packaged, '/usr/bin/host', ...args]);

  it('adds the files of a package to images, and resolves its libraries', async () => {
    const { code, stdout, stderr } = await inPackaged('dockerfile', '--package', 'plugs');
    expect(code).toBe(0);
    expect(stdout).toContain('/opt/plugs/one.so');
    expect(stdout).toContain(`${LIB}/libtwo.so`);
    expect(stdout).not.toContain('one.1');
    // What the user asked for is no news.
    expect(stderr).not.toContain('package');
  });

  it('counts for reports and check too', async () => {
    const { code, stdout } = await runCli([
      ...['--root', packaged, '/usr/bin/host', '--package', 'plugs', '--format', 'list'],
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain(`${LIB}/libtwo.so\n`);
    const image = await inPackaged('check', '--image', '--package', 'plugs', '--format', 'json');
    expect(image.code).toBe(0);
  });

  it.each([
    ['an unknown name', packaged, 'plug', 'no installed package has this name\n  similar: plugs'],
    ['a root without a database', root, 'plugs', 'the root has no package database'],
  ])('%s is exit code 2', async (_, where, name, words) => {
    const program = where === root ? '/usr/bin/app' : '/usr/bin/host';
    for (const command of [['dockerfile'], [], ['check', '--image']]) {
      const { code, stdout, stderr } = await runCli([
        ...[...command, '--root', where, program, '--package', name],
      ]);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain(`--package ${name}: ${words}`);
    }
  });
});

describe('--include', () => {
  const include = (command: string, ...args: string[]) =>
    runCli([command, '--root', withPlugins, '/usr/bin/host', ...args]);

  it.each(['/opt/plugs', '/opt/plugs/', '/opt/plugs/**', '/opt/plugs/*'])(
    'takes what the libraries below %s need, in every layout',
    async (pattern) => {
      for (const layout of [[], ['--parents']]) {
        const { code, stdout } = await include('dockerfile', ...layout, '--include', pattern);
        expect(code).toBe(0);
        expect(stdout).toContain(`${LIB}/libtwo.so`);
        // What a link leads to, or a file in the place of the link.
        expect(stdout).toMatch(/\/opt\/other\/file|\/opt\/plugs\/outside/);
      }
    },
  );

  it('counts what included libraries need at run time', async () => {
    const { stderr } = await include('dockerfile', '--include', '/opt/plugs');
    expect(stderr).toContain('note: /tmp: an empty directory, which COPY cannot make');
  });
});

it('reports list every need in JSON, sure or not', async () => {
  const { stdout } = await runCli([
    ...['--root', root, '--needs', '--format', 'json', '/usr/bin/app'],
  ]);
  const [{ runtimeNeeds }] = JSON.parse(stdout).programs;
  expect(runtimeNeeds.map(({ kind }: { kind: string }) => kind)).toEqual(['tmp', 'shell']);
  // Whether the root has that directory or not, the image gets it.
  expect(runtimeNeeds[0]).toMatchObject({ files: [], makes: ['/tmp'] });
});

it.each(['json', 'ndjson'])('%s has needs only with --needs', async (format) => {
  const { stdout } = await runCli(['--root', root, '--format', format, '/usr/bin/app']);
  expect(stdout).toContain('/usr/bin/app');
  expect(stdout).not.toContain('runtimeNeeds');
});

it('text has needs with --needs, and not every path that was tried', async () => {
  const text = (...options: string[]) => runCli(['--root', root, '/usr/bin/app', ...options]);
  const needs = /at run time/;
  expect((await text()).stdout).not.toMatch(needs);
  expect((await text('--needs')).stdout).toMatch(needs);
  expect((await text('--verbose')).stdout).toMatch(needs);
});

it('name in JSON the files of the root that serve a need, and what else is asked for', async () => {
  const { stdout } = await runCli([
    ...['--root', root, '--needs', '--format', 'json', '/usr/bin/opens'],
  ]);
  const [{ runtimeNeeds }] = JSON.parse(stdout).programs;
  const served = (kind: string) => {
    const { files, opens, makes } = runtimeNeeds.find(
      (need: { kind: string }) => need.kind === kind,
    );
    return { files, opens, makes };
  };
  expect(served('libgcc')).toEqual({
    files: [`${LIB}/libgcc_s.so.1`],
    opens: ['libgcc_s.so.1'],
  });
  expect(served('dlopen-texts')).toEqual({
    files: [`${LIB}/libopt.so.1`],
    opens: ['libopt.so.1'],
  });
  // The root has none of its own.
  expect(served('hosts')).toEqual({ files: [], makes: ['/etc/hosts'] });
  expect(stdout).not.toContain('libgone');
});

describe('a file that is opened and lacks a library', () => {
  const lib = (name: string) => ({ needed: [name, 'libc.so.6'] });
  const lacking = diskWorld({
    ...glibcWith(36),
    '/usr/bin/host': program({ needed: ['libc.so.6'] }),
    '/usr/bin/opens': program({
      needed: ['libc.so.6'],
      ...calls('dlopen'),
      ...texts('libplug.so.1'),
    }),
    [`${LIB}/libplug.so.1`]: lib('libgone.so.1'),
    ...Object.fromEntries(
      [1, 2, 3, 4, 5, 6, 7].map((n) => [`/opt/plugs/p${n}.so`, lib(`liblost${n}.so`)]),
    ),
  });
  const out = () => `${diskWorld({})}/out`;
  const on = (...args: string[]) =>
    runCli([args[0] as string, '--root', lacking, ...args.slice(1)]);

  it('is missing where it is what --include names', async () => {
    const named = ['/usr/bin/host', '--include', '/opt/plugs/p1.so'];
    const report = await runCli(['--root', lacking, '--format', 'json', ...named]);
    expect(report.code).toBe(1);
    expect(JSON.parse(report.stdout).programs[0].complete).toBe(false);
    const refused = await on('copy', ...named, '--to', out());
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('/opt/plugs/p1.so needs liblost1.so, which is missing');
    expect((await on('copy', ...named, '--to', out(), '--allow-incomplete')).code).toBe(1);
    const checked = await on('check', '--image', ...named);
    expect(checked.code).toBe(1);
    expect(checked.stdout).toContain('liblost1.so: not found, needed by /opt/plugs/p1.so');
  });

  it('is a note where it is one of many', async () => {
    const many = ['/usr/bin/host', '--include', '/opt/plugs'];
    const report = await runCli(['--root', lacking, ...many]);
    expect(report.code).toBe(0);
    const told =
      /note include: .*p1\.so needs liblost1\.so, .*p5\.so needs liblost5\.so, and 2 more /;
    expect(report.stdout.replaceAll(/\s+/g, ' ')).toMatch(told);
    const { code, stderr } = await on('copy', ...many, '--to', out());
    expect(code).toBe(0);
    expect(stderr).toMatch(/note: include: .*and 2 more\n/);
  });

  it('is a note where a need opens it', async () => {
    const { code, stderr } = await on(
      ...['copy', '/usr/bin/opens', '--with', 'dlopen-texts', '--to', out()],
    );
    expect(code).toBe(0);
    expect(stderr).toContain(
      `dlopen-texts: cannot be opened, a library is missing: ${LIB}/libplug.so.1 needs libgone.so.1\n`,
    );
  });
});

describe('notes of needs', () => {
  const java = diskWorld({
    ...glibcWith(36),
    '/opt/jdk/bin/java': program({ needed: ['libjli.so', 'libc.so.6'], rpath: '$ORIGIN/../lib' }),
    '/opt/jdk/lib/libjli.so': {},
    '/opt/jdk/lib/libjava.so': {},
    '/usr/bin/names': program({
      needed: ['libc.so.6'],
      ...calls('dlopen'),
      ...texts('libplain.so'),
    }),
    [`${LIB}/libplain.so`]: {},
  });
  const copy = (...args: string[]) =>
    runCli(['copy', '--root', java, ...args, '--to', `${diskWorld({})}/out`]);

  it('refuse to part a program from the files that it finds from its directory', async () => {
    const { code, stderr } = await copy('/opt/jdk/bin/java:/j');
    expect(code).not.toBe(0);
    expect(stderr).toContain(
      '/opt/jdk/bin/java finds the files of java from its own directory, not from /j',
    );
    expect((await copy('/opt/jdk/bin/java')).code).toBe(0);
    expect((await copy('/opt/jdk/bin/java:/opt/jdk/bin/j')).code).toBe(0);
  });

  it('say of --with that it adds nothing', async () => {
    expect((await copy('/usr/bin/names', '--with', 'java')).stderr).toContain(
      'note: --with java: adds nothing',
    );
    expect((await copy('/opt/jdk/bin/java', '--with', 'java')).stderr).not.toContain(
      'adds nothing',
    );
  });

  it('suggest nothing that --include gave', async () => {
    const suggestion = '--with dlopen-texts';
    expect((await copy('/usr/bin/names')).stderr).toContain(suggestion);
    const { stderr } = await copy('/usr/bin/names', '--include', `${LIB}/libplain.so`);
    expect(stderr).not.toContain(suggestion);
  });
});

it('a tree for chroot has no devices, and --verbose tells which of them programs open', async () => {
  const world = diskWorld({
    ...glibcSystem(36),
    '/bin/sh': program(),
    '/bin/app': { ...program(), ...texts('/dev/urandom', '/dev/null', '/dev/sda') },
    '/bin/script': '#!/bin/sh\nrm x 2>/dev/null\n',
    '/bin/other': program(),
  });
  const told = async (names: string[], ...more: string[]) => {
    const words = ['copy', '--root', world, ...names, '--force', '--to', `${world}/a b`, ...more];
    const { stderr } = await runCli(words);
    return stderr.split('\n').filter((line) => line.includes('/dev/'));
  };
  const noted = (name: string) => told([name], '--verbose');
  const place = `for chroot, mount /dev at ${world}/a b/dev`;
  expect(await noted('/bin/app')).toEqual([
    `elfdeps: note: /dev/null and /dev/urandom: containers have them; ${place}`,
  ]);
  expect(await noted('/bin/script')).toEqual([
    `elfdeps: note: /dev/null: containers have it; ${place}`,
  ]);
  expect(await noted('/bin/other')).toEqual([]);
  // Every container has them, so that most users need not be told.
  expect(await told(['/bin/app'])).toEqual([]);
});
