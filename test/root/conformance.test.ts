/**
 * One suite that every Root passes: what the methods answer about files, directories and links, and
 * that failures carry a code. The same small world, as each kind of root has it.
 */
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import zlib from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { errnoOf } from '../../src/errors.js';
import { directoryRoot } from '../../src/root/directory-root.js';
import { type MemoryNode, memoryRoot } from '../../src/root/memory-root.js';
import { openRoot } from '../../src/root/open-root.js';
import { overlayRoot } from '../../src/root/overlay-root.js';
import { type RealPath, type Root, readFile } from '../../src/root/root.js';
import { dockerArchive, ociArchive } from '../support/image-builder.js';
import { entriesOf, tar } from '../support/tar-builder.js';
import { zstdFrame } from '../support/zstd-frame.js';

const LARGE = Uint8Array.from({ length: 10_000 }, (_, index) => index % 251);

/** Only root may give files away. */
const OWNER =
  process.getuid?.() === 0
    ? { uid: 1234, gid: 4321 }
    : { uid: process.getuid?.(), gid: process.getgid?.() };

const WORLD: Readonly<Record<string, MemoryNode>> = {
  '/etc/name': 'hello',
  '/etc/empty': '',
  '/etc/again': { hardLink: '/etc/name' },
  '/etc/same-text': 'hello',
  '/bin/tool': { bytes: LARGE, mode: 0o4755, ...OWNER },
  '/lib': { link: 'usr/lib' },
  '/usr/lib/x.so': 'x',
  '/usr/lib/absolute': { link: '/etc/name' },
  '/usr/lib/dangling': { link: '../nowhere' },
  '/var/empty': { directory: true, mode: 0o750, ...OWNER },
};

const temporary: string[] = [];
afterAll(() => {
  for (const directory of temporary) fs.rmSync(directory, { recursive: true, force: true });
});

function onDisk(): Root {
  const base = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-root-'));
  temporary.push(base);
  for (const [path, node] of Object.entries(WORLD)) {
    const at = base + path;
    fs.mkdirSync(nodePath.dirname(at), { recursive: true });
    if (typeof node === 'string' || node instanceof Uint8Array) fs.writeFileSync(at, node);
    else if ('link' in node) fs.symlinkSync(node.link, at);
    else if ('hardLink' in node) fs.linkSync(base + node.hardLink, at);
    else if ('directory' in node) {
      fs.mkdirSync(at);
      give(at, node);
      fs.chmodSync(at, node.mode ?? 0o755);
    } else {
      fs.writeFileSync(at, node.bytes);
      give(at, node);
      fs.chmodSync(at, node.mode ?? 0o755);
    }
  }
  return directoryRoot(base);
}

/** Before chmod: a new owner takes the set-user-ID bit away. */
function give(path: string, { uid, gid }: { readonly uid?: number; readonly gid?: number }): void {
  if (uid !== undefined && gid !== undefined) fs.chownSync(path, uid, gid);
}

/** Everything but the tool from below, the tool from another root. */
function laidOver(): Root {
  const { '/bin/tool': tool, ...rest } = WORLD;
  const other = memoryRoot({ '/somewhere/else': tool as MemoryNode });
  return overlayRoot(memoryRoot(rest), [
    { path: '/bin/tool', root: other, source: '/somewhere/else' as RealPath },
  ]);
}

const fileOf = (bytes: Uint8Array): string => {
  const directory = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-root-'));
  temporary.push(directory);
  fs.writeFileSync(nodePath.join(directory, 'root'), bytes);
  return nodePath.join(directory, 'root');
};

/** The same in two layers, the lower of which has things that the upper one takes away. */
function layers(): Buffer[] {
  const all = entriesOf(WORLD);
  const below = all.filter((_, index) => index % 2 === 0);
  const lower = [
    { name: 'etc/again', body: 'other' },
    { name: 'var/empty/.gone', body: '' },
  ];
  const upper = [{ name: 'etc/.wh.again' }, { name: 'var/empty/.wh..wh..opq' }];
  return [tar([...below, ...lower]), tar([...all, ...upper])];
}

const roots: Readonly<Record<string, () => Root | Promise<Root>>> = {
  memoryRoot: () => memoryRoot(WORLD),
  directoryRoot: onDisk,
  overlayRoot: laidOver,
  'a tar': () => openRoot(fileOf(tar(entriesOf(WORLD)))),
  'a tar.gz': () => openRoot(fileOf(zlib.gzipSync(tar(entriesOf(WORLD))))),
  'a tar.zst': () => openRoot(fileOf(zstdFrame(tar(entriesOf(WORLD))))),
  'a docker archive': () => openRoot(fileOf(dockerArchive(layers()))),
  'an OCI layout in a tar': () =>
    openRoot(fileOf(ociArchive(layers().map((l) => zlib.gzipSync(l))))),
};

const codeOf = (action: () => unknown): string | undefined => {
  try {
    action();
  } catch (error) {
    return errnoOf(error);
  }
  return 'no error';
};
const real = (path: string) => path as RealPath;
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

const opened = await Promise.all(
  Object.entries(roots).map(async ([name, make]) => [name, await make()] as const),
);

describe.each(opened)('%s', (_, root) => {
  it('has a directory at the top', () => {
    expect(root.lstat('/')?.kind).toBe('directory');
    expect([...root.readdir('/')].sort()).toEqual(['bin', 'etc', 'lib', 'usr', 'var']);
  });

  it('is not the host', () => expect(root.isHost).toBe(false));

  it.each([
    ['/etc/name', 'file', 5],
    ['/etc/empty', 'file', 0],
    ['/bin/tool', 'file', 10_000],
    ['/etc', 'directory', 0],
    ['/var/empty', 'directory', 0],
    ['/lib', 'symlink', 0],
    ['/usr/lib/dangling', 'symlink', 0],
  ])('lstat %s: %s of %d bytes', (path, kind, size) => {
    expect(root.lstat(path)).toMatchObject({ kind, size });
  });

  it.each(['/none', '/none/at/all', '/etc/name/below', '/var/empty/x', '/usr/lib/dangling/x'])(
    'lstat %s: nothing there is no failure',
    (path) => expect(root.lstat(path)).toBeUndefined(),
  );

  it('tells the permission bits, the set-user-ID bit among them', () => {
    expect(root.lstat('/bin/tool')?.mode).toBe(0o4755);
    expect(root.lstat('/var/empty')?.mode).toBe(0o750);
  });

  it('tells who owns files and directories', () => {
    expect(root.lstat('/bin/tool')).toMatchObject(OWNER);
    expect(root.lstat('/var/empty')).toMatchObject(OWNER);
  });

  it('gives hard links one identity, and nothing else', () => {
    const id = (path: string) => root.lstat(path)?.id;
    expect(id('/etc/again')).toBe(id('/etc/name'));
    const others = ['/', '/etc', '/etc/name', '/etc/same-text', '/etc/empty', '/bin/tool', '/lib'];
    expect(new Set(others.map(id)).size).toBe(others.length);
  });

  it('gives the text of links as it stands', () => {
    expect(root.readlink('/lib')).toBe('usr/lib');
    expect(root.readlink('/usr/lib/absolute')).toBe('/etc/name');
    expect(root.readlink('/usr/lib/dangling')).toBe('../nowhere');
  });

  it.each([
    ['readlink of a file', () => root.readlink('/etc/name'), 'EINVAL'],
    ['readlink of nothing', () => root.readlink('/none'), 'ENOENT'],
    ['readdir of a file', () => root.readdir('/etc/name'), 'ENOTDIR'],
    ['readdir of nothing', () => root.readdir('/none'), 'ENOENT'],
    ['read of nothing', () => root.read(real('/none'), 0, 1), 'ENOENT'],
    ['read of a directory', () => root.read(real('/etc'), 0, 1), 'EISDIR'],
    [
      'read of a link does not follow it',
      () => root.read(real('/usr/lib/absolute'), 0, 1),
      'ELOOP',
    ],
  ])('%s fails with a code', (_name, action, code) => {
    expect(codeOf(action)).toBe(code);
  });

  it('lists the names of a directory', () => {
    expect([...root.readdir('/usr/lib')].sort()).toEqual(['absolute', 'dangling', 'x.so']);
    expect(root.readdir('/var/empty')).toEqual([]);
  });

  it('reads pieces, fewer bytes at the end, none behind it', () => {
    expect(text(root.read(real('/etc/name'), 0, 3))).toBe('hel');
    expect(text(root.read(real('/etc/name'), 3, 100))).toBe('lo');
    expect(root.read(real('/etc/name'), 5, 10)).toHaveLength(0);
    expect(root.read(real('/etc/name'), 1000, 10)).toHaveLength(0);
    expect(root.read(real('/etc/name'), 0, 0)).toHaveLength(0);
    expect(root.read(real('/bin/tool'), 5000, 4)).toEqual(LARGE.slice(5000, 5004));
  });

  it('reads nothing at an offset that no file has', () => {
    expect(root.read(real('/etc/name'), 2 ** 53, 8)).toHaveLength(0);
    expect(root.read(real('/etc/name'), 2 ** 64, 8)).toHaveLength(0);
  });

  it('reads whole files, also after close', () => {
    expect(readFile(root, real('/bin/tool'))).toEqual(LARGE);
    expect(text(readFile(root, real('/etc/name')))).toBe('hello');
    root.close?.();
    expect(text(readFile(root, real('/etc/again')))).toBe('hello');
    expect(readFile(root, real('/etc/empty'))).toHaveLength(0);
    root.close?.();
  });
});
