/**
 * Only regular files of a root on disk are opened and read, and no more of them than a limit: devices
 * may do something when they are opened, pipes wait, and files of /proc have no size.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import nodePath from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { errnoOf } from '../../src/errors.js';
import { RootFiles } from '../../src/files/root-files.js';
import { directoryRoot } from '../../src/root/directory-root.js';
import { type RealPath, readFile } from '../../src/root/root.js';
import { describeWith, requirement } from '../support/requirement.js';

const base = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-regular-'));
afterAll(() => fs.rmSync(base, { recursive: true, force: true }));

/** How reading ends, and how often something was opened. */
function read(directory: string, path: string) {
  const open = vi.spyOn(fs, 'openSync');
  try {
    directoryRoot(directory).read(path as RealPath, 0, 100);
    return { code: undefined, opened: open.mock.calls.length };
  } catch (error) {
    return { code: errnoOf(error), opened: open.mock.calls.length };
  } finally {
    open.mockRestore();
  }
}

it('a root that is named by a link is the directory behind it', () => {
  fs.mkdirSync(`${base}/behind/lib`, { recursive: true });
  fs.writeFileSync(`${base}/behind/lib/file`, 'text');
  fs.symlinkSync('behind', `${base}/named`);
  const root = directoryRoot(`${base}/named`);
  expect(root.name).toBe(`${base}/named`);
  expect(root.lstat('/')?.kind).toBe('directory');
  expect(new RootFiles(root).resolve('/lib/file').found).toBe(true);
  expect(read(`${base}/named`, '/lib/file')).toEqual({ code: undefined, opened: 1 });
  // What is itself a link below the root stays one.
  expect(read(base, '/named')).toEqual({ code: 'ELOOP', opened: 0 });
});

describe('what is no regular file is not opened', () => {
  it('a directory, and a link', () => {
    fs.mkdirSync(`${base}/directory`);
    fs.writeFileSync(`${base}/file`, 'text');
    fs.symlinkSync('file', `${base}/link`);
    expect(read(base, '/directory')).toEqual({ code: 'EISDIR', opened: 0 });
    expect(read(base, '/link')).toEqual({ code: 'ELOOP', opened: 0 });
    expect(read(base, '/file')).toEqual({ code: undefined, opened: 1 });
  });

  it('a file whose place something else took', () => {
    fs.writeFileSync(`${base}/taken`, 'text');
    const stats = fs.lstatSync(`${base}/taken`);
    const lstat = vi.spyOn(fs, 'lstatSync').mockReturnValue(stats);
    fs.rmSync(`${base}/taken`);
    fs.mkdirSync(`${base}/taken`);
    try {
      expect(read(base, '/taken')).toEqual({ code: 'EISDIR', opened: 1 });
    } finally {
      lstat.mockRestore();
    }
  });

  describeWith('on Linux', [requirement('Linux', process.platform === 'linux')], () => {
    it.each(['/zero', '/random', '/tty', '/null'])('/dev%s', (path) => {
      expect(read('/dev', path)).toEqual({ code: 'ENXIO', opened: 0 });
    });

    it('a pipe with a name', () => {
      execFileSync('mkfifo', [`${base}/pipe`]);
      expect(read(base, '/pipe')).toEqual({ code: 'ENXIO', opened: 0 });
    });

    it('a socket', async () => {
      const server = net.createServer();
      await new Promise<void>((resolve) => server.listen(`${base}/socket`, resolve));
      expect(read(base, '/socket')).toEqual({ code: 'ENXIO', opened: 0 });
      await new Promise((resolve) => server.close(resolve));
    });
  });
});

describe('a limit counts what is read, not what the size says', () => {
  /** A file of size 0 that never ends, as some of /proc. */
  const endless = () => {
    let bytes = 0;
    const root = directoryRoot(base);
    fs.writeFileSync(`${base}/empty`, '');
    return {
      ...root,
      read(_path: RealPath, _offset: number, length: number) {
        bytes += length;
        return new Uint8Array(length);
      },
      bytes: () => bytes,
    };
  };

  it('readFile', () => {
    const root = endless();
    expect(() => readFile(root, '/empty' as RealPath, 1000)).toThrow(/EFBIG/);
    expect(root.bytes()).toBe(1 << 20);
  });

  it('RootFiles, for which such a file cannot be read', () => {
    const root = endless();
    expect(new RootFiles(root).readBytes('/empty', 3 << 20)).toBeUndefined();
    expect(root.bytes()).toBe(4 << 20);
  });
});
