/**
 * The bytes of a planned file, in pieces: exactly as many as the plan says, or an error. A file that
 * changes while it is copied must not get into an image.
 */
import { describeErrno, errnoOf, OutputError } from '../errors.js';
import type { PlannedFile } from '../image/image-plan.js';
import type { Root } from '../root/root.js';

const CHUNK = 1 << 20;

/** Pieces of at most 1 MiB. Throws OUTPUT_FAILED if `root` cannot read it or the size differs. */
export function* fileBytes({ source, size }: PlannedFile, root: Root): Generator<Uint8Array> {
  const read = (offset: number, length: number) => {
    try {
      return root.read(source, offset, length);
    } catch (error) {
      throw new OutputError('OUTPUT_FAILED', describeErrno(errnoOf(error)), {
        path: source,
        cause: error,
      });
    }
  };
  let offset = 0;
  while (offset < size) {
    const bytes = read(offset, Math.min(CHUNK, size - offset));
    if (bytes.length === 0) break;
    yield bytes;
    offset += bytes.length;
  }
  if (offset !== size || read(offset, 1).length > 0)
    throw new OutputError('OUTPUT_FAILED', 'changed while it was being copied', { path: source });
}
