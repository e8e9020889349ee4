/**
 * The blobs of an image archive: contents by their digest, in memory or in a temporary file.
 * Source: OCI image specification 1.1, descriptor.md and media-types.md.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** A file below blobs/: in memory, or in a temporary file. */
export type Blob = Descriptor & ({ readonly bytes: Uint8Array } | { readonly file: string });

/** Media types. */
export const TYPES = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: {
    none: 'application/vnd.oci.image.layer.v1.tar',
    gzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
    zstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
  },
} as const;

/** A value as JSON in memory. */
export function jsonBlob(mediaType: string, value: unknown): Blob {
  const bytes = Buffer.from(JSON.stringify(value));
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  return { mediaType, digest, size: bytes.length, bytes };
}

/** What others say of a blob to name it. */
export function descriptorOf({ mediaType, digest, size }: Blob): Descriptor {
  return { mediaType, digest, size };
}

/** Where a blob is in an archive. */
export function blobPath({ digest }: Blob): string {
  return `blobs/${digest.replace(':', '/')}`;
}

const CHUNK = 1 << 20;

/** The bytes in pieces. Throws what reading the temporary file throws. */
export function* blobBytes(blob: Blob): Generator<Uint8Array> {
  if ('bytes' in blob) {
    yield blob.bytes;
    return;
  }
  const fd = fs.openSync(blob.file, 'r');
  try {
    for (let offset = 0; offset < blob.size; offset += CHUNK) {
      const bytes = Buffer.alloc(Math.min(CHUNK, blob.size - offset));
      fs.readSync(fd, bytes, 0, bytes.length, offset);
      yield bytes;
    }
  } finally {
    fs.closeSync(fd);
  }
}
