/**
 * Copying a planned file: the kernel copies what is on disk, and only the file that was there when it was
 * looked at; other bytes are streamed; holes stay holes. test/differential/clones.test.ts has clones.
 */
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlanEntry, PlannedFile } from '../../src/image/image-plan.js';
import { copiedFile } from '../../src/output/copied-file.js';
import { writeDirectory } from '../../src/output/directory.js';
import { directoryRoot } from '../../src/root/directory-root.js';
import { memoryRoot } from '../../src/root/memory-root.js';
import type { RealPath, Root } from '../../src/root/root.js';
import { file, planOf } from './plans.js';

const MIB = 1 << 20;
let base: string;
let source: string;
let target: string;

beforeEach(() => {
  base = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-copied-'));
  source = nodePath.join(base, 'root');
  target = nodePath.join(base, 'out');
  fs.mkdirSync(source);
});
afterEach(() => fs.rmSync(base, { recursive: true, force: true }));

const planned = (path: string, size: number) => file(path, { size }) as PlannedFile;

async function copy(entry: PlannedFile, root: Root): Promise<void> {
  fs.closeSync(await copiedFile(entry, root, target, {}));
}

/** A root that counts what is read of its files. */
function counting(root: Root) {
  const reads: number[] = [];
  const copies: string[] = [];
  const counted: Root = {
    ...root,
    read(path, offset, length) {
      reads.push(length);
      return root.read(path, offset, length);
    },
    copyTo: async (path, destination) => {
      copies.push(path);
      return (await root.copyTo?.(path, destination)) ?? false;
    },
  };
  return { reads, copies, counted };
}

/** Bytes that a file has on disk. */
const stored = (path: string) => fs.statSync(path).blocks * 512;

describe.skipIf(process.platform !== 'linux')('a file on disk', () => {
  it.each([0o444, 0o000, 0o4755])('of mode %o is copied without being read', async (mode) => {
    const bytes = Buffer.alloc(3 * MIB + 5, 'text');
    fs.writeFileSync(nodePath.join(source, 'a'), bytes);
    fs.chmodSync(nodePath.join(source, 'a'), mode === 0 && process.getuid?.() !== 0 ? 0o400 : mode);
    const { reads, copies, counted } = counting(directoryRoot(source));
    await copy(planned('/a', bytes.length), counted);
    expect(fs.readFileSync(target).equals(bytes)).toBe(true);
    expect(fs.statSync(target).mode & 0o7777).toBe(0o600);
    expect(copies).toEqual(['/a']);
    expect(reads).toEqual([]);
  });

  it('that a link has taken the place of is not followed', async () => {
    fs.writeFileSync(nodePath.join(base, 'secret'), 'four');
    fs.symlinkSync('../secret', nodePath.join(source, 'a'));
    await expect(copy(planned('/a', 4), directoryRoot(source))).rejects.toThrow('symbolic links');
    expect(fs.statSync(target).size).toBe(0);
  });

  it('with other bytes than planned is refused', async () => {
    fs.writeFileSync(nodePath.join(source, 'a'), 'five!');
    const error = 'changed while it was being copied';
    await expect(copy(planned('/a', 4), directoryRoot(source))).rejects.toThrow(error);
  });

  it('replaces nothing', async () => {
    fs.writeFileSync(nodePath.join(source, 'a'), 'four');
    fs.writeFileSync(target, 'old');
    await expect(copy(planned('/a', 4), directoryRoot(source))).rejects.toThrow('EEXIST');
    expect(fs.readFileSync(target, 'utf8')).toBe('old');
  });

  it('with holes keeps them, and is read in pieces of a mebibyte', async () => {
    const size = 64 * MIB + 3;
    const path = nodePath.join(source, 'a');
    fs.writeFileSync(path, 'begin');
    fs.truncateSync(path, size);
    const { reads, counted } = counting(directoryRoot(source));
    await copy(planned('/a', size), counted);
    expect(fs.statSync(target).size).toBe(size);
    expect(stored(target)).toBeLessThan(MIB);
    expect(Buffer.from(fs.readFileSync(target).subarray(0, 6)).toString()).toBe('begin\0');
    expect(reads.length === 0 || Math.max(...reads) === MIB).toBe(true);
  });

  it('a signal ends a copy that the kernel is still making, and nothing is left', async () => {
    fs.writeFileSync(nodePath.join(source, 'a'), 'four');
    const abort = new AbortController();
    const slow: Root = {
      ...directoryRoot(source),
      copyTo: (_path, destination) => {
        fs.writeFileSync(destination, 'fo');
        abort.abort();
        return new Promise(() => {});
      },
    };
    const plan = planOf([file('/a', { size: 4 })]);
    const writing = writeDirectory(plan, slow, target, { signal: abort.signal });
    await expect(writing).rejects.toThrow('interrupted, nothing was written');
    expect(fs.readdirSync(base)).toEqual(['root']);
  });
});

it('a file of another root is written piece by piece, with holes for its zeros', async () => {
  const size = 40 * MIB;
  const bytes = new Uint8Array(size);
  bytes.set([1, 2, 3], 9 * MIB);
  const { reads, counted } = counting(memoryRoot({ '/a': bytes }));
  await copy(planned('/a', size), counted);
  expect(fs.readFileSync(target).equals(bytes)).toBe(true);
  expect(stored(target)).toBeLessThan(MIB);
  // And one byte more, which there must not be.
  expect(reads).toEqual([...Array.from({ length: 40 }, () => MIB), 1]);
});

it('a large sparse file with a capability is never in memory as a whole', async () => {
  const size = 64 * MIB;
  let largest = 0;
  let total = 0;
  const root: Root = {
    ...memoryRoot({ '/a': '' }),
    read(_path: RealPath, offset, length) {
      const piece = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      largest = Math.max(largest, piece.length);
      total += piece.length;
      return piece;
    },
  };
  const capability = new Uint8Array([1, 0, 0, 2, 0, 4, ...Array.from({ length: 14 }, () => 0)]);
  const entry = { ...file('/a', { size }), capability } as PlanEntry;
  await writeDirectory(planOf([entry]), root, target);
  expect(fs.statSync(nodePath.join(target, 'a')).size).toBe(size);
  expect(largest).toBe(MIB);
  // Once for the tree, and at most once for tar, which sets the capability.
  expect(total).toBeLessThanOrEqual(2 * size);
});
