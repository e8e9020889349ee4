/**
 * The classic walk-throughs of scratch images: hello as a dynamic and a static program, with glibc
 * and musl, a static program without any libc as Go makes them, and bash with ls. Each runs in the
 * tree that elfdeps makes and in an image that buildah builds from its Dockerfile. The sizes are
 * printed beside those that are usually reported; docs/sizes.md has them.
 */
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, describeWith, findCommand, requirement } from '../support/requirement.js';
import { Containers, chrootRequirements, elfdeps, enter, succeed } from './containers.js';

const requirements = [
  ...chrootRequirements,
  requirement('an x86-64 machine', process.arch === 'x64'),
  ...['gcc', 'musl-gcc', 'strip', 'bash', 'ls', 'buildah'].map(command),
];
const DOCUMENT = fileURLToPath(new URL('../../docs/sizes.md', import.meta.url));
const SOURCE = '#include <stdio.h>\nint main(void) { puts("Hello from scratch!"); return 0; }\n';
/** As Go's static programs without cgo: system calls only. exit(0) behind write(1, ...). */
const SYSTEM_CALLS =
  'void _start(void) {\n' +
  '  static const char text[] = "Hello from scratch!\\n";\n' +
  '  long done;\n' +
  '  __asm__ volatile("syscall" : "=a"(done) : "a"(1), "D"(1), "S"(text), "d"(sizeof text - 1)\n' +
  '                   : "rcx", "r11", "memory");\n' +
  '  __asm__ volatile("syscall" : : "a"(60), "D"(0));\n}\n';

/** A walk-through: how it is compiled, the files that its tree must have, the size others report. */
interface Walk {
  readonly name: string;
  readonly compile: readonly string[];
  readonly source?: string;
  readonly files: RegExp;
  /** Bytes within which the tree must be, and what is usually reported. */
  readonly bytes: readonly [least: number, most: number];
  readonly reported?: string;
}

const walks: readonly Walk[] = [
  {
    name: 'hello, dynamic, glibc',
    compile: ['gcc'],
    files: /^\/hello \/.*ld-linux-x86-64\.so\.2 \/.*libc\.so\.6$/,
    bytes: [1_500_000, 3_000_000],
  },
  {
    name: 'hello, static, glibc',
    compile: ['gcc', '-static'],
    files: /^\/hello$/,
    bytes: [500_000, 1_200_000],
    reported: '940 kB',
  },
  {
    name: 'hello, dynamic, musl',
    compile: ['musl-gcc'],
    files: /^(?:\/etc\/ld-musl-x86_64\.path )?\/hello \/.*(?:ld-musl-x86_64\.so\.1|libc\.so)$/,
    bytes: [400_000, 1_200_000],
  },
  {
    name: 'hello, static, musl',
    compile: ['musl-gcc', '-static'],
    files: /^\/hello$/,
    bytes: [5_000, 120_000],
    reported: '94 kB',
  },
  {
    name: 'hello, static, no libc',
    compile: ['gcc', '-static', '-nostdlib', '-Os'],
    source: SYSTEM_CALLS,
    files: /^\/hello$/,
    bytes: [200, 20_000],
  },
];

describeWith('the classic walk-throughs', requirements, () => {
  let containers: Containers;
  const sizes: string[][] = [];

  beforeAll(() => {
    containers = new Containers();
  });
  afterAll(() => containers.close());

  describe.each(walks)('$name', ({ name, compile, source, files, bytes, reported }) => {
    const directory = () => join(containers.directory, name.replaceAll(', ', '-'));
    const program = () => join(directory(), 'hello');

    beforeAll(() => {
      mkdirSync(directory());
      writeFileSync(join(directory(), 'hello.c'), source ?? SOURCE);
      const [compiler = 'gcc', ...flags] = compile;
      succeed(compiler, ...flags, join(directory(), 'hello.c'), '-o', program());
      succeed('strip', program());
    });

    it('runs in a tree of just its files', () => {
      const tree = join(directory(), 'tree');
      elfdeps('copy', '-q', `${program()}:/hello`, '--to', tree);
      const found = filesOf(tree);
      expect(found.map(({ path }) => path).join(' ')).toMatch(files);
      const total = found.reduce((sum, { size }) => sum + size, 0);
      expect(total).toBeGreaterThan(bytes[0]);
      expect(total).toBeLessThan(bytes[1]);
      sizes.push([name, String(found.length), kilobytes(total), reported ?? '-']);
      expect(enter(tree, '/hello')).toEqual({
        status: 0,
        stdout: 'Hello from scratch!\n',
        stderr: '',
      });
    });

    it('runs in an image FROM scratch', () => {
      const text = elfdeps('dockerfile', '-q', `${program()}:/hello`);
      expect(text).toMatch(/^FROM scratch\n(?:COPY .*|\s+.*\n?|\n)+ENTRYPOINT \["\/hello"\]\n$/);
      const container = containers.create(containers.build(text, { contexts: ['build=/'] }));
      expect(containers.run(container, ...container.entrypoint)).toEqual({
        status: 0,
        stdout: 'Hello from scratch!\n',
        stderr: '',
      });
    });
  });

  it('bash and ls in one tree, every file once, links kept', () => {
    const tree = join(containers.directory, 'bash-ls');
    const [bash, ls] = [findCommand('bash') ?? '/bash', findCommand('ls') ?? '/ls'];
    elfdeps('copy', '-q', bash, ls, '--to', tree);
    const found = filesOf(tree);
    const names = found.map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
    expect(names.filter((name) => /^libc\./.test(name))).toHaveLength(1);
    // The interpreter's path leads through links to the one file.
    expect(lstatSync(join(tree, 'lib64')).isSymbolicLink()).toBe(true);
    expect(readlinkSync(join(tree, 'lib64'))).toMatch(/usr\/lib64$/);
    const archive = join(containers.directory, 'bash-ls.tar');
    succeed('tar', '-cf', archive, '-C', tree, '.');
    const { size } = lstatSync(archive);
    expect(size).toBeLessThan(6_000_000);
    sizes.push(['bash and ls, as a tar', String(found.length), kilobytes(size), '4.9 MB']);
    expect(enter(tree, bash, '-c', `${ls} -d /usr && echo done`)).toEqual({
      status: 0,
      stdout: '/usr\ndone\n',
      stderr: '',
    });
  });

  it('the sizes are those in docs/sizes.md, within a fifth', () => {
    const rows = sizes.map((row) => `| ${row.join(' | ')} |`);
    console.log(rows.join('\n'));
    const documented = new Map(
      [...readFileSync(DOCUMENT, 'utf8').matchAll(/^\| ([^|]+) \| (\d+) \| (\d+) kB \|/gm)].map(
        ([, name, count, size]) => [name, [Number(count), Number(size)] as const],
      ),
    );
    expect(sizes).toHaveLength(walks.length + 1);
    // Other releases have other libraries.
    if (!/^PRETTY_NAME="Debian GNU\/Linux 12/m.test(readFileSync('/etc/os-release', 'utf8')))
      return;
    for (const [name, count, size] of sizes) {
      const [files, kB] = documented.get(name) ?? [];
      expect({ name, files }).toEqual({ name, files: Number(count) });
      const measured = Number(size?.split(' ')[0]);
      expect(Math.abs(measured - (kB ?? 0))).toBeLessThanOrEqual(Math.max(2, (kB ?? 0) / 5));
    }
  });
});

/** Regular files below a tree, sorted, without what enter() made; hard links once. */
function filesOf(tree: string, below = ''): { path: string; size: number }[] {
  return readdirSync(join(tree, below))
    .sort()
    .flatMap((name) => {
      const path = `${below}/${name}`;
      const stats = lstatSync(join(tree, path));
      if (stats.isDirectory()) return filesOf(tree, path);
      return stats.isFile() ? [{ path, size: stats.size }] : [];
    });
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1000)} kB`;
}
