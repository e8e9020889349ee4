/**
 * What the user names as a root into a Root. Decides by looking at what is there, and loads only
 * what that kind needs.
 */
import fs from 'node:fs';
import { describeErrno, errnoOf, RootError } from '../errors.js';
import { directoryRoot } from './directory-root.js';
import { resolvePath } from './resolve-path.js';
import type { Root } from './root.js';

/** How to open a root; every field may be left out. */
export interface OpenRootOptions {
  /**
   * Called while an archive is read, with how many of `total` bytes of `path` are read: the archive,
   * or `ARCHIVE: LAYER`. Of a stream, whose length nobody knows, nothing of 1 is.
   */
  readonly onProgress?: (done: number, total: number, path: string) => void;
}

/**
 * Opens a root: a directory of this machine, or an archive that is read where it lies: a tar, plain
 * or compressed by gzip or zstd, a docker-save archive, an OCI layout (a directory or in a tar). `-`
 * is an archive on standard input, and a pipe is read like it. Names do not count, only bytes.
 *
 * Of several images, `PATH#SELECTOR` chooses one: by name, digest or platform, or several of them
 * with commas between, as in `images.tar#alpine:3.20,linux/arm64`.
 *
 * Compressed data and standard input are kept in temporary files without a name, so memory stays
 * flat. Throws {@link RootError}: ROOT_NOT_FOUND, ROOT_UNSUPPORTED when it is neither directory nor
 * archive, ARCHIVE_DAMAGED, ARCHIVE_AMBIGUOUS when it must be said which image is meant.
 */
export async function openRoot(path: string, options: OpenRootOptions = {}): Promise<Root> {
  let isOpen = false;
  const root = await open(path, (done, total, what) => {
    // The bytes of files are read later, from the same archive.
    if (!isOpen) options.onProgress?.(done, total, what);
  });
  isOpen = true;
  return root;
}

async function open(path: string, onRead: OnRead): Promise<Root> {
  const { file, selector } = splitSelector(path);
  const name = { path: file, onRead, ...(selector === undefined ? {} : { selector }) };
  const isInput = file === '-';
  if (!isInput && orExplain(file, () => fs.statSync(file)).isDirectory()) {
    const directory = directoryRoot(file);
    // Only what looks like a layout costs the loading of what reads it.
    if (selector === undefined && !resolvePath(directory, '/oci-layout').found) return directory;
    const { openImage } = await import('./archive/open-archive.js');
    const image = await openImage(directory, name);
    if (image !== undefined) return image;
    if (selector === undefined) return directory;
    throw new RootError(
      'ROOT_UNSUPPORTED',
      `this is no OCI layout, so it has no image '${selector}'`,
      {
        path: file,
      },
    );
  }
  const fd = isInput ? 0 : orExplain(file, () => fs.openSync(file, 'r'));
  const { isWorthReading, openArchive } = await import('./archive/open-archive.js');
  const { fileBytes, spill, streamOf } = await import('./archive/disk-bytes.js');
  const isFile = orExplain(file, () => fs.fstatSync(fd)).isFile();
  const source = isFile
    ? fileBytes(fd)
    : await spill(told(streamOf(fd, file), file, onRead), (head) => isWorthReading(head, file));
  return openArchive(source, name);
}

type OnRead = NonNullable<OpenRootOptions['onProgress']>;

/** The pieces of a stream, each told of. */
async function* told(pieces: AsyncIterable<Uint8Array>, path: string, onRead: OnRead) {
  for await (const piece of pieces) {
    onRead(0, 1, path);
    yield piece;
  }
}

/** The selector behind `#`, unless a file has that whole name. */
function splitSelector(path: string): { file: string; selector?: string } {
  const cut = path.lastIndexOf('#');
  if (cut <= 0 || fs.existsSync(path)) return { file: path };
  return { file: path.slice(0, cut), selector: path.slice(cut + 1) };
}

/** The result of a system call; its failure as an error about `path`. */
function orExplain<Result>(path: string, call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    const code = errnoOf(error);
    const isThere = code !== 'ENOENT' && code !== 'ENOTDIR';
    throw new RootError(isThere ? 'FILE_UNREADABLE' : 'ROOT_NOT_FOUND', describeErrno(code), {
      path,
      cause: error,
    });
  }
}
