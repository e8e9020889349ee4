/**
 * The configuration of a glibc loader in a root: what its own file says it was built with, the
 * cache, the preload file, and the CPU that is assumed. Read once for all programs of a target.
 */

import type { ElfFile } from '../../elf/elf-file.js';
import type { RootFiles } from '../../files/root-files.js';
import { directoryRoot } from '../../root/directory-root.js';
import { baseName } from '../../root/path-text.js';
import type { RealPath } from '../../root/root.js';
import type { Diagnostic } from '../diagnostic.js';
import { readHostCpu } from '../host-cpu.js';
import type { Attempt, LoaderContext, SearchRule } from '../loader.js';
import { type BuiltIns, isDebianLibc, parseBuiltIns, parseLibcRelease } from './built-ins.js';
import { cacheReader, LdCache } from './cache.js';
import { writeLdCache } from './cache-writer.js';
import type { FoundFile } from './candidate-search.js';
import { type CpuProfile, cpuProfile, subdirectories, withOldFeatures } from './cpu.js';
import { readLdSoConf } from './ld-so-conf.js';
import { scanLibraries } from './ldconfig.js';
import type { GlibcPort } from './ports.js';
import { parsePreloadFile } from './preload-file.js';

export interface GlibcConfig {
  /** The loader is release 2.minor. */
  readonly minor: number;
  readonly cpu: CpuProfile;
  /** What `$LIB` stands for. */
  readonly lib: string;
  /** The loader has Debian's patches, as those have that search more than two directories. */
  readonly multiarch: boolean;
  /** Tried in every directory before the directory itself; each ends with a slash. */
  readonly subdirectories: readonly string[];
  readonly systemList: { readonly rule: SearchRule; readonly directories: readonly string[] };
  /** Files that were found fit for processes of the target, by real path. */
  readonly accepted: Map<RealPath, ElfFile>;
  /** Files that the cache and the system directories have for a name, and the paths that were tried. */
  readonly found: Map<string, { readonly hit: FoundFile; readonly tried: readonly Attempt[] }>;
  readonly cachePath: string;
  readonly preloadPath: string;
  readonly preloadFile: readonly string[];
  readonly vdso?: string;
  /** The base name of an interpreter that is not there: its soname, needed by every libc. */
  readonly missingInterpreter?: string;
  /** Files of the root that decide about the search beside the libraries. */
  readonly files: readonly string[];
  lookupCache(name: string): string | undefined;
  diagnose(missing: readonly string[]): readonly Diagnostic[];
}

/** What the oldest supported release of the newest distributions is, where nothing tells. */
const DEFAULT_MINOR = 36;

export function readGlibcConfig(context: LoaderContext, port: GlibcPort): GlibcConfig {
  const { files, target, interpreter, options } = context;
  const loaderFile = interpreter.object;
  const bytes = loaderFile === undefined ? undefined : files.readBytes(loaderFile.realPath);
  const builtIns = builtInsOf(bytes);
  const directories =
    builtIns.systemDirectories.length > 0
      ? builtIns.systemDirectories
      : usualDirectories(files, port);
  const minor =
    builtIns.minor ?? releaseInName(loaderFile?.realPath) ?? releaseOfLibc(files, directories);
  const host = options.hwcaps === 'host' ? readHostCpu(directoryRoot('/')) : undefined;
  const cpu = withOldFeatures(cpuProfile(target, port, options.hwcaps, host), target, minor, () =>
    isDebian(files, directories),
  );

  const cachePath = builtIns.cachePath ?? '/etc/ld.so.cache';
  const preloadPath = builtIns.preloadPath ?? '/etc/ld.so.preload';
  const cacheBytes = files.readBytes(cachePath);
  const ownCache = cacheBytes && LdCache.parse(cacheBytes, target.endian);
  const preloadText = files.readText(preloadPath);
  const knowsHwcaps = builtIns.knowsHwcaps || minor >= 33;
  const reader = cacheReader(target, { port, cpu, minor, knowsHwcaps });
  const missingInterpreter = loaderFile === undefined ? baseName(interpreter.path) : undefined;
  const lookedUp = new Map<string, string | undefined>();

  let simulated: LdCache | undefined;
  const asAfterLdconfig = () => {
    simulated ??= simulateLdconfig(files, context, port, minor, directories);
    return simulated;
  };

  return {
    minor,
    cpu,
    lib: builtIns.lib ?? baseName(directories[0] ?? 'lib'),
    multiarch: directories.length > 2,
    subdirectories: subdirectories(cpu, minor, knowsHwcaps),
    systemList: {
      rule: 'default',
      directories: directories.map((directory) => (directory === '/' ? '/' : `${directory}/`)),
    },
    accepted: new Map(),
    found: new Map(),
    cachePath,
    preloadPath,
    preloadFile: preloadText === undefined ? [] : parsePreloadFile(preloadText),
    vdso: port.vdso,
    missingInterpreter,
    files: [
      ...(ownCache === undefined ? [] : [cachePath]),
      ...(preloadText === undefined ? [] : [preloadPath]),
    ],
    lookupCache(name) {
      let path = lookedUp.get(name);
      if (path === undefined && !lookedUp.has(name)) {
        path = (options.ldconfig ? asAfterLdconfig() : ownCache)?.lookup(name, reader);
        lookedUp.set(name, path);
      }
      return path;
    },
    diagnose(missing) {
      if (options.ldconfig) return [];
      const code = ownCache === undefined ? 'CACHE_MISSING' : 'CACHE_STALE';
      const usable = ownCache === undefined ? 'damaged' : 'not in';
      const state = cacheBytes === undefined ? 'there is no' : usable;
      return missing.flatMap((name): Diagnostic[] => {
        const isSearched = !name.includes('/') && name !== missingInterpreter;
        const path = isSearched ? asAfterLdconfig()?.lookup(name, reader) : undefined;
        if (path === undefined) return [];
        const message = `${name}: ${state} ${cachePath}, but ldconfig would find ${path}`;
        return [{ code, name, path, message, hint: LDCONFIG_HINT }];
      });
    },
  };
}

const LDCONFIG_HINT =
  'run ldconfig in the root, or use --ldconfig to see the answer after such a run';

/** What the loader's own file tells; nothing where the root lacks the file. */
function builtInsOf(bytes: Uint8Array | undefined): BuiltIns {
  return bytes === undefined ? { systemDirectories: [], knowsHwcaps: false } : parseBuiltIns(bytes);
}

/** Upstream's directories, with Debian's triplet directories where the root has them. */
function usualDirectories(files: RootFiles, port: GlibcPort): readonly string[] {
  const multiarch = [`/lib/${port.triplet}`, `/usr/lib/${port.triplet}`];
  return multiarch.some((directory) => files.resolve(directory).found)
    ? [...multiarch, '/lib', '/usr/lib']
    : port.systemDirectories;
}

/** Up to 2.33 the loader's file was called after its release. */
function releaseInName(path: string | undefined): number | undefined {
  const minor = /\/ld-2\.(\d+)(?:\.\d+)*\.so$/.exec(path ?? '')?.[1];
  return minor === undefined ? undefined : Number(minor);
}

function releaseOfLibc(files: RootFiles, directories: readonly string[]): number {
  for (const directory of directories) {
    const bytes = files.readBytes(`${directory}/libc.so.6`);
    const minor = bytes && parseLibcRelease(bytes);
    if (minor !== undefined) return minor;
  }
  return DEFAULT_MINOR;
}

/** Debian's loaders search more directories, and its libc says whose it is. */
function isDebian(files: RootFiles, directories: readonly string[]): boolean {
  if (directories.length > 2) return true;
  return directories.some((directory) => {
    const bytes = files.readBytes(`${directory}/libc.so.6`);
    return bytes !== undefined && isDebianLibc(bytes);
  });
}

function simulateLdconfig(
  files: RootFiles,
  { target }: LoaderContext,
  port: GlibcPort,
  minor: number,
  systemDirectories: readonly string[],
): LdCache | undefined {
  const configured = readLdSoConf(files, '/etc/ld.so.conf', minor);
  const directories = [...configured, ...systemDirectories];
  const entries = scanLibraries(files, directories, target, port, minor);
  return LdCache.parse(writeLdCache(entries, target.endian), target.endian);
}
