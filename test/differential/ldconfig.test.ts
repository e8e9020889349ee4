/**
 * What ldconfig would write, against what the machine's own ldconfig writes into roots made by
 * chance: the same entries in the same order. Skipped without ldconfig, the root user or x86-64.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { describe, expect, it } from 'vitest';
import { EM_AARCH64, ET_EXEC } from '../../src/elf/constants.js';
import { RootFiles } from '../../src/files/root-files.js';
import { LdCache } from '../../src/loader/glibc/cache.js';
import { writeLdCache } from '../../src/loader/glibc/cache-writer.js';
import { readLdSoConf } from '../../src/loader/glibc/ld-so-conf.js';
import { scanLibraries } from '../../src/loader/glibc/ldconfig.js';
import { findPort, type GlibcPort } from '../../src/loader/glibc/ports.js';
import { directoryRoot } from '../../src/root/directory-root.js';
import { writeWorld } from '../support/disk-world.js';
import { Random } from '../support/random.js';
import type { World, WorldNode } from '../support/world.js';

const ldconfig = process.env.ELFDEPS_LDCONFIG ?? 'ldconfig';
const version = spawnSync(ldconfig, ['-V'], { encoding: 'utf8' }).stdout ?? '';
const minor = Number(/ 2\.(\d+)/.exec(version)?.[1]);
const isUsable =
  process.platform === 'linux' &&
  process.arch === 'x64' &&
  process.getuid?.() === 0 &&
  /debian/i.test(version) &&
  Number.isInteger(minor);
const count = Number(process.env.ELFDEPS_RANDOM_WORLDS ?? 60);
const first = Number(process.env.ELFDEPS_SEED ?? 1);

const target = { machine: 'x86-64', class: 64, endian: 'little', abi: null } as const;
const SYSTEM = ['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/lib', '/usr/lib'];
const NAMES = [
  'liba.so',
  'liba.so.1',
  'liba.so.1.2',
  'liba.so.10',
  'libb-2.0.so',
  'libb.so.2',
  'ld-x.so.1',
  'ld.so.1',
  'notlib.so',
  'libc.a',
  'lib with blank.so',
  'liba.so.1.dpkg-new',
  'libz;x.so',
  '.libh.so',
];
const LEVELS = ['x86-64-v2', 'x86-64-v3', 'other', '.hidden'];

function randomWorld(random: Random): World {
  const directories = ['/opt', '/opt/sub', ...SYSTEM];
  const world: Record<string, WorldNode> = {
    '/etc/ld.so.conf': random.some([...directories, '/none', '/link', '/opt/'], 4).join('\n'),
    '/link': { link: random.pick(['opt', '/usr/lib', 'none']) },
  };
  const all = [
    ...directories,
    ...directories.map((directory) => `${directory}/glibc-hwcaps/${random.pick(LEVELS)}`),
  ];
  for (const directory of all)
    for (const name of NAMES)
      if (random.chance(directory.includes('hwcaps') ? 0.1 : 0.35))
        world[`${directory}/${name}`] = file(random, directory, world);
  return world;
}

function file(random: Random, directory: string, world: World): WorldNode {
  const others = Object.keys(world).filter((path) => path.startsWith(`${directory}/`));
  if (random.chance(0.3) && others.length > 0)
    return { link: random.pick(others).slice(directory.length + 1) };
  if (random.chance(0.1))
    return random.pick<WorldNode>([
      'text',
      '',
      // One soname for two targets in one directory is an error to ldconfig, not a rule.
      { class: 32, soname: 'lib32.so' },
      { machine: EM_AARCH64, soname: 'libarm.so' },
      { type: ET_EXEC },
      { directory: true },
      { link: '/none' },
      { dynamic: false },
    ]);
  return random.chance(0.5) ? { soname: random.pick(['liba.so.1', 'libb.so.2', null]) } : {};
}

/**
 * The entries for x86-64 in their order. Of a plain entry only the directory: the name in it is that
 * of a link, which ldconfig was told not to make.
 */
function listed(bytes: Uint8Array): string[] {
  const entries = [...(LdCache.parse(bytes, 'little')?.entries() ?? [])];
  return entries
    .filter(({ flags }) => flags === 0x303)
    .map(({ soname, path, hwcaps }) =>
      hwcaps === undefined
        ? `${soname} in ${path.slice(0, path.lastIndexOf('/'))}`
        : `${soname} => ${path} (${hwcaps})`,
    );
}

function ours(root: string): string[] {
  const files = new RootFiles(directoryRoot(root));
  const directories = [...readLdSoConf(files, '/etc/ld.so.conf', minor), ...SYSTEM];
  const entries = scanLibraries(files, directories, target, findPort(target) as GlibcPort, minor);
  files.root.close?.();
  return listed(writeLdCache(entries, 'little'));
}

describe('ldconfig', () => {
  it.skipIf(!isUsable && process.env.ELFDEPS_REQUIRE_ALL !== '1')(
    `${count} roots by chance`,
    () => {
      const base = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-ldconfig-'));
      const differences: object[] = [];
      try {
        for (let seed = first; seed < first + count; seed++) {
          const root = nodePath.join(base, String(seed));
          writeWorld(root, randomWorld(new Random(seed)));
          const run = spawnSync(ldconfig, ['-i', '-X', '-r', root], { encoding: 'utf8' });
          const cache = `${root}/etc/ld.so.cache`;
          const real = fs.existsSync(cache) ? listed(fs.readFileSync(cache)) : [run.stderr];
          const own = ours(root);
          if (JSON.stringify(own) !== JSON.stringify(real))
            differences.push({ seed, ours: own, real });
        }
      } finally {
        fs.rmSync(base, { recursive: true, force: true });
      }
      console.log(`${count} roots, ${differences.length} differences (ldconfig 2.${minor})`);
      expect(differences).toEqual([]);
    },
  );
});
