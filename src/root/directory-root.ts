/**
 * A directory of this machine as a Root: `/` itself, or a sysroot somewhere below it.
 * The only file of the analysis that touches node:fs. It never follows a link: lstat and readlink
 * by nature, read() because it refuses one (O_NOFOLLOW), so nothing outside is ever opened.
 */
import fs from 'node:fs';
import nodePath from 'node:path';
import { errnoOf } from '../errors.js';
import { readCapability } from './disk-capability.js';
import type { Entry, RealPath, Root } from './root.js';

/** Opens `directory` as a root; its existence is the caller's concern (see openRoot). */
export function directoryRoot(directory: string): Root {
  const base = nodePath.resolve(directory);
  const isHost = base === nodePath.parse(base).root;
  const prefix = isHost ? base.slice(0, -1) : base;
  const onDisk = (path: string) => (path === '/' ? base : prefix + path);
  const entries = new Map<string, Entry | undefined>();
  const targets = new Map<string, string>();
  // One file is read at a time, in several pieces: keep the last one open instead of reopening it.
  let open: { path: string; fd: number } | undefined;

  const close = () => {
    if (open !== undefined) fs.closeSync(open.fd);
    open = undefined;
  };

  return {
    name: isHost ? '/' : directory,
    isHost,
    close,
    lstat(path) {
      let entry = entries.get(path);
      if (entry === undefined && !entries.has(path)) {
        entry = lstatEntry(onDisk(path));
        entries.set(path, entry);
      }
      return entry;
    },
    readlink(path) {
      let target = targets.get(path);
      if (target === undefined) {
        target = toPosix(fs.readlinkSync(onDisk(path)));
        targets.set(path, target);
      }
      return target;
    },
    readdir: (path) => fs.readdirSync(onDisk(path)),
    capability: (path) => readCapability(onDisk(path)),
    read(path: RealPath, offset, length) {
      if (open?.path !== path) {
        close();
        open = { path, fd: fs.openSync(onDisk(path), OPEN_FLAGS) };
      }
      // No file has bytes there, and the system call takes no such number.
      if (!Number.isSafeInteger(offset + length)) return new Uint8Array(0);
      // Only what was read is given away.
      const bytes = Buffer.allocUnsafe(length);
      let filled = 0;
      while (filled < length) {
        const count = fs.readSync(open.fd, bytes, filled, length - filled, offset + filled);
        if (count === 0) break;
        filled += count;
      }
      return new Uint8Array(bytes.buffer, bytes.byteOffset, filled);
    },
  };
}

// O_NONBLOCK: opening a FIFO that took the place of a file must not wait for a writer.
const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
const OPEN_FLAGS = O_RDONLY | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0);

function lstatEntry(path: string): Entry | undefined {
  let stats: fs.Stats | fs.BigIntStats | undefined;
  try {
    // File numbers of NTFS have more bits than a double.
    stats = fs.lstatSync(path, { throwIfNoEntry: false, bigint: nodePath.sep === '\\' });
  } catch (error) {
    if (errnoOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
  if (stats === undefined) return undefined;
  const kind = stats.isFile()
    ? 'file'
    : stats.isDirectory()
      ? 'directory'
      : stats.isSymbolicLink()
        ? 'symlink'
        : 'other';
  return {
    kind,
    size: kind === 'file' ? Number(stats.size) : 0,
    mode: Number(stats.mode) & 0o7777,
    id: `${stats.dev}:${stats.ino}`,
  };
}

/** On Windows a link's text has backslashes; in a root it never does. */
function toPosix(target: string): string {
  return nodePath.sep === '\\' ? target.replaceAll('\\', '/') : target;
}
