/**
 * What cannot be read: one line each that names the path and the cause, exit code 2, never a stack
 * trace, and the good files beside it are still answered.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as c from '../../src/elf/constants.js';
import { ELFDEPS } from '../support/built-cli.js';
import { type CliResult, runCli } from '../support/cli-runner.js';
import { diskWorld, removeDiskWorldsAfterwards } from '../support/disk-world.js';
import { buildElf } from '../support/elf-builder.js';
import { program } from '../support/world.js';

removeDiskWorldsAfterwards();

const world = diskWorld({
  '/static': { type: c.ET_EXEC, dynamic: false },
  '/other': { type: c.ET_EXEC, dynamic: false },
  '/docs/notes.txt': 'notes, and no program\n',
  '/empty': '',
  '/short': buildElf().slice(0, 40),
  '/cut': buildElf().slice(0, 100),
  '/wrong-class': buildElf({ patch: [[4, 9]] }),
  '/odd': program({ interpreter: '/lib/ld-odd.so.1' }),
  '/nothing': { directory: true },
  '/secret': { bytes: buildElf({ type: c.ET_EXEC, dynamic: false }), mode: 0o000 },
});
const run = (...args: string[]) => runCli(args, { cwd: world });

/** One line, or a line and an indented hint; no trace of a stack. */
function requireTidy({ stderr }: CliResult): void {
  expect(stderr).toMatch(/^(?:elfdeps: [^\n]+\n(?: {2}[^\n]+\n|\([^\n]+\)\n)?)+$/);
  expect(stderr).not.toMatch(/\.[jt]s:\d+|node:|^\s+at /m);
}

describe('a bad file alone: exit 2 and nothing on standard output', () => {
  it.each([
    ['text', 'docs/notes.txt', 'not an ELF file'],
    ['an empty file', 'empty', 'the file is empty'],
    [
      'half a header',
      'short',
      'cut off or damaged: the ELF header ends at byte 0x40, but the file has 0x28 bytes',
    ],
    [
      'half a table',
      'cut',
      'cut off or damaged: program headers end at byte 0xe8, but the file has 0x64 bytes',
    ],
    ['a damaged header', 'wrong-class', 'cut off or damaged: EI_CLASS is 9, expected 1 or 2'],
    ['a missing file', 'gone', 'no such file or directory'],
    ['a directory that is a file', 'docs/notes.txt/app', 'not a directory'],
    ['a file as a directory', 'static/', 'not a directory'],
    ['a directory without programs', 'docs', 'no ELF files in this directory'],
    ['an empty directory', 'nothing/', 'no ELF files in this directory'],
    ['a pattern without matches', 'd*/*.so', 'the pattern matches no ELF file'],
    ['an absolute path', '/elfdeps-is-not-here', 'no such file or directory'],
  ])('%s', async (_what, file, fact) => {
    expect(await run(file)).toEqual({
      code: 2,
      stdout: '',
      stderr: `elfdeps: ${file}: ${fact}\n`,
    });
  });

  it('a missing directory on the way is named', async () => {
    expect(await run('gone/app')).toEqual({
      code: 2,
      stdout: '',
      stderr: `elfdeps: gone/app: no such file or directory\n  ${world}/gone does not exist\n`,
    });
  });

  it('an interpreter that nobody knows, with advice', async () => {
    const result = await run('odd');
    requireTidy(result);
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(
      /^elfdeps: odd: no rules for interpreter \/lib\/ld-odd\.so\.1\n {2}known: glibc, musl/,
    );
  });

  it('an empty name', async () => {
    expect(await run('')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'elfdeps: a file name is empty\n',
    });
  });

  it('a name with control characters stays on one line', async () => {
    const { code, stderr } = await run('a\nb\u001b');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'elfdeps: a\\x0ab\\x1b: no such file or directory\n',
    });
  });

  it.each(['ldd', 'list', 'tree', 'ndjson'])('--format %s prints nothing', async (format) => {
    expect(await run('--format', format, 'gone')).toMatchObject({ code: 2, stdout: '' });
  });

  it('--format json has it in errors', async () => {
    const { code, stdout, stderr } = await run('--format', 'json', 'docs/notes.txt', 'gone');
    expect(code).toBe(2);
    expect(stderr.split('\n')).toHaveLength(3);
    expect(JSON.parse(stdout)).toEqual({
      schema: 'elfdeps/1',
      root: '/',
      programs: [],
      errors: [
        expect.objectContaining({ code: 'NOT_ELF', path: expect.stringContaining('notes.txt') }),
        expect.objectContaining({ code: 'FILE_NOT_FOUND' }),
      ],
    });
  });
});

describe('a mistyped command', () => {
  it('is asked about, where a file follows', async () => {
    const { code, stderr } = await run('chek', 'other');
    expect(code).toBe(2);
    expect(stderr).toBe(
      'elfdeps: chek: no such file or directory\n  did you mean the command check?\n',
    );
  });

  it('is asked about, where its options are unknown', async () => {
    const { code, stderr } = await run('copyy', 'other', '--to', 'x');
    expect(code).toBe(2);
    expect(stderr).toMatch(/unknown option '--to'[\s\S]*\n {2}did you mean the command copy\?\n$/);
    expect((await run('copy', 'other', '--nothing')).stderr).not.toContain('did you mean the');
  });

  it.each([[['chek']], [['other', 'chek']], [['./chek', 'other']], [['nothing-like', 'other']]])(
    'is not meant by %j',
    async (words) => {
      expect((await run(...words)).stderr).not.toContain('did you mean');
    },
  );
});

describe('an archive as a file argument', () => {
  it.each(['root.tar', 'root.tar.gz', 'my root.TGZ', 'root.tar.zst'])('%s', async (name) => {
    const cwd = diskWorld({ [`/${name}`]: { bytes: new Uint8Array(300) } });
    const quoted = name.includes(' ') ? `'${name}'` : name;
    for (const args of [[name], ['check', name], ['dockerfile', name], ['why', name, 'libc']])
      expect((await runCli(args, { cwd })).stderr).toBe(
        `elfdeps: ${name}: not an ELF file\n  an archive is a root: --root ${quoted}\n`,
      );
  });

  it('is nothing else', async () => {
    const cwd = diskWorld({ '/star': 'x'.repeat(300), '/x.tar/y': 'x'.repeat(300) });
    for (const name of ['star', 'x.tar/y'])
      expect((await runCli([name], { cwd })).stderr).not.toContain('--root');
  });
});

describe('a bad file among good ones', () => {
  it('is one line; the others are reported; exit 2', async () => {
    const result = await run('static', 'empty', 'gone', 'other');
    requireTidy(result);
    expect(result.code).toBe(2);
    expect(result.stderr.trimEnd().split('\n').sort()).toEqual([
      'elfdeps: empty: the file is empty',
      'elfdeps: gone: no such file or directory',
    ]);
    expect(result.stdout).toMatch(
      /^2 programs: complete, 2 files could not be read, 2 files, [\s\S]*\n\nstatic: complete, [\s\S]*\n\nother: complete, /,
    );
  });

  it('stops an image', async () => {
    for (const args of [
      ['dockerfile', 'static', 'gone'],
      ['copy', 'static', 'gone', '--to', `${world}/out`],
    ]) {
      const result = await run(...args);
      expect(result).toEqual({
        code: 2,
        stdout: '',
        stderr: 'elfdeps: gone: no such file or directory\n',
      });
    }
    expect(fs.existsSync(`${world}/out`)).toBe(false);
  });
});

describe.skipIf(process.platform === 'win32')('links and special files (not on Windows)', () => {
  const links = diskWorld({
    '/dangling': { link: 'gone' },
    '/loop': { link: 'loop' },
  });

  it('a link to nothing says what does not exist', async () => {
    expect(await runCli(['dangling'], { cwd: links })).toEqual({
      code: 2,
      stdout: '',
      stderr: `elfdeps: dangling: no such file or directory\n  ${links}/gone does not exist\n`,
    });
  });

  it('a link to itself ends', async () => {
    expect(await runCli(['loop'], { cwd: links })).toMatchObject({
      code: 2,
      stderr: 'elfdeps: loop: more than 40 symbolic links\n',
    });
  });

  it('a pipe is not waited for', async () => {
    execFileSync('mkfifo', [`${links}/pipe`]);
    expect(await runCli(['pipe'], { cwd: links })).toMatchObject({
      code: 2,
      stderr: 'elfdeps: pipe: not a regular file\n',
    });
  });
});

// The root user may read everything: then a child process reads as nobody, if it can start at all.
const isRoot = process.getuid?.() === 0;
const asNobody = isRoot ? { uid: 65534, gid: 65534 } : {};
const canRun =
  process.platform !== 'win32' &&
  spawnSync(process.execPath, [ELFDEPS, '--version'], { ...asNobody, cwd: '/' }).status === 0;

describe.skipIf(!canRun)('files that may not be read (needs a user who is not root)', () => {
  const spawn = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [ELFDEPS, ...args], {
      ...asNobody,
      cwd: world,
      encoding: 'utf8',
      env: { PATH: process.env.PATH },
    });
    return { code: status as number, stdout, stderr };
  };

  it('permission denied, and the good file is reported', () => {
    const result = spawn('secret', 'static');
    requireTidy(result);
    expect(result.code).toBe(2);
    expect(result.stderr).toBe('elfdeps: secret: permission denied\n');
    expect(result.stdout).toMatch(/^static: complete, /);
  });

  it('a file in a directory that may not be entered', () => {
    fs.mkdirSync(`${world}/locked`);
    fs.copyFileSync(`${world}/static`, `${world}/locked/app`);
    fs.chmodSync(`${world}/locked`, 0o000);
    const result = spawn('locked/app');
    fs.chmodSync(`${world}/locked`, 0o755);
    expect(result).toEqual({
      code: 2,
      stdout: '',
      stderr: 'elfdeps: locked/app: permission denied\n',
    });
  });

  describe('below a directory', () => {
    const tree = `${world}/tree`;
    const lines = (...paths: string[]) =>
      paths.map((path) => `elfdeps: ${path}: permission denied\n`).join('');
    beforeAll(() => {
      for (const name of ['', '/closed', '/sub', '/listed']) fs.mkdirSync(`${tree}${name}`);
      for (const name of ['a', 'closed/x', 'sub/b', 'sub/z', 'listed/y', 'none'])
        fs.copyFileSync(`${world}/static`, `${tree}/${name}`);
      fs.chmodSync(`${tree}/none`, 0o000);
      fs.chmodSync(`${tree}/sub/z`, 0o000);
      fs.chmodSync(`${tree}/closed`, 0o700);
      // Too small to be a program, so that nobody has to look.
      fs.writeFileSync(`${tree}/small`, 'text', { mode: 0o000 });
      if (isRoot) return;
      fs.chmodSync(`${tree}/closed`, 0o000);
    });
    afterAll(() => {
      fs.chmodSync(`${tree}/closed`, 0o755);
      fs.chmodSync(`${tree}/listed`, 0o755);
    });

    it('is told, and the rest is reported', () => {
      const result = spawn('tree');
      requireTidy(result);
      expect(result.code).toBe(2);
      expect(result.stderr).toBe(lines('tree/closed', 'tree/none', 'tree/sub/z'));
      const programs = result.stdout.split('\n').filter((line) => line.startsWith('tree/'));
      expect(programs.map((line) => line.replace(/: complete, .*/, ''))).toEqual([
        'tree/a',
        'tree/listed/y',
        'tree/sub/b',
      ]);
    });

    it('is in `errors` of the JSON, by its path in the root', () => {
      const { code, stdout } = spawn('tree', '--format', 'json');
      const { errors, programs } = JSON.parse(stdout);
      expect(code).toBe(2);
      expect(programs).toHaveLength(3);
      expect(errors).toEqual(
        ['closed', 'none', 'sub/z'].map((name) => ({
          code: 'FILE_UNREADABLE',
          path: `${tree}/${name}`,
          message: `${tree}/${name}: permission denied`,
        })),
      );
    });

    it('is told once when it is named twice', () => {
      const { stderr } = spawn('tree', 'tree/none', 'tree/sub');
      expect(stderr).toBe(lines('tree/closed', 'tree/none', 'tree/sub/z'));
      const other = spawn('tree/none', 'tree');
      expect(other.stderr.split('\n').sort()).toEqual(
        lines('tree/closed', 'tree/none', 'tree/sub/z').split('\n').sort(),
      );
    });

    it('the directory itself: no word of what is in it', () => {
      expect(spawn('tree/closed')).toEqual({ code: 2, stdout: '', stderr: lines('tree/closed') });
      expect(spawn('tree/closed/')).toEqual({ code: 2, stdout: '', stderr: lines('tree/closed') });
    });

    it('what may be listed and not looked at', () => {
      fs.chmodSync(`${tree}/listed`, isRoot ? 0o744 : 0o444);
      const result = spawn('tree/listed', 'static');
      fs.chmodSync(`${tree}/listed`, 0o755);
      expect(result).toMatchObject({ code: 2, stderr: lines('tree/listed/y') });
      expect(result.stdout).toMatch(/^static: complete, /);
    });

    it('is passed over by patterns', () => {
      const { code, stdout, stderr } = spawn('tree/**', '--format', 'ndjson');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout.trimEnd().split('\n')).toHaveLength(3);
    });

    it('keeps an image from being made without it', () => {
      const result = spawn('dockerfile', 'tree');
      expect(result).toEqual({
        code: 2,
        stdout: '',
        stderr: lines('tree/closed', 'tree/none', 'tree/sub/z'),
      });
    });
  });

  it('a place that may not be written into', () => {
    fs.mkdirSync(`${world}/readonly`, { mode: 0o555 });
    const result = spawn('copy', '--quiet', 'static', '--to', `${world}/readonly/out`);
    expect(result).toEqual({
      code: 2,
      stdout: '',
      stderr: `elfdeps: ${world}/readonly/out: permission denied\n`,
    });
  });
});

it.each([40, 60, 80])('messages and advice fit a terminal of %i columns', async (errColumns) => {
  const lines = async (...args: string[]) => {
    const { stderr } = await runCli(args, { cwd: world, errColumns });
    return stderr.trimEnd().split('\n');
  };
  const outputs = [
    await lines('--loader', 'bionic', 'static'),
    await lines('copy', 'static:x', '--to', 'out'),
    await lines('check', 'static', '--with', 'tz'),
    await lines('why', 'static'),
    await lines('help', 'imagination'),
    await lines('tar', 'static', '-o', '/dev/null/x'),
  ];
  for (const output of outputs) {
    expect(output[0]).toMatch(/^elfdeps: /);
    for (const line of output) expect([line, line.length <= errColumns]).toEqual([line, true]);
  }
  const pipe = await runCli(['--loader', 'bionic', 'static'], { cwd: world });
  expect(pipe.stderr.split('\n')).toHaveLength(3);
});
