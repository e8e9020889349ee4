/**
 * Links followed by chroot's rules: a table of paths and escapes, and the same table asked of the
 * kernel by a process that really is chrooted (Linux, root user and python3; skipped elsewhere).
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { trace } from '../../src/closure/trace.js';
import { loaders } from '../../src/registry.js';
import { directoryRoot } from '../../src/root/directory-root.js';
import { type MemoryNode, memoryRoot } from '../../src/root/memory-root.js';
import { resolvePath } from '../../src/root/resolve-path.js';
import type { Root } from '../../src/root/root.js';
import { Random } from '../support/random.js';
import { glibcSystem, memoryWorld, program, type World } from '../support/world.js';

const chain = (count: number): Record<string, MemoryNode> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `/chain${count}/${i}`,
      { link: i === count - 1 ? '/etc/file' : `${i + 1}` },
    ]),
  );

const WORLD: Readonly<Record<string, MemoryNode>> = {
  '/etc/file': 'text',
  '/usr/lib/x.so.1.2': 'x',
  '/usr/lib/x.so.1': { link: 'x.so.1.2' },
  '/usr/lib/sub/deep/file': 'deep',
  '/lib': { link: 'usr/lib' },
  '/lib64': { link: '/usr/lib' },
  '/slash': { link: 'usr/lib/' },
  '/file-slash': { link: 'etc/file/' },
  '/dot': { link: '.' },
  '/top': { link: '..' },
  '/root-link': { link: '/' },
  '/escape': { link: '../../../../etc/file' },
  '/escape-dir': { link: '../../..' },
  '/usr/deep-link': { link: 'lib/sub/deep' },
  '/absolute': { link: '/etc/file' },
  '/absolute-up': { link: '/../../etc/file' },
  '/doubled': { link: '//etc///file' },
  '/dangling': { link: 'nowhere' },
  '/dangling-up': { link: 'nowhere/../etc/file' },
  '/through-file': { link: 'etc/file/../file' },
  '/self': { link: 'self' },
  '/ping': { link: 'pong' },
  '/pong': { link: '/ping' },
  '/growing': { link: 'growing/x' },
  ...chain(40),
  ...chain(41),
};

const LONG_NAME = 'n'.repeat(256);
const paths: readonly [path: string, expected: string][] = [
  ['/', '/'],
  ['//', '/'],
  ['/..', '/'],
  ['/../../..', '/'],
  ['/./././etc/./file', '/etc/file'],
  ['/etc/file', '/etc/file'],
  ['//etc//file', '/etc/file'],
  ['/etc/', '/etc'],
  ['/etc/.', '/etc'],
  ['/etc/file/', 'ENOTDIR'],
  ['/etc/file/.', 'ENOTDIR'],
  ['/etc/file/..', 'ENOTDIR'],
  ['/etc/file/x', 'ENOTDIR'],
  ['/none', 'ENOENT'],
  ['/none/..', 'ENOENT'],
  ['/none/../etc/file', 'ENOENT'],
  ['/lib', '/usr/lib'],
  ['/lib/', '/usr/lib'],
  ['/lib/x.so.1', '/usr/lib/x.so.1.2'],
  ['/lib64/x.so.1', '/usr/lib/x.so.1.2'],
  ['/lib/..', '/usr'],
  ['/lib/../lib/x.so.1', '/usr/lib/x.so.1.2'],
  ['/lib64/../../etc/file', '/etc/file'],
  ['/usr/deep-link/..', '/usr/lib/sub'],
  ['/usr/deep-link/../deep/file', '/usr/lib/sub/deep/file'],
  ['/slash/x.so.1', '/usr/lib/x.so.1.2'],
  ['/file-slash', 'ENOTDIR'],
  ['/dot/dot/dot/etc/file', '/etc/file'],
  ['/top/top/etc/file', '/etc/file'],
  ['/root-link/root-link/etc/file', '/etc/file'],
  ['/escape', '/etc/file'],
  ['/escape-dir/etc/file', '/etc/file'],
  ['/lib/../../../../../../etc/file', '/etc/file'],
  ['/absolute', '/etc/file'],
  ['/absolute/', 'ENOTDIR'],
  ['/absolute-up', '/etc/file'],
  ['/doubled', '/etc/file'],
  ['/dangling', 'ENOENT'],
  ['/dangling/x', 'ENOENT'],
  ['/dangling-up', 'ENOENT'],
  ['/through-file', 'ENOTDIR'],
  ['/self', 'ELOOP'],
  ['/self/x', 'ELOOP'],
  ['/ping', 'ELOOP'],
  ['/growing', 'ELOOP'],
  ['/chain40/0', '/etc/file'],
  ['/chain41/0', 'ELOOP'],
  ['/chain41/1', '/etc/file'],
  ['/lib/../../chain40/0', 'ELOOP'],
  [`/${LONG_NAME}`, 'ENAMETOOLONG'],
  [`/none/${LONG_NAME}`, 'ENOENT'],
  [`/etc/file/${LONG_NAME}`, 'ENOTDIR'],
  [`/${'n'.repeat(255)}`, 'ENOENT'],
  [`/${'ü'.repeat(128)}`, 'ENAMETOOLONG'],
  [`/${'./'.repeat(2040)}etc/file`, '/etc/file'],
  [`/${'./'.repeat(2048)}etc/file`, 'ENAMETOOLONG'],
];

function answer(root: Root, path: string): string {
  const result = resolvePath(root, path);
  return result.found ? result.path : result.problem;
}

function writeWorld(base: string): void {
  for (const [path, node] of Object.entries(WORLD)) {
    const at = base + path;
    fs.mkdirSync(nodePath.dirname(at), { recursive: true });
    if (typeof node === 'string') fs.writeFileSync(at, node);
    else if ('link' in node) fs.symlinkSync(node.link, at);
  }
}

function inTemporaryDirectory<T>(action: (base: string) => T): T {
  const base = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-resolve-'));
  try {
    return action(base);
  } finally {
    fs.rmSync(base, { recursive: true, force: true });
  }
}

describe('resolvePath', () => {
  const root = memoryRoot(WORLD);
  it.each(paths.map(([path, expected]) => [path.slice(0, 60), path, expected]))(
    '%s',
    (_, path, expected) => {
      expect(answer(root, path as string)).toBe(expected);
    },
  );

  it('gives the links it passed, in order, each with a real path', () => {
    expect(resolvePath(root, '/lib/x.so.1').links).toEqual([
      { path: '/lib', target: 'usr/lib' },
      { path: '/usr/lib/x.so.1', target: 'x.so.1.2' },
    ]);
  });

  it('gives the links it passed also where it did not arrive, and where it ended', () => {
    expect(resolvePath(root, '/lib/none')).toMatchObject({
      found: false,
      at: '/usr/lib/none',
      links: [{ path: '/lib' }],
    });
  });

  it('answers the same for the same files on disk', () => {
    inTemporaryDirectory((base) => {
      writeWorld(base);
      const disk = directoryRoot(base);
      for (const [path, expected] of paths) expect(answer(disk, path), path).toBe(expected);
    });
  });

  it('follows no link that is longer than a path may be', () => {
    const links = memoryRoot({
      '/file': '',
      '/dir': { directory: true },
      '/longest': { link: `${'/'.repeat(4091)}file` },
      '/longer': { link: `${'/'.repeat(4092)}file` },
      '/endless': { link: 'a/'.repeat(1_000_000) },
    });
    expect(answer(links, '/longest')).toBe('/file');
    expect(resolvePath(links, '/dir/../longer')).toMatchObject({
      problem: 'ENAMETOOLONG',
      at: '/longer',
      links: [],
    });
    expect(answer(links, '/endless')).toBe('ENAMETOOLONG');
  });

  it('turns a failing system call into a problem', () => {
    const failing = (code: string): Root => ({
      ...root,
      lstat(path) {
        if (path === '/bad') throw Object.assign(new Error(code), { code });
        return root.lstat(path);
      },
    });
    expect(answer(failing('EACCES'), '/bad/x')).toBe('EACCES');
    expect(answer(failing('EPERM'), '/bad')).toBe('EACCES');
    expect(answer(failing('ENAMETOOLONG'), '/bad')).toBe('ENAMETOOLONG');
    expect(answer(failing('ESTALE'), '/bad')).toBe('EIO');
  });

  it('turns a link that cannot be read into a problem', () => {
    const failing: Root = {
      ...root,
      readlink() {
        throw Object.assign(new Error('EIO'), { code: 'EIO' });
      },
    };
    expect(answer(failing, '/lib')).toBe('EIO');
  });
});

const KERNEL = `
import errno, json, os, sys
fds = os.open('/proc/self/fd', os.O_RDONLY)
paths = json.load(open(sys.argv[2]))
os.chroot(sys.argv[1]); os.chdir('/')
answers = []
for path in paths:
    try:
        fd = os.open(path, os.O_PATH)
        answers.append(os.readlink(str(fd), dir_fd=fds))
        os.close(fd)
    except OSError as error:
        answers.append(errno.errorcode[error.errno])
json.dump(answers, sys.stdout)
`;

describe('resolvePath against the kernel', () => {
  let answers: string[] | undefined;
  let reason = '';
  beforeAll(() => {
    if (process.platform !== 'linux' || process.getuid?.() !== 0)
      reason = 'chroot needs Linux, root';
    else
      inTemporaryDirectory((base) => {
        writeWorld(base);
        const input = nodePath.join(base, 'paths.json');
        fs.writeFileSync(input, JSON.stringify(paths.map(([path]) => path)));
        try {
          const output = execFileSync('python3', ['-c', KERNEL, base, input], { encoding: 'utf8' });
          answers = JSON.parse(output) as string[];
        } catch (error) {
          reason = `python3 or chroot: ${(error as Error).message}`;
        }
      });
  });
  it('a chrooted process sees the same', (context) => {
    if (answers === undefined && process.env.ELFDEPS_REQUIRE_ALL !== '1') context.skip(reason);
    expect(answers).toEqual(paths.map(([, expected]) => expected));
  });
});

describe('nothing outside the root is touched', () => {
  afterEach(() => vi.restoreAllMocks());

  it('whatever its links say', () => {
    inTemporaryDirectory((outer) => {
      const base = nodePath.join(outer, 'root');
      const outside = nodePath.join(outer, 'secret');
      fs.mkdirSync(outside);
      fs.writeFileSync(nodePath.join(outside, 'liba.so'), 'outside');
      const world: World = {
        ...glibcSystem(36),
        '/app/main': program({
          needed: [
            'liba.so',
            '../../../secret/liba.so',
            `${outside}/liba.so`,
            'libb.so',
            'libz.so',
          ],
          runpath: `/up:/out:$ORIGIN/../../../../secret:${outside}`,
        }),
        '/up': { link: '../../../../../secret' },
        '/out': { link: outside },
        '/usr/lib/libb.so': { link: `${outside}/liba.so` },
        '/etc/ld.so.cache': { link: '../../secret/liba.so' },
        '/etc/ld.so.preload': { link: '/../../../secret/liba.so' },
        '/etc/ld.so.conf': 'include /up/*.conf ../../../secret/*\n/up\n',
      };
      for (const [path, node] of Object.entries(memoryWorld(world))) {
        const at = base + path;
        fs.mkdirSync(nodePath.dirname(at), { recursive: true });
        if (typeof node === 'string' || node instanceof Uint8Array) fs.writeFileSync(at, node);
        else if ('link' in node) fs.symlinkSync(node.link, at);
        else fs.mkdirSync(at, { recursive: true });
      }
      const touched: string[] = [];
      for (const name of [
        'openSync',
        'lstatSync',
        'statSync',
        'readlinkSync',
        'readdirSync',
      ] as const) {
        const original = fs[name] as (...all: unknown[]) => unknown;
        vi.spyOn(fs, name).mockImplementation(((...all: unknown[]) => {
          touched.push(fs.realpathSync.native(nodePath.dirname(String(all[0]))));
          return original.apply(fs, all);
        }) as never);
      }
      const root = directoryRoot(base);
      const result = trace(root, ['/app/main'], {}, loaders);
      const again = trace(root, ['/app/main'], { ldconfig: true }, loaders);
      root.close?.();
      expect(result.closures[0]?.libraries.map((row) => row.status)).toEqual([
        'missing',
        'missing',
        'missing',
        'missing',
        'missing',
      ]);
      expect(again.errors).toEqual([]);
      expect(touched.length).toBeGreaterThan(10);
      const real = fs.realpathSync(base);
      const allowed = (path: string) =>
        path === real || path.startsWith(`${real}/`) || path === nodePath.dirname(real);
      expect(touched.filter((path) => !allowed(path))).toEqual([]);
    });
  });
});

describe('what is remembered of a root that stays as it is', () => {
  /** The same root, whose links are followed each time. */
  const forgetful = (root: Root): Root => ({ ...root, isFixed: false });

  it('changes no answer, whatever was asked before', () => {
    const random = new Random(40);
    const pick = (count: number) => Math.floor(random.next() * count);
    const name = () => ['a', 'b', 'c', 'd', '.', '..', 'a/b', '/a', '/b/c', 'c/', 'a/..'][pick(11)];
    const path = () => Array.from({ length: 1 + pick(4) }, name).join('/');
    let [found, loops] = [0, 0];
    for (let world = 0; world < 300; world++) {
      const files: Record<string, MemoryNode> = {};
      for (const parent of ['', '/x', '/x/y'])
        for (const one of ['a', 'b', 'c', 'd'])
          if (pick(3) > 0) files[`${parent}/${one}`] = pick(4) > 0 ? { link: path() } : 'text';
      // Long chains, which end, or end in a loop.
      const length = 30 + pick(20);
      for (let at = 0; at < length; at++) files[`/l${at}`] = { link: `l${at + 1}` };
      files[`/l${length}`] = pick(2) > 0 ? { link: path() } : 'end';
      const root = memoryRoot(files);
      for (let asked = 0; asked < 40; asked++) {
        const text = pick(3) > 0 ? `/${path()}` : `/l${pick(length)}${pick(2) > 0 ? '/..' : ''}`;
        const expected = resolvePath(forgetful(root), text);
        expect(resolvePath(root, text)).toEqual(expected);
        if (expected.found) found++;
        else if (expected.problem === 'ELOOP') loops++;
      }
    }
    expect(found).toBeGreaterThan(1000);
    expect(loops).toBeGreaterThan(1000);
  });

  /** 39 links, each through the next one and 790 times into a directory and back. */
  const maze: Record<string, MemoryNode> = { '/m/a': { directory: true } };
  for (let at = 0; at < 39; at++)
    maze[`/m/l${at}`] = { link: at === 38 ? '/m' : `/m/${'a/../'.repeat(790)}l${at + 1}` };

  const countLookups = (root: Root, paths: readonly string[]) => {
    let lookups = 0;
    const counted: Root = {
      ...root,
      lstat(path) {
        lookups++;
        return root.lstat(path);
      },
    };
    for (const path of paths) resolvePath(counted, path);
    return lookups;
  };
  const asked = Array.from({ length: 800 }, (_, at) => `/m/l0/${at % 40}/q${at}`);

  it('makes a link cost its own length once, however often it is asked for', () => {
    const root = memoryRoot(maze);
    const once = countLookups(root, asked.slice(0, 1));
    expect(once).toBeLessThan(40 * 800);
    expect(countLookups(root, asked)).toBeLessThan(once + 4 * asked.length);
    expect(countLookups(forgetful(root), asked.slice(0, 10))).toBeGreaterThan(9 * once);
  });

  it('makes a loop of links cost no more than each of its links as the first one', () => {
    const root = memoryRoot({ ...maze, '/m/l38': { link: '/m/l0' } });
    const others = Array.from({ length: 800 }, (_, at) => `/m/l${at % 38}/q${at}`);
    const once = countLookups(root, asked.slice(0, 1));
    const all = countLookups(root, [...asked, ...others]);
    expect(all).toBeLessThan((38 / 2 + 2) * once);
    expect(countLookups(forgetful(root), asked.slice(0, 40))).toBeGreaterThan(all);
  });

  it('ends where a budget is used up', () => {
    const budget = { steps: 1000 };
    expect(resolvePath(forgetful(memoryRoot(maze)), '/m/l0', budget)).toMatchObject({
      found: false,
      problem: 'ELOOP',
    });
    expect(budget.steps).toBeLessThan(0);
  });
});
