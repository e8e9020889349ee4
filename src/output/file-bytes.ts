/**
 * The bytes of a planned file, in pieces: exactly as many as the plan says, or an error. A file that
 * changes while it is copied must not get into an image.
 */
import { describeErrno, errnoOf, OutputError } from '../errors.js';
import type { PlannedFile } from '../image/image-plan.js';
import type { Root } from '../root/root.js';

const CHUNK = 1 << 20;
const NONE = new Uint8Array();

/** Why a file is there that no option leaves out; every other reason is the kind of a need. */
const REQUIRED = new Set([
  ...['program', 'interpreter', 'library', 'preload', 'configuration', 'include'],
]);

/** Pieces of at most 1 MiB. Throws OUTPUT_FAILED if `root` cannot read it or the size differs. */
export function* fileBytes(
  { source, size, because }: PlannedFile,
  root: Root,
): Generator<Uint8Array> {
  const read = (offset: number, length: number) => {
    try {
      return root.read(source, offset, length);
    } catch (error) {
      // What is empty can be copied by those who may not read it: /etc/security/opasswd.
      if (size === 0 && errnoOf(error) === 'EACCES') return NONE;
      throw new OutputError('OUTPUT_FAILED', describeErrno(errnoOf(error)), {
        path: source,
        cause: error,
        hint: REQUIRED.has(because) ? undefined : `--without ${because} leaves such files out`,
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
