/**
 * Opens regular files of this machine, and nothing else: no link is followed, no device or pipe is opened, also
 * where something takes the place of a file in between.
 */
import fs from 'node:fs';
import nodePath from 'node:path';

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = fs.constants;
/** Should something else take the place of a file: do not follow it, wait for it or obey it. */
const OPEN_FLAGS = O_RDONLY | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0) | (O_NOCTTY ?? 0);

/**
 * Opens a regular file. Everything else is refused before it is opened, since opening a device may do
 * something; the descriptor is looked at again, since the file may have been replaced by then. `isSeen`
 * tells that the path was looked at.
 */
export function openRegular(path: string | Buffer, isSeen = false): { fd: number; size: number } {
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
export async function copyRegular(path: string | Buffer, destination: string): Promise<boolean> {
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
