/**
 * Writes a plan as a tar stream: the same bytes every time, one piece in memory at a time. A file with
 * several names is stored once, and its other names are hard links.
 */
import { OutputError } from '../errors.js';
import type { ImagePlan } from '../image/image-plan.js';
import type { Root } from '../root/root.js';
import { type ByteSink, drain } from './byte-sink.js';
import { fileBytes } from './file-bytes.js';
import { requirePlan } from './required-plan.js';
import { TAR_END, TarEncoder } from './tar-encoder.js';

/** How a tar is written. */
export interface TarOptions {
  /** The time of every entry, in seconds since 1970 (SOURCE_DATE_EPOCH); default 0. */
  readonly modified?: number;
  /** Ends the writing between two pieces. */
  readonly signal?: AbortSignal;
  /** Called with the length of each piece of the tree that was passed on. */
  readonly onBytes?: (length: number) => void;
}

/** Writes the archive to `sink`. Throws {@link OutputError} OUTPUT_FAILED, perhaps halfway through. */
export async function writeTar(
  plan: ImagePlan,
  root: Root,
  sink: ByteSink,
  options: TarOptions = {},
): Promise<void> {
  requirePlan(plan);
  const encoder = await TarEncoder.load(options.modified ?? 0);
  await drain(tarPieces(plan, root, encoder), sink, options);
}

/** The bytes of the archive, in pieces. */
export function* tarPieces(
  plan: ImagePlan,
  root: Root,
  encoder: TarEncoder,
): Generator<Uint8Array> {
  for (const entry of plan.entries) {
    const path = entry.path.slice(1);
    if (entry.kind === 'directory') {
      const { mode, uid, gid } = entry;
      yield encoder.header({ path, type: 'Directory', mode, uid, gid });
      continue;
    }
    if (entry.kind === 'symlink') {
      yield encoder.header({ path, type: 'SymbolicLink', mode: 0o777, target: entry.target });
      continue;
    }
    if (entry.kind === 'tree')
      throw new OutputError('OUTPUT_FAILED', 'this plan is for COPY', { path: entry.path });
    const { mode } = entry;
    if (entry.kind === 'generated') {
      yield encoder.header({ path, type: 'File', mode, size: entry.bytes.length });
      yield entry.bytes;
      yield encoder.padding(entry.bytes.length);
      continue;
    }
    if (entry.hardLinkTo !== undefined) {
      const { uid, gid } = entry;
      const target = entry.hardLinkTo.slice(1);
      yield encoder.header({ path, type: 'Link', mode, target, uid, gid });
      continue;
    }
    const { size, uid, gid, capability } = entry;
    yield encoder.header({ path, type: 'File', mode, size, uid, gid, capability });
    yield* fileBytes(entry, root);
    yield encoder.padding(entry.size);
  }
  yield TAR_END;
}
