/**
 * From a container, a directory or an archive that holds images, to one image as a Root: its layers laid
 * over each other.
 */
import type { ByteSource } from '../../elf/byte-source.js';
import { ArchiveError, RootError } from '../../errors.js';
import { resolvePath } from '../resolve-path.js';
import type { ImageLayer, Root } from '../root.js';
import type { StoredImage } from './archive-kind.js';
import { LAYOUTS } from './archive-kinds.js';
import { newArchiveLimits, unpackedLimit } from './archive-limits.js';
import { chooseImage } from './image-choice.js';
import { parseImageConfiguration } from './image-configuration.js';
import { pathsOfLayer } from './image-layers.js';
import { LayerTree } from './layer-tree.js';
import { type OnRead, readTree } from './read-tree.js';
import { treeRoot } from './tree-root.js';

/** What the user named, and how to read it. */
export interface ArchiveName {
  readonly path: string;
  /** Which of several images is meant; see chooseImage. */
  readonly selector?: string;
  readonly onRead?: OnRead;
  /** How many bytes it may unpack to; the default is what {@link unpackedLimit} gives. */
  readonly maxUnpacked?: number;
}

/**
 * The chosen image in a container; undefined when it holds no images. Throws {@link RootError} when its
 * lists or layers are damaged, and when several images are in it and none was chosen.
 */
export async function openImage(container: Root, name: ArchiveName): Promise<Root | undefined> {
  const images = imagesIn(container, name.path)?.filter(isImage);
  if (images === undefined) return undefined;
  return openStored(container, chooseImage(images, name.selector, name.path), name);
}

/** Whether an entry of a layout is an image itself. */
export function isImage({ companion }: StoredImage): boolean {
  return companion === undefined;
}

/** An image of the container as a Root; with `keepsLayers` it knows what each layer brought. */
export async function openStored(
  container: Root,
  stored: StoredImage,
  name: ArchiveName,
  keepsLayers = false,
): Promise<Root> {
  const layers: ImageLayer[] = [];
  const tree = await readLayers(container, stored, name, (layer) => {
    if (keepsLayers) layers.push(layer());
  });
  const isChosen = name.selector !== undefined;
  const image = stored.configuration && parseImageConfiguration(stored.configuration);
  return treeRoot(tree.top, isChosen ? `${name.path}#${name.selector}` : name.path, {
    isFixed: true,
    image,
    layers: keepsLayers ? layers : undefined,
  });
}

/**
 * The entries of all layouts, each once: Docker's index.json leaves out images without a name, which
 * its manifest.json has.
 */
export function imagesIn(container: Root, path: string): readonly StoredImage[] | undefined {
  let all: readonly StoredImage[] | undefined;
  for (const layout of LAYOUTS) {
    const known = new Set(all?.map(({ config }) => config));
    const more = imagesOf(() => layout.images(container, path), known.size > 0);
    const added = more?.filter(({ config }) => !known.has(config));
    if (added !== undefined) all = [...(all ?? []), ...added];
  }
  return all;
}

/** What a list says; a damaged one does not matter when another list has images. */
function imagesOf<Images>(read: () => Images, isSecond: boolean): Images | undefined {
  try {
    return read();
  } catch (error) {
    if (isSecond && error instanceof ArchiveError) return undefined;
    throw error;
  }
}

/** Layers that the kernel lays over each other (OVL_MAX_STACK of overlayfs); each costs a pass. */
const MAX_LAYERS = 500;

async function readLayers(
  container: Root,
  image: StoredImage,
  { path, onRead, maxUnpacked }: ArchiveName,
  onLayer: (layer: () => ImageLayer) => void,
): Promise<LayerTree> {
  const { length } = image.layers;
  if (length > MAX_LAYERS)
    throw new RootError(
      'ROOT_UNSUPPORTED',
      `an image of ${length} layers, and overlayfs takes no more than ${MAX_LAYERS}`,
      { path },
    );
  const layers = image.layers.map((layer) => layerAt(container, layer, path));
  const stored = layers.reduce((sum, { source }) => sum + source.size, 0);
  const limits = newArchiveLimits(path, maxUnpacked ?? unpackedLimit(stored));
  let tree = new LayerTree(limits);
  for (const { source, label } of layers) {
    const layer = await readTree(source, { path: label, limits, isLayer: true, onRead });
    onLayer(() => ({ storedBytes: source.size, paths: pathsOfLayer(layer.top) }));
    tree = layer.over(tree);
  }
  return tree;
}

/** The bytes of a layer, and what errors call it. Throws {@link RootError} when it is not there. */
function layerAt(container: Root, layer: string, path: string) {
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
  return { label, source };
}
