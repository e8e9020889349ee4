/**
 * Worlds on disk: what the command line opens by itself cannot be in memory. Each lives below the
 * system's temporary directory until the tests of its file are over.
 */
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { afterAll } from 'vitest';
import { memoryNode, type World } from '../support/world.js';

const made: string[] = [];

/** Writes a world and gives its directory, absolute and without links. */
export function diskWorld(world: World): string {
  const directory = fs.realpathSync(fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-cli-')));
  made.push(directory);
  // Readable for everybody, so that a test may run as nobody.
  fs.chmodSync(directory, 0o755);
  for (const [path, node] of Object.entries(world)) {
    const at = nodePath.join(directory, path);
    fs.mkdirSync(nodePath.dirname(at), { recursive: true });
    const plain = memoryNode(path, node);
    if (typeof plain === 'string' || plain instanceof Uint8Array) write(at, plain, 0o755);
    else if ('link' in plain) fs.symlinkSync(plain.link, at);
    else if ('directory' in plain) fs.mkdirSync(at, { recursive: true });
    else if ('hardLink' in plain) fs.linkSync(nodePath.join(directory, plain.hardLink), at);
    else write(at, plain.bytes, plain.mode ?? 0o755);
  }
  return directory;
}

function write(at: string, content: string | Uint8Array, mode: number): void {
  fs.writeFileSync(at, content);
  fs.chmodSync(at, mode);
}

/** Removes every world of the test file. Call once, at its top. */
export function removeDiskWorldsAfterwards(): void {
  afterAll(() => {
    for (const directory of made) fs.rmSync(directory, { recursive: true, force: true });
  });
}
