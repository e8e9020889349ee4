/**
 * An ld.so.cache for an image: the libraries that only the cache of the build root knew, and no
 * other. Source: glibc elf/ldconfig.c, for what an entry says of a library in glibc-hwcaps.
 */
import type { NamedLibrary } from '../diagnostic.js';
import { type CacheEntry, LdCache } from './cache.js';
import { writeLdCache } from './cache-writer.js';
import { type GlibcPort, ownFlags } from './ports.js';

/**
 * The bytes of a cache with `libraries` for programs of `port`, and with what `standing` has; one
 * of the other byte order is replaced, as the loader would not read it.
 */
export function extendCache(
  standing: Uint8Array | undefined,
  libraries: readonly NamedLibrary[],
  endian: 'little' | 'big',
  port: GlibcPort,
): Uint8Array {
  const known = standing && LdCache.parse(standing, endian);
  const entries = new Map<string, CacheEntry>();
  for (const entry of [...(known?.entries() ?? []), ...libraries.map((l) => entryOf(l, port))])
    entries.set(`${entry.flags}\0${entry.soname}\0${entry.path}`, entry);
  return writeLdCache([...entries.values()], endian);
}

function entryOf({ name, path }: NamedLibrary, port: GlibcPort): CacheEntry {
  const hwcaps = /\/glibc-hwcaps\/([^/]+)\/[^/]+$/.exec(path)?.[1];
  return {
    soname: name,
    path,
    // Those that loaders of every release take.
    flags: ownFlags(port),
    hwcaps,
  };
}
