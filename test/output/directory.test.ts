/**
 * writeDirectory: the tree is the plan, or there is no tree. Failures are made by roots that lie and
 * by files that stand in the way, so that the root user sees them too.
 */
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OutputError } from '../../src/errors.js';
import type { ImagePlan, PlanEntry } from '../../src/image/image-plan.js';
import { writeDirectory } from '../../src/output/directory.js';
import { memoryRoot } from '../../src/root/memory-root.js';
import type { Root } from '../../src/root/root.js';
import { directory, file, planOf, symlink } from './plans.js';

let base: string;
let target: string;

beforeEach(() => {
  base = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-directory-'));
  target = nodePath.join(base, 'out');
});
afterEach(() => fs.rmSync(base, { recursive: true, force: true }));

const onPosix = process.platform !== 'win32';
const big = new Uint8Array((1 << 20) + 17).map((_, index) => index % 251);
const source = memoryRoot({ '/lib/liba.so': 'liba', '/lib/big': big, '/app/main': 'main' });

const plan: ImagePlan = planOf([
  directory('/app', 0o750),
  file('/app/main', { mode: 0o4755, size: 4 }),
  directory('/etc'),
  { kind: 'generated', path: '/etc/made', bytes: Buffer.from('made'), mode: 0o640, because: 'x' },
  directory('/lib', 0o555),
  file('/lib/big', { mode: 0o444, size: big.length }),
  file('/lib/renamed.so', { source: '/lib/liba.so', mode: 0o644, size: 4 }),
  symlink('/lib64', 'lib'),
  symlink('/var', '/no/where'),
]);

async function write(made: ImagePlan = plan, root: Root = source, force = false): Promise<void> {
  await writeDirectory(made, root, target, { force });
}

/** `d 750 /app`, `f 755 /app/main main`, `l /lib64 -> lib`; what is in a directory after it. */
function tree(at = target, path = ''): string[] {
  return fs
    .readdirSync(at)
    .sort()
    .flatMap((name) => {
      const here = nodePath.join(at, name);
      const shown = `${path}/${name}`;
      const stats = fs.lstatSync(here);
      const mode = (stats.mode & 0o7777).toString(8);
      if (stats.isSymbolicLink()) return [`l ${shown} -> ${fs.readlinkSync(here)}`];
      if (stats.isDirectory()) return [`d ${mode} ${shown}`, ...tree(here, shown)];
      return [
        `f ${mode} ${shown} ${stats.size > 100 ? stats.size : fs.readFileSync(here, 'utf8')}`,
      ];
    });
}

const written = [
  'd 750 /app',
  'f 4755 /app/main main',
  'd 755 /etc',
  'f 640 /etc/made made',
  'd 555 /lib',
  `f 444 /lib/big ${big.length}`,
  'f 644 /lib/renamed.so liba',
  'l /lib64 -> lib',
  'l /var -> /no/where',
];

async function errorOf(make: () => Promise<void>): Promise<OutputError> {
  try {
    await make();
  } catch (error) {
    if (error instanceof OutputError) return error;
    throw error;
  }
  throw new Error('no error');
}

describe.skipIf(!onPosix)('the tree (modes and links of POSIX)', () => {
  it('is the plan: kinds, modes, links, bytes', async () => {
    await write();
    expect(tree()).toEqual(written);
    expect(new Uint8Array(fs.readFileSync(nodePath.join(target, 'lib/big')))).toEqual(big);
  });

  it('does not depend on the umask', async () => {
    const before = process.umask(0o077);
    try {
      await write();
    } finally {
      process.umask(before);
    }
    expect(tree()).toEqual(written);
    expect(fs.statSync(target).mode & 0o7777).toBe(0o755);
  });

  it('is the same in an empty directory that exists', async () => {
    fs.mkdirSync(target);
    const { ino } = fs.statSync(target);
    await write();
    expect(tree()).toEqual(written);
    // It may be a mount point, or the working directory of a shell.
    expect(fs.statSync(target).ino).toBe(ino);
  });

  it('goes where a link leads', async () => {
    fs.mkdirSync(nodePath.join(base, 'real'));
    fs.symlinkSync('real', target);
    await write();
    expect(tree(nodePath.join(base, 'real'))).toEqual(written);
    expect(fs.lstatSync(target).isSymbolicLink()).toBe(true);
  });

  it('nothing stays beside it', async () => {
    await write();
    expect(fs.readdirSync(base)).toEqual(['out']);
  });
});

it('all files have one time, so that none is older than its source', async () => {
  await write();
  const times = ['/app/main', '/lib/big', '/lib/renamed.so'].map(
    (path) => fs.statSync(nodePath.join(target, path)).mtimeMs,
  );
  expect(new Set(times).size).toBe(1);
});

it('makes the directories above it', async () => {
  target = nodePath.join(base, 'a/b/c');
  await write(planOf([file('/main', { source: '/app/main', size: 4 })]));
  expect(fs.readFileSync(nodePath.join(target, 'main'), 'utf8')).toBe('main');
});

it('an empty plan is an empty directory', async () => {
  await write(planOf([]));
  expect(fs.readdirSync(target)).toEqual([]);
});

describe('a destination that is in use', () => {
  const small = planOf([directory('/lib'), file('/lib/liba.so', { size: 4 })]);

  it('is refused when it is not empty, and stays as it was', async () => {
    fs.mkdirSync(target);
    fs.writeFileSync(nodePath.join(target, 'mine'), 'mine');
    expect(await errorOf(() => write(small))).toMatchObject({
      code: 'OUTPUT_EXISTS',
      path: target,
      fact: 'the directory is not empty',
      hint: 'give another one, or --force to write into it',
    });
    expect(fs.readdirSync(target)).toEqual(['mine']);
    expect(fs.readdirSync(base)).toEqual(['out']);
  });

  it('is written into with force: other files stay, files of the same name are replaced', async () => {
    fs.mkdirSync(nodePath.join(target, 'lib'), { recursive: true });
    fs.writeFileSync(nodePath.join(target, 'mine'), 'mine');
    fs.writeFileSync(nodePath.join(target, 'lib/liba.so'), 'old and longer');
    fs.writeFileSync(nodePath.join(target, 'lib/other.so'), 'other');
    await write(small, source, true);
    expect(fs.readdirSync(target).sort()).toEqual(['lib', 'mine']);
    expect(fs.readdirSync(nodePath.join(target, 'lib')).sort()).toEqual(['liba.so', 'other.so']);
    expect(fs.readFileSync(nodePath.join(target, 'lib/liba.so'), 'utf8')).toBe('liba');
  });

  it('force on a directory that is not there makes it', async () => {
    await write(small, source, true);
    expect(fs.readdirSync(target)).toEqual(['lib']);
  });

  it.each([false, true])('is refused when it is a file (force: %s)', async (force) => {
    fs.writeFileSync(target, 'mine');
    expect(await errorOf(() => write(small, source, force))).toMatchObject({
      code: 'OUTPUT_FAILED',
      message: `${target}: not a directory`,
    });
    expect(fs.readFileSync(target, 'utf8')).toBe('mine');
  });

  const inTheWay: [string, (at: string) => void, readonly PlanEntry[], string][] = [
    [
      'a file where a directory must be',
      (at) => fs.writeFileSync(nodePath.join(at, 'lib'), 'mine'),
      [file('/a', { source: '/app/main', size: 4 }), ...small.entries],
      'is a file, where a directory must be',
    ],
    [
      'a directory where a file must be',
      (at) => fs.mkdirSync(nodePath.join(at, 'lib/liba.so'), { recursive: true }),
      [file('/a', { source: '/app/main', size: 4 }), ...small.entries],
      'is a directory, where a file must be',
    ],
  ];
  it.each(inTheWay)(
    'with force, %s is refused before anything is changed',
    async (_what, prepare, entries, fact) => {
      fs.mkdirSync(target);
      fs.writeFileSync(nodePath.join(target, 'a'), 'old');
      prepare(target);
      const before = tree();
      expect(await errorOf(() => write(planOf(entries), source, true))).toMatchObject({
        code: 'OUTPUT_EXISTS',
        fact,
      });
      expect(tree()).toEqual(before);
    },
  );
});

describe('with force, what was there comes back when a rename is refused', () => {
  const entries = [
    file('/a', { source: '/app/main', size: 4 }),
    directory('/lib'),
    file('/lib/big', { size: big.length }),
    file('/lib/liba.so', { size: 4 }),
    symlink('/link', 'new'),
    directory('/made', 0o555),
    file('/made/x', { source: '/app/main', size: 4 }),
    file('/z', { source: '/app/main', size: 4 }),
  ];
  const places = entries.filter(({ kind }) => kind !== 'directory').map(({ path }) => path);
  const refuse = (
    call: 'renameSync' | 'linkSync' | 'chmodSync',
    isMeant: (to: string) => boolean,
  ) => {
    const real = fs[call] as (...words: unknown[]) => void;
    vi.spyOn(fs, call).mockImplementation((...words: unknown[]) => {
      const to = String(call === 'chmodSync' ? words[0] : words[1]);
      if (isMeant(to)) throw Object.assign(new Error('EBUSY'), { code: 'EBUSY' });
      real(...words);
    });
  };
  afterEach(() => vi.restoreAllMocks());
  beforeEach(() => {
    fs.mkdirSync(nodePath.join(target, 'lib'), { recursive: true });
    for (const name of ['a', 'lib/liba.so', 'lib/mine', 'z'])
      fs.writeFileSync(nodePath.join(target, name), `old ${name}`);
    fs.symlinkSync('old', nodePath.join(target, 'link'));
  });

  it.each(places)('%s', async (place) => {
    const [before, at] = [tree(), nodePath.join(target, place)];
    let refusals = 0;
    // Putting back is not refused.
    refuse('renameSync', (to) => to === at && refusals++ === 0);
    expect(await errorOf(() => write(planOf(entries), source, true))).toMatchObject({
      code: 'OUTPUT_FAILED',
      message: `${at}: device or resource busy`,
    });
    expect(refusals).toBeGreaterThan(0);
    expect(tree()).toEqual(before);
  });

  it.each(places)('%s, in a file system without hard links', async (place) => {
    const [before, at] = [tree(), nodePath.join(target, place)];
    let refusals = 0;
    refuse('linkSync', () => true);
    refuse('renameSync', (to) => to === at && refusals++ === 0);
    expect((await errorOf(() => write(planOf(entries), source, true))).code).toBe('OUTPUT_FAILED');
    expect(tree()).toEqual(before);
  });

  it('the mode of a directory', async () => {
    const before = tree();
    let refusals = 0;
    refuse('chmodSync', (to) => to === nodePath.join(target, 'made') && refusals++ === 0);
    expect((await errorOf(() => write(planOf(entries), source, true))).code).toBe('OUTPUT_FAILED');
    expect(tree()).toEqual(before);
  });

  /** The files that were put aside, by their paths, where the hint says. */
  const keptOld = (error: OutputError) => {
    const [, at = '/nowhere'] =
      /^what could not be put back is in (.*)$/.exec(error.hint ?? '') ?? [];
    expect(nodePath.dirname(at)).toBe(target);
    return tree(at);
  };

  it.each([true, false])('undoing is refused too (hard links: %s)', async (hasLinks) => {
    const [a, z] = [nodePath.join(target, 'a'), nodePath.join(target, 'z')];
    const before = tree();
    if (!hasLinks) refuse('linkSync', () => true);
    let attempts = 0;
    // The first places the new file, the second puts back the old one.
    refuse('renameSync', (to) => to === z || (to === a && ++attempts > 1));
    const error = await errorOf(() => write(planOf(entries), source, true));
    expect(error).toMatchObject({
      code: 'OUTPUT_FAILED',
      message: `${z}: device or resource busy`,
    });
    expect(keptOld(error)).toEqual(['f 644 /a old a', 'd 755 /lib', 'f 644 /z old z']);
    vi.restoreAllMocks();
    // With hard links, the old z has never gone; all others are back, and nothing else is left.
    const lost = hasLinks ? ['/a'] : ['/a', '/z'];
    const others = (lines: string[]) =>
      lines.filter(
        (line) => !line.includes('/.elfdeps-old-') && !lost.includes(line.split(' ')[2] ?? ''),
      );
    expect(others(tree())).toEqual(others(before));
    expect(fs.readFileSync(a, 'utf8')).toBe('main');
  });

  it('a new file that cannot be removed again leaves no other one', async () => {
    const before = tree();
    const big = nodePath.join(target, 'lib/big');
    const z = nodePath.join(target, 'z');
    refuse('renameSync', (to) => to === z);
    const real = fs.rmSync;
    vi.spyOn(fs, 'rmSync').mockImplementation((path, options) => {
      if (path === big) throw Object.assign(new Error('EBUSY'), { code: 'EBUSY' });
      real(path, options);
    });
    const error = await errorOf(() => write(planOf(entries), source, true));
    expect(error).toMatchObject({ message: `${z}: device or resource busy` });
    expect(error.hint).toBeUndefined();
    const isBig = (line: string) => line.includes('/lib/big');
    expect(tree().filter(isBig)).toHaveLength(1);
    expect(tree().filter((line) => !isBig(line))).toEqual(before);
  });

  it.skipIf(!onPosix)('and nothing of the old is left when none is', async () => {
    await write(planOf(entries), source, true);
    expect(tree()).toEqual([
      'f 755 /a main',
      'd 755 /lib',
      `f 755 /lib/big ${big.length}`,
      'f 755 /lib/liba.so liba',
      'f 644 /lib/mine old lib/mine',
      'l /link -> new',
      'd 555 /made',
      'f 755 /made/x main',
      'f 755 /z main',
    ]);
  });
});

describe('backslashes in names', () => {
  const odd = planOf([
    directory('/a\\b'),
    file('/a\\b/lib\\..\\x', { source: '/app/main', size: 4 }),
  ]);

  it.skipIf(!onPosix)('are characters like others', async () => {
    await write(odd);
    await write(odd, source, true);
    expect(tree()).toEqual(['d 755 /a\\b', 'f 755 /a\\b/lib\\..\\x main']);
  });

  it('are refused where they would be slashes', async () => {
    const { sep } = nodePath;
    const changeable = nodePath as { sep: string };
    changeable.sep = '\\';
    try {
      expect(await errorOf(() => write(odd))).toMatchObject({
        code: 'OUTPUT_FAILED',
        message: '/a\\b: no file of this system can have that name',
      });
    } finally {
      changeable.sep = sep;
    }
    expect(fs.readdirSync(base)).toEqual([]);
  });
});

describe('failures leave nothing behind', () => {
  const one = planOf([directory('/lib'), file('/lib/liba.so', { size: 4 })]);

  /** A root whose reads are not what its entries promise. */
  const lying = (read: Root['read']): Root => ({ ...source, read });

  it.each<[string, Root, string]>([
    [
      'the source has fewer bytes',
      lying((path, offset, length) => source.read(path, offset, length).subarray(0, 3 - offset)),
      '/lib/liba.so: changed while it was being copied',
    ],
    [
      'the source has more bytes',
      lying((_path, offset, length) => new Uint8Array(Math.min(length, 9 - offset))),
      '/lib/liba.so: changed while it was being copied',
    ],
    [
      'the source cannot be read any more',
      lying(() => {
        throw Object.assign(new Error('EIO'), { code: 'EIO' });
      }),
      '/lib/liba.so: input/output error',
    ],
  ])('%s', async (_what, root, message) => {
    expect(await errorOf(() => write(one, root))).toMatchObject({ code: 'OUTPUT_FAILED', message });
    expect(fs.readdirSync(base)).toEqual([]);
  });

  it('the source changes while a directory that exists is filled', async () => {
    fs.mkdirSync(target);
    fs.writeFileSync(nodePath.join(target, 'mine'), 'mine');
    const shrinking = lying(() => new Uint8Array());
    expect((await errorOf(() => write(one, shrinking, true))).code).toBe('OUTPUT_FAILED');
    expect(fs.readdirSync(target)).toEqual(['mine']);
  });

  it('a file stands where the directory above must be', async () => {
    fs.writeFileSync(nodePath.join(base, 'plain'), 'mine');
    target = nodePath.join(base, 'plain/out');
    expect(await errorOf(() => write(one))).toMatchObject({
      code: 'OUTPUT_FAILED',
      message: `${target}: not a directory`,
    });
    expect(fs.readdirSync(base)).toEqual(['plain']);
  });

  it('directories made above it go again', async () => {
    target = nodePath.join(base, 'a/b/c');
    const root = lying(() => new Uint8Array());
    expect((await errorOf(() => write(one, root))).code).toBe('OUTPUT_FAILED');
    expect(fs.readdirSync(base)).toEqual([]);
  });

  it('a plan with two entries for one path', async () => {
    const twice = planOf([...one.entries, file('/lib/liba.so', { size: 4 })]);
    expect(await errorOf(() => write(twice))).toMatchObject({
      code: 'OUTPUT_FAILED',
      message: `${target}: file exists`,
    });
    expect(fs.readdirSync(base)).toEqual([]);
  });

  it.skipIf(!fs.existsSync('/proc/self'))(
    'a place where the kernel makes no directory ends',
    async () => {
      for (const place of ['/proc/elfdeps-test', '/proc/elfdeps-test/deep']) {
        target = place;
        expect(await errorOf(() => write(one))).toMatchObject({
          code: 'OUTPUT_FAILED',
          message: `${place}: no such file or directory`,
        });
      }
    },
  );
});

it('makes hard links', async () => {
  await write(
    planOf([
      directory('/app'),
      file('/app/main', { mode: 0o755, size: 4 }),
      {
        ...file('/app/other', { source: '/app/main', size: 4 }),
        hardLinkTo: '/app/main',
      } as PlanEntry,
    ]),
  );
  const { ino, nlink } = fs.statSync(nodePath.join(target, 'app/main'));
  expect(fs.statSync(nodePath.join(target, 'app/other'))).toMatchObject({ ino, nlink });
  expect(nlink).toBe(2);
});

it('a signal ends it, and nothing is left', async () => {
  const abort = new AbortController();
  const size = 1 << 26;
  const endless: Root = {
    ...source,
    read: (_path, offset, length) => {
      if (offset > size / 4) abort.abort();
      return new Uint8Array(Math.min(length, size - offset));
    },
  };
  const large = planOf([file('/large', { source: '/lib/liba.so', size })]);
  const writing = writeDirectory(large, endless, target, { force: false, signal: abort.signal });
  await expect(writing).rejects.toThrow('interrupted, nothing was written');
  expect(fs.readdirSync(base)).toEqual([]);
});
