/**
 * Copying on a file system that makes clones (btrfs, in a file): the copy shares the blocks of the file, holes
 * stay, and bytes that are written later go into one of them only.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ELFDEPS } from '../support/built-cli.js';
import { command, describeWith, requirement } from '../support/requirement.js';

const PROGRAM = nodePath.resolve('samples/hello/hello-static');
const isRoot = requirement('root', process.getuid?.() === 0);
const tools = [command('mkfs.btrfs'), command('mount'), command('filefrag')];

describeWith('copy on btrfs', [isRoot, ...tools], () => {
  let base: string;
  let disk: string;

  function succeed(...[name = '', ...args]: string[]): string {
    const { status, stdout, stderr } = spawnSync(name, args, { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    return stdout;
  }

  beforeAll(() => {
    base = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-clones-'));
    disk = nodePath.join(base, 'disk');
    const image = nodePath.join(base, 'image');
    fs.mkdirSync(disk);
    fs.writeFileSync(image, '');
    fs.truncateSync(image, 128 << 20);
    succeed('mkfs.btrfs', '-q', image);
    succeed('mount', '-o', 'loop', image, disk);
    fs.mkdirSync(nodePath.join(disk, 'root/bin'), { recursive: true });
    fs.copyFileSync(PROGRAM, nodePath.join(disk, 'root/bin/program'));
  });
  afterAll(() => {
    spawnSync('umount', [disk]);
    fs.rmSync(base, { recursive: true, force: true });
  });

  it('shares the blocks of each file, sparse ones too', () => {
    const [root, tree] = [nodePath.join(disk, 'root'), nodePath.join(disk, 'tree')];
    const bytes = Buffer.alloc(8 << 20, 'bytes of data ');
    fs.writeFileSync(nodePath.join(root, 'data'), bytes);
    fs.writeFileSync(nodePath.join(root, 'sparse'), bytes);
    fs.truncateSync(nodePath.join(root, 'sparse'), 1 << 30);
    const names = ['--include', '/data', '--include', '/sparse'];
    const words = ['copy', '-q', '--root', root, '/bin/program', ...names, '--to', tree];
    succeed(process.execPath, ELFDEPS, ...words);
    succeed('sync', '-f', disk);
    for (const name of ['data', 'sparse', 'bin/program']) {
      const copy = nodePath.join(tree, name);
      expect(succeed('filefrag', '-v', copy), name).toContain('shared');
      expect(succeed('cmp', nodePath.join(root, name), copy)).toBe('');
    }
    expect(fs.statSync(nodePath.join(tree, 'sparse')).blocks * 512).toBeLessThan(16 << 20);
    fs.appendFileSync(nodePath.join(tree, 'data'), 'more');
    expect(fs.readFileSync(nodePath.join(root, 'data')).equals(bytes)).toBe(true);
  });
});
