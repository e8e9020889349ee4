/**
 * A directory of this machine as a Root: `/` itself, or a sysroot somewhere below it. The directory may be
 * named by a link, as for chroot. Below it no link is followed: lstat and readlink never do, and read()
 * opens nothing but regular files (O_NOFOLLOW), so nothing outside the directory is ever opened.
 */

import fs from 'node:fs';
import nodePath from 'node:path';
import { decodeText } from '../elf/byte-source.js';
import { errnoOf } from '../errors.js';
import { readCapability } from './disk-capability.js';
import { baseName, directoryOf } from './path-text.js';
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
      const place = onDisk(path);
      // Arguments of programs are text.
      return typeof place === 'string' ? readCapability(place) : undefined;
    },
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

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = fs.constants;
/** Should something else take the place of a file: do not follow it, wait for it or obey it. */
const OPEN_FLAGS = O_RDONLY | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0) | (O_NOCTTY ?? 0);

/** Where a directory is, by its own name; one that cannot be found has only the name that was given. */
export function realDirectory(directory: string): string {
  try {
    return fs.realpathSync(directory);
  } catch {
    return nodePath.resolve(directory);
  }
}

/**
 * Opens a regular file. Everything else is refused before it is opened, since opening a device may do
 * something; the descriptor is looked at again, since the file may have been replaced by then. `isSeen`
 * tells that the path was looked at.
 */
function openRegular(path: string | Buffer, isSeen = false): { fd: number; size: number } {
  const refuse = (stats: fs.Stats) => {
    const code = stats.isDirectory() ? 'EISDIR' : stats.isSymbolicLink() ? 'ELOOP' : 'ENXIO';
    throw Object.assign(new Error(`${code}: not a regular file, '${path}'`), { code });
  };
  if (!isSeen) {
    const stats = fs.lstatSync(path);
    if (!stats.isFile()) refuse(stats);
  }
  const fd = fs.openSync(path, OPEN_FLAGS);
  const opened = fs.fstatSync(fd);
  if (!opened.isFile()) {
    fs.closeSync(fd);
    refuse(opened);
  }
  return { fd, size: opened.size };
}

/** Bytes of a file that is copied at once: to hand it to a thread of its own takes longer. */
const AT_ONCE = 1 << 18;

const { COPYFILE_EXCL, COPYFILE_FICLONE, COPYFILE_FICLONE_FORCE } = fs.constants;

/**
 * Whether the kernel has copied a regular file. Node.js copies from a path only: that of the descriptor that
 * was checked means the same file, whatever stands at `path` by then. A sparse file is only cloned, since a
 * copy would have zeros for its holes.
 */
async function copyRegular(path: string | Buffer, destination: string): Promise<boolean> {
  if (nodePath.sep !== '/') return false;
  let fd: number | undefined;
  try {
    ({ fd } = openRegular(path));
    const { size, blocks } = fs.fstatSync(fd);
    const clone = blocks * 512 < size ? COPYFILE_FICLONE_FORCE : COPYFILE_FICLONE;
    const copied = `/proc/self/fd/${fd}`;
    if (size <= AT_ONCE) fs.copyFileSync(copied, destination, COPYFILE_EXCL | clone);
    else await fs.promises.copyFile(copied, destination, COPYFILE_EXCL | clone);
    return true;
  } catch {
    // There is no /proc, or no clone. Whatever else it is, reading the file tells.
    return false;
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}

/**
 * Names that are not UTF-8, one character a byte as everywhere here, and the bytes on disk that they
 * stand for. A path of a root finds them once their directory was listed.
 */
class OddNames {
  readonly #onDisk = new Map<string, Buffer>();

  /** Whether a path may be of such a name: none of its characters is more than a byte. */
  static isPossible(path: string): boolean {
    return /[\x80-\xff]/.test(path) && !/[^\0-\xff]/.test(path);
  }

  /** The name of an entry of `directory`, which is at `place` on disk. */
  add(directory: string, place: string | Buffer, bytes: Buffer): string {
    const name = decodeText(bytes);
    if (!Buffer.from(name).equals(bytes))
      this.#onDisk.set(`${directory}/${name}`, Buffer.concat([asBytes(place), SLASH, bytes]));
    return name;
  }

  /** Where a path is on disk; undefined when all its names are text. */
  find(path: string): Buffer | undefined {
    if (this.#onDisk.size === 0) return undefined;
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      const place = this.#onDisk.get(path.slice(0, end));
      if (place !== undefined) return Buffer.concat([place, Buffer.from(path.slice(end))]);
    }
    return undefined;
  }
}

function asBytes(path: string | Buffer): Buffer {
  return typeof path === 'string' ? Buffer.from(path) : path;
}

const SLASH = Buffer.from('/');

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
