/**
 * A part of an archive as bytes of its own: the body of a member.
 */
import type { ByteSource } from '../../elf/byte-source.js';

/** The body of what has no bytes. */
export const NOTHING: ByteSource = { size: 0, read: () => new Uint8Array(0) };

/** `size` bytes of `source` from `start`; reads past their end give fewer bytes or none. */
export function sliceSource(source: ByteSource, start: number, size: number): ByteSource {
  if (size === 0) return NOTHING;
  return {
    size,
    read: (offset, length) =>
      offset >= size
        ? new Uint8Array(0)
        : source.read(start + offset, Math.min(length, size - offset)),
  };
}
