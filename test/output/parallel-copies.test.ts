/**
 * Copies side by side: never more than two, hard links and the end wait for all, and one that fails leaves
 * nothing behind.
 */
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { PlanEntry } from '../../src/image/image-plan.js';
import { writeDirectory } from '../../src/output/directory.js';
import { memoryRoot } from '../../src/root/memory-root.js';
import type { Root } from '../../src/root/root.js';
import { file, planOf } from './plans.js';

let base: string;
let target: string;
beforeEach(() => {
  base = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-parallel-'));
  target = nodePath.join(base, 'out');
});
afterEach(() => fs.rmSync(base, { recursive: true, force: true }));

const NAMES = ['/a', '/b', '/c', '/d', '/e'];

/** A root whose copies take some turns of the event loop, and the most that were under way. */
function slowRoot(fails?: string) {
  let underWay = 0;
  const seen = { most: 0 };
  const root: Root = {
    ...memoryRoot(Object.fromEntries(NAMES.map((name) => [name, 'four']))),
    async copyTo(path, destination) {
      seen.most = Math.max(seen.most, ++underWay);
      fs.writeFileSync(destination, path === fails ? 'fo' : 'four', { flag: 'wx' });
      for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
      underWay--;
      if (path === fails) throw Object.assign(new Error('EIO: no'), { code: 'EIO' });
      return true;
    },
  };
  return { root, seen };
}

it('two files are copied at a time, and a hard link waits for its file', async () => {
  const { root, seen } = slowRoot();
  const link = { ...file('/f', { size: 4 }), hardLinkTo: '/e' } as PlanEntry;
  const files = NAMES.map((name) => file(name, { size: 4 }));
  await writeDirectory(planOf([...files, link]), root, target);
  expect(seen.most).toBe(2);
  expect(fs.readdirSync(target)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  const inode = (name: string) => fs.statSync(nodePath.join(target, name)).ino;
  expect(inode('f')).toBe(inode('e'));
  for (const name of NAMES)
    expect(fs.readFileSync(nodePath.join(target, name), 'utf8')).toBe('four');
});

it.each(['/a', '/c', '/e'])('nothing is left where the copy of %s fails', async (name) => {
  const { root } = slowRoot(name);
  const plan = planOf(NAMES.map((each) => file(each, { size: 4 })));
  await expect(writeDirectory(plan, root, target)).rejects.toThrow('input/output error');
  expect(fs.readdirSync(base)).toEqual([]);
});
