/**
 * What ldconfig would write into the cache of a root, for one target, without running it.
 * Source: glibc elf/ldconfig.c (search_dirs, search_dir), elf/readlib.c.
 */
import { EM_ARM, ET_DYN } from '../../elf/constants.js';
import type { DynamicFile } from '../../elf/dynamic-table.js';
import { compatibleTargets, type Target } from '../../elf/target.js';
import type { RootFiles } from '../../files/root-files.js';
import { entryAt, namesIn } from '../../root/list-directory.js';
import type { CacheEntry } from './cache.js';
import { compareNames } from './cache-order.js';
import { FLAGS_ELF, FLAGS_LIBC6, type GlibcPort, ownFlags } from './ports.js';

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
  readonly flags: number;
}

/** Of the files of one soname the newest by name counts, and a file before a link. */
function scanDirectory(scan: Scan, directory: string, hwcaps: string | undefined): CacheEntry[] {
  const { files } = scan;
  const chosen = new Map<string, Choice>();
  for (const name of namesIn(files.root, directory)) {
    const isLink = isSymlink(files, directory, name);
    // Below glibc-hwcaps a link may be called as it likes, a file may not.
    if (!LIBRARY_NAME.test(name) && (hwcaps === undefined || !isLink)) continue;
    const elf = libraryAt(scan, directory, name);
    if (elf === undefined) continue;
    const { soname, choice } = choiceOf(scan, elf, name, isLink);
    const other = chosen.get(soname);
    if (other === undefined || isBetter(choice, other)) chosen.set(soname, choice);
  }
  return [...chosen].map(([soname, { name, flags }]) => {
    // ldconfig makes a link named after the soname; where it is not there yet, the file serves.
    const linked = `${directory}/${soname}`;
    const isLinked = hwcaps === undefined && files.resolve(linked).found;
    return {
      soname,
      path: isLinked ? linked : `${directory}/${name}`,
      flags,
      hwcaps,
    };
  });
}

/**
 * The soname that a library is listed by. A link that a linker wants (`libx.so`) is listed by its own
 * name; one that is called neither so nor as the soname counts as a file.
 */
function choiceOf(
  scan: Scan,
  elf: DynamicFile,
  name: string,
  isLink: boolean,
): { readonly soname: string; readonly choice: Choice } {
  const ownSoname = elf.dynamic.soname ?? name;
  const isForLinker = isLink && name.endsWith('.so') && ownSoname.startsWith(name);
  const soname = isForLinker ? name : ownSoname;
  const flags = flagsOf(scan, elf);
  return { soname, choice: { name, flags, isLink: isForLinker || (isLink && name === soname) } };
}

/** A library for the target; undefined for any other file. */
function libraryAt(
  { files, target, minor }: Scan,
  directory: string,
  name: string,
): DynamicFile | undefined {
  if (PRELINK_FILE.test(name)) return undefined;
  if (minor >= 39 && PACKAGE_FILE.test(name)) return undefined;
  const file = files.resolve(`${directory}/${name}`);
  if (!file.found || file.entry.kind !== 'file') return undefined;
  const elf = files.findElf(file);
  if (elf?.dynamic === undefined || elf.header.type !== ET_DYN) return undefined;
  return compatibleTargets(elf.target, target) ? (elf as DynamicFile) : undefined;
}

const LIBC6 = /^lib[cm]\.so\.6(?:\.1)?$/;

/**
 * What ldconfig writes for a library. Up to 2.36 one that needs neither libc nor libm, and names no
 * interpreter, is of no known libc where the port has no flags of its own; on ARM one that does not
 * say how it passes floats has those of any. Source: glibc elf/readelflib.c (process_elf_file) and
 * sysdeps/unix/sysv/linux/arm/readelflib.c.
 */
function flagsOf({ port, minor }: Scan, elf: DynamicFile): number {
  if (elf.header.machine === EM_ARM && minor >= 18)
    return elf.target.abi === null ? FLAGS_LIBC6 : port.cacheFlags;
  if (ownFlags(port) !== FLAGS_LIBC6) return port.cacheFlags;
  const { needed, soname = '' } = elf.dynamic;
  const isOfLibc = elf.interpreter !== undefined || [...needed, soname].some((n) => LIBC6.test(n));
  return isOfLibc || minor >= 37 ? FLAGS_LIBC6 : FLAGS_ELF;
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
