/**
 * Writes plans as an image archive, without a builder: an OCI image layout in a tar. With a
 * manifest.json in it, `docker load` reads it too. The same plans give the same bytes.
 * Source: OCI image specification 1.1, image-layout.md, manifest.md, config.md, image-index.md;
 * moby image/tarexport for manifest.json.
 */

import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { OutputError, writeError } from '../errors.js';
import type { ImagePlan } from '../image/image-plan.js';
import type { Root } from '../root/root.js';
import { type ByteSink, drain } from './byte-sink.js';
import { type Blob, blobBytes, blobPath, descriptorOf, jsonBlob, TYPES } from './image-blob.js';
import { formatImageConfig } from './image-config.js';
import { type Compression, type Layer, writeLayer } from './image-layer.js';
import { TAR_END, TarEncoder } from './tar-encoder.js';
import { writeWholeFile } from './whole-file.js';

/** A plan and the root that its files come from. Several make one image for several platforms. */
export interface PlannedImage {
  readonly plan: ImagePlan;
  readonly root: Root;
  /** The image that this one is made of: its configuration, and the annotations of its manifest. */
  readonly origin?: {
    readonly configuration: Readonly<Record<string, unknown>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
}

/** The kind of archive, its name, and how it is written. */
export interface ImageArchiveOptions {
  /** `docker` for `docker load`, with one platform; `oci` for an OCI image layout. */
  readonly layout: 'docker' | 'oci';
  /** `name:tag`; without it the image has no name. */
  readonly reference?: string;
  readonly compression: Compression;
  /** Replace an existing file. */
  readonly force: boolean;
  /** Every time in the image, in seconds since 1970 (SOURCE_DATE_EPOCH); default 0. */
  readonly modified?: number;
  readonly signal?: AbortSignal;
  /** Called with the length of each piece of the tree that was passed on. */
  readonly onBytes?: (length: number) => void;
}

/**
 * Writes the archive to the file `destination`, completely or not at all. Throws {@link OutputError},
 * also if this Node.js has no zstd, and for two platforms in a docker archive.
 */
export async function writeImage(
  images: readonly PlannedImage[],
  destination: string,
  options: ImageArchiveOptions,
): Promise<void> {
  await writeWholeFile(destination, options, (sink, aside) =>
    writeParts(images, sink, aside, options),
  );
}

/** The same archive to a sink, such as standard output; layers wait in temporary files. */
export async function writeImageTo(
  images: readonly PlannedImage[],
  sink: ByteSink,
  options: Omit<ImageArchiveOptions, 'force'>,
): Promise<void> {
  const aside = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-'));
  try {
    await writeParts(images, sink, aside, options);
  } catch (error) {
    throw writeError(os.tmpdir(), error, 'make room there; TMPDIR names another directory');
  } finally {
    fs.rmSync(aside, { recursive: true, force: true });
  }
}

/** Writes the archive; `aside` is a directory for the layers until then. */
async function writeParts(
  images: readonly PlannedImage[],
  sink: ByteSink,
  aside: string,
  options: Omit<ImageArchiveOptions, 'force'>,
): Promise<void> {
  if (options.layout === 'docker' && images.length > 1)
    throw new OutputError('OUTPUT_FAILED', 'a docker archive has one platform', {
      hint: '--layout oci holds several',
    });
  const encoder = await TarEncoder.load(options.modified ?? 0);
  const parts: ImageParts[] = [];
  for (const [index, image] of images.entries()) {
    const file = nodePath.join(aside, `layer-${index}`);
    const layer = await writeLayer(image, file, encoder, options);
    parts.push(partsOf(image, layer, options));
  }
  await writeLayout(parts, sink, encoder, options);
}

/** The blobs of one platform. */
interface ImageParts {
  readonly platform: ImagePlan['platform'];
  readonly layer: Blob;
  readonly config: Blob;
  readonly manifest: Blob;
}

function partsOf(
  { plan, origin }: PlannedImage,
  layer: Layer,
  { modified = 0 }: Pick<ImageArchiveOptions, 'modified'>,
): ImageParts {
  const fields = formatImageConfig(plan, layer.diffId, modified, origin?.configuration);
  const config = jsonBlob(TYPES.config, fields);
  const annotations = Object.keys(origin?.annotations ?? {}).length > 0;
  const manifest = jsonBlob(TYPES.manifest, {
    schemaVersion: 2,
    mediaType: TYPES.manifest,
    config: descriptorOf(config),
    layers: [descriptorOf(layer.blob)],
    annotations: annotations ? origin?.annotations : undefined,
  });
  return { platform: plan.platform, layer: layer.blob, config, manifest };
}

async function writeLayout(
  parts: readonly ImageParts[],
  sink: ByteSink,
  encoder: TarEncoder,
  { layout, reference, signal }: Omit<ImageArchiveOptions, 'force'>,
): Promise<void> {
  const manifests = parts.map(({ manifest, platform }) => ({
    ...descriptorOf(manifest),
    platform,
  }));
  const annotations = reference === undefined ? undefined : annotationsOf(reference);
  const images = { schemaVersion: 2, mediaType: TYPES.index, manifests };
  // A name may appear once in the index, so an image of several platforms has an index of its own.
  const inner = manifests.length > 1 ? jsonBlob(TYPES.index, images) : undefined;
  const named = inner === undefined ? manifests : [descriptorOf(inner)];
  const index = { ...images, manifests: named.map((one) => ({ ...one, annotations })) };

  const blobs = new Map(
    [...parts.flatMap(({ layer, config, manifest }) => [layer, config, manifest])]
      .concat(inner ?? [])
      .map((blob) => [blob.digest, blob]),
  );
  function* pieces(): Generator<Uint8Array> {
    for (const path of ['blobs', 'blobs/sha256'])
      yield encoder.header({ path, type: 'Directory', mode: 0o755 });
    for (const digest of [...blobs.keys()].sort()) {
      const blob = blobs.get(digest) as Blob;
      yield encoder.header({ path: blobPath(blob), type: 'File', mode: 0o644, size: blob.size });
      yield* blobBytes(blob);
      yield encoder.padding(blob.size);
    }
    yield* jsonFile('index.json', index, encoder);
    if (layout === 'docker')
      yield* jsonFile('manifest.json', dockerManifest(parts, reference), encoder);
    yield* jsonFile('oci-layout', { imageLayoutVersion: '1.0.0' }, encoder);
    yield TAR_END;
  }
  await drain(pieces(), sink, { signal });
}

/** The name of an image in an index: for OCI tools, and for containerd and Docker. */
function annotationsOf(reference: string): Record<string, string> {
  return {
    'io.containerd.image.name': reference,
    'org.opencontainers.image.ref.name': reference.slice(reference.lastIndexOf(':') + 1),
  };
}

function dockerManifest(parts: readonly ImageParts[], reference: string | undefined) {
  return parts.map(({ config, layer }) => ({
    Config: blobPath(config),
    RepoTags: reference === undefined ? null : [reference],
    Layers: [blobPath(layer)],
  }));
}

function* jsonFile(path: string, value: unknown, encoder: TarEncoder): Generator<Uint8Array> {
  const bytes = Buffer.from(JSON.stringify(value));
  yield encoder.header({ path, type: 'File', mode: 0o644, size: bytes.length });
  yield bytes;
  yield encoder.padding(bytes.length);
}
