/**
 * Worlds on disk: for what opens files by itself and cannot be given a root in memory: the command
 * line, real loaders.
 */
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { afterAll } from 'vitest';
import type { MemoryNode } from '../../src/root/memory-root.js';
import { memoryNode, type World, type WorldNode } from './world.js';

const made: string[] = [];

/** Writes a world and gives its directory, absolute and without links. */
export function diskWorld(world: World): string {
  const directory = fs.realpathSync(fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-cli-')));
  made.push(directory);
  // Readable for everybody, so that a test may run as nobody.
  fs.chmodSync(directory, 0o755);
  writeWorld(directory, world);
  return directory;
}

/** Removes every world of the test file that {@link diskWorld} made. Call once, at its top. */
export function removeDiskWorldsAfterwards(): void {
  afterAll(() => {
    for (const directory of made.splice(0)) fs.rmSync(directory, { recursive: true, force: true });
  });
}

/**
 * Writes a world below `root`, which is made if it is not there. Files may be run by everybody unless
 * their mode is given. `toNode` chooses what stands at a path; a stand-in for a loader unless given.
 */
export function writeWorld(
  root: string,
  world: World,
  toNode: (path: string, node: WorldNode) => MemoryNode = memoryNode,
): void {
  fs.mkdirSync(root, { recursive: true });
  for (const [path, node] of Object.entries(world)) {
    const at = nodePath.join(root, path);
    fs.mkdirSync(nodePath.dirname(at), { recursive: true });
    writeNode(root, at, toNode(path, node));
  }
}

function writeNode(root: string, at: string, node: MemoryNode): void {
  if (typeof node === 'object' && 'directory' in node) {
    fs.mkdirSync(at, { recursive: true });
    return;
  }
  // A later node replaces an earlier one, as in a memory root.
  fs.rmSync(at, { force: true, recursive: true });
  if (typeof node === 'string' || node instanceof Uint8Array) writeFile(at, node, 0o755);
  else if ('link' in node) fs.symlinkSync(node.link, at);
  else if ('hardLink' in node) fs.linkSync(nodePath.join(root, node.hardLink), at);
  else writeFile(at, node.bytes, node.mode ?? 0o755);
}

function writeFile(at: string, content: string | Uint8Array, mode: number): void {
  fs.writeFileSync(at, content);
  fs.chmodSync(at, mode);
}
