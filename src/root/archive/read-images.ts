/**
 * From a container to all platforms of the image that the user means, each with its layers.
 */
import { RootError } from '../../errors.js';
import type { OpenedImage, OpenedImages } from '../open-root.js';
import type { Root } from '../root.js';
import { LAYOUTS } from './archive-kinds.js';
import { choosePlatforms } from './image-choice.js';
import { type ArchiveName, imagesIn, isImage, openStored } from './open-image.js';

/** Throws {@link RootError} where the container holds no image, or several to choose from. */
export async function readImages(container: Root, name: ArchiveName): Promise<OpenedImages> {
  const { path, selector } = name;
  const entries = imagesIn(container, path);
  if (entries === undefined)
    throw new RootError('ROOT_UNSUPPORTED', 'no image archive and no OCI layout', {
      path,
      hint: 'docker save NAME and skopeo copy ... oci-archive:FILE make one',
    });
  const images: OpenedImage[] = [];
  for (const stored of choosePlatforms(entries.filter(isImage), selector, path)) {
    const root = await openStored(container, stored, name, true);
    const { names, platform, annotations = {} } = stored;
    images.push({ root, names, platform, annotations });
  }
  const companions = new Set(entries.flatMap(({ companion }) => companion ?? []));
  return { images, layout: layoutOf(container, path), companions: [...companions].sort() };
}

/** A docker-save archive may be an OCI layout too; who reads the one may not read the other. */
function layoutOf(container: Root, path: string): OpenedImages['layout'] {
  const isDocker = LAYOUTS.some(
    (kind) => kind.layout === 'docker' && kind.images(container, path) !== undefined,
  );
  return isDocker ? 'docker' : 'oci';
}
