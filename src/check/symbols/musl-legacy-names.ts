/**
 * Names that only musl's loader still resolves: since 1.2.4 its libc has no `fopen64` and the like,
 * but objects that were linked against them go on working.
 * Source: musl ldso/dynlink.c (get_lfs64). The list is read from the bytes of the root's own loader.
 */
import type { ElfSymbols } from '../../files/elf-symbols.js';
import { latin1Text } from '../../files/embedded-strings.js';
import type { LoadedObject } from '../../loader/loader.js';

const FIRST = 'aio_cancel\0aio_error\0aio_fsync\0';

/** The names without their `64`; empty for a loader that has no such list. */
export function legacyNames(loader: LoadedObject, files: ElfSymbols): ReadonlySet<string> {
  const text = latin1Text(files.bytes(loader));
  const start = text.indexOf(FIRST);
  if (start < 0) return new Set();
  const end = text.indexOf('\0\0', start);
  return new Set(text.slice(start, end < 0 ? undefined : end).split('\0'));
}

/** The name to look for in the loader instead, or undefined where there is none. */
export function legacyTarget(name: string, names: ReadonlySet<string>): string | undefined {
  if (names.size === 0) return undefined;
  if (name === 'readdir64_r') return 'readdir_r';
  const plain = name.replace(/64$/, '');
  return plain !== name && names.has(plain) ? plain : undefined;
}
