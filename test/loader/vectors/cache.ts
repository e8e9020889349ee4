/**
 * Test vectors of glibc: /etc/ld.so.cache as the loader reads it, caches that are wrong included.
 * Rules:
 * elf/dl-cache.c (_dl_load_cache_lookup(), search_cache()).
 */
import {
  buildCache,
  type RawCacheEntry,
  type RawCacheOptions,
} from '../../support/ld-cache-builder.js';
import { program, type Vector, type World } from '../../support/world.js';

const LIB = '/lib/x86_64-linux-gnu';
const A = 'liba.so.1';
const FOUND = `${A} => /c/${A}`;
const MISSING = `${A} => not found`;
const V3 = { hwcaps: 'x86-64-v3' };

/** A program that needs `needed`, and a cache. */
function cached(
  entries: readonly RawCacheEntry[],
  options: RawCacheOptions = {},
  needed: readonly string[] = [A],
): World {
  return {
    '/app/main': program({ needed }),
    '/etc/ld.so.cache': { cache: entries, options },
    '/c/liba.so.1': {},
    '/d/liba.so.1': {},
    '/c/libb.so.1': {},
    '/c/libc9.so.1': {},
  };
}

const entry = (rest: Partial<RawCacheEntry> = {}): RawCacheEntry => ({
  name: A,
  path: `/c/${A}`,
  ...rest,
});

export const cache: readonly Vector[] = [
  {
    id: 'G46',
    rule: 'a cached file that is gone: the system directories',
    world: { ...cached([entry({ path: '/gone/liba.so.1' })]), [`/usr/lib/${A}`]: {} },
    rows: [`${A} => /usr/lib/${A}`],
  },
  {
    id: 'G46',
    rule: 'a cached file of another class: the system directories',
    world: { ...cached([entry()]), '/c/liba.so.1': { class: 32 }, [`/usr/lib/${A}`]: {} },
    rows: [`${A} => /usr/lib/${A}`],
  },
  {
    id: 'G46',
    rule: 'a cached file that is text: fatal',
    world: { ...cached([entry()]), '/c/liba.so.1': 'text '.repeat(20), [`/usr/lib/${A}`]: {} },
    rows: ['fatal: /c/liba.so.1: invalid ELF header'],
  },
  {
    id: 'G46',
    rule: 'the next entry of the same name is not tried',
    world: cached([entry({ path: '/gone/liba.so.1' }), entry()]),
    rows: [MISSING],
  },
  {
    id: 'H1',
    rule: 'a cache in ascending order is searched in vain',
    world: cached(
      [
        { name: 'liba.so.1', path: '/c/liba.so.1' },
        { name: 'libb.so.1', path: '/c/libb.so.1' },
        { name: 'libc9.so.1', path: '/c/libc9.so.1' },
      ],
      {},
      ['liba.so.1', 'libc9.so.1'],
    ),
    rows: ['liba.so.1 => not found', 'libc9.so.1 => not found'],
  },
  {
    id: 'H1',
    rule: 'a cache in descending order is searched with success',
    world: cached(
      [
        { name: 'libc9.so.1', path: '/c/libc9.so.1' },
        { name: 'libb.so.1', path: '/c/libb.so.1' },
        { name: 'liba.so.1', path: '/c/liba.so.1' },
      ],
      {},
      ['liba.so.1', 'libb.so.1', 'libc9.so.1'],
    ),
    rows: ['liba.so.1', 'libb.so.1', 'libc9.so.1'].map((name) => `${name} => /c/${name}`),
  },
  {
    id: 'H2',
    rule: 'digits compare as numbers',
    world: cached([entry()], {}, ['liba.so.01']),
    rows: ['liba.so.01 => /c/liba.so.1'],
  },
  ...[0, 2, 6].map(
    (endianByte): Vector => ({
      id: 'H3',
      rule: `byte order mark ${endianByte} is accepted`,
      world: cached([entry()], { endianByte }),
      rows: [FOUND],
    }),
  ),
  ...[1, 3].map(
    (endianByte): Vector => ({
      id: 'H3',
      rule: `byte order mark ${endianByte} makes the cache worthless`,
      world: cached([entry()], { endianByte }),
      rows: [MISSING],
    }),
  ),
  ...[0x003, 0x001, 0x803].map(
    (flags): Vector => ({
      id: 'H4',
      rule: `an entry with flags ${flags} is not for x86-64`,
      world: cached([entry({ flags })]),
      rows: [MISSING],
    }),
  ),
  {
    id: 'H4',
    rule: 'an entry for another target is passed over, its neighbour taken',
    world: cached([entry({ flags: 0x803, path: '/d/liba.so.1' }), entry()]),
    rows: [FOUND],
  },
  {
    id: 'H5',
    rule: 'of two plain entries the first counts',
    world: cached([entry(), entry({ path: '/d/liba.so.1' })]),
    rows: [FOUND],
  },
  {
    id: 'H6',
    rule: 'the best named entry that the CPU has, not a name that is unknown',
    minors: [36, 41, 43],
    world: cached([
      entry({ hwcap: { name: 'foo' }, path: '/foo/liba.so.1' }),
      entry({ hwcap: { name: 'x86-64-v3', isa: 2 }, path: '/d/liba.so.1' }),
      entry(),
    ]),
    options: V3,
    rows: [`${A} => /d/${A}`],
  },
  {
    id: 'H6',
    rule: 'an unknown name alone is nothing',
    minors: [36, 41, 43],
    world: cached([entry({ hwcap: { name: 'foo' }, path: '/c/liba.so.1' })]),
    options: V3,
    rows: [MISSING],
  },
  {
    id: 'H7',
    rule: 'a named entry whose ISA level is above the CPU is passed over',
    minors: [36, 41, 43],
    world: cached([
      entry({ hwcap: { name: 'x86-64-v2', isa: 1 } }),
      entry({ hwcap: { name: 'x86-64-v3', isa: 9 }, path: '/d/liba.so.1' }),
    ]),
    options: V3,
    rows: [FOUND],
  },
  ...[2n, 1n << 63n].flatMap((hwcap): Vector[] => [
    {
      id: 'H8',
      rule: `an entry with the legacy hwcap bits ${hwcap} counts up to 2.36`,
      minors: [31, 36],
      world: cached([entry({ hwcap })]),
      rows: [FOUND],
    },
    {
      id: 'H8',
      rule: `an entry with the legacy hwcap bits ${hwcap} does not count from 2.37 on`,
      minors: [41, 43],
      world: cached([entry({ hwcap })]),
      rows: [MISSING],
    },
  ]),
  {
    id: 'H8',
    rule: 'an entry for a newer kernel does not count up to 2.35',
    minors: [31],
    world: cached([entry({ osversion: 0xffffff })]),
    rows: [MISSING],
  },
  {
    id: 'H8',
    rule: 'the kernel version of an entry does not count from 2.36 on',
    minors: [36, 41, 43],
    world: cached([entry({ osversion: 0xffffff })]),
    rows: [FOUND],
  },
  {
    id: 'H9',
    rule: 'a wrong extension magic: plain entries still work',
    world: cached([entry()], { hwcaps: ['x'], extensionMagic: 1 }),
    rows: [FOUND],
  },
  {
    id: 'H9',
    rule: 'a wrong extension magic: named entries do not work',
    minors: [36, 41, 43],
    world: cached(
      [entry({ hwcap: { name: 'x86-64-v3', isa: 2 }, path: '/d/liba.so.1' }), entry()],
      { extensionMagic: 1 },
    ),
    options: V3,
    rows: [FOUND],
  },
  {
    id: 'H9',
    rule: 'no extension block: plain entries work',
    world: cached([entry()], { hwcaps: ['x'], extensionOffset: 0 }),
    rows: [FOUND],
  },
  {
    id: 'H9',
    rule: 'another version of the format is ignored',
    world: cached([entry()], { magic: 'glibc-ld.so.cache1.2' }),
    rows: [MISSING],
  },
  {
    id: 'H9',
    rule: 'a count larger than the file is ignored',
    world: cached([entry()], { count: 1000 }),
    rows: [MISSING],
  },
  ...(['old', 'compat'] as const).map(
    (format): Vector => ({
      id: 'H10',
      rule: `the ${format} format is read`,
      world: cached(
        [
          { name: 'libc9.so.1', path: '/c/libc9.so.1' },
          { name: 'libb.so.1', path: '/c/libb.so.1' },
          { name: 'liba.so.1', path: '/c/liba.so.1' },
        ],
        { format },
        ['liba.so.1', 'libb.so.1', 'libc9.so.1'],
      ),
      rows: ['liba.so.1', 'libb.so.1', 'libc9.so.1'].map((name) => `${name} => /c/${name}`),
    }),
  ),
  {
    id: 'H10',
    rule: 'a truncated cache has no strings and finds nothing',
    world: {
      ...cached([entry()]),
      '/etc/ld.so.cache': buildCache([entry()]).slice(0, 72),
    },
    tableOnly: 'the loader reads behind its mapping',
    rows: [MISSING],
  },
  {
    id: 'H11',
    rule: 'what the cache finds is not looked for in the system directories',
    world: { ...cached([entry()]), [`${LIB}/${A}`]: {} },
    rows: [FOUND],
  },
];
