/**
 * The cache writer against the cache reader, and both formats' bytes against a second writer (the
 * test's own builder): whatever entries there are, every one is found again.
 */
import { describe, expect, it } from 'vitest';
import { type CacheEntry, compareNames, LdCache } from '../../src/loader/glibc/cache.js';
import { writeLdCache } from '../../src/loader/glibc/cache-writer.js';
import { cpuProfile } from '../../src/loader/glibc/cpu.js';
import { findPort, type GlibcPort } from '../../src/loader/glibc/ports.js';
import { encode } from '../support/elf-builder.js';
import { buildCache } from '../support/ld-cache-builder.js';
import { Random } from '../support/random.js';

const X86 = { machine: 'x86-64', class: 64, endian: 'little', abi: null } as const;
const S390 = { machine: 's390', class: 64, endian: 'big', abi: null } as const;

const readerOf = (target: typeof X86 | typeof S390, hwcaps = 'none') => {
  const port = findPort(target) as GlibcPort;
  return { port, cpu: cpuProfile(target, port, hwcaps, undefined), minor: 36, knowsHwcaps: true };
};

const compare = (a: string, b: string) =>
  Math.sign(compareNames(encode(a), encode(`${b}\0`), 0)) || 0;

describe('the order of names', () => {
  it.each([
    ['liba.so', 'libb.so', -1],
    ['libx.so.9', 'libx.so.10', -1],
    ['libx.so.01', 'libx.so.1', 0],
    ['libx.so.1', 'libx.so', 1],
    ['libx.so', 'libx.so', 0],
    ['', '', 0],
    ['', 'a', -1],
    ['lib1', 'liba', 1],
    ['lib1', 'lib.', 1],
    ['lib10a', 'lib10', 1],
    ['libA', 'liba', -1],
    // Bytes above 127 are negative characters on most machines.
    ['lib\u00e9', 'liba', -1],
  ])('%s and %s: %d', (a, b, order) => {
    expect(compare(a, b)).toBe(order);
    expect(compare(b, a)).toBe(order === 0 ? 0 : -order);
  });
});

describe('writer and reader', () => {
  const entries: CacheEntry[] = [
    { soname: 'libz.so.1', path: '/lib/libz.so.1', flags: 0x303 },
    { soname: 'liba.so.10', path: '/lib/liba.so.10', flags: 0x303 },
    { soname: 'liba.so.9', path: '/lib/liba.so.9', flags: 0x303 },
    { soname: 'liba.so.9', path: '/second/liba.so.9', flags: 0x303 },
    { soname: 'liba.so.9', path: '/v2/liba.so.9', flags: 0x303, hwcaps: 'x86-64-v2' },
    { soname: 'liba.so.9', path: '/v3/liba.so.9', flags: 0x303, hwcaps: 'x86-64-v3' },
    { soname: 'libb.so', path: '/x32/libb.so', flags: 0x803 },
  ];

  it('decodes no more of a damaged file than is asked for', () => {
    // Every path and, once the offsets are overwritten, every hwcaps name is the same megabyte.
    const path = 'x'.repeat(1 << 20);
    const entries = Array.from({ length: 20_000 }, (_, index) => ({
      soname: 'liba.so.9',
      path,
      flags: 0x303,
      hwcaps: `level-${index}`,
    }));
    const bytes = writeLdCache(entries, 'little');
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const pathOffset = view.getUint32(48 + 8, true);
    const section = view.getUint32(32, true) + 8;
    const names = view.getUint32(section + 8, true);
    for (let at = 0; at < view.getUint32(section + 12, true); at += 4)
      view.setUint32(names + at, pathOffset, true);
    const cache = LdCache.parse(bytes, 'little');
    expect(cache?.lookup('liba.so.9', readerOf(X86, 'all'))).toBeUndefined();
    expect(cache?.lookup('libb.so.9', readerOf(X86, 'all'))).toBeUndefined();
  });

  it('puts the entries in the order of the search', () => {
    const cache = LdCache.parse(writeLdCache(entries, 'little'), 'little');
    expect([...(cache?.entries() ?? [])].map(({ path }) => path)).toEqual([
      '/lib/libz.so.1',
      '/x32/libb.so',
      '/lib/liba.so.10',
      '/v2/liba.so.9',
      '/v3/liba.so.9',
      '/lib/liba.so.9',
      '/second/liba.so.9',
    ]);
  });

  it.each([
    ['none', '/lib/liba.so.9'],
    ['x86-64-v2', '/v2/liba.so.9'],
    ['x86-64-v3', '/v3/liba.so.9'],
    ['all', '/v3/liba.so.9'],
  ])('finds the variant for a CPU: %s', (hwcaps, path) => {
    const cache = LdCache.parse(writeLdCache(entries, 'little'), 'little');
    expect(cache?.lookup('liba.so.9', readerOf(X86, hwcaps))).toBe(path);
    expect(cache?.lookup('libb.so', readerOf(X86, hwcaps))).toBeUndefined();
    expect(cache?.lookup('libc.so', readerOf(X86, hwcaps))).toBeUndefined();
  });

  it('the same entries give the same bytes, with no order of their own', () => {
    const bytes = writeLdCache(entries, 'little');
    expect(writeLdCache([...entries], 'little')).toEqual(bytes);
    expect(writeLdCache([], 'little').length).toBe(48);
  });

  it('a cache without entries is none to the loader, and finds nothing', () => {
    expect(LdCache.parse(writeLdCache([], 'little'), 'little')).toBeUndefined();
  });

  it('a big-endian cache is read by a big-endian loader only', () => {
    const zentry = { soname: 'liba.so.1', path: '/lib/liba.so.1', flags: 0x403 };
    const bytes = writeLdCache([zentry], 'big');
    expect(LdCache.parse(bytes, 'big')?.lookup('liba.so.1', readerOf(S390))).toBe('/lib/liba.so.1');
    expect(LdCache.parse(bytes, 'little')).toBeUndefined();
  });

  it('is read like the cache of another writer', () => {
    const cache = LdCache.parse(writeLdCache(entries, 'little'), 'little');
    const listed = [...(cache?.entries() ?? [])];
    const raw = listed.map(({ soname, path, flags, hwcaps }) => ({
      name: soname,
      path,
      flags,
      ...(hwcaps === undefined ? {} : { hwcap: { name: hwcaps } }),
    }));
    const other = LdCache.parse(buildCache(raw), 'little');
    expect([...(other?.entries() ?? [])]).toEqual(listed);
  });

  it('finds every entry of caches made by chance, whatever the byte order', () => {
    const random = new Random(42);
    for (let round = 0; round < 50; round++) {
      const big = random.chance(0.5);
      const target = big ? S390 : X86;
      const flags = big ? 0x403 : 0x303;
      const names = Array.from({ length: 1 + random.below(60) }, () => name(random));
      const made = names.map((soname, index) => ({ soname, path: `/d${index}/${soname}`, flags }));
      const bytes = writeLdCache(made, big ? 'big' : 'little');
      const cache = LdCache.parse(bytes, big ? 'big' : 'little');
      for (const soname of names) {
        // Names that are equal as numbers share the first entry.
        const first = made.find((entry) => compare(entry.soname, soname) === 0);
        expect(cache?.lookup(soname, readerOf(target)), soname).toBe(first?.path);
      }
      expect(cache?.lookup('no such name', readerOf(target))).toBeUndefined();
    }
  });

  function name(random: Random): string {
    const parts = ['lib', 'a', 'b', '-', '.so', '.', '1', '2', '10', '09', '+', 'é', '_', 'Z'];
    return `lib${random.some(parts, 6).join('')}.so`;
  }
});
