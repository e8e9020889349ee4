/**
 * A directory of this machine as a Root: `/` itself, or a sysroot somewhere below it. The directory may be
 * named by a link, as for chroot. Below it no link is followed: lstat and readlink never do, and read()
 * opens nothing but regular files (regular-file.ts), so nothing outside the directory is ever opened.
 */

import fs from 'node:fs';
import nodePath from 'node:path';
import { errnoOf } from '../errors.js';
import { readCapabilities } from './disk-capability.js';
import { OddNames } from './odd-names.js';
import { baseName, directoryOf } from './path-text.js';
import { copyRegular, openRegular } from './regular-file.js';
import type { Entry, RealPath, Root } from './root.js';

/** Opens `directory` as a root; its existence is the caller's concern (see openRoot). */
export function directoryRoot(directory: string): Root {
  const base = realDirectory(directory);
  const isHost = base === nodePath.parse(base).root;
  const prefix = isHost ? base.slice(0, -1) : base;
  const odd = new OddNames();
  const onDisk = (path: string) => (path === '/' ? base : (odd.find(path) ?? prefix + path));
  const readdir = (path: string): string[] => {
    const directory = onDisk(path);
    const names = typeof directory === 'string' ? fs.readdirSync(directory) : ['\ufffd'];
    // Node.js replaced bytes that are not UTF-8: read them as bytes.
    if (!names.some((name) => name.includes('\ufffd'))) return names;
    const bytes = fs.readdirSync(directory, 'buffer');
    return bytes.map((name) => odd.add(path === '/' ? '' : path, directory, name));
  };
  const entries = new Map<string, Entry | undefined>();
  const targets = new Map<string, string>();
  // One file is read at a time, in several pieces: keep the last one open instead of reopening it.
  let open: { path: string; fd: number; size: number } | undefined;

  // Most files below a directory are read once and never asked for again: their entries are not kept.
  let listed: { path: string; files: ReadonlySet<string> } | undefined;

  /** Whether a path was looked at, and a regular file is there. */
  const isSeen = (path: string) =>
    entries.get(path)?.kind === 'file' ||
    (directoryOf(path) === listed?.path && listed.files.has(baseName(path)));

  const close = () => {
    if (open !== undefined) fs.closeSync(open.fd);
    open = undefined;
  };

  const capabilities = new Map<string, Uint8Array | undefined>();
  const findCapabilities = (paths: readonly RealPath[]) => {
    const files = paths.flatMap((path) => {
      const place = onDisk(path);
      // Arguments of programs are text.
      if (capabilities.has(path) || typeof place !== 'string') return [];
      return { path, place, size: entries.get(path)?.size ?? 0 };
    });
    const found = readCapabilities(files);
    for (const { path, place } of files) capabilities.set(path, found.get(place));
  };

  return {
    name: isHost ? '/' : directory,
    isHost,
    // Entries are remembered below, so paths may be as well.
    isFixed: true,
    close,
    lstat(path) {
      let entry = entries.get(path);
      if (entry === undefined && !entries.has(path)) {
        entry = lstatEntry(onDisk(path));
        if (entry === undefined && OddNames.isPossible(path)) {
          // Only listing tells which bytes the name has.
          listQuietly(readdir, directoryOf(path));
          entry = lstatEntry(onDisk(path));
        }
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
    readdir,
    list(path) {
      const directory = onDisk(path);
      if (typeof directory !== 'string') return undefined;
      const found = fs.readdirSync(directory, { withFileTypes: true });
      if (found.some(({ name }) => name.includes('\ufffd'))) return undefined;
      const files = found.filter((entry) => entry.isFile());
      listed = { path, files: new Set(files.map(({ name }) => name)) };
      return found.map((entry) => ({ name: entry.name, kind: kindOf(entry) }));
    },
    capability(path) {
      findCapabilities([path]);
      return capabilities.get(path);
    },
    findCapabilities,
    copyTo: (path, destination) => copyRegular(onDisk(path), destination),
    read(path: RealPath, offset, length) {
      if (open?.path !== path) {
        close();
        open = { path, ...openRegular(onDisk(path), isSeen(path)) };
      }
      // No file has bytes there, and the system call takes no such number.
      if (!Number.isSafeInteger(offset + length)) return new Uint8Array(0);
      // Bytes that were not filled are never given away.
      const bytes = Buffer.allocUnsafe(length);
      let filled = 0;
      while (filled < length) {
        const count = fs.readSync(open.fd, bytes, filled, length - filled, offset + filled);
        filled += count;
        // Files of /proc have no size.
        if (count === 0 || offset + filled === open.size) break;
      }
      return new Uint8Array(bytes.buffer, bytes.byteOffset, filled);
    },
  };
}

/** Where a directory is, by its own name; one that cannot be found has only the name that was given. */
export function realDirectory(directory: string): string {
  try {
    return fs.realpathSync(directory);
  } catch {
    return nodePath.resolve(directory);
  }
}

function listQuietly(readdir: (path: string) => unknown, path: string): void {
  try {
    readdir(path);
  } catch {
    // It is not there either, or may not be listed.
  }
}

function lstatEntry(path: string | Buffer): Entry | undefined {
  let stats: fs.Stats | fs.BigIntStats | undefined;
  try {
    // File numbers of NTFS have more bits than a double.
    stats = fs.lstatSync(path, { throwIfNoEntry: false, bigint: nodePath.sep === '\\' });
  } catch (error) {
    if (errnoOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
  if (stats === undefined) return undefined;
  const kind = kindOf(stats);
  return {
    kind,
    size: kind === 'file' ? Number(stats.size) : 0,
    mode: Number(stats.mode) & 0o7777,
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    id: `${stats.dev}:${stats.ino}`,
  };
}

function kindOf(stats: fs.Stats | fs.BigIntStats | fs.Dirent): Entry['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'symlink' : 'other';
}

/** On Windows a link's text has backslashes; in a root it never does. */
function toPosix(target: string): string {
  return nodePath.sep === '\\' ? target.replaceAll('\\', '/') : target;
}
