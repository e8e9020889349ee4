/**
 * What the user names as a root into a Root. Decides by looking at what is there, and loads only
 * what that kind needs.
 */
import fs from 'node:fs';
import type { ByteSource } from '../elf/byte-source.js';
import { describeErrno, errnoOf, RootError, requireArgument } from '../errors.js';
import type { ArchiveName } from './archive/open-image.js';
import { directoryRoot } from './directory-root.js';
import { resolvePath } from './resolve-path.js';
import type { Root } from './root.js';

/** How to open a root; every field may be left out. */
export interface OpenRootOptions {
  /**
   * Called while an archive is read, with how many of `total` bytes of `path` are read: the archive,
   * or `ARCHIVE: LAYER`. The length of a stream is not known, and `total` is infinite.
   */
  readonly onProgress?: (done: number, total: number, path: string) => void;
  /**
   * How many bytes an archive and its layers may have when they are decompressed; the larger of 8 GiB
   * and 1,000 times the size of the archive when it is left out. Holes of sparse files count as they
   * are stored, zeros count like other bytes. A stream may not have more bytes either.
   */
  readonly maxUnpacked?: number;
}

/**
 * Opens a root: a directory of this machine, or an archive that is read where it lies: a tar, plain
 * or compressed by gzip, zstd, xz or bzip2, a docker-save archive, an OCI layout (a directory or in a
 * tar). `-` is an archive on standard input, and a pipe is read like it. Only bytes tell what a file
 * is, not its name.
 *
 * Of several images, `PATH#SELECTOR` chooses one: by name, digest or platform, or several of them
 * with commas between, as in `images.tar#alpine:3.20,linux/arm64`.
 *
 * Compressed data and standard input are kept in temporary files without a name, so memory stays
 * flat. Throws {@link RootError}: ROOT_NOT_FOUND, ROOT_UNSUPPORTED when it is neither directory nor
 * archive or unpacks to more than it may, ARCHIVE_DAMAGED, ARCHIVE_AMBIGUOUS when you must choose an
 * image.
 */
export async function openRoot(path: string, options: OpenRootOptions = {}): Promise<Root> {
  return opening(path, options, (name, isDirectory) =>
    isDirectory ? openDirectory(name) : openFile(name),
  );
}

/** Calls `open` with what the user named, and reports what is read until it is done. */
async function opening<Result>(
  path: string,
  options: OpenRootOptions,
  open: (name: ReportedName, isDirectory: boolean) => Promise<Result>,
): Promise<Result> {
  requireArgument(typeof path === 'string', 'path', 'a text: a directory or an archive');
  let isOpen = false;
  const onRead: OnRead = (done, total, what) => {
    // The bytes of files are read later, from the same archive.
    if (!isOpen) options.onProgress?.(done, total, what);
  };
  const { file, selector } = splitSelector(path);
  const name = { path: file, selector, onRead, maxUnpacked: options.maxUnpacked };
  const isDirectory = file !== '-' && orExplain(file, () => fs.statSync(file)).isDirectory();
  const result = await open(name, isDirectory);
  isOpen = true;
  return result;
}

/** The images of a container that make one image for several platforms, or the only one. */
export interface OpenedImages {
  readonly images: readonly OpenedImage[];
  /** The layout of the container. */
  readonly layout: 'docker' | 'oci';
  /** What is stored about the images and is no image. */
  readonly companions: readonly ('attestation' | 'signature')[];
}

/** An image, and what the container says of it. */
export interface OpenedImage {
  /** With its layers. */
  readonly root: Root;
  readonly names: readonly string[];
  readonly platform?: string;
  /** Of the manifest; empty where there is none. */
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * Opens images with their layers, as {@link openRoot} opens one. Throws {@link RootError} also where the
 * path leads to no image, and where several images of one platform are left to choose from.
 */
export async function openImages(
  path: string,
  options: OpenRootOptions = {},
): Promise<OpenedImages> {
  return opening(path, options, async (name, isDirectory) => {
    const { readImages } = await import('./archive/read-images.js');
    if (isDirectory) return readImages(directoryRoot(name.path), name);
    const { openContainer } = await import('./archive/open-archive.js');
    const { container, inside } = await openContainer(await openBytes(name), name);
    return readImages(container, inside);
  });
}

async function openDirectory(name: ArchiveName): Promise<Root> {
  const { path, selector } = name;
  const directory = directoryRoot(path);
  // Only what looks like a layout costs the loading of what reads it.
  if (selector === undefined && !resolvePath(directory, '/oci-layout').found) return directory;
  const { openImage } = await import('./archive/open-image.js');
  const image = await openImage(directory, name);
  if (image !== undefined) return image;
  if (selector === undefined) return directory;
  throw new RootError(
    'ROOT_UNSUPPORTED',
    `this is no OCI layout, so it has no image '${selector}'`,
    { path },
  );
}

/** A terminal that is opened must not become the one that controls this process. */
const OPEN_FLAGS = fs.constants.O_RDONLY | (fs.constants.O_NOCTTY ?? 0);

async function openFile(name: ReportedName): Promise<Root> {
  const { openArchive } = await import('./archive/open-archive.js');
  return openArchive(await openBytes(name), name);
}

/** A name, and the function that is called with what is read. */
type ReportedName = ArchiveName & { readonly onRead: OnRead };

/** The bytes of a file or stream of this machine; a stream is kept in a temporary file. */
async function openBytes(name: ReportedName): Promise<ByteSource> {
  const { path, onRead, maxUnpacked = Number.POSITIVE_INFINITY } = name;
  const fd = path === '-' ? 0 : orExplain(path, () => fs.openSync(path, OPEN_FLAGS));
  const { fileBytes, spill, streamOf } = await import('./archive/disk-bytes.js');
  if (orExplain(path, () => fs.fstatSync(fd)).isFile()) return fileBytes(fd);
  const { isWorthReading } = await import('./archive/read-tree.js');
  const { newArchiveLimits, withinLimit } = await import('./archive/archive-limits.js');
  const stream = withinLimit(streamOf(fd, path), newArchiveLimits(path, maxUnpacked));
  return spill(reported(stream, path, onRead), (head) => isWorthReading(head, path));
}

type OnRead = NonNullable<OpenRootOptions['onProgress']>;

/** The pieces of a stream; `onRead` is called with each. */
async function* reported(pieces: AsyncIterable<Uint8Array>, path: string, onRead: OnRead) {
  let done = 0;
  for await (const piece of pieces) {
    done += piece.length;
    onRead(done, Number.POSITIVE_INFINITY, path);
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
