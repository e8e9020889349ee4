/**
 * From the bytes of one archive, plain or compressed, to a tree of its files. Knows nothing of images. What
 * an archive is, the kinds in archive-kinds.ts decide.
 */

import type { ByteSource } from '../../elf/byte-source.js';
import { describeErrno, errnoOf, RootError } from '../../errors.js';
import { shellFile } from '../shell-word.js';
import type { ArchiveContext, ArchiveKind } from './archive-kind.js';
import { archiveKindOf, compressionOf, rootKinds } from './archive-kinds.js';
import { takeUnpacked, withinLimit } from './archive-limits.js';
import { decompressed, decompressedStart } from './decompress.js';
import { piecesOf, spill } from './disk-bytes.js';
import { foreignFormatOf } from './foreign-formats.js';
import { LayerTree } from './layer-tree.js';
import { headBehindFrames } from './skippable-frames.js';

/** Called with how many of `total` bytes of `path` are read. */
export type OnRead = (done: number, total: number, path: string) => void;

/** Bytes of the start of an archive, which every kind knows by them. */
const HEAD = 512;
const NO_FILES = 'an archive with no files';

/** How to read an archive. */
interface ReadOptions extends ArchiveContext {
  /** Whether it is a layer of an image, where names with the prefix `.wh.` are whiteouts. */
  readonly isLayer: boolean;
  readonly onRead?: OnRead;
}

/**
 * All members of an archive in a tree. Decompressed data are kept in a temporary file. Throws
 * {@link RootError} when it is no archive, when it is damaged, and when it uses up its limits.
 */
export async function readTree(source: ByteSource, options: ReadOptions): Promise<LayerTree> {
  const { path, limits, isLayer, onRead } = options;
  const tree = new LayerTree(limits);
  try {
    const watchedSource = watched(source, path, onRead);
    const { kind, plain } = await openPlain(watchedSource, options);
    for (const member of kind.members(watched(plain, path, onRead), options))
      tree.add(member, isLayer);
    return tree;
  } catch (error) {
    throw asRootError(error, path);
  }
}

/** The kind of an archive, and its bytes when they are decompressed. */
interface PlainArchive {
  readonly kind: ArchiveKind;
  readonly plain: ByteSource;
}

async function openPlain(
  source: ByteSource,
  { path, limits, isLayer }: ReadOptions,
): Promise<PlainArchive> {
  const head = headBehindFrames(source, HEAD);
  const compression = compressionOf(head);
  if (compression === undefined) {
    const kind = knownKindOf(head, path, '');
    // A layer was counted with the archive that it is in.
    if (!isLayer) takeUnpacked(limits, source.size);
    return { kind, plain: source };
  }
  const what = `${compression.name} of `;
  const pieces = decompressed(piecesOf(source), compression, path);
  const plain = await spill(withinLimit(pieces, limits), (start) => {
    const first = start.subarray(0, HEAD);
    return knownKindOf(first, path, what).isEmpty?.(first) !== true;
  });
  return { kind: knownKindOf(plain.read(0, HEAD), path, what), plain };
}

/**
 * Whether a stream that starts with `head` (1024 bytes) is worth reading on: false for an archive
 * without members. Throws {@link RootError} when it is no archive, and for a compressed one without
 * members, so that a stream without an end is not kept.
 */
export async function isWorthReading(head: Uint8Array, path: string): Promise<boolean> {
  const first = head.subarray(0, HEAD);
  const compression = compressionOf(first);
  if (compression === undefined) return knownKindOf(first, path, '').isEmpty?.(first) !== true;
  const plain = await decompressedStart(head, compression, path, HEAD);
  // Compressions with large blocks tell nothing so early.
  if (plain.length < HEAD) return true;
  if (knownKindOf(plain, path, `${compression.name} of `).isEmpty?.(plain) === true)
    throw noFiles(path);
  return true;
}

/** The error about an archive without members. */
export function noFiles(path: string): RootError {
  return new RootError('ROOT_UNSUPPORTED', NO_FILES, { path });
}

/** The kind of archive that starts with `head`; `what` is said before what else it is. */
function knownKindOf(head: Uint8Array, path: string, what: string): ArchiveKind {
  const kind = archiveKindOf(head);
  if (kind !== undefined) return kind;
  const foreign = foreignFormatOf(head);
  const other = what === '' ? 'no directory and no archive' : 'something that is no archive';
  const fact = head.length === 0 && what === '' ? 'an empty file' : (foreign?.what ?? other);
  throw new RootError('ROOT_UNSUPPORTED', `${what}${fact}`, {
    path,
    hint:
      foreign === undefined || what !== ''
        ? `a root is ${rootKinds()}`
        : foreign.hint(shellFile(path)),
  });
}

/** The same bytes; `onRead` is called for each read. */
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

function asRootError(error: unknown, path: string): unknown {
  const code = errnoOf(error);
  if (error instanceof RootError || code === undefined) return error;
  return new RootError('FILE_UNREADABLE', describeErrno(code), { path, cause: error });
}
