/**
 * The lists of archive kinds, and the questions that they answer. A new kind is one line here.
 */
import { listed } from '../../errors.js';
import type { ArchiveKind, CompressionKind, LayoutKind } from './archive-kind.js';
import { bzip2 } from './bzip2.js';
import { dockerSave } from './docker-save.js';
import { gzip } from './gzip.js';
import { ociLayout } from './oci-layout.js';
import { tarArchive } from './tar-archive.js';
import { xz } from './xz.js';
import { zstd } from './zstd.js';

const ARCHIVES: readonly ArchiveKind[] = [tarArchive];

const COMPRESSIONS: readonly CompressionKind[] = [gzip, zstd, xz, bzip2];

/** An archive may have several layouts; the first one that lists an image describes it. */
export const LAYOUTS: readonly LayoutKind[] = [ociLayout, dockerSave];

/** The kind of an archive that starts with `head` (512 bytes); undefined when it is no archive. */
export function archiveKindOf(head: Uint8Array): ArchiveKind | undefined {
  return ARCHIVES.find((kind) => kind.recognizes(head));
}

/** The compression of data that start with `head` (512 bytes); undefined for plain data. */
export function compressionOf(head: Uint8Array): CompressionKind | undefined {
  return COMPRESSIONS.find((kind) => kind.recognizes(head));
}

/** All kinds of roots, for advice: `a directory, a tar or an OCI layout`. */
export function rootKinds(): string {
  return listed(['a directory', ...ARCHIVES.map(({ name }) => name), ...LAYOUT_NAMES], 'or');
}

const LAYOUT_NAMES = LAYOUTS.map(({ name }) => name).reverse();
