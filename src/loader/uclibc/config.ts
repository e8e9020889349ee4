/**
 * What a uClibc loader was built with, read from the strings of its own file, and the cache and
 * preload file that it has support for. Where there is no such file: uClibc-ng's usual options.
 * Source: uClibc ldso/ldso/dl-elf.c, ldso/include/ld-defs.h, extra/Configs/Config.in (LDSO_*).
 */

import { embeddedStrings, searchPathsIn } from '../../files/embedded-strings.js';
import { baseName } from '../../root/path-text.js';
import type { LoaderContext } from '../loader.js';
import { preloadNames } from '../preload-list.js';
import { parseUclibcCache, type UclibcCache } from './cache.js';

export interface UclibcConfig {
  /**
   * uClibc-ng: knows `$ORIGIN`, searches a multilib path, and with LDSO_SAFE_RUNPATH (its default,
   * which leaves no trace in the file) looks into no relative directory.
   */
  readonly modern: boolean;
  /** The base name by which libraries need the loader itself. */
  readonly ownName: string;
  /**
   * The directory of PT_INTERP, empty when it names none; absent for a loader that does not search it
   * (built without LDSO_SEARCH_INTERP_PATH).
   */
  readonly ownDirectory?: string;
  /** Searched before {@link ownDirectory}; MULTILIB_DIR is usually lib, so the standard path. */
  readonly multilibPath?: string;
  readonly standardPath: string;
  readonly cache?: UclibcCache;
  /** The path of the cache, whether or not there is one. */
  readonly caches: readonly string[];
  readonly preloadPath: string;
  readonly preloadFile: readonly string[];
  readonly files: readonly string[];
}

const USUAL = ['$ORIGIN', '/etc/ld.so.cache', '/lib:/usr/lib'];

export function readUclibcConfig({ files, interpreter, target }: LoaderContext): UclibcConfig {
  const { object } = interpreter;
  const bytes = object === undefined ? undefined : files.readBytes(object.realPath);
  const strings = bytes === undefined ? USUAL : embeddedStrings(bytes);
  const paths = searchPathsIn(strings);
  const modern = strings.includes('$ORIGIN');
  const standardPath = paths.find((path) => /\/lib:/.test(path)) ?? '/lib:/usr/lib';
  const multilibPath =
    paths.find((path) => !/\/lib:/.test(path)) ?? (modern ? standardPath : undefined);

  const cachePath = strings.find((text) => /^\/[^%]*\.cache$/.test(text));
  const cacheBytes = cachePath === undefined ? undefined : files.readBytes(cachePath);
  const cache = cacheBytes && parseUclibcCache(cacheBytes, target.endian);
  const preloadPath = strings.find((text) => /^\/[^%]*\.preload$/.test(text));
  const preloadText = preloadPath === undefined ? undefined : files.readText(preloadPath);
  return {
    modern,
    ownName: object?.elf.dynamic?.soname ?? baseName(interpreter.path),
    ownDirectory: searchesOwnDirectory(strings) ? directoryNameOf(interpreter.path) : undefined,
    multilibPath,
    standardPath,
    cache,
    caches: cachePath === undefined ? [] : [cachePath],
    preloadPath: preloadPath ?? '',
    preloadFile: parsePreloadFile(preloadText ?? ''),
    files: [
      ...(cache === undefined ? [] : [cachePath as string]),
      ...(preloadText === undefined ? [] : [preloadPath as string]),
    ],
  };
}

function directoryNameOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

/**
 * ldso/include/ldso.h declares both variables alike, the second one only with
 * LDSO_SEARCH_INTERP_PATH. A loader that hides its names tells nothing; the option is usual.
 */
function searchesOwnDirectory(strings: readonly string[]): boolean {
  return !strings.includes('_dl_library_path') || strings.includes('_dl_ldsopath');
}

/** ldso.c: a comment runs from any `#` to the end of its line. */
function parsePreloadFile(text: string): string[] {
  return preloadNames(text.replaceAll(/#[^\n]*/g, ' '), /[ :\t\n]/);
}
