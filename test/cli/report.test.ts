/**
 * `elfdeps FILE...`: exit codes, what the environment may say, notes, and colours.
 */
import { describe, expect, it } from 'vitest';
import * as c from '../../src/elf/constants.js';
import { type CliOptions, runCli } from '../support/cli-runner.js';
import { diskWorld, removeDiskWorldsAfterwards } from '../support/disk-world.js';
import { buildElf } from '../support/elf-builder.js';
import { GLIBC_INTERPRETER, glibcSystem, program } from '../support/world.js';

removeDiskWorldsAfterwards();

const root = diskWorld({
  ...glibcSystem(36),
  '/etc/ld.so.conf': '/opt/lib\n',
  '/opt/lib/libopt.so.1': {},
  '/vendor/libodd.so': {},
  '/lib/libhook.so': {},
  '/usr/bin/complete': program({ needed: [] }),
  '/usr/bin/odd': program({ needed: ['libodd.so'] }),
  '/usr/bin/opt': program({ needed: ['libopt.so.1'] }),
  '/usr/bin/script': '#!/usr/bin/complete\n',
  '/usr/bin/linked': { link: '../../opt/app/main' },
  '/opt/app/main': program({ needed: ['libown.so'], runpath: '$ORIGIN' }),
  '/opt/app/libown.so': {},
  '/usr/bin/no-interpreter': program({ interpreter: '/lib/ld-linux.so.9', needed: [] }),
  '/usr/bin/static': { type: c.ET_EXEC, dynamic: false },
});
const inRoot = (args: readonly string[], options: CliOptions = {}) =>
  runCli(['--root', root, ...args], options);
const codeOf = async (...args: string[]) => (await inRoot(args)).code;

describe('exit code', () => {
  it.each([
    ['/usr/bin/complete', 0],
    ['/usr/bin/static', 0],
    ['/usr/bin/script', 0],
    ['/lib/libhook.so', 0],
    ['/usr/bin/odd', 1],
    ['/usr/bin/no-interpreter', 1],
    ['/etc/ld.so.conf', 2],
  ])('%s: %i', async (file, code) => {
    expect(await codeOf(file)).toBe(code);
  });

  it('the worst of several counts', async () => {
    expect(await codeOf('/usr/bin/complete', '/usr/bin/odd')).toBe(1);
    expect(await codeOf('/usr/bin/odd', '/etc/ld.so.conf', '/usr/bin/complete')).toBe(2);
  });

  it.each(['text', 'ldd', 'list', 'tree', 'json', 'ndjson'])(
    'is the same for %s',
    async (format) => {
      expect(await codeOf('--format', format, '/usr/bin/complete')).toBe(0);
      expect(await codeOf('--format', format, '/usr/bin/odd')).toBe(1);
      expect(await codeOf('--format', format, '/etc/ld.so.conf')).toBe(2);
    },
  );
});

describe('the environment', () => {
  const env = { LD_LIBRARY_PATH: '/vendor', LD_PRELOAD: 'libhook.so' };

  it('does not count for another root', async () => {
    const plain = await inRoot(['/usr/bin/odd']);
    expect(await inRoot(['/usr/bin/odd'], { env })).toEqual(plain);
    expect(plain.code).toBe(1);
  });

  it('is replaced by options there', async () => {
    const { code, stdout } = await inRoot([
      ...['--library-path', '/vendor', '--preload', 'libhook.so'],
      ...['--format', 'ldd', '/usr/bin/odd'],
    ]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout:
        '\tlinux-vdso.so.1\n\tlibhook.so => /lib/libhook.so\n\tlibodd.so => /vendor/libodd.so\n',
    });
  });

  // Where the machine's own loader is absent, or another, the answer still has these rows.
  describe.skipIf(process.platform === 'win32')('of the root / (paths of POSIX)', () => {
    const odd = async (args: readonly string[], variables: CliOptions['env'] = {}) => {
      const { stdout } = await runCli(['--format', 'json', ...args, `${root}/usr/bin/odd`], {
        env: variables,
      });
      const { libraries } = JSON.parse(stdout).programs[0];
      return libraries
        .filter(({ name }: { name: string }) => name === 'libodd.so' || name.endsWith('hook.so'))
        .map(({ path, rule }: { path: string; rule: string }) => [path, rule]);
    };
    const vendor = [`${root}/vendor/libodd.so`, 'library-path'];
    const hook = [`${root}/lib/libhook.so`, 'path'];

    it('counts', async () => {
      expect(await odd([])).toEqual([[null, null]]);
      expect(await odd([], { LD_LIBRARY_PATH: `${root}/vendor` })).toEqual([vendor]);
      expect(
        await odd([], {
          LD_LIBRARY_PATH: `/gone:${root}/vendor`,
          LD_PRELOAD: `${root}/lib/libhook.so`,
        }),
      ).toEqual([hook, vendor]);
    });

    it('counts with --root / too', async () => {
      expect(await odd(['--root', '/'], { LD_LIBRARY_PATH: `${root}/vendor` })).toEqual([vendor]);
    });

    it('is overruled by options, also by empty ones', async () => {
      const variables = { LD_LIBRARY_PATH: `${root}/vendor` };
      expect(await odd(['--library-path', '/gone'], variables)).toEqual([[null, null]]);
      expect(await odd(['--library-path', ''], variables)).toEqual([[null, null]]);
    });

    it('may hold relative paths, which start at the working directory', async () => {
      const { stdout } = await runCli(['--format', 'ldd', 'usr/bin/odd'], {
        env: { LD_LIBRARY_PATH: 'vendor' },
        cwd: root,
      });
      expect(stdout).toContain('\tlibodd.so => vendor/libodd.so\n');
    });
  });
});

describe('notes', () => {
  it('say what is ignored, and --quiet leaves them out', async () => {
    const args = ['--preload', '/gone/libhook.so', '/usr/bin/odd'];
    expect((await inRoot(args)).stdout).toContain('  note /gone/libhook.so: ignored');
    const { code, stdout, stderr } = await inRoot(['--quiet', ...args]);
    expect(stdout).not.toContain('note');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  });

  it('what would help is told once, with the missing name', async () => {
    const { stdout } = await inRoot(['/usr/bin/opt']);
    expect(stdout).toContain(
      '    remedy: run ldconfig in the root, or set LD_LIBRARY_PATH=/opt/lib\n',
    );
    expect(stdout).not.toContain('note');
  });

  it('--ldconfig makes it true', async () => {
    const { code, stdout } = await inRoot(['--ldconfig', '/usr/bin/opt']);
    expect(code).toBe(0);
    expect(stdout).toContain('  libopt.so.1  cache  /opt/lib/libopt.so.1\n');
  });

  it('--verbose tells the paths tried', async () => {
    const args = ['--library-path', '/none:/vendor', '/usr/bin/odd'];
    expect((await inRoot(args)).stdout).not.toContain('/none/');
    expect((await inRoot(['--verbose', ...args])).stdout).toContain(
      '      library-path\n        /none/libodd.so missing\n        /vendor/libodd.so found\n',
    );
  });

  it('--loader decides instead of the interpreter', async () => {
    const { stdout } = await inRoot(['--loader', 'musl', '--format', 'json', '/usr/bin/odd']);
    expect(JSON.parse(stdout).programs[0]).toMatchObject({ loader: 'musl', libc: 'musl' });
    expect(JSON.parse(stdout).programs[0].interpreter.path).toBe(GLIBC_INTERPRETER);
  });
});

describe('colours', () => {
  const sgr = String.fromCharCode(27);
  it.each<[string, Record<string, string>, boolean, readonly string[], boolean]>([
    ['a pipe has none', {}, false, [], false],
    ['a terminal has them', { TERM: 'xterm' }, true, [], true],
    ['a dumb terminal has none', { TERM: 'dumb' }, true, [], false],
    ['NO_COLOR takes them away', { NO_COLOR: '1' }, true, [], false],
    ['an empty NO_COLOR does not', { NO_COLOR: '' }, true, [], true],
    ['FORCE_COLOR brings them', { FORCE_COLOR: '1' }, false, [], true],
    ['FORCE_COLOR=0 takes them away', { FORCE_COLOR: '0' }, true, [], false],
    ['an empty FORCE_COLOR changes nothing', { FORCE_COLOR: '' }, false, [], false],
    ['FORCE_COLOR before NO_COLOR', { FORCE_COLOR: '1', NO_COLOR: '1' }, false, [], true],
    ['--no-color before all', { FORCE_COLOR: '1' }, true, ['--no-color'], false],
  ])('%s', async (_what, env, isTerminal, args, expected) => {
    const { stdout } = await inRoot([...args, '/usr/bin/odd'], { env, isTerminal });
    expect(stdout.includes(sgr)).toBe(expected);
  });

  it('never appear in formats for programs', async () => {
    for (const format of ['ldd', 'list', 'json', 'ndjson']) {
      const { stdout } = await inRoot(['--format', format, '/usr/bin/odd'], {
        env: { FORCE_COLOR: '1' },
      });
      expect(stdout).not.toContain(sgr);
    }
  });
});

describe('what a format has no place for is said on standard error', () => {
  it('ldd --verbose: where ldd prints something else', async () => {
    const { stdout, stderr } = await inRoot(['--format', 'ldd', '--verbose', '/usr/bin/linked']);
    expect(stdout).toContain('libown.so => /opt/app/libown.so');
    expect(stderr).toBe(
      'elfdeps: /usr/bin/linked: $ORIGIN is /opt/app; ldd before glibc 2.42 takes /usr/bin\n',
    );
    expect((await inRoot(['--format', 'ldd', '/usr/bin/linked'])).stderr).toBe('');
    expect((await inRoot(['--format', 'ldd', '--verbose', '/opt/app/main'])).stderr).toBe('');
  });

  it('list: what is missing', async () => {
    const { stdout, stderr } = await inRoot(['--format', 'list', '/usr/bin/odd']);
    expect(stdout).not.toContain('libodd.so');
    expect(stderr).toBe('elfdeps: /usr/bin/odd: not found: libodd.so\n');
  });
});

describe('--quiet', () => {
  it('takes the notes from the text, and nothing from the data', async () => {
    const hook = ['--preload', '/gone/libhook.so'];
    const text = await inRoot(['--quiet', ...hook, '/usr/bin/opt']);
    const data = await inRoot(['--quiet', '--format', 'json', '/usr/bin/opt']);
    expect(text.stdout).not.toContain('note');
    expect((await inRoot([...hook, '/usr/bin/opt'])).stdout).toContain('note');
    expect(JSON.parse(data.stdout).programs[0].diagnostics).not.toEqual([]);
  });
});

it('a relative path that is one of the root is said to be', async () => {
  const { code, stderr } = await inRoot(['usr/bin/complete']);
  expect(code).toBe(2);
  expect(stderr).toContain('the one in the root is /usr/bin/complete');
});

describe('a bare name that is no file here', () => {
  it('is looked up in the usual PATH of another root', async () => {
    const { code, stdout } = await inRoot(['complete']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\/usr\/bin\/complete: complete, /);
  });

  it('is looked up in PATH on this machine', async () => {
    const env = { PATH: `relative:/none:${root}/usr/bin` };
    const { stdout } = await runCli(['--format', 'list', 'static'], { env });
    expect(stdout).toBe(`${root}/usr/bin/static\n`);
    expect((await runCli(['static'], { env: {} })).code).toBe(2);
  });

  it('is the file here where there is one', async () => {
    const env = { PATH: `${root}/usr/bin` };
    const { stdout } = await runCli(['--format', 'list', 'static'], {
      env,
      cwd: `${root}/usr/bin`,
    });
    expect(stdout).toBe(`${root}/usr/bin/static\n`);
  });
});

describe('what does not start although nothing is missing', () => {
  const asks = (name: string, file = 'libx.so') => ({
    symbols: { list: [], needs: [{ file, versions: [{ name, index: 2 }] }] },
  });
  const versions = diskWorld({
    ...glibcSystem(36),
    '/usr/lib/libx.so': { symbols: { list: [], definitions: [{ name: 'V1', index: 2 }] } },
    '/usr/lib/liby.so': { tags: [[c.DT_VERDEF, 0x7000_0000]] },
    '/bin/good': program({ needed: ['libx.so'], ...asks('V1') }),
    '/bin/newer': program({ needed: ['libx.so'], ...asks('V2') }),
    '/bin/renamed': program({ needed: ['libx.so'], ...asks('V1', 'libold.so') }),
    '/bin/damaged': program({ needed: ['liby.so'], ...asks('V1', 'liby.so') }),
  });
  const report = (...args: string[]) => runCli(['--root', versions, ...args]);

  it.each([
    ['/bin/newer', "version `V2' not found"],
    ['/bin/renamed', "Assertion `needed != NULL' failed!"],
    ['/bin/damaged', 'DT_VERDEF'],
  ])('%s: no report calls it complete without a warning', async (path, words) => {
    const { stdout, code } = await report(path);
    expect(stdout).toMatch(/: complete, does not start, /);
    expect(stdout).toContain('  warning it does not start:\n    > ');
    expect(stdout).toContain(words);
    expect(code).toBe(0);
    const { stderr } = await report(path, '--format', 'json');
    expect(stderr).toContain(`elfdeps: warning: ${path}: does not start: `);
    expect(stderr).toContain(words);
  });

  it('a program that starts has no warning', async () => {
    expect((await report('/bin/good')).stdout).not.toContain('warning');
    expect((await report('/bin/good', '--format', 'list')).stderr).toBe('');
  });

  it('--format ldd exits with 1 where ldd fails', async () => {
    const codes = ['/bin/good', '/bin/newer', '/bin/renamed', '/bin/damaged'].map(async (path) => {
      const { code } = await report(path, '--format', 'ldd');
      return code;
    });
    expect(await Promise.all(codes)).toEqual([0, 0, 1, 1]);
  });
});

it('says that a program without an execute bit does not start', async () => {
  const world = diskWorld({
    '/app': { bytes: buildElf({ type: c.ET_EXEC, dynamic: false }), mode: 0o644 },
  });
  const { code, stdout } = await runCli(['--root', world, '/app']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\/app: complete, does not start, 1 file, /);
  expect(stdout).toContain('  warning /app has no execute bit\n');
  expect(stdout).toMatch(/ next +elfdeps check /);
});

it('the next step for many files is none that a library alone needs', async () => {
  const files = Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`/bin/${name}`, program()]));
  const world = diskWorld({
    ...glibcSystem(36),
    ...files,
    '/bin/plugin.so': { needed: ['libgone.so.1'] },
  });
  const { stdout } = await runCli(['--root', world, '/bin']);
  expect(stdout).toContain('libgone.so.1');
  expect(stdout).not.toMatch(/ next +elfdeps/);
  const one = await runCli(['--root', world, '/bin/plugin.so']);
  expect(one.stdout).toMatch(/ next +elfdeps check /);
});
