/**
 * What a kind of archive is. Three interfaces, one for each thing that the first bytes or the files of an
 * archive can say: how it is compressed, how its members are stored, and how it stores images. Each
 * kind is one file, and archive-kinds.ts lists them; no other file decides what an archive is.
 */
import type { ByteSource } from '../../elf/byte-source.js';
import type { Root } from '../root.js';
import type { ArchiveLimits } from './archive-limits.js';

/** What an archive says about one name. */
export interface ArchiveMember {
  /** The name as it is stored in the archive. */
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'symlink' | 'hard-link' | 'other';
  /** Permission bits, such as 0o755. */
  readonly mode: number;
  /** Numbers of the user and the group that own it; undefined where the archive gives no number. */
  readonly uid?: number;
  readonly gid?: number;
  /** The text of a symbolic link, or the other name of a hard link; empty for everything else. */
  readonly link: string;
  /** Bytes of a file, empty for everything else. */
  readonly body: ByteSource;
  /** The value of security.capability, see capabilities(7); undefined where there is none. */
  readonly capability?: Uint8Array;
}

/** What a kind needs to know about the archive that it reads. */
export interface ArchiveContext {
  /** What errors call the archive. */
  readonly path: string;
  /** What the members may still take; the layers of one image share it. */
  readonly limits: ArchiveLimits;
}

/** A way to store files one after the other, such as tar. */
export interface ArchiveKind {
  /** With its article, as in `a tar`. */
  readonly name: string;
  /** Whether an archive of this kind starts with `head`: 512 bytes, or all of a shorter file. */
  recognizes(head: Uint8Array): boolean;
  /**
   * Whether an archive that starts with `head` has no members at all, so that nothing more is read of
   * it. Without this method, no archive counts as empty.
   */
  isEmpty?(head: Uint8Array): boolean;
  /**
   * The members in the order of the archive; bodies are read later. Throws ArchiveError where the
   * archive is damaged or cut off, and where it uses up the limits.
   */
  members(source: ByteSource, context: ArchiveContext): Iterable<ArchiveMember>;
}

/** A way to compress an archive, such as gzip. */
export interface CompressionKind {
  /** As in `damaged gzip data`. */
  readonly name: string;
  /** Whether compressed data start with `head`: 512 bytes, or all of a shorter file. */
  recognizes(head: Uint8Array): boolean;
  /**
   * The decompressed bytes in pieces, never all at once. Loads its package when called. Throws
   * {@link EarlyEnd} where the data end too early, {@link UnknownOptions} where the decoder does not
   * know how they were compressed, and any other error where they are damaged.
   */
  decompress(chunks: Iterable<Uint8Array>): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** Compressed data that end before their last byte. */
export class EarlyEnd extends Error {}

/** Sound data that the decoder of a kind cannot read, but the program of the same name can. */
export class UnknownOptions extends Error {}

/** An image in an archive or directory. */
export interface StoredImage {
  /** As the archive calls it, such as `alpine:3.20`, or a tag alone; an image may have none. */
  readonly names: readonly string[];
  /** Such as `linux/arm64/v8`; undefined when nothing says it. */
  readonly platform?: string;
  /** Of the manifest, or of the configuration where an image has no manifest. */
  readonly digest: string;
  /** The digest of the configuration, which two ways to list one image share. */
  readonly config?: string;
  /** The JSON of the configuration; undefined where the container does not have it. */
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** Paths of the layers in the container, the lowest first. */
  readonly layers: readonly string[];
  /** Of the manifest; undefined where the layout has none. */
  readonly annotations?: Readonly<Record<string, string>>;
  /**
   * For an entry that is no image but says something about another one: how it was built, or who signed
   * it. Absent for images.
   */
  readonly companion?: 'attestation' | 'signature';
}

/** A way to store images in files, such as an OCI layout. */
export interface LayoutKind {
  /** With its article, as in `an OCI layout`. */
  readonly name: string;
  /** The value of `--layout` that writes it. */
  readonly layout: 'docker' | 'oci';
  /**
   * The entries of `container`; undefined when it does not have this layout. Throws ArchiveError when
   * the lists of images are damaged; `path` is what errors call the container.
   */
  images(container: Root, path: string): readonly StoredImage[] | undefined;
}
