/**
 * This machine as the differential tests see it: its loaders, as its own ldd knows them, and the
 * ELF files that its packages and users installed.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { parseElf } from '../../src/elf/elf-file.js';
import { sameTarget, type Target } from '../../src/elf/target.js';
import { findCommand } from '../support/requirement.js';

/** A loader that this machine's kernel can start. */
export interface MachineLoader {
  readonly path: string;
  readonly target: Target;
}

/**
 * The loaders that this machine's ldd uses: its RTLDLIST where it is glibc's script, else the
 * interpreter of the program that runs this test. Empty on other systems than Linux.
 */
export function machineLoaders(): readonly MachineLoader[] {
  const ldd = findCommand('ldd');
  if (process.platform !== 'linux' || ldd === undefined) return [];
  const list = /^RTLDLIST="?([^"\n]*)/m.exec(readFileSync(ldd, 'latin1'))?.[1];
  const own = parseElf(readFileSync(process.execPath)).interpreter;
  const paths = list?.split(/\s+/) ?? (own === undefined ? [] : [own]);
  return paths.flatMap((path) => {
    const { error } = spawnSync(path, ['--version']);
    return error === undefined ? [{ path, target: parseElf(readFileSync(path)).target }] : [];
  });
}

/** The loader of `loaders` for a file of this target. */
export function loaderFor(
  loaders: readonly MachineLoader[],
  target: Target,
): MachineLoader | undefined {
  return loaders.find((loader) => sameTarget(loader.target, target));
}

/**
 * Every readable regular file below `directories` that starts as ELF files start, sorted; links are
 * not followed, so that each file comes once and by its real path. Not kernel modules, object files
 * and detached debug information, which no loader loads.
 */
export function findMachineElfFiles(directories: readonly string[]): string[] {
  const found: string[] = [];
  const visit = (directory: string) => {
    for (const entry of list(directory)) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) {
        if (path !== '/usr/lib/debug') visit(path);
      } else if (entry.isFile() && !/\.(?:k?o|debug)$/.test(entry.name) && isElf(path))
        found.push(path);
    }
  };
  for (const directory of directories) if (isDirectory(directory)) visit(directory);
  return found.sort();
}

function list(directory: string) {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Not for links: /bin is /usr/bin on most systems. */
function isDirectory(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isElf(path: string): boolean {
  const magic = Buffer.alloc(4);
  try {
    const file = openSync(path, 'r');
    try {
      readSync(file, magic, 0, 4, 0);
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
  return magic.toString('latin1') === '\x7fELF';
}
