/**
 * What a glibc loader was built with, read from its own file: the system directories, `$LIB`, the
 * paths of its cache and preload files, and its version. Distributions change all of them, so the
 * bytes of the root's own ld.so are better than any table.
 * Source: glibc elf/dl-load.c (system_dirs), elf/dl-cache.c, elf/rtld.c; each is a NUL-terminated
 * string of the read-only data.
 */
import { latin1Text } from '../../files/embedded-strings.js';

export interface BuiltIns {
  /** Each without a trailing slash, in search order; empty when none were found. */
  readonly systemDirectories: readonly string[];
  readonly lib?: string;
  readonly cachePath?: string;
  readonly preloadPath?: string;
  /** The N of 2.N, from 2.33 on, where the loader names its release. */
  readonly minor?: number;
  /** Whether it looks into glibc-hwcaps directories: since 2.33, and in backports to 2.28. */
  readonly knowsHwcaps: boolean;
}

const SYSTEM_DIRECTORIES = /\0((?:\/(?:[\x21-\x7e]+\/)?\0)+)/g;
const LIB = /\0(lib(?:x?\d\d)?(?:\/[\w.]+-[\w-]+)?)\0/;
const CACHE = /\0(\/[\x21-\x7e]*\/ld\.so\.cache)\0/;
const PRELOAD = /\0(\/[\x21-\x7e]*\.preload)\0/;
const RELEASE = /release version 2\.(\d+)/;

/** Scans the bytes of a loader (about 200 kB). Every field may be absent in a foreign file. */
export function parseBuiltIns(bytes: Uint8Array): BuiltIns {
  const text = latin1Text(bytes);
  const runs = [...text.matchAll(SYSTEM_DIRECTORIES)]
    .map((match) => (match[1] as string).split('\0').filter((part) => part !== ''))
    .filter((run) => run.some((directory) => directory.includes('lib')));
  const longest = runs.reduce<string[]>((best, run) => (run.length > best.length ? run : best), []);
  const lib = LIB.exec(text)?.[1];
  const cachePath = CACHE.exec(text)?.[1];
  const preloadPath = PRELOAD.exec(text)?.[1];
  const minor = RELEASE.exec(text)?.[1];
  return {
    systemDirectories: longest.map((directory) => directory.replace(/(?<=.)\/$/, '')),
    lib,
    cachePath,
    preloadPath,
    minor: minor === undefined ? undefined : Number(minor),
    knowsHwcaps: text.includes('glibc-hwcaps'),
  };
}

/** Whether the banner of a libc.so.6 has the name of Debian, or of Ubuntu, which has its patches. */
export function isDebianLibc(bytes: Uint8Array): boolean {
  return /C Library \((?:Debian|Ubuntu) /.test(latin1Text(bytes));
}

/** The N of 2.N from the banner of a libc.so.6, which every release has. */
export function parseLibcRelease(bytes: Uint8Array): number | undefined {
  const minor = RELEASE.exec(latin1Text(bytes))?.[1];
  return minor === undefined ? undefined : Number(minor);
}
