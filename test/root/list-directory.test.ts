/**
 * Directories and entries that the system refuses to show: whoever looks around goes on without them.
 * And patterns over links that lead upwards, which must not multiply.
 */
import { describe, expect, it } from 'vitest';
import type { ElfdepsError } from '../../src/errors.js';
import { findElfFiles } from '../../src/files/find-elf-files.js';
import { traceDependencies } from '../../src/index.js';
import { globRoot } from '../../src/root/glob.js';
import { entryAt, namesIn } from '../../src/root/list-directory.js';
import { memoryRoot } from '../../src/root/memory-root.js';
import type { Root } from '../../src/root/root.js';
import { buildElf } from '../support/elf-builder.js';

/** The root of a user who may see neither what is in `/secret` nor what `/odd/hidden` is. */
function refusing(root: Root): Root {
  const refuse = (path: string) => {
    throw Object.assign(new Error(`EACCES: ${path}`), { code: 'EACCES' });
  };
  return {
    ...root,
    lstat: (path) => (path === '/odd/hidden' ? refuse(path) : root.lstat(path)),
    readdir: (path) => (path.endsWith('secret') ? refuse(path) : root.readdir(path)),
  } as Root;
}

const program = buildElf({});
const root = refusing(
  memoryRoot({
    '/secret/x': program,
    '/odd/hidden': program,
    '/odd/b': program,
    '/odd/a': program,
    '/linked': { link: 'odd' },
  }),
);

describe('what may not be looked at', () => {
  it.each([
    ['/secret', []],
    ['/none', []],
    ['/odd/a', []],
    ['/odd', ['a', 'b', 'hidden']],
    ['/linked', ['a', 'b', 'hidden']],
  ])('namesIn %s', (path, names) => expect(namesIn(root, path)).toEqual(names));

  it('entryAt', () => {
    expect(entryAt(root, '/odd/hidden')).toBeUndefined();
    expect(entryAt(root, '/odd/none')).toBeUndefined();
    expect(entryAt(root, '/odd/a')?.kind).toBe('file');
  });

  it('is passed over by directories and patterns as arguments', () => {
    expect(findElfFiles(root, '/')).toEqual(['/odd/a', '/odd/b']);
    expect(findElfFiles(root, '/secret')).toEqual([]);
    expect(globRoot(root, '/*/a')).toEqual(['/linked/a', '/odd/a']);
    expect(globRoot(root, '/**/b', { globstar: true })).toEqual(['/odd/b']);
  });

  it('is told to who asks, by the path where it stands', () => {
    const told: unknown[] = [];
    const onUnreadable = ({ code, message }: ElfdepsError) => told.push([code, message]);
    expect(findElfFiles(root, '/', { onUnreadable })).toEqual(['/odd/a', '/odd/b']);
    findElfFiles(root, '/linked', { onUnreadable });
    findElfFiles(root, '/secret/', { onUnreadable });
    findElfFiles(root, '/none', { onUnreadable });
    expect(told).toEqual(
      ['/odd/hidden', '/secret', '/linked/hidden', '/secret'].map((path) => [
        'FILE_UNREADABLE',
        `${path}: permission denied`,
      ]),
    );
  });

  it('is passed over by a trace with --ldconfig', () => {
    const world = refusing(
      memoryRoot({
        '/bin/app': buildElf({ interpreter: '/lib64/ld-linux-x86-64.so.2', needed: ['libx.so'] }),
        '/lib64/secret': { directory: true },
        '/etc/ld.so.conf': '/lib64/secret\n/odd\n',
        '/odd/hidden': program,
      }),
    );
    expect(traceDependencies(world, ['/bin/app'], { ldconfig: true }).errors).toEqual([]);
  });
});

describe('patterns over links', () => {
  const loops = memoryRoot({
    '/top/a': 'x',
    '/top/sub/b': 'x',
    ...Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [`/top/sub/up${i}`, { link: '..' }] as const),
    ),
    '/way': { link: 'top' },
  });

  it('** passes by links, however many lead upwards', () => {
    expect(globRoot(loops, '/top/**/b', { globstar: true })).toEqual(['/top/sub/b']);
    expect(globRoot(loops, '/**/a', { globstar: true })).toEqual(['/top/a']);
  });

  it('a link that is named is followed, by a plain pattern in every part', () => {
    expect(globRoot(loops, '/way/*', { globstar: true })).toEqual(['/way/a', '/way/sub']);
    expect(globRoot(loops, '/way/**/b', { globstar: true })).toEqual(['/way/sub/b']);
    expect(globRoot(loops, '/wa*/a', { globstar: true })).toEqual(['/way/a']);
    expect(globRoot(loops, '/top/sub/up1*/a')).toEqual([
      '/top/sub/up1/a',
      '/top/sub/up10/a',
      '/top/sub/up11/a',
    ]);
  });
});
