/**
 * What elfdeps writes, run: the Dockerfile stage, built by buildah behind a stage that holds this
 * machine's files, and the copied directory, entered with chroot. A program counts as started when
 * it prints what it prints outside and ends with the same exit code. Nothing is pulled.
 * /proc and /dev are there, as in every container: $ORIGIN is read from /proc, git wants /dev/null.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, describeWith, findCommand } from '../support/requirement.js';
import {
  type Container,
  Containers,
  chrootRequirements,
  elfdeps,
  enter,
  pack,
  run,
  succeed,
  unpack,
} from './containers.js';

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

const requirements = [
  ...chrootRequirements,
  ...['bash', 'ls', 'git', 'python3', 'tar', 'gcc', 'musl-gcc'].map(command),
];
const python = askPython();
let containers: Containers;
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
    containers = new Containers();
    compile(containers.directory);
  });

  afterAll(() => {
    containers.close();
  });

  describe('elfdeps copy', () => {
    for (const { name, path, args, data, expected } of programs)
      it(name, () => {
        const file = absolute(path);
        const tree = join(containers.directory, 'copies', name.replaceAll('/', '_'));
        elfdeps('copy', file, '--to', tree);
        if (data !== undefined) unpack(pack(data), tree);
        const inside = enter(tree, file, ...args);
        expect(inside).toEqual({
          ...run(file, ...args),
          ...(expected === undefined ? {} : { stdout: expected(readdirSync(tree).sort()) }),
        });
      });
  });

  describeWith('elfdeps dockerfile', [command('buildah')], () => {
    for (const { name, path, args, data, expected } of programs)
      it(name, () => {
        const file = absolute(path);
        // Needs at run time are another test: here each COPY has a file of the list.
        const stage = elfdeps('dockerfile', '--without', 'all', file);
        const container = createContainer(stage, file, data ?? []);
        expect(container.entrypoint).toEqual([file]);
        const inside = containers.run(container, ...container.entrypoint, ...args);
        if (expected === undefined) expect(inside).toEqual(run(file, ...args));
        else {
          // buildah adds places of its own: dev, proc, sys...
          const top = inside.stdout.trim().split('\n');
          expect(inside).toEqual({ status: 0, stderr: '', stdout: expected(top) });
          expect(top).toEqual(expect.arrayContaining(topOfCopies(stage)));
        }
      });

    it('leaves out of a directory what copy leaves out', () => {
      const root = containers.makeDirectory();
      const source = join(root, 'clock.c');
      writeFileSync(
        source,
        '#include <time.h>\nint main(void) { time_t t = 0; return localtime(&t) == 0; }\n',
      );
      succeed('gcc', source, '-o', join(root, 'clock.host'));
      elfdeps('copy', `${join(root, 'clock.host')}:/clock`, '--to', join(root, 'root'));
      const zones = join(root, 'root/usr/share/zoneinfo');
      for (const [path, size] of [
        ...[['Paris', 10] as const, ['Europe/Paris', 10] as const, ['Asia/Tokyo', 10] as const],
        ...[['right/Paris', 2_000_000] as const, ['posix/Europe/Paris', 10] as const],
      ]) {
        mkdirSync(dirname(join(zones, path)), { recursive: true });
        writeFileSync(join(zones, path), 'z'.repeat(size));
      }
      const words = ['--root', join(root, 'root'), '/clock', '--with', 'tz'];
      elfdeps('copy', ...words, '--to', join(root, 'tree'));
      const stage = elfdeps('dockerfile', ...words);
      const image = containers.build(stage, { contexts: [`build=${join(root, 'root')}`] });
      const mounted = containers.buildah('mount', containers.create(image).name).stdout.trim();
      const filesBelow = (directory: string) =>
        readdirSync(directory, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map(({ parentPath, name }) => join(parentPath, name).slice(directory.length))
          .sort();
      const copied = filesBelow(join(root, 'tree/usr/share/zoneinfo'));
      expect(copied).toEqual(['/Asia/Tokyo', '/Europe/Paris', '/Paris']);
      expect(filesBelow(join(mounted, 'usr/share/zoneinfo'))).toEqual(copied);
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
  return path.startsWith('/') ? path : join(containers.directory, path);
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
function createContainer(stage: string, file: string, data: readonly string[]): Container {
  const context = containers.makeDirectory();
  // A file that the list forgets is a COPY that fails.
  const listed = elfdeps('--format', 'list', file).split('\n');
  writeFileSync(join(context, 'build.tar'), pack([...listed, ...configurationFiles(), ...data]));
  const lines = data.map((name) => `COPY --from=build ${name} ${name}`);
  const whole = ['FROM scratch AS build', 'ADD build.tar /', stage, ...lines].join('\n');
  return containers.create(containers.build(whole, { context }));
}

/** Files that no object names, but that a loader reads: musl's search path. */
function configurationFiles(): string[] {
  return readdirSync('/etc')
    .filter((name) => /^ld-musl-.*\.path$/.test(name))
    .map((name) => `/etc/${name}`);
}

/** First names of the paths that the COPY lines write. */
function topOfCopies(stage: string): string[] {
  const copies = stage.replaceAll('\\\n', '').matchAll(/^COPY .* \/([^/\s]+)\/\S*$/gm);
  return [...copies].map(([, name]) => name as string);
}
