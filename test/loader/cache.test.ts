/**
 * The cache writer against the cache reader, and both formats' bytes against a second writer (the
 * test's own builder): whatever entries there are, every one is found again.
 */
import { describe, expect, it } from 'vitest';
import type { Target } from '../../src/elf/target.js';
import { type CacheEntry, cacheReader, LdCache } from '../../src/loader/glibc/cache.js';
import { compareNames } from '../../src/loader/glibc/cache-order.js';
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
  const cpu = cpuProfile(target, port, hwcaps, undefined);
  return cacheReader(target, { port, cpu, minor: 36, knowsHwcaps: true });
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

describe('which of several entries', () => {
  const I386 = { machine: 'i386', class: 32, endian: 'little', abi: null } as const;
  const ARMHF = { machine: 'arm', class: 32, endian: 'little', abi: 'hard-float' } as const;
  const ARMEL = { ...ARMHF, abi: null } as const;
  type Row = readonly [flags: number, path: string, hwcap?: bigint];

  /** The path that a loader of release 2.minor takes from entries of one name, in this order. */
  const chosen = (
    target: Target,
    minor: number,
    rows: readonly Row[],
    format: 'new' | 'old' = 'new',
    features: readonly string[] = [],
  ) => {
    const entries = rows.map(([flags, path, hwcap]) => ({ name: 'liba.so', path, flags, hwcap }));
    const port = findPort(target) as GlibcPort;
    const least = cpuProfile(target, port, 'none', undefined);
    const cpu = { ...least, legacy: [...least.legacy, ...features] };
    const reader = cacheReader(target, { port, cpu, minor, knowsHwcaps: minor >= 33 });
    return LdCache.parse(buildCache(entries, { format }), 'little')?.lookup('liba.so', reader);
  };

  // SEARCH_CACHE up to 2.32 (best == NULL || flags == own), search_cache since 2.33 (best != NULL).
  it.each<[string, Target, number, readonly Row[], string | undefined]>([
    [
      'the first of foreign flags that will do',
      I386,
      18,
      [
        [1, 'a'],
        [1, 'b'],
      ],
      'a',
    ],
    [
      'the first of foreign flags that will do',
      I386,
      36,
      [
        [1, 'a'],
        [1, 'b'],
      ],
      'a',
    ],
    [
      'own flags end the search',
      I386,
      18,
      [
        [3, 'a'],
        [3, 'b'],
        [1, 'c'],
      ],
      'a',
    ],
    [
      'own flags end the search',
      I386,
      36,
      [
        [3, 'a'],
        [3, 'b'],
        [1, 'c'],
      ],
      'a',
    ],
    [
      'own flags behind others, up to 2.32',
      I386,
      32,
      [
        [1, 'a'],
        [3, 'b'],
      ],
      'b',
    ],
    [
      'own flags behind others, since 2.33',
      I386,
      33,
      [
        [1, 'a'],
        [3, 'b'],
      ],
      'a',
    ],
    [
      'flags of other ports',
      I386,
      31,
      [
        [0x303, 'a'],
        [0x803, 'b'],
        [1, 'c'],
      ],
      'c',
    ],
    [
      'ARM, up to 2.32: not marked is better',
      ARMHF,
      32,
      [
        [0x903, 'a'],
        [3, 'b'],
      ],
      'b',
    ],
    [
      'ARM, since 2.33: the first',
      ARMHF,
      33,
      [
        [0x903, 'a'],
        [3, 'b'],
      ],
      'a',
    ],
    [
      'ARM: the first of those not marked',
      ARMEL,
      9,
      [
        [3, 'vfp'],
        [3, 'b'],
        [3, 'c'],
      ],
      'vfp',
    ],
    [
      'ARM up to 2.17: of no libc',
      ARMEL,
      17,
      [
        [1, 'a'],
        [1, 'b'],
      ],
      'a',
    ],
    [
      'ARM since 2.18: of no libc',
      ARMEL,
      18,
      [
        [1, 'a'],
        [1, 'b'],
      ],
      undefined,
    ],
    [
      'ARM: the other float ABI',
      ARMEL,
      31,
      [
        [0x903, 'a'],
        [0xb03, 'b'],
      ],
      'b',
    ],
  ])('%s', (_what, target, minor, rows, path) => {
    expect(chosen(target, minor, rows)).toBe(path);
  });

  it('in the old format, since 2.33, the last of foreign flags', () => {
    expect(
      chosen(
        I386,
        32,
        [
          [1, 'a'],
          [1, 'b'],
        ],
        'old',
      ),
    ).toBe('a');
    expect(
      chosen(
        I386,
        33,
        [
          [1, 'a'],
          [1, 'b'],
        ],
        'old',
      ),
    ).toBe('b');
    expect(
      chosen(
        I386,
        33,
        [
          [1, 'a'],
          [3, 'b'],
          [1, 'c'],
        ],
        'old',
      ),
    ).toBe('b');
  });

  /** Bit 48 and up: platforms. The least CPU of i386 here is an i686. */
  const platform = (bit: number) => 1n << BigInt(48 + bit);
  const X86_64 = { machine: 'x86-64', class: 64, endian: 'little', abi: null } as const;

  // sysdeps/i386/dl-procinfo.h up to 2.25, sysdeps/x86/dl-hwcap.h since 2.26.
  it.each<[string, Target, number, bigint, boolean]>([
    ['i686 was bit 51', I386, 25, platform(3), true],
    ['i686 was bit 51', I386, 26, platform(3), false],
    ['i686 is bit 49', I386, 25, platform(1), false],
    ['i686 is bit 49', I386, 26, platform(1), true],
    ['i586 was bit 50', I386, 25, platform(2), false],
    ['i586 is bit 48', I386, 26, platform(0), false],
    ['sse2 was bit 26', I386, 25, platform(3) | (1n << 26n), true],
    ['sse2 was bit 26', I386, 26, 1n << 26n, false],
    ['sse2 is bit 0', I386, 25, 1n << 0n, false],
    ['sse2 is bit 0', I386, 26, 1n << 0n, true],
    ['cmov was bit 15, of Debian only', I386, 18, 1n << 15n, false],
    ['nosegneg of Xen, bit 1', I386, 12, platform(3) | (1n << 1n), false],
    ['a library for threads', I386, 11, platform(3) | (1n << 63n), true],
    ['no platform for 64 bits', X86_64, 25, platform(0), false],
    ['no feature for 64 bits', X86_64, 25, 1n << 1n, false],
    ['x86_64 is bit 1', X86_64, 26, 1n << 1n, true],
    ['nothing counts', I386, 37, platform(1), false],
  ])('%s', (_what, target, minor, hwcap, isTaken) => {
    const flags = target.class === 64 ? 0x303 : 3;
    const rows: Row[] = [
      [flags, 'variant', hwcap],
      [flags, 'plain'],
    ];
    expect(chosen(target, minor, rows)).toBe(isTaken ? 'variant' : 'plain');
  });

  it('cmov is taken by a loader that has it', () => {
    const rows: Row[] = [
      [3, 'variant', platform(3) | (1n << 15n)],
      [3, 'plain'],
    ];
    expect(chosen(I386, 18, rows, 'new', ['cmov'])).toBe('variant');
  });
});
