/**
 * `--manifest FILE`: what commands write beside an image, after it, whole or not at all.
 */
import { requirePlace, writeWholeFile } from '../output/whole-file.js';
import { formatManifest, type ManifestImage } from '../report/manifest.js';
import type { ImageOptions } from './image-options.js';

/** Options that decide where the manifest goes. */
type ManifestOptions = Pick<ImageOptions, 'manifest'> & { readonly force?: boolean };

/**
 * Before an image is written: throws OutputError where the manifest could not be written after it, since
 * a file is there and --force is not given.
 */
export function requireManifestPlace({ manifest, force = false }: ManifestOptions): void {
  if (manifest !== undefined) requirePlace(manifest, { force });
}

/** Writes the manifest of the images, if the options name a file. Throws OutputError. */
export async function writeManifest(
  images: readonly ManifestImage[],
  { manifest, force = false }: ManifestOptions,
): Promise<void> {
  if (manifest === undefined) return;
  const bytes = Buffer.from(formatManifest(images));
  await writeWholeFile(manifest, { force }, async (write) => {
    write(bytes);
  });
}
