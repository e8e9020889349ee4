/**
 * writeTar: what node-tar's own reader (another part of the library than the writer uses) and the
 * bytes themselves say of an archive.
 */
import { createHash } from 'node:crypto';
import { Parser } from 'tar';
import { expect, it } from 'vitest';
import type { PlanEntry } from '../../src/image/image-plan.js';
import { writeTar } from '../../src/output/tar.js';
import { memoryRoot } from '../../src/root/memory-root.js';
import type { Root } from '../../src/root/root.js';
import { directory, file, planOf, symlink } from './plans.js';

const LONG = `/opt/${'a-rather-long-name/'.repeat(16)}lib.so`;
const root = memoryRoot({
  '/bin/tool': { bytes: Buffer.from('tool'), mode: 0o755 },
  '/bin/same': { hardLink: '/bin/tool' },
  '/lib/liba.so': { bytes: Buffer.alloc(1000, 'a'), mode: 0o644 },
});
const plan = planOf([
  directory('/bin'),
  file('/bin/same', { size: 4 }),
  { ...file('/bin/tool', { mode: 0o4755, size: 4 }), hardLinkTo: '/bin/same' } as PlanEntry,
  { kind: 'generated', path: '/etc', bytes: Buffer.from('made'), mode: 0o640, because: 'x' },
  directory('/lib', 0o555),
  file('/lib/liba.so', { mode: 0o644, size: 1000 }),
  symlink('/lib64', 'lib'),
  symlink('/long', LONG),
  file(LONG, { source: '/lib/liba.so', mode: 0o644, size: 1000 }),
  file('/ünïcode', { source: '/bin/tool', size: 4 }),
]);

async function archive(made = plan, modified?: number, from: Root = root): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  const sink = (bytes: Uint8Array) => {
    pieces.push(bytes);
  };
  await writeTar(made, from, sink, modified === undefined ? {} : { modified });
  return Buffer.concat(pieces);
}

/** `File 755 bin/tool 4`, with the target of a link. */
async function listing(bytes: Buffer): Promise<string[]> {
  const lines: string[] = [];
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      const mode = ((entry.mode ?? 0) & 0o7777).toString(8);
      const target = entry.linkpath ? ` -> ${entry.linkpath}` : '';
      expect([entry.uid, entry.gid, entry.mtime?.getTime()]).toEqual([0, 0, 0]);
      lines.push(`${entry.type} ${mode} ${entry.path}${target} ${entry.size}`);
      entry.resume();
    },
  });
  parser.end(bytes);
  await new Promise((resolve) => parser.on('close', resolve).on('end', resolve));
  return lines;
}

it('is the plan: kinds, modes, targets, sizes; one file once', async () => {
  const long = LONG.slice(1);
  expect(await listing(await archive())).toEqual([
    'Directory 755 bin/ 0',
    'File 755 bin/same 4',
    'Link 4755 bin/tool -> bin/same 0',
    'File 640 etc 4',
    'Directory 555 lib/ 0',
    'File 644 lib/liba.so 1000',
    'SymbolicLink 777 lib64 -> lib 0',
    `SymbolicLink 777 long -> ${LONG} 0`,
    `File 644 ${long} 1000`,
    'File 755 ünïcode 4',
  ]);
});

it('is the same bytes every time, in whole blocks', async () => {
  const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  const first = await archive();
  expect(digest(await archive())).toBe(digest(first));
  expect(first.length % 512).toBe(0);
  expect(digest(await archive(plan, 1_700_000_000))).not.toBe(digest(first));
});

it('a source that has fewer bytes by now is an error', async () => {
  const grown = planOf([file('/lib/liba.so', { size: 2000 })]);
  await expect(archive(grown)).rejects.toThrow('/lib/liba.so: changed while it was being copied');
});

it('asks for more only when the reader has taken what there is', async () => {
  let waiting = 0;
  let most = 0;
  await writeTar(plan, root, async () => {
    most = Math.max(most, ++waiting);
    await new Promise(setImmediate);
    waiting--;
  });
  expect(most).toBe(1);
});

it('a file of a need that cannot be read: how to do without it', async () => {
  const locked: Root = {
    ...root,
    read: () => {
      throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    },
  };
  const errorOf = (because: string) => {
    const made = planOf([{ ...file('/bin/tool', { size: 4 }), because } as PlanEntry]);
    return writeTar(made, locked, () => {}).catch((error) => error);
  };
  expect(await errorOf('pam')).toMatchObject({
    path: '/bin/tool',
    fact: 'permission denied',
    hint: '--without pam leaves such files out',
  });
  expect((await errorOf('library')).hint).toBeUndefined();
});

it('an empty file that may not be read is one', async () => {
  const locked: Root = {
    ...root,
    read: () => {
      throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    },
  };
  const empty = planOf([file('/etc/empty', { size: 0 })]);
  expect(await listing(await archive(empty, undefined, locked))).toEqual(['File 755 etc/empty 0']);
});
