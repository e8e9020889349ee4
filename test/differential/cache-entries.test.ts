/**
 * Which of several entries of ld.so.cache a loader takes: flags and hwcap words by chance, in both
 * formats, answered by the loaders of 32-bit roots, which accept more than one kind of flags. Those
 * of other CPUs run under qemu-user. Roots are those of ELFDEPS_ROOTS.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseElf } from '../../src/elf/elf-file.js';
import { directoryRoot, resolvePath } from '../../src/index.js';
import { writeWorld } from '../support/disk-world.js';
import type { RawCacheEntry } from '../support/ld-cache-builder.js';
import { Random } from '../support/random.js';
import { type Answer, glibcRows, type Job, runJobs } from '../support/real-loader.js';
import { closureOf, program, rowsOf, type World } from '../support/world.js';
import { describeRoots, makeRoot } from './debian-roots.js';

const I386_FLAGS = [0x1, 0x3, 0x3, 0x303];
const ARM_FLAGS = [0x1, 0x3, 0x903, 0x903, 0xb03];

/** Interpreter, and the flags that entries get. */
const SYSTEMS: Readonly<Record<string, readonly [interpreter: string, flags: readonly number[]]>> =
  {
    'bookworm-i386': ['/lib/ld-linux.so.2', I386_FLAGS],
    'bullseye-armhf': ['/lib/ld-linux-armhf.so.3', ARM_FLAGS],
  };

/** No word, then features and platforms of both meanings, and what is no bit of any. */
const WORDS = [0n, 0n, 0n, 1n << 0n, 1n << 1n, 1n << 26n, 1n << 63n].concat(
  [48n, 49n, 50n, 51n, 40n].map((bit) => 1n << bit),
);
const PATHS = ['/0/liba.so', '/1/liba.so', '/2/liba.so', '/3/liba.so', '/4/liba.so'];

const count = Number(process.env.ELFDEPS_RANDOM_WORLDS ?? 200);
describeRoots(
  'entries of caches by chance on the loaders of roots',
  'ELFDEPS_ROOTS',
  [],
  (names, directory) => {
    it.each(names)('%s', (name) => {
      const root = makeRoot(name, directory, ['libc-bin']);
      const [interpreter, flags] = SYSTEMS[name] as (typeof SYSTEMS)[string];
      const file = resolvePath(directoryRoot(root), interpreter);
      if (!file.found) throw new Error(`${root} has no ${interpreter}`);
      const bytes = new Uint8Array(readFileSync(root + file.path));
      const { class: elfClass, endian, machine, flags: eFlags } = parseElf(bytes).header;
      const elf = { class: elfClass, endian, machine, flags: eFlags };
      // What tells the release where the loader does not: the name of its file.
      const loader: World = { [file.path]: { bytes, mode: 0o755 } };
      const link: World = file.path === interpreter ? {} : { [interpreter]: { link: file.path } };

      const cases = Array.from({ length: count }, (_, seed): World => {
        const random = new Random(seed + 1);
        const entries = PATHS.slice(0, 2 + random.below(4)).map(
          (path): RawCacheEntry => ({
            name: 'liba.so',
            path,
            flags: random.pick(flags),
            hwcap: machine === 3 ? random.pick(WORDS) : 0n,
          }),
        );
        const format = random.pick(['new', 'new', 'old', 'compat'] as const);
        return {
          ...loader,
          ...link,
          ...Object.fromEntries(PATHS.map((path) => [path, { ...elf, soname: 'liba.so' }])),
          '/app/main': { ...program({ ...elf, interpreter, needed: ['liba.so'] }) },
          '/etc/ld.so.cache': { cache: entries, options: { format, endian } },
        };
      });
      const answers = runJobs(cases, (world, at): Job => {
        writeWorld(at, world);
        return {
          root: at,
          cwd: '/',
          env: { LD_TRACE_LOADED_OBJECTS: '1' },
          argv: [interpreter, '/app/main'],
          ...(existsSync(join(root, '.qemu')) ? { emulator: join(root, '.qemu') } : {}),
        };
      });
      const differences = cases.flatMap((world, seed) => {
        const real = glibcRows(answers[seed] as Answer).filter((row) => row !== interpreter);
        const ours = rowsOf(closureOf(world));
        if (JSON.stringify(ours) === JSON.stringify(real)) return [];
        return [{ cache: world['/etc/ld.so.cache'], ours, real }];
      });
      console.log(`${name}: ${count} caches, ${differences.length} differences`);
      expect(differences.slice(0, 3)).toEqual([]);
    });
  },
  (name) => SYSTEMS[name] !== undefined,
);
