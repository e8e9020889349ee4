/**
 * Worlds by chance: a few libraries under a few names in a few directories, with links, damaged
 * files, search paths of every kind, preloads and a cache. For comparing with real loaders, which
 * is how rules are found that nobody wrote a vector for.
 */

import type { TraceOptions } from '../../src/closure/trace.js';
import { DF_1_NODEFLIB, EM_AARCH64 } from '../../src/elf/constants.js';
import type { DynamicNeed } from '../../src/elf/dynamic.js';
import type { RawCacheEntry } from './ld-cache-builder.js';
import type { Random } from './random.js';
import {
  type ElfNode,
  GLIBC_INTERPRETER,
  MUSL_INTERPRETER,
  program,
  TRIPLET,
  type Vector,
  type World,
  type WorldNode,
} from './world.js';

const NAMES = ['liba.so', 'libb.so', 'libc1.so', 'libd.so', 'libe.so.1', 'libe.so.2'];
const DIRECTORIES = ['/d1', '/d2', '/d2/sub', '/app', '/app/lib', '/usr/lib', `/lib/${TRIPLET}`];
const ELEMENTS = [
  ...DIRECTORIES,
  '$ORIGIN',
  '${ORIGIN}/lib',
  '$ORIGIN/../d1',
  '$ORIGIN/sub',
  '/d1/',
  '/d2//sub/',
  '/ln',
  '/ln/..',
  '/none',
  '',
  'lib',
  '.',
  '/d1/liba.so',
  '/$LIB',
  '$ORIGINX',
];
const TEXT = 'a text that is longer than the header of any ELF file, whatever its class may be.\n';

/** A world with `/app/main`, the way to run it, and no expectation. */
export function randomVector(random: Random, loader: 'glibc' | 'musl', id: string): Vector {
  const world: Record<string, WorldNode> = {};
  const damage = random.chance(0.25) ? 0.15 : 0;
  for (const directory of DIRECTORIES)
    for (const name of NAMES)
      if (random.chance(0.4)) world[`${directory}/${name}`] = file(random, damage, world);
  const variants = loader === 'glibc' && random.chance(0.2);
  if (variants) {
    const level = random.pick([
      'glibc-hwcaps/x86-64-v2',
      'glibc-hwcaps/x86-64-v3',
      'tls',
      'x86_64',
    ]);
    world[`${random.pick(DIRECTORIES)}/${level}/${random.pick(NAMES)}`] = library(random);
  }
  world['/ln'] = { link: random.pick(['d2/sub', '/d1', 'app', '../../d2', 'ln2', 'none']) };
  world['/ln2'] = { link: random.pick(['/d2', 'ln']) };
  if (loader === 'glibc') addGlibcFiles(random, world);
  else if (random.chance(0.3))
    world['/etc/ld-musl-x86_64.path'] = random.some(DIRECTORIES, 3).join(random.pick([':', '\n']));
  // No linker gives a program a filter, and some loaders fail on it.
  const { soname: _soname, needs: _needs, ...common } = library(random);
  world['/app/main'] = program({
    ...common,
    interpreter: loader === 'glibc' ? GLIBC_INTERPRETER : MUSL_INTERPRETER,
    soname: random.chance(0.05) ? random.pick(NAMES) : null,
    needed: [random.pick(NAMES), ...(common.needed ?? [])],
  });
  return {
    id,
    rule: 'by chance',
    world,
    options: { ...options(random), ...(variants ? { hwcaps: 'x86-64-v3' } : {}) },
    rows: [],
  };
}

function addGlibcFiles(random: Random, world: Record<string, WorldNode>): void {
  if (random.chance(0.3)) world['/etc/ld.so.cache'] = { cache: cacheEntries(random) };
  if (random.chance(0.1))
    world['/etc/ld.so.preload'] = random
      .some([...NAMES, '/d1/liba.so', '#', '\n', 'x'], 4)
      .join(' ');
}

function options(random: Random): TraceOptions {
  return {
    cwd: random.pick(['/', '/app', '/d2']),
    ...(random.chance(0.3) ? { libraryPath: list(random, random.pick([':', ';'])) } : {}),
    ...(random.chance(0.15)
      ? { preload: random.some([...NAMES, '/d1/liba.so', '$ORIGIN/lib/libb.so'], 3).join(' ') }
      : {}),
  };
}

function file(random: Random, damage: number, world: World): WorldNode {
  if (random.chance(damage))
    return random.pick<WorldNode>([
      TEXT,
      '',
      { directory: true },
      { link: '/none' },
      { link: random.pick(NAMES) },
      { class: 32 },
      { machine: EM_AARCH64 },
      { endian: 'big' },
      { osabi: 9 },
    ]);
  const others = Object.keys(world);
  if (random.chance(0.1) && others.length > 0) return { link: random.pick(others) };
  if (random.chance(0.05) && others.length > 0) {
    const other = random.pick(others);
    const node = world[other];
    if (typeof node === 'object' && !('link' in node) && !('directory' in node))
      return { hardLink: other };
  }
  return library(random);
}

function library(random: Random): ElfNode {
  const kinds: DynamicNeed['kind'][] = ['filter', 'auxiliary', 'needed'];
  return {
    needed: random.some([...NAMES, ...NAMES, ...NAMES, ...ODD_NAMES], 3),
    ...(random.chance(0.05)
      ? { needs: random.some(NAMES, 2).map((name) => ({ kind: random.pick(kinds), name })) }
      : {}),
    ...(random.chance(0.4) ? { rpath: list(random, ':') } : {}),
    ...(random.chance(0.3) ? { runpath: list(random, ':') } : {}),
    ...(random.chance(0.15) ? { soname: random.pick([null, ...NAMES]) } : {}),
    ...(random.chance(0.05) ? { flags1: DF_1_NODEFLIB } : {}),
  };
}

const ODD_NAMES = [
  '/d1/liba.so',
  '/d2/libb.so',
  '$ORIGIN/libd.so',
  'lib/liba.so',
  '',
  'ld-linux-x86-64.so.2',
  'libm.so.6',
];

function list(random: Random, separator: string): string {
  return random.some(ELEMENTS, 4).join(separator);
}

function cacheEntries(random: Random): RawCacheEntry[] {
  return [...NAMES]
    .sort()
    .reverse()
    .filter(() => random.chance(0.5))
    .map((name) => ({ name, path: `${random.pick(DIRECTORIES)}/${name}` }));
}
