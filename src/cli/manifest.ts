/**
 * `--manifest FILE`: what commands write beside an image, after it, whole or not at all.
 */
import { drain } from '../output/byte-sink.js';
import { requirePlace, writeWholeFile } from '../output/whole-file.js';
import { formatManifest, type ManifestImage } from '../report/manifest.js';
import type { ImageOptions } from './image-options.js';
import type { Terminal } from './terminal.js';

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
  terminal: Terminal,
): Promise<void> {
  if (manifest === undefined) return;
  const bytes = Buffer.from(formatManifest(images));
  const signal = terminal.interruption();
  await writeWholeFile(manifest, { force }, (write) => drain([bytes], write, { signal }));
}
