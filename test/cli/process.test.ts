/**
 * The real process: bin/elfdeps.js with streams that close or fail.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import * as c from '../../src/elf/constants.js';
import * as publicApi from '../../src/index.js';
import { ELFDEPS } from '../support/built-cli.js';
import { diskWorld, removeDiskWorldsAfterwards } from '../support/disk-world.js';

removeDiskWorldsAfterwards();

const fixed = { type: c.ET_EXEC, dynamic: false } as const;
const world = diskWorld(
  Object.fromEntries(
    // More than a pipe takes before somebody reads.
    Array.from({ length: 400 }, (_, index) => [`/bin/program-${1000 + index}`, fixed]),
  ),
);

function run(args: readonly string[], stdout: 'pipe' | number = 'pipe') {
  const result = spawnSync(process.execPath, [ELFDEPS, ...args], {
    cwd: world,
    encoding: 'utf8',
    stdio: ['ignore', stdout, 'pipe'],
  });
  return { code: result.status, stdout: result.stdout, stderr: result.stderr };
}

it('gives the exit codes to the shell', () => {
  expect(run(['bin/program-1000'])).toMatchObject({ code: 0, stderr: '' });
  expect(run(['gone'])).toEqual({
    code: 2,
    stdout: '',
    stderr: 'elfdeps: gone: no such file or directory\n',
  });
});

it('prints all of a long answer into a pipe', () => {
  const { code, stdout } = run(['--format', 'ndjson', 'bin']);
  expect(code).toBe(0);
  expect(stdout.trimEnd().split('\n')).toHaveLength(400);
});

it('can be imported by its name, with what src/index.ts exports', () => {
  const script = "import('elfdeps').then((all) => console.log(Object.keys(all).sort().join()))";
  const project = fileURLToPath(new URL('../..', import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], {
    cwd: project,
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  });
  expect({ stdout: stdout.trim(), stderr }).toEqual({
    stdout: Object.keys(publicApi).sort().join(),
    stderr: '',
  });
});

it('hides in its types what is marked with @internal', () => {
  const declarations = new URL('../../dist/closure/trace.d.ts', import.meta.url);
  const text = fs.readFileSync(declarations, 'utf8');
  expect(text).toContain('interface TraceOptions');
  expect(text).not.toMatch(/@internal|RootFiles;|FileStore;/);
});

it('has no colours in a pipe', () => {
  expect(run(['bin/program-1000']).stdout).not.toContain('\u001b');
});

it.skipIf(process.platform === 'win32')('| head -1: exit 0, no complaint', () => {
  const line = `"$NODE" "$ELFDEPS" --format json bin | head -1; exit "\${PIPESTATUS[0]}"`;
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', line], {
    cwd: world,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, NODE: process.execPath, ELFDEPS },
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '{\n', stderr: '' });
});

it('a reader that goes away: exit 0, no complaint', async () => {
  const child = spawn(process.execPath, [ELFDEPS, '--format', 'json', 'bin'], {
    cwd: world,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  child.stdout.once('data', () => child.stdout.destroy());
  const code = await new Promise((resolve) => {
    child.once('close', resolve);
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

it.skipIf(process.platform === 'win32')('nobody reads errors: the exit code stays', () => {
  const line = `"$NODE" "$ELFDEPS" gone 2>&1 >/dev/null | true; exit "\${PIPESTATUS[0]}"`;
  const { status } = spawnSync('bash', ['--norc', '-c', line], {
    cwd: world,
    env: { PATH: process.env.PATH, NODE: process.execPath, ELFDEPS },
  });
  expect(status).toBe(2);
});

describe.skipIf(process.platform === 'win32')('a result in a pipe', () => {
  const noise = randomBytes(1 << 22);
  const place = diskWorld({ '/bin/app': fixed, '/data': noise });
  const image = `${place}/image.tar`;
  const from = ['--root', place, '/bin/app', '--include', '/data'];
  const commands = [
    ['tar', ['tar', ...from, '-o', '-']],
    ['slim', ['slim', image, '--keep', '/data']],
  ] as const;
  /** Runs a command until its first bytes come, does `action`, and tells what is left behind. */
  const start = async (args: readonly string[], action: (child: ChildProcess) => void) => {
    const temporary = `${place}/${args[0]}-temporary`;
    fs.rmSync(temporary, { recursive: true, force: true });
    fs.mkdirSync(temporary);
    const child = spawn(process.execPath, [ELFDEPS, ...args], {
      cwd: place,
      env: { PATH: process.env.PATH, TMPDIR: temporary },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    child.stdout.once('readable', () => action(child));
    const [code, signal] = await once(child, 'exit');
    return { code, signal, stderr, left: fs.readdirSync(temporary) };
  };

  beforeAll(() => {
    expect(run(['image', '-q', ...from, '-o', image])).toMatchObject({ code: 0 });
  });

  it.each(commands)('that nobody reads: a signal ends %s', async (_name, args) => {
    const { signal, left } = await start(args, (child) => child.kill('SIGTERM'));
    expect({ signal, left }).toEqual({ signal: 'SIGTERM', left: [] });
  });

  it.each(commands.slice(0, 2))(
    'whose reader goes away: %s leaves nothing',
    async (_name, args) => {
      const result = await start(args, (child) => child.stdout?.destroy());
      expect(result).toEqual({ code: 0, signal: null, stderr: '', left: [] });
    },
  );
});

describe.skipIf(!fs.existsSync('/dev/full'))('a full disk: the place, the cause, advice', () => {
  const told = (place: string) =>
    `elfdeps: ${place}: no space left on device\n  make room there, or name another place\n`;
  const program = '/bin/program-1000';

  it.each([
    ['--help'],
    ['--version'],
    ['help', 'copy'],
    [program],
    ['--format', 'json', program],
    ['check', program],
    ['why', program, 'libc.so.6'],
    ['dockerfile', '-q', program],
    ['tar', '-q', program],
    ['tar', '-q', program, '-o', '-'],
  ])('standard output: %s %s %s', (...words) => {
    const full = fs.openSync('/dev/full', 'w');
    const { code, stderr } = run(
      [...words, ...(words.includes(program) ? ['--root', '.'] : [])],
      full,
    );
    fs.closeSync(full);
    expect({ code, stderr }).toEqual({ code: 2, stderr: told('standard output') });
  });

  it.each([['tar'], ['image']])('a device: %s', (command) => {
    const words = [command, '-q', program, '--root', '.', '-o', '/dev/full'];
    expect(run(words)).toEqual({ code: 2, stdout: '', stderr: told('/dev/full') });
  });
});

describe.skipIf(process.platform === 'win32')('roots that are streams', () => {
  const shell = (line: string) => {
    const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', line], {
      cwd: world,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, NODE: process.execPath, ELFDEPS },
    });
    return { status, stdout, stderr };
  };
  const listed = '"$NODE" "$ELFDEPS" --format list /bin/program-1000 --root';

  it.each([
    ['nothing but zeros', '/dev/zero', '/dev/zero: an archive with no files'],
    ['nothing', '/dev/null', '/dev/null: an empty file'],
    ['noise that never ends', '- < <(yes)', '-: no directory and no archive'],
    ['zeros in a pipe', '- < /dev/zero', '-: an archive with no files'],
    ['packed noise', '- < <(yes | gzip)', '-: gzip of something that is no archive'],
    ['noise that cannot be packed', '- < <(gzip < /dev/urandom)', '-: gzip of something that'],
    ['zeros that never end, packed', '- < <(gzip < /dev/zero)', '-: an archive with no files'],
    ['another compression', "- < <(printf '\\x04\\x22\\x4d\\x18'; yes)", '-: lz4 data'],
    ['noise behind the magic of xz', "- < <(printf '\\xfd7zXZ\\0'; yes)", '-: damaged xz data'],
    ['packed zeros', '<(head -c 9000000 /dev/zero | gzip)', ': an archive with no files'],
  ])('%s is refused at once', (_what, root, message) => {
    const { status, stdout, stderr } = shell(`${listed} ${root}`);
    expect(stderr.split('\n')[0]).toMatch(/^elfdeps: /);
    expect(stderr.split('\n')[0]).toContain(message);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  it('a pipe with a name is read to its end', () => {
    const { status, stdout, stderr } = shell(
      `mkfifo root.fifo && (tar -cf - bin > root.fifo &) && ${listed} root.fifo`,
    );
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: '/bin/program-1000\n',
      stderr: '',
    });
  });
});

describe('- is an ELF file on standard input', () => {
  const file = fs.readFileSync(`${world}/bin/program-1000`);
  const piped = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [ELFDEPS, ...args], {
      cwd: world,
      encoding: 'utf8',
      input: file,
    });
    return { code: status, stdout, stderr };
  };

  it('is placed at /stdin, or where -:DEST says', () => {
    expect(piped('-', '--root', world, '--format', 'list')).toEqual({
      code: 0,
      stdout: '/stdin\n',
      stderr: '',
    });
    expect(piped('-:/opt/app', '--root', world, '--format', 'list').stdout).toBe('/opt/app\n');
    expect(piped('-', '--format', 'list').stdout).toBe('/stdin\n');
  });

  it('goes into an image', () => {
    const out = `${world}/out-of-input`;
    expect(piped('copy', '-:/app', '--root', world, '--to', out).code).toBe(0);
    expect(fs.readFileSync(`${out}/app`)).toEqual(file);
  });

  it.each([
    [['-', '--root', '-'], 'standard input can be only one of FILE, --root and --opened'],
    [['-', '-:/b', '--root', world], 'standard input can be only one of FILE, --root and --opened'],
    [['dockerfile', '-'], 'a Dockerfile cannot copy standard input'],
  ])('%j is a usage error', (args, fact) => {
    const { code, stdout, stderr } = piped(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(fact);
  });
});
