/**
 * What ldconfig would write into the cache of a root, for one target, without running it.
 * Source: glibc elf/ldconfig.c (search_dirs, search_dir), elf/readlib.c.
 */
import { ET_DYN } from '../../elf/constants.js';
import { sameTarget, type Target } from '../../elf/target.js';
import type { RootFiles } from '../../files/root-files.js';
import { entryAt, namesIn } from '../../root/list-directory.js';
import { type CacheEntry, compareNames } from './cache.js';
import type { GlibcPort } from './ports.js';

const LIBRARY_NAME = /^(lib.*\.so.*|ld-.*\.so.*|ld\.so\..*|ld64\.so\..*)$/;
/** skip_dso_based_on_name; the files of package managers are passed over from 2.39 on. */
const PRELINK_FILE = /\.#prelink#(?:\..{6})?$/;
const PACKAGE_FILE = /\.dpkg-(?:new|tmp)$|;/;

/** Scans the directories in order; a directory under two names counts under the first. */
export function scanLibraries(
  files: RootFiles,
  directories: readonly string[],
  target: Target,
  port: GlibcPort,
  minor: number,
): CacheEntry[] {
  const scan = { files, target, port, minor };
  const seen = new Set<string>();
  const entries: CacheEntry[] = [];
  for (const directory of directories) {
    const found = files.resolve(directory);
    if (!found.found || found.entry.kind !== 'directory' || seen.has(found.entry.id)) continue;
    seen.add(found.entry.id);
    for (const entry of scanDirectory(scan, directory, undefined)) entries.push(entry);
    for (const level of namesIn(files.root, `${directory}/glibc-hwcaps`))
      if (!level.startsWith('.'))
        for (const entry of scanDirectory(scan, `${directory}/glibc-hwcaps/${level}`, level))
          entries.push(entry);
  }
  return entries;
}

interface Scan {
  readonly files: RootFiles;
  readonly target: Target;
  readonly port: GlibcPort;
  /** ldconfig is release 2.minor. */
  readonly minor: number;
}

/** The file that stands for a soname in its directory. */
interface Choice {
  readonly name: string;
  readonly isLink: boolean;
}

/** Of the files of one soname the newest by name counts, and a file before a link. */
function scanDirectory(scan: Scan, directory: string, hwcaps: string | undefined): CacheEntry[] {
  const { files, port } = scan;
  const chosen = new Map<string, Choice>();
  for (const name of namesIn(files.root, directory)) {
    const isLink = isSymlink(files, directory, name);
    // Below glibc-hwcaps a link may be called as it likes, a file may not.
    if (!LIBRARY_NAME.test(name) && (hwcaps === undefined || !isLink)) continue;
    const ownSoname = sonameOf(scan, directory, name);
    if (ownSoname === undefined) continue;
    // A link that a linker wants (`libx.so`) is listed by its own name; one that is called neither
    // so nor as the soname counts as a file.
    const isForLinker = isLink && name.endsWith('.so') && ownSoname.startsWith(name);
    const soname = isForLinker ? name : ownSoname;
    const choice = { name, isLink: isForLinker || (isLink && name === soname) };
    const other = chosen.get(soname);
    if (other === undefined || isBetter(choice, other)) chosen.set(soname, choice);
  }
  return [...chosen].map(([soname, { name }]) => {
    // ldconfig makes a link named after the soname; where it is not there yet, the file serves.
    const linked = `${directory}/${soname}`;
    const isLinked = hwcaps === undefined && files.resolve(linked).found;
    return {
      soname,
      path: isLinked ? linked : `${directory}/${name}`,
      flags: port.cacheFlags,
      ...(hwcaps === undefined ? {} : { hwcaps }),
    };
  });
}

/** The soname of a library for the target, its file name where it has none; undefined otherwise. */
function sonameOf(
  { files, target, minor }: Scan,
  directory: string,
  name: string,
): string | undefined {
  if (PRELINK_FILE.test(name)) return undefined;
  if (minor >= 39 && PACKAGE_FILE.test(name)) return undefined;
  const file = files.resolve(`${directory}/${name}`);
  if (!file.found || file.entry.kind !== 'file') return undefined;
  const elf = files.findElf(file);
  if (elf?.dynamic === undefined || elf.header.type !== ET_DYN) return undefined;
  return sameTarget(elf.target, target) ? (elf.dynamic.soname ?? name) : undefined;
}

function isSymlink(files: RootFiles, directory: string, name: string): boolean {
  const parent = files.resolve(directory);
  const prefix = parent.found && parent.path !== '/' ? parent.path : '';
  return entryAt(files.root, `${prefix}/${name}`)?.kind === 'symlink';
}

function isBetter(choice: Choice, other: Choice): boolean {
  if (choice.isLink !== other.isLink) return other.isLink;
  const encoder = new TextEncoder();
  return compareNames(encoder.encode(other.name), encoder.encode(`${choice.name}\0`), 0) < 0;
}
