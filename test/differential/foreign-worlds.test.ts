/**
 * Worlds by chance for other CPUs: class, byte order, triplet and cache flags are those of a root's
 * own loader, which answers under qemu-user. The roots are those of roots.test.ts.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseElf } from '../../src/elf/elf-file.js';
import { directoryRoot, resolvePath } from '../../src/index.js';
import { findPort } from '../../src/loader/glibc/ports.js';
import { writeWorld } from '../support/disk-world.js';
import { Random } from '../support/random.js';
import { randomVector } from '../support/random-world.js';
import { type Answer, glibcRows, type Job, runJobs } from '../support/real-loader.js';
import {
  closureOf,
  GLIBC_INTERPRETER,
  rowsOf,
  TRIPLET,
  type Vector,
  type World,
  type WorldNode,
} from '../support/world.js';
import { describeRoots, makeRoot, ROOTS } from './debian-roots.js';

/** The interpreter and the triplet of each architecture. */
const SYSTEMS: Readonly<Record<string, readonly [interpreter: string, triplet: string]>> = {
  amd64: ['/lib64/ld-linux-x86-64.so.2', 'x86_64-linux-gnu'],
  arm64: ['/lib/ld-linux-aarch64.so.1', 'aarch64-linux-gnu'],
  armhf: ['/lib/ld-linux-armhf.so.3', 'arm-linux-gnueabihf'],
  i386: ['/lib/ld-linux.so.2', 'i386-linux-gnu'],
  mips64el: ['/lib64/ld.so.1', 'mips64el-linux-gnuabi64'],
  ppc64el: ['/lib64/ld64.so.2', 'powerpc64le-linux-gnu'],
  riscv64: ['/lib/ld-linux-riscv64-lp64d.so.1', 'riscv64-linux-gnu'],
  s390x: ['/lib/ld64.so.1', 's390x-linux-gnu'],
};

const count = Number(process.env.ELFDEPS_RANDOM_WORLDS ?? 100);
const first = Number(process.env.ELFDEPS_SEED ?? 1);
describeRoots(
  'worlds by chance on the loaders of roots',
  'ELFDEPS_ROOTS',
  [],
  (names, directory) => {
    it.each(names)('%s', (name) => {
      const root = makeRoot(name, directory);
      const system = systemOf(root, ROOTS[name]?.[1] ?? '');
      const cases = Array.from({ length: count }, (_, index) => {
        const seed = first + index;
        return retarget(randomVector(new Random(seed), 'glibc', `seed ${seed}`), system);
      });
      const answers = runJobs(cases, ({ world, options }, at): Job => {
        writeWorld(at, world);
        const env: Record<string, string> = { LD_TRACE_LOADED_OBJECTS: '1' };
        if (options?.libraryPath !== undefined) env.LD_LIBRARY_PATH = options.libraryPath;
        if (options?.preload !== undefined) env.LD_PRELOAD = options.preload;
        return {
          root: at,
          cwd: options?.cwd ?? '/',
          env,
          argv: [system.interpreter, '/app/main'],
          ...(existsSync(join(root, '.qemu')) ? { emulator: join(root, '.qemu') } : {}),
        };
      });
      const differences = cases.flatMap(({ id, world, options }, index) => {
        const real = glibcRows(answers[index] as Answer).filter(
          (row) => row !== system.interpreter,
        );
        const ours = rowsOf(closureOf(world, '/app/main', options));
        return JSON.stringify(ours) === JSON.stringify(real) ? [] : [{ world: id, ours, real }];
      });
      console.log(`${name}: ${count} worlds, ${differences.length} differences`);
      expect(differences.slice(0, 5)).toEqual([]);
    });
  },
);

interface System {
  readonly interpreter: string;
  readonly triplet: string;
  readonly soname: string;
  readonly bytes: Uint8Array;
  /** What makes an ELF file one of this CPU. */
  readonly elf: { class: 32 | 64; endian: 'little' | 'big'; machine: number; flags: number };
  readonly cacheFlags: number;
}

function systemOf(root: string, architecture: string): System {
  const [interpreter, triplet] = SYSTEMS[architecture] ?? ['', ''];
  const file = resolvePath(directoryRoot(root), interpreter);
  if (!file.found) throw new Error(`${root} has no ${interpreter}`);
  const bytes = new Uint8Array(readFileSync(root + file.path));
  const elf = parseElf(bytes);
  const { class: elfClass, endian, machine, flags } = elf.header;
  return {
    interpreter,
    triplet,
    soname: elf.dynamic?.soname ?? '',
    bytes,
    elf: { class: elfClass, endian, machine, flags },
    cacheFlags: findPort(elf.target)?.cacheFlags ?? 0,
  };
}

/** The same world for another system; its loader's file is the real one. */
function retarget(vector: Vector, system: System): Vector {
  const world: Record<string, WorldNode> = {
    [`/usr/lib/${system.triplet}`]: { directory: true },
    [system.interpreter]: { bytes: system.bytes, mode: 0o755 },
  };
  for (const [path, node] of Object.entries(rename(vector.world, system)))
    world[path] = nodeFor(node, system);
  const { hwcaps: _, ...options } = rename(vector.options ?? {}, system);
  return { ...vector, world: world as World, options };
}

function nodeFor(node: WorldNode, { elf, cacheFlags }: System): WorldNode {
  if (typeof node === 'string' || node instanceof Uint8Array) return node;
  if ('link' in node || 'directory' in node || 'hardLink' in node || 'bytes' in node) return node;
  if ('cache' in node)
    return {
      cache: node.cache.map((entry) => ({ ...entry, flags: cacheFlags })),
      options: { endian: elf.endian },
    };
  return { ...elf, ...node };
}

/** Every text of a value, keys too, with the names of the other system. */
function rename<T>(value: T, system: System): T {
  const text = (old: string) =>
    old
      .replaceAll(GLIBC_INTERPRETER, system.interpreter)
      .replaceAll('ld-linux-x86-64.so.2', system.soname)
      .replaceAll(TRIPLET, system.triplet);
  const json = JSON.stringify(value, (_key, part) =>
    typeof part === 'string' ? text(part) : part,
  );
  return JSON.parse(json, (_key, part) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).map(([key, node]) => [text(key), node]))
      : part,
  ) as T;
}
