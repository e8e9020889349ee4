/**
 * From the bytes of an archive to a Root: the file system in it, or the image that it holds.
 */
import type { ByteSource } from '../../elf/byte-source.js';
import { RootError } from '../../errors.js';
import type { Root } from '../root.js';
import { newArchiveLimits, unpackedLimit } from './archive-limits.js';
import { type ArchiveName, openImage } from './open-image.js';
import { noFiles, readTree } from './read-tree.js';
import { treeRoot } from './tree-root.js';

/**
 * Opens an archive: a file system, or a container of images. Throws {@link RootError} when it is no
 * archive, when it is damaged, when it unpacks to more than it may, and when several images are in
 * it and none was chosen.
 */
export async function openArchive(source: ByteSource, name: ArchiveName): Promise<Root> {
  const { container, inside } = await openContainer(source, name);
  const image = await openImage(container, inside);
  if (image !== undefined) return image;
  if (name.selector !== undefined)
    throw new RootError(
      'ROOT_UNSUPPORTED',
      `this is no image archive, so it has no image '${name.selector}'`,
      { path: name.path },
    );
  return container;
}

/** The files of an archive as a Root, and the name to open an image in it by. */
export interface Container {
  readonly container: Root;
  readonly inside: ArchiveName;
}

/** The files of an archive, which may be those of images. Throws as {@link openArchive} does. */
export async function openContainer(source: ByteSource, name: ArchiveName): Promise<Container> {
  const { path, selector, onRead } = name;
  const limits = newArchiveLimits(path, name.maxUnpacked ?? unpackedLimit(source.size));
  const tree = await readTree(source, { path, limits, isLayer: false, onRead });
  if (tree.top.children.size === 0) throw noFiles(path);
  const container = treeRoot(tree.top, path, { isFixed: true });
  // The layers are bytes of the archive, whose reads are reported already.
  return { container, inside: { path, selector, maxUnpacked: limits.unpacked } };
}
