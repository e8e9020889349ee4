/**
 * From the bytes of an archive to a Root: decompresses what is compressed, reads the headers, and
 * where the archive is an image, does the same with its layers.
 */
import type { ByteSource } from '../../elf/byte-source.js';
import { describeErrno, errnoOf, RootError } from '../../errors.js';
import { resolvePath } from '../resolve-path.js';
import type { Root } from '../root.js';
import { compressionOf, decompressed } from './decompress.js';
import { piecesOf, spill } from './disk-bytes.js';
import { chooseImage } from './image-choice.js';
import { readImages, type StoredImage } from './image-manifests.js';
import { LayerTree } from './layer-tree.js';
import { BLOCK, decodeTarHeader } from './tar-header.js';
import { tarMembers } from './tar-members.js';
import { treeRoot } from './tree-root.js';

/** What the user named, and the image in it that is meant. */
export interface ArchiveName {
  readonly path: string;
  readonly selector?: string;
}

/**
 * Opens a tar: a file system, or an image archive that lies in it. Throws {@link RootError} when it
 * is no archive, when it is damaged, and when several images are in it and none was chosen.
 */
export async function openArchive(source: ByteSource, name: ArchiveName): Promise<Root> {
  const { path, selector } = name;
  const tar = await openTar(source, path);
  const tree = readTree(tar, path, false);
  const container = treeRoot(tree.top, path);
  const image = await openImage(container, name);
  if (image !== undefined) return image;
  if (selector !== undefined)
    throw new RootError(
      'ROOT_UNSUPPORTED',
      `this is no image archive, so it has no image '${selector}'`,
      {
        path,
      },
    );
  return container;
}

/** The chosen image in an OCI layout or docker-save archive; undefined when it is neither. */
export async function openImage(container: Root, name: ArchiveName): Promise<Root | undefined> {
  const images = readImages(container, name.path);
  if (images === undefined) return undefined;
  const tree = await readLayers(container, chooseImage(images, name.selector, name.path), name);
  const isChosen = name.selector !== undefined;
  return treeRoot(tree.top, isChosen ? `${name.path}#${name.selector}` : name.path);
}

async function readLayers(
  container: Root,
  image: StoredImage,
  { path }: ArchiveName,
): Promise<LayerTree> {
  let tree = new LayerTree();
  for (const layer of image.layers) {
    const label = `${path}: ${layer.slice(1)}`;
    const file = resolvePath(container, layer);
    if (!file.found || file.entry.kind !== 'file')
      throw new RootError('ROOT_UNSUPPORTED', 'this layer of the image is not in the archive', {
        path: label,
      });
    const source: ByteSource = {
      size: file.entry.size,
      read: (offset, length) => container.read(file.path, offset, length),
    };
    tree = readTree(await openTar(source, label), label, true).over(tree);
  }
  return tree;
}

/** All members in a tree. `path` names the archive in errors. */
function readTree(tar: ByteSource, path: string, isLayer: boolean): LayerTree {
  const tree = new LayerTree();
  try {
    for (const member of tarMembers(tar, path)) tree.add(member, isLayer);
  } catch (error) {
    throw asRootError(error, path);
  }
  return tree;
}

/** The plain tar, from a temporary file where it is compressed. */
async function openTar(source: ByteSource, path: string): Promise<ByteSource> {
  try {
    const head = source.read(0, BLOCK);
    const compression = compressionOf(head);
    if (compression !== undefined) {
      const plain = await spill(decompressed(piecesOf(source), compression, path));
      requireTar(plain.read(0, BLOCK), path, `${compression} of `);
      return plain;
    }
    requireTar(head, path, '');
    return source;
  } catch (error) {
    throw asRootError(error, path);
  }
}

/** An archive starts with a sound header, or, when it is empty, with zeros. */
function requireTar(head: Uint8Array, path: string, what: string): void {
  const isTar = head.length === BLOCK && typeof decodeTarHeader(head) !== 'string';
  if (isTar) return;
  const fact = head.length === 0 ? 'an empty file' : 'no directory and no archive';
  throw new RootError('ROOT_UNSUPPORTED', what === '' ? fact : `${what}something that is no tar`, {
    path,
    hint: 'a root is a directory, a tar, a docker-save archive or an OCI layout',
  });
}

function asRootError(error: unknown, path: string): unknown {
  const code = errnoOf(error);
  if (error instanceof RootError || code === undefined) return error;
  return new RootError('FILE_UNREADABLE', describeErrno(code), { path, cause: error });
}
