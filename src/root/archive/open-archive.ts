/**
 * From the bytes of an archive to a Root: decompresses what is compressed, reads the headers, and
 * where the archive is an image, does the same with its layers.
 */
import type { ByteSource } from '../../elf/byte-source.js';
import { describeErrno, errnoOf, RootError } from '../../errors.js';
import { resolvePath } from '../resolve-path.js';
import type { Root } from '../root.js';
import { compressionOf, decompressed, decompressedStart } from './decompress.js';
import { piecesOf, spill } from './disk-bytes.js';
import { foreignFormatOf, shellFile } from './foreign-formats.js';
import { chooseImage } from './image-choice.js';
import { readImages, type StoredImage } from './image-manifests.js';
import { LayerTree, newTreeLimit, type TreeLimit } from './layer-tree.js';
import { BLOCK, decodeTarHeader } from './tar-header.js';
import { tarMembers } from './tar-members.js';
import { newSparseLimit, type SparseLimit } from './tar-sparse.js';
import { treeRoot } from './tree-root.js';

const NO_FILES = 'an archive with no files';

/** What the user named, and the image in it that is meant. */
interface ArchiveName {
  readonly path: string;
  readonly selector?: string;
  /** Called with how many of `total` bytes of what are read, in about this order. */
  readonly onRead?: OnRead | undefined;
}

type OnRead = (done: number, total: number, path: string) => void;

/** The same bytes; each read is told of. */
function watched(source: ByteSource, path: string, onRead: OnRead | undefined): ByteSource {
  if (onRead === undefined) return source;
  const { size } = source;
  return {
    size,
    read(offset, length) {
      onRead(offset, size, path);
      return source.read(offset, length);
    },
  };
}

/**
 * Opens a tar: a file system, or an image archive that lies in it. Throws {@link RootError} when it
 * is no archive, when it is damaged, and when several images are in it and none was chosen.
 */
export async function openArchive(source: ByteSource, name: ArchiveName): Promise<Root> {
  const { path, selector, onRead } = name;
  const tar = watched(await openTar(watched(source, path, onRead), path), path, onRead);
  const tree = readTree(tar, path, { isLayer: false, ...newLimits() });
  if (tree.top.children.size === 0) throw new RootError('ROOT_UNSUPPORTED', NO_FILES, { path });
  const container = treeRoot(tree.top, path);
  // Its layers are bytes of the archive, which are told of already.
  const image = await openImage(container, { ...name, onRead: undefined });
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

/** Layers that the kernel lays over each other (OVL_MAX_STACK of overlayfs); each costs a pass. */
const MAX_LAYERS = 500;

async function readLayers(
  container: Root,
  image: StoredImage,
  { path, onRead }: ArchiveName,
): Promise<LayerTree> {
  const { length } = image.layers;
  if (length > MAX_LAYERS)
    throw new RootError(
      'ROOT_UNSUPPORTED',
      `an image of ${length} layers, and overlayfs takes no more than ${MAX_LAYERS}`,
      { path },
    );
  const limits = newLimits();
  let tree = new LayerTree(limits.nodes);
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
    const tar = await openTar(watched(source, label, onRead), label);
    tree = readTree(tar, label, { isLayer: true, ...limits }).over(tree);
  }
  return tree;
}

/** What all layers of an image, or the members of an archive, may have together. */
interface Limits {
  readonly sparse: SparseLimit;
  readonly nodes: TreeLimit;
}

function newLimits(): Limits {
  return { sparse: newSparseLimit(), nodes: newTreeLimit() };
}

/** All members in a tree. `path` names the archive in errors. */
function readTree(
  tar: ByteSource,
  path: string,
  { isLayer, sparse, nodes }: Limits & { readonly isLayer: boolean },
): LayerTree {
  const tree = new LayerTree(nodes);
  try {
    for (const member of tarMembers(tar, path, sparse)) tree.add(member, isLayer);
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
      const what = `${compression} of `;
      const plain = await spill(decompressed(piecesOf(source), compression, path), (start) =>
        hasMembers(start.subarray(0, BLOCK), path, what),
      );
      hasMembers(plain.read(0, BLOCK), path, what);
      return plain;
    }
    hasMembers(head, path, '');
    return source;
  } catch (error) {
    throw asRootError(error, path);
  }
}

/**
 * Whether a stream that begins with `head` (512 bytes or more) is worth reading on: false for a tar
 * without members. Throws {@link RootError} when it is no archive, or a compressed one without members,
 * before anybody keeps what may never end. Of zstd, the first bytes do not tell what is in it.
 */
export function isWorthReading(head: Uint8Array, path: string): boolean {
  const compression = compressionOf(head);
  if (compression === undefined) return hasMembers(head.subarray(0, BLOCK), path, '');
  const plain = decompressedStart(head, compression, path).subarray(0, BLOCK);
  if (plain.length === BLOCK && !hasMembers(plain, path, `${compression} of `))
    throw new RootError('ROOT_UNSUPPORTED', NO_FILES, { path });
  return true;
}

/** An archive starts with a sound header, or, when it is empty, with zeros. */
function hasMembers(head: Uint8Array, path: string, what: string): boolean {
  const header = head.length === BLOCK ? decodeTarHeader(head) : '';
  if (typeof header !== 'string') return header !== undefined;
  const foreign = foreignFormatOf(head);
  const other = what === '' ? 'no directory and no archive' : 'something that is no tar';
  const fact = head.length === 0 && what === '' ? 'an empty file' : (foreign?.what ?? other);
  throw new RootError('ROOT_UNSUPPORTED', `${what}${fact}`, {
    path,
    hint:
      foreign === undefined || what !== ''
        ? 'a root is a directory, a tar, a docker-save archive or an OCI layout'
        : foreign.hint(shellFile(path)),
  });
}

function asRootError(error: unknown, path: string): unknown {
  const code = errnoOf(error);
  if (error instanceof RootError || code === undefined) return error;
  return new RootError('FILE_UNREADABLE', describeErrno(code), { path, cause: error });
}
