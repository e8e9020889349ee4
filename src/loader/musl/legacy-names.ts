/**
 * Names that only musl's loader still resolves. Since 1.2.4 musl's libc has no `fopen64` and the like,
 * but objects that were linked with them still work.
 * Source: musl ldso/dynlink.c (get_lfs64). The list is read from the bytes of the root's own loader.
 */
import { latin1Text } from '../../files/embedded-strings.js';

const FIRST = 'aio_cancel\0aio_error\0aio_fsync\0';

/**
 * Reads the list from the bytes of a loader. The returned function gives the name that the loader looks
 * up instead of `NAME64`, or undefined if the list does not have it or the loader has no list.
 */
export function legacyNames(bytes: Uint8Array): (name: string) => string | undefined {
  const names = namesWithout64(bytes);
  return (name) => {
    if (names.size === 0) return undefined;
    if (name === 'readdir64_r') return 'readdir_r';
    const plain = name.replace(/64$/, '');
    return plain !== name && names.has(plain) ? plain : undefined;
  };
}

function namesWithout64(bytes: Uint8Array): ReadonlySet<string> {
  const text = latin1Text(bytes);
  const start = text.indexOf(FIRST);
  if (start < 0) return new Set();
  const end = text.indexOf('\0\0', start);
  return new Set(text.slice(start, end < 0 ? undefined : end).split('\0'));
}
