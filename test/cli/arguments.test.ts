/**
 * File arguments: files, directories and patterns, of this machine and of a root, and FILE:DEST.
 */
import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as c from '../../src/elf/constants.js';
import { runCli } from '../support/cli-runner.js';
import { diskWorld, removeDiskWorldsAfterwards } from '../support/disk-world.js';
import { glibcSystem, program } from '../support/world.js';

removeDiskWorldsAfterwards();

const fixed = { type: c.ET_EXEC, dynamic: false } as const;
const machine = diskWorld({
  '/bin/one': fixed,
  '/bin/two': fixed,
  '/bin/.hidden': fixed,
  '/bin/readme.txt': 'no program, but beside some\n',
  '/lib/deep/libx.so': {},
  '/odd name/app': fixed,
  '/b[1]': fixed,
  '/a:/b': fixed,
});
const root = diskWorld({
  ...glibcSystem(36),
  '/opt/lib/liba.so': {},
  '/usr/bin/app': program({ needed: ['liba.so'], runpath: '/opt/lib' }),
  '/usr/bin/tool': program({ needed: [] }),
});

/** The names in the headings of the text report. */
async function headings(args: readonly string[], cwd = machine): Promise<string[]> {
  const { stdout } = await runCli(args, { cwd });
  const heads = stdout
    .split('\n')
    .filter((line) => /^\S/.test(line) && !/^\d+ programs: /.test(line));
  return heads.map((line) => line.replace(/: complete, .*/, ''));
}

describe('of this machine', () => {
  it('what leads upwards is told from the working directory', async () => {
    const { stdout } = await runCli(
      ['--format', 'list', '../../bin/one', './.././deep/../../bin/two'],
      {
        cwd: `${machine}/lib/deep`,
      },
    );
    expect(stdout).toContain(`${machine}/bin/one\n`);
    expect(stdout).toContain('/bin/two\n');
  });

  it.each<[string, readonly string[], readonly string[]]>([
    [
      'files keep the order in which they were named',
      ['bin/two', 'bin/one'],
      ['bin/two', 'bin/one'],
    ],
    ['a file named twice is one program', ['bin/one', './bin/one'], ['bin/one']],
    ['a directory is every ELF file below it', ['bin'], ['bin/.hidden', 'bin/one', 'bin/two']],
    ['a trailing slash changes nothing', ['bin/'], ['bin/.hidden', 'bin/one', 'bin/two']],
    ['the way it was written is kept', ['./lib'], ['./lib/deep/libx.so']],
    ['* is sorted and leaves hidden files out', ['bin/*'], ['bin/one', 'bin/two']],
    ['** goes down', ['**/*.so'], ['lib/deep/libx.so']],
    ['[...] and ?', ['bin/[a-o]n?'], ['bin/one']],
    ['a pattern may match directories', ['l*'], ['lib/deep/libx.so']],
    ['a file whose name is a pattern is that file', ['b[1]'], ['b[1]']],
    ['a name with a space', ['odd name/app'], ['odd name/app']],
    ['a name with :/ that exists', ['a:/b'], ['a:/b']],
  ])('%s', async (_what, args, expected) => {
    expect(await headings(args)).toEqual(expected);
  });

  it('an absolute path is itself, wherever one stands', async () => {
    expect(await headings([`${machine}/bin/one`], '/')).toEqual([`${machine}/bin/one`]);
  });

  it('.. in a path is followed by directories, not as text', async () => {
    expect(await headings(['lib/../bin/one'])).toEqual(['lib/../bin/one']);
  });
});

describe('of a root', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['an absolute path is a path in it', ['/usr/bin/app'], ['/usr/bin/app']],
    ['an absolute directory too', ['/usr/bin'], ['/usr/bin/app', '/usr/bin/tool']],
    ['an absolute pattern too', ['/usr/*/t*'], ['/usr/bin/tool']],
    ['a relative file is of this machine', ['bin/one'], ['bin/one']],
    ['both at once', ['/usr/bin/tool', 'bin/one'], ['/usr/bin/tool', 'bin/one']],
  ])('%s', async (_what, args, expected) => {
    expect(await headings(['--root', root, ...args])).toEqual(expected);
  });

  it('a relative file is at /NAME there, or at DEST', async () => {
    const list = async (...args: string[]) =>
      (await runCli(['--root', root, '--format', 'list', ...args], { cwd: machine })).stdout;
    expect(await list('bin/one')).toBe('/one\n');
    expect(await list('bin/one:/srv/bin/first')).toBe('/srv/bin/first\n');
    expect(await list('bin/one:/srv/')).toBe('/srv/one\n');
    expect(await list('bin/tw*:/srv')).toBe('/srv/two\n');
    expect(await list('bin:/srv')).toBe('/srv/.hidden\n/srv/one\n/srv/two\n');
  });

  it('a relative file finds the libraries of the root', async () => {
    const { code, stdout } = await runCli(['--root', root, '--format', 'ldd', 'usr/bin/app:/x'], {
      cwd: root,
    });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: '\tlinux-vdso.so.1\n\tliba.so => /opt/lib/liba.so\n',
    });
  });

  it('two files for one place are refused', async () => {
    const twice = diskWorld({ '/x/app': fixed, '/y/app': fixed });
    expect(await runCli(['--root', root, 'x/app', 'y/app'], { cwd: twice })).toMatchObject({
      code: 2,
      stderr:
        'elfdeps: y/app: x/app is at /app already\n  FILE:DEST puts a file at another place\n',
    });
    const apart = await runCli(
      ['--root', root, '--format', 'list', 'x/app', 'y/app:/b', './x/app'],
      { cwd: twice },
    );
    expect(apart).toEqual({ code: 0, stdout: '/app\n/b\n', stderr: '' });
  });

  it('the report names the root as the user did', async () => {
    const { stdout } = await runCli(['--root', root, '--format', 'json', '/usr/bin/tool']);
    expect(JSON.parse(stdout).root).toBe(root);
    const host = await runCli(['--format', 'json', 'bin/one'], { cwd: machine });
    expect(JSON.parse(host.stdout).root).toBe('/');
  });
});

describe('FILE:DEST', () => {
  const dockerfile = async (...args: string[]) =>
    runCli(['dockerfile', '--copy-only', '--root', root, ...args], { cwd: machine });

  it.each<[string, readonly string[], readonly string[]]>([
    ['moves a program', ['/usr/bin/tool:/tool'], ['/usr/bin/tool /']],
    ['gives another name', ['/usr/bin/tool:/bin/t'], ['/usr/bin/tool /bin/t']],
    ['completes a directory', ['/usr/bin/tool:/app/'], ['/usr/bin/tool /app/']],
    ['moves a whole directory', ['/usr/bin:/app'], ['/usr/bin/app /usr/bin/tool /app/']],
    [
      'is not lost when the file is named again',
      ['/usr/bin/tool', '/usr/bin/tool:/t'],
      ['/usr/bin/tool /t'],
    ],
  ])('%s', async (_what, args, expected) => {
    const { code, stdout } = await dockerfile(...args);
    const programs = stdout
      .split('\n')
      .filter((line) => line.includes(' /usr/bin/'))
      .map((line) => line.replace('COPY --from=build ', ''));
    expect({ code, programs }).toEqual({ code: 0, programs: expected });
  });

  it('a file of this machine comes from the build context', async () => {
    expect((await dockerfile('bin/one:/srv/first')).stdout).toBe('COPY bin/one /srv/first\n');
  });

  it('two places for one file are refused', async () => {
    expect(await dockerfile('/usr/bin/tool:/a', '/usr/bin/tool:/b')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'elfdeps: /usr/bin/tool: named twice, for /a and for /b\n',
    });
  });

  it('two files for one place are refused', async () => {
    expect(await dockerfile('/usr/bin/tool:/a', '/usr/bin/app:/a')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'elfdeps: /a: /usr/bin/tool and /usr/bin/app want this place\n',
    });
  });

  it('a relative DEST is no DEST', async () => {
    expect(await dockerfile('bin/one:first')).toMatchObject({
      code: 2,
      stderr:
        'elfdeps: bin/one:first: the destination is not an absolute path\n' +
        '  for example bin/one:/first\n',
    });
  });
});

describe('FILE:DEST of a library that a program lacks', () => {
  const own = diskWorld({
    ...glibcSystem(36),
    '/lib64/ld-linux-x86-64.so.2': { link: '/usr/lib/loader' },
    '/usr/lib/loader': {},
    '/lib/sub': { link: '/usr/lib' },
    '/opt/libown.so': {},
    '/usr/bin/needs': program({ needed: ['libown.so'], runpath: '/lib/sub' }),
    '/here/libown.so': {},
  });
  const dockerfile = (...args: string[]) =>
    runCli(['dockerfile', '--copy-only', '-q', '--root', own, '/usr/bin/needs', ...args], {
      cwd: `${own}/here`,
    });

  it.each<[string, readonly string[], string]>([
    ['--include', ['--include', './libown.so:/usr/lib/libown.so'], 'COPY ./libown.so'],
    [
      '--include of the root',
      ['--include', '/opt/libown.so:/usr/lib/'],
      '--from=build /opt/libown.so',
    ],
    ['a file argument', ['/opt/libown.so:/usr/lib/libown.so'], '--from=build /opt/libown.so'],
  ])('is found there: %s', async (_what, args, source) => {
    for (const layout of [[], ['--parents']]) {
      const { code, stdout } = await dockerfile(...args, ...layout);
      expect(code).toBe(0);
      const lines = stdout.replaceAll(/ \\\n +/g, ' ').split('\n');
      const copies = lines.filter((line) => line.includes('libown.so'));
      // Once for each name that is opened, from where the file is now.
      expect(copies.length).toBeGreaterThan(0);
      for (const line of copies) expect(line).toContain(source);
      expect(copies.join()).not.toContain('--from=build /usr/lib/libown.so');
      expect(copies.join()).not.toContain('/lib/sub/libown.so');
    }
  });

  it('is found there in a tree, with a file of any kind', async () => {
    const to = `${own}/out`;
    const includes = ['./libown.so:/usr/lib/', './libown.so:/etc/own.conf'];
    const { code } = await runCli(
      ['copy', '-q', '--root', own, '/usr/bin/needs', '--to', to].concat(
        includes.flatMap((text) => ['--include', text]),
      ),
      { cwd: `${own}/here` },
    );
    expect(code).toBe(0);
    expect(fs.existsSync(`${to}/usr/lib/libown.so`)).toBe(true);
    expect(fs.existsSync(`${to}/etc/own.conf`)).toBe(true);
  });

  it('is refused where there is no such file, or it is a directory', async () => {
    expect((await dockerfile('--include', './gone:/usr/lib/libown.so')).stderr).toBe(
      "elfdeps: --include './gone:/usr/lib/libown.so': ./gone does not exist\n  FILE of FILE:DEST is one file\n",
    );
    expect((await dockerfile('--include', '/opt:/usr/lib/libown.so')).stderr).toContain(
      '/opt is not a file',
    );
  });

  it('is advised', async () => {
    const { code, stderr } = await dockerfile();
    expect(code).toBe(1);
    expect(stderr).toContain('--library-path DIR');
    expect(stderr).toContain('--include FILE:DEST');
  });
});

describe('a soname', () => {
  const sonames = diskWorld({
    ...glibcSystem(36),
    '/bin/sh': program(),
    '/bin/libtool.so.1': program(),
    '/usr/lib/libssl.so.3': {},
    '/usr/lib/libtool.so.1': {},
  });
  const list = (...args: string[]) =>
    runCli([...args, '--root', sonames, '--format', 'json']).then(({ code, stdout }) => [
      code,
      ...JSON.parse(stdout).programs.map(({ path }: { path: string }) => path),
    ]);

  it("is the file that the loader of the root's programs opens for it", async () => {
    expect(await list('libssl.so.3')).toEqual([0, '/usr/lib/libssl.so.3']);
    expect(await list('libssl.so.3:/opt/libssl.so.3')).toEqual([0, '/usr/lib/libssl.so.3']);
  });

  it('comes after a program in PATH', async () => {
    expect(await list('libtool.so.1')).toEqual([0, '/bin/libtool.so.1']);
  });

  it('that no directory has is no file', async () => {
    expect(await list('libgone.so.1')).toEqual([2]);
  });
});

describe('a path that is not in the root', () => {
  const missing = async (file: string, cwd = machine) =>
    (await runCli(['--root', root, file], { cwd })).stderr;

  it('names the root, and the way to a file of this machine', async () => {
    const file = `${machine}/bin/one`;
    const lines = (relative: string) =>
      `elfdeps: ${file}: not found in the root ${root}\n` +
      `  an absolute path is inside the root; for a file of this machine, write ${relative}\n`;
    expect(await missing(file)).toBe(lines('./bin/one'));
    expect(await missing(file, `${machine}/lib`)).toBe(lines('../bin/one'));
  });

  it('does not where the root has the directory', async () => {
    expect(await missing('/usr/bin/gone')).toBe(
      `elfdeps: /usr/bin/gone: not found in the root ${root}\n`,
    );
    expect(await missing('/gone')).toBe(`elfdeps: /gone: not found in the root ${root}\n`);
  });
});

describe('a name that a file here and a program in PATH have', () => {
  const notes = async (name: string, PATH: string, ...more: string[]) =>
    (await runCli([name, ...more], { cwd: `${machine}/bin`, env: { PATH } })).stderr;
  const other = diskWorld({ '/bin/one': fixed, '/bin/lone': fixed });

  it('means the file, with a note', async () => {
    expect(await notes('one', `${other}/bin`)).toBe(
      `elfdeps: note: one is ./one here, and not ${other}/bin/one (write the path of that one)\n`,
    );
    expect(await notes('one', `${other}/bin`, '-q')).toBe('');
  });

  it('has no note where both are one file, or only one exists', async () => {
    expect(await notes('one', `${machine}/bin`)).toBe('');
    expect(await notes('./one', `${other}/bin`)).toBe('');
    expect(await notes('two', `${other}/bin`)).toBe('');
    expect(await notes('lone', `${other}/bin`)).toBe('');
  });

  it('in another root, the one in its PATH is meant', async () => {
    const { stderr } = await runCli(['app', '--root', root], { cwd: `${root}/usr/bin` });
    expect(stderr).toBe(
      'elfdeps: note: app is ./app here, and not /usr/bin/app (write the path of that one)\n',
    );
  });
});

it('programs are counted that the user names, and not what scripts start', async () => {
  const scripts = diskWorld({
    ...glibcSystem(36),
    '/bin/sh': program({ needed: [] }),
    '/bin/a': '#!/bin/sh\n',
    '/bin/b': '#!/bin/sh\n',
    '/bin/c': program({ needed: [] }),
  });
  const count = async (...args: string[]) =>
    (await runCli([...args, '--root', scripts])).stdout.match(/^\d+ programs?.*?: .*$/gm) ?? [];
  const all = ['/bin/a', '/bin/b', '/bin/c'];
  expect(await count(...all)).toEqual([
    expect.stringMatching(/^3 programs and 1 that they start: /),
  ]);
  expect(await count('/bin/a')).toEqual([
    expect.stringMatching(/^1 program and 1 that it starts: /),
  ]);
  expect(await count('/bin/c', '/bin/sh')).toEqual([expect.stringMatching(/^2 programs: /)]);
  expect(await count('check', ...all)).toEqual(['3 programs: 3 run']);
  expect(await count('check', '/bin/a')).toEqual([]);
  expect(await count('check', '/bin/a', '/bin/c')).toEqual(['2 programs: 2 run']);
});
