/**
 * What elfdeps writes, run: the Dockerfile stage, built by buildah behind a stage that holds this
 * machine's files, and the copied directory, entered with chroot. A program counts as started when
 * it prints what it prints outside and ends with the same exit code. Nothing is pulled.
 * /proc and /dev are there, as in every container: $ORIGIN is read from /proc, git wants /dev/null.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, describeWith, findCommand, requirement } from '../support/requirement.js';

const ELFDEPS = fileURLToPath(new URL('../../bin/elfdeps.js', import.meta.url));
const TIMEOUT = 120_000;
const ENTER = 'mount --bind /proc "$1/proc" && mount --bind /dev "$1/dev" && exec chroot "$@"';
const ENV = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' };

interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program, one way to start it, and what it needs that no ELF file tells. */
interface Started {
  readonly name: string;
  readonly path: string;
  readonly args: readonly string[];
  /** Files that it reads by itself, found by asking it; they are added by hand. */
  readonly data?: readonly string[];
  /** Its answer depends on where it runs: then what it must print, by the names at the top. */
  readonly expected?: (top: readonly string[]) => string;
}

/** What to put before a command that only root may run; undefined when there is no way. */
const asRoot = rootPrefix();
const requirements = [
  requirement('Linux', process.platform === 'linux'),
  requirement('root, or sudo without a password', asRoot !== undefined),
  ...['bash', 'ls', 'git', 'python3', 'tar', 'gcc', 'musl-gcc'].map(command),
];
const python = askPython();
let directory: string;
const programs: Started[] = [
  start('bash', ['-c', 'echo ok; exit 3']),
  { ...start('ls', ['/']), expected: (top) => top.map((name) => `${name}\n`).join('') },
  start('ls', ['--version']),
  start('git', ['--version']),
  { name: 'node -p 1+1', path: process.execPath, args: ['-p', '1+1'] },
  { ...start('python3', ['--version']), path: python?.path ?? '' },
  // With the modules that it imports before anything else, and not one more.
  {
    ...start('python3', ['-S', '-c', 'print(1)']),
    path: python?.path ?? '',
    data: python?.modules ?? [],
  },
  compiled('a musl program', 'musl/hello'),
  compiled('a path with spaces', 'my programs/bin/hello world'),
];

describeWith('programs run from what elfdeps writes', requirements, () => {
  beforeAll(() => {
    directory = mkdtempSync(join(realpathSync(tmpdir()), 'elfdeps-image-'));
    compile(directory);
  }, TIMEOUT);

  afterAll(() => {
    if (existsSync(join(directory, 'storage'))) buildah('rm', '--all');
    sudo('rm', '-rf', '--one-file-system', directory);
  }, TIMEOUT);

  describe('elfdeps copy', () => {
    for (const { name, path, args, data, expected } of programs)
      it(name, () => {
        const file = absolute(path);
        const tree = join(directory, 'copies', name.replaceAll('/', '_'));
        succeed(process.execPath, ELFDEPS, 'copy', file, '--to', tree);
        if (data !== undefined) unpack(pack(data), tree);
        for (const mountPoint of ['proc', 'dev']) mkdirSync(join(tree, mountPoint));
        expect(enter(tree, file, ...args)).toEqual({
          ...run(file, ...args),
          ...(expected === undefined ? {} : { stdout: expected(readdirSync(tree).sort()) }),
        });
      });
  });

  describeWith('elfdeps dockerfile', [command('buildah')], () => {
    for (const { name, path, args, data, expected } of programs)
      it(name, () => {
        const file = absolute(path);
        const stage = succeed(process.execPath, ELFDEPS, 'dockerfile', file);
        const { container, entrypoint } = createContainer(stage, file, data ?? []);
        expect(entrypoint).toEqual([file]);
        const inside = runInContainer(container, ...entrypoint, ...args);
        if (expected === undefined) expect(inside).toEqual(run(file, ...args));
        else {
          // buildah adds places of its own: dev, proc, sys...
          const top = inside.stdout.trim().split('\n');
          expect(inside).toEqual({ status: 0, stderr: '', stdout: expected(top) });
          expect(top).toEqual(expect.arrayContaining(topOfCopies(stage)));
        }
      });
  });
});

function start(name: string, args: readonly string[]): Started {
  return { name: [name, ...args].join(' '), path: findCommand(name) ?? `/${name}`, args };
}

/** A program that compile() makes below the test's directory. */
function compiled(name: string, path: string): Started {
  return { name, path, args: ['one', 'two words'] };
}

function absolute(path: string): string {
  return path.startsWith('/') ? path : join(directory, path);
}

function compile(target: string): void {
  const source = (name: string, text: string) => {
    const path = join(target, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  };
  const program = source(
    'source/main.c',
    '#include <stdio.h>\nconst char *greeting(void);\nint main(int argc, char **argv) {\n' +
      '  printf("%s %d %s\\n", greeting(), argc, argv[argc - 1]);\n  return 7;\n}\n',
  );
  const library = source(
    'source/greeting.c',
    'const char *greeting(void) { return "hello from a library"; }\n',
  );
  for (const [compiler, libraries, output] of [
    ['musl-gcc', 'musl/lib', 'musl/hello'],
    ['gcc', 'my programs/my libraries', 'my programs/bin/hello world'],
  ] as const) {
    const shared = join(target, libraries, 'libgreeting.so.1');
    const origin = compiler === 'gcc' ? '$ORIGIN/../my libraries' : '$ORIGIN/lib';
    mkdirSync(dirname(shared), { recursive: true });
    mkdirSync(dirname(join(target, output)), { recursive: true });
    const soname = '-Wl,-soname,libgreeting.so.1';
    succeed(compiler, '-shared', '-fPIC', soname, library, '-o', shared);
    succeed(compiler, program, shared, `-Wl,-rpath,${origin}`, '-o', join(target, output));
  }
}

/** The program behind python3, and what it reads when it starts without its site module. */
function askPython(): { path: string; modules: string[] } | undefined {
  const found = findCommand('python3');
  if (found === undefined) return undefined;
  const { stdout } = run(
    found,
    '-S',
    '-c',
    'import sys, os; print(os.path.realpath(sys.executable)); print("\\n".join({os.__file__} |' +
      ' {m.__file__ for m in sys.modules.values() if getattr(m, "__file__", None)} |' +
      ' {p for p in sys.path if p.endswith("lib-dynload")}))',
  );
  const [path = found, ...modules] = stdout.trim().split('\n');
  return { path, modules: modules.sort() };
}

/** Builds an image from a stage with this machine's files and `stage`; nothing is run yet. */
function createContainer(
  stage: string,
  file: string,
  data: readonly string[],
): { container: string; entrypoint: string[] } {
  const context = mkdtempSync(join(directory, 'context-'));
  // A file that the list forgets is a COPY that fails.
  const listed = succeed(process.execPath, ELFDEPS, '--format', 'list', file).split('\n');
  writeFileSync(join(context, 'build.tar'), pack([...listed, ...configurationFiles(), ...data]));
  const lines = data.map((name) => `COPY --from=build ${name} ${name}`);
  writeFileSync(
    join(context, 'Dockerfile'),
    ['FROM scratch AS build', 'ADD build.tar /', stage, ...lines].join('\n'),
  );
  const policy = join(directory, 'policy.json');
  writeFileSync(policy, '{ "default": [{ "type": "insecureAcceptAnything" }] }');
  const common = ['--pull-never', '--signature-policy', policy];
  const image = 'localhost/elfdeps-test';
  const steps = [
    ['build', '--isolation', 'chroot', '--layers=false', ...common, '--tag', image, context],
    ['from', ...common, image],
  ];
  const [, created] = steps.map((step) => {
    const result = buildah(...step);
    if (result.status !== 0)
      throw new Error(`buildah ${step.join(' ')}: ${result.stdout}${result.stderr}`);
    return result;
  });
  const container = created?.stdout.trim() ?? '';
  const { stdout } = buildah('inspect', container);
  return { container, entrypoint: JSON.parse(stdout).OCIv1.config.Entrypoint };
}

/** What buildah itself says about an exit code is left out. */
function runInContainer(container: string, ...words: readonly string[]): Result {
  const result = buildah('run', '--isolation', 'chroot', container, '--', ...words);
  const own = /^(?:subprocess exited with|Error:|error:|.*level=error).* status \d+\D*\n/gm;
  return { ...result, stderr: result.stderr.replaceAll(own, '') };
}

/** Runs in a mount namespace of its own, so that what it mounts goes away with it. */
function enter(tree: string, ...words: readonly string[]): Result {
  return sudo('unshare', '--mount', 'sh', '-c', ENTER, 'sh', tree, ...words);
}

/** Files that no object names, but that a loader reads: musl's search path. */
function configurationFiles(): string[] {
  return readdirSync('/etc')
    .filter((name) => /^ld-musl-.*\.path$/.test(name))
    .map((name) => `/etc/${name}`);
}

function buildah(...args: readonly string[]): Result {
  const storage = join(directory, 'storage');
  const own = ['--root', join(storage, 'root'), '--runroot', join(storage, 'run')];
  return sudo('env', `TMPDIR=${directory}`, 'buildah', ...own, '--storage-driver', 'vfs', ...args);
}

/** A tar of `files` without what is below directories. */
function pack(files: readonly string[]): Buffer {
  const input = files.filter((file) => file !== '').map((file) => `${file.slice(1)}\0`);
  const { status, stdout, stderr } = spawnSync(
    'tar',
    ['-cf', '-', '-C', '/', '--no-recursion', '--null', '-T', '-'],
    { input: input.join(''), env: ENV, maxBuffer: 2 ** 30 },
  );
  if (status !== 0) throw new Error(`tar: ${stderr}`);
  return stdout;
}

function unpack(archive: Buffer, target: string): void {
  const { status, stderr } = spawnSync('tar', ['-xf', '-', '-C', target], { input: archive });
  if (status !== 0) throw new Error(`tar: ${stderr}`);
}

/** First names of the paths that the COPY lines write. */
function topOfCopies(stage: string): string[] {
  const copies = stage.replaceAll('\\\n', '').matchAll(/^COPY .* \/([^/\s]+)\/\S*$/gm);
  return [...copies].map(([, name]) => name as string);
}

function run(file: string, ...args: readonly string[]): Result {
  // bash takes a pipe that is a socket for a remote login.
  const { status, stdout, stderr } = spawnSync(file, args, {
    encoding: 'utf8',
    env: ENV,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIMEOUT,
  });
  return { status, stdout, stderr };
}

function sudo(file: string, ...args: readonly string[]): Result {
  const [first = '', ...rest] = [...(asRoot ?? []), file, ...args];
  return run(first, ...rest);
}

/** Standard output of a command that must succeed. */
function succeed(file: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = run(file, ...args);
  if (status !== 0) throw new Error(`${[file, ...args].join(' ')}: ${status}: ${stderr}`);
  return stdout;
}

function rootPrefix(): readonly string[] | undefined {
  for (const prefix of [[], ['sudo', '-n']]) {
    const [file = '', ...args] = [...prefix, 'unshare', '--mount', 'chroot', '/', '/bin/sh', '-c'];
    if (spawnSync(file, [...args, 'exit 0']).status === 0) return prefix;
  }
  return undefined;
}
