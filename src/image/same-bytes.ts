/**
 * Whether two files have the same contents, read in pieces.
 */
import type { RealPath, Root } from '../root/root.js';

const CHUNK = 1 << 20;

/** False also where one of them cannot be read. */
export function sameBytes(
  left: Root,
  leftPath: RealPath,
  right: Root,
  rightPath: RealPath,
): boolean {
  if (left.lstat(leftPath)?.size !== right.lstat(rightPath)?.size) return false;
  try {
    for (let offset = 0; ; ) {
      const a = left.read(leftPath, offset, CHUNK);
      const b = right.read(rightPath, offset, CHUNK);
      if (a.length !== b.length || !a.every((byte, index) => byte === b[index])) return false;
      if (a.length === 0) return true;
      offset += a.length;
    }
  } catch {
    return false;
  }
}
