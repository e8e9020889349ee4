/**
 * What ldconfig would write into the cache of a root, for one target, without running it.
 * Source: glibc elf/ldconfig.c (search_dirs, search_dir), elf/readlib.c.
 */
import { ET_DYN } from '../../elf/constants.js';
import { sameTarget, type Target } from '../../elf/target.js';
import { compareBytes } from '../../root/glob.js';
import type { ObjectFiles } from '../object-files.js';
import type { CacheEntry } from './cache.js';
import type { GlibcPort } from './ports.js';

const LIBRARY_NAME = /^(lib.*\.so.*|ld-.*\.so.*|ld\.so\..*|ld64\.so\..*)$/;
const PASSED_OVER = /\.dpkg-(new|tmp)$|;|\.#prelink#\.|-gdb\.py$/;

/** Scans the directories in order; a directory under two names counts under the first. */
export function scanLibraries(
  files: ObjectFiles,
  directories: readonly string[],
  target: Target,
  port: GlibcPort,
): CacheEntry[] {
  const seen = new Set<string>();
  const entries: CacheEntry[] = [];
  for (const directory of directories) {
    const found = files.resolve(directory);
    if (!found.found || found.entry.kind !== 'directory' || seen.has(found.entry.id)) continue;
    seen.add(found.entry.id);
    entries.push(...scanDirectory(files, directory, target, port, undefined));
    for (const level of namesIn(files, `${directory}/glibc-hwcaps`))
      if (!level.startsWith('.'))
        entries.push(
          ...scanDirectory(files, `${directory}/glibc-hwcaps/${level}`, target, port, level),
        );
  }
  return entries;
}

function scanDirectory(
  files: ObjectFiles,
  directory: string,
  target: Target,
  port: GlibcPort,
  hwcaps: string | undefined,
): CacheEntry[] {
  const bySoname = new Map<string, CacheEntry>();
  for (const name of namesIn(files, directory)) {
    if (!LIBRARY_NAME.test(name) || PASSED_OVER.test(name)) continue;
    const path = `${directory}/${name}`;
    const file = files.resolve(path);
    if (!file.found || file.entry.kind !== 'file') continue;
    const elf = files.findElf(file);
    if (elf?.dynamic === undefined || elf.header.type !== ET_DYN) continue;
    if (!sameTarget(elf.target, target)) continue;
    const soname = elf.dynamic.soname ?? name;
    // ldconfig makes a link named after the soname; where it is not there yet, the file serves.
    const linked = `${directory}/${soname}`;
    const value = hwcaps === undefined && files.resolve(linked).found ? linked : path;
    if (!bySoname.has(soname) || value === linked)
      bySoname.set(soname, {
        soname,
        path: value,
        flags: port.cacheFlags,
        ...(hwcaps === undefined ? {} : { hwcaps }),
      });
  }
  return [...bySoname.values()];
}

function namesIn(files: ObjectFiles, directory: string): string[] {
  const found = files.resolve(directory);
  if (!found.found || found.entry.kind !== 'directory') return [];
  try {
    return [...files.root.readdir(found.path)].sort(compareBytes);
  } catch {
    return [];
  }
}
