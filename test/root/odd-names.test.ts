/**
 * File names that are not UTF-8, on a file system that takes them: they are listed one character a
 * byte, as names in ELF files and archives are, and can be opened by that.
 */
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { directoryRoot } from '../../src/root/directory-root.js';
import { globRoot } from '../../src/root/glob.js';
import { resolvePath } from '../../src/root/resolve-path.js';
import { type RealPath, readFile } from '../../src/root/root.js';

const base = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-odd-'));
afterAll(() => fs.rmSync(base, { recursive: true, force: true }));

/** macOS and Windows take text alone. */
const isLinux = process.platform === 'linux';

it.runIf(isLinux)('names that are not UTF-8', () => {
  const directory = Buffer.concat([
    Buffer.from(`${base}/gr`),
    Buffer.from([0xfc]),
    Buffer.from('n'),
  ]);
  const inside = (name: string | Buffer) =>
    Buffer.concat([directory, Buffer.from('/'), Buffer.from(name)]);
  fs.mkdirSync(directory);
  fs.writeFileSync(inside('größe'), 'both');
  fs.writeFileSync(inside(Buffer.from([0xe9, 0x2e, 0x73, 0x6f])), 'latin');
  fs.symlinkSync('größe', inside(Buffer.from([0xff])));
  fs.writeFileSync(`${base}/replaced \ufffd`, 'text');

  const read = (path: string) => {
    const root = directoryRoot(base);
    const file = resolvePath(root, path);
    return file.found ? new TextDecoder().decode(readFile(root, file.path)) : file.problem;
  };
  // Each by a root of its own, which has listed nothing yet.
  expect(read('/gr\xfcn/größe')).toBe('both');
  expect(read('/gr\xfcn/\xe9.so')).toBe('latin');
  expect(read('/gr\xfcn/\xff')).toBe('both');
  expect(read('/gr\xfcn/\xe8.so')).toBe('ENOENT');
  expect(read('/grün/größe')).toBe('both');
  expect(read('/replaced \ufffd')).toBe('text');

  const root = directoryRoot(base);
  expect([...root.readdir('/')].sort()).toContain('gr\xfcn');
  expect([...root.readdir('/gr\xfcn')].sort()).toEqual(['größe', '\xe9.so', '\xff']);
  expect(globRoot(root, '/g*/*.so')).toEqual(['/gr\xfcn/\xe9.so']);
  expect(root.lstat('/gr\xfcn/\xff')?.kind).toBe('symlink');
  expect(new TextDecoder().decode(root.read('/gr\xfcn/\xe9.so' as RealPath, 0, 9))).toBe('latin');
});
