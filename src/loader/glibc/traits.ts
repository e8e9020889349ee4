/**
 * What glibc's loader does after a search, and its messages.
 * Source: glibc elf/dl-lookup.c, elf/dl-version.c, elf/rtld.c (do_preload, load_audit_module), elf/dl-load.c,
 * elf/ldconfig.c (create_links), sysdeps/x86/dl-prop.h and cpu-features.c, elf/dl-reloc.c.
 */

import type { LoaderTraits, SymbolMiss, VersionWords } from '../traits.js';
import { cpuLevels } from './cpu.js';
import { textOf } from './refusal-words.js';

const versionCheck: VersionWords = {
  missing: ({ program, provider, version, object }) =>
    `${program}: ${provider}: version \`${version}' not found (required by ${object})`,
  weak: ({ program, provider, version, object }) =>
    `${program}: ${provider}: weak version \`${version}' not found (required by ${object})`,
  'no-information': ({ program, provider, object }) =>
    `${program}: ${provider}: no version information available (required by ${object})`,
  // The loader also prints the line of its source, which differs from release to release.
  'unknown-file': () =>
    "Inconsistency detected by ld.so: dl-version.c: _dl_check_map_versions: Assertion `needed != NULL' failed!",
};

/**
 * Up to 2.29 a look-up ends at the file that a version is asked of (elf/dl-lookup.c, do_lookup_x;
 * _dl_lookup_symbol_x has the message, whose comma came and went). 2.30 has neither (commit
 * f0b2132b35), nor have distributions that took that change; undefined for them.
 */
function endOfLookUp(match: (pattern: RegExp) => RegExpExecArray | undefined): string | undefined {
  if (match(/ with link time reference/) === undefined) return undefined;
  return match(/symbol %s version %s not defined/) === undefined ? ', version ' : ' version ';
}

function symbolNotFound(miss: SymbolMiss): string {
  const { program, object, name, version, file, endedBy, isOpened } = miss;
  const isEnded = endedBy !== undefined;
  const fact = isEnded
    ? `symbol ${name}${endedBy}${version} not defined in file ${file} with link time reference`
    : `undefined symbol: ${name}${version === undefined ? '' : `, version ${version}`}`;
  if (isOpened) return `${object}: ${fact}`;
  return `${program}: ${isEnded ? 'relocation' : 'symbol lookup'} error: ${object}: ${fact}`;
}

/** Libraries of glibc itself. They share private symbols with the loader of the same build. */
const OWN =
  /^(?:lib(?:c|m|mvec|pthread|dl|rt|util|anl|resolv|nsl|nss_\w+|BrokenLocale|thread_db|c_malloc_debug)\.so\.\d[\d.]*|ld[-\d].*\.so\.\d+)$/;

export const glibcTraits: LoaderTraits = {
  libc: /^libc\.so\.6/,
  isOwn: (name) => OWN.test(name),
  matchesVersions: true,
  comparesSonames: true,
  cpuLevels,
  versionCheck,
  bindsLazily: true,
  relocatesInLoadOrder: false,
  // DT_RELR since 2.36 (elf/get-dynamic-info.h, commit e895cff59a); its check of versions names it.
  abilities: (match) => ({
    packsRelocations: match(/GLIBC_ABI_DT_RELR/) !== undefined,
    endsAtVersionFile: endOfLookUp(match),
  }),
  relocatesProgramCode: true,
  relocatesIncomplete: false,
  words: {
    libraryNotFound: ({ program, name, error }) =>
      `${program}: error while loading shared libraries: ${name}: ${error}`,
    openFails: ({ name, error }) => `${name}: ${error}`,
    symbolNotFound,
    givesUp: (program, error) => `${program}: error while loading shared libraries: ${error}`,
    // do_preload prints neither the file that is at fault nor the text of an errno.
    preloadIgnored: ({ name, source, refusal }) =>
      `ERROR: ld.so: object '${name}' from ${source} cannot be preloaded (${textOf(refusal)}): ignored.`,
    auditIgnored: (name, why) =>
      `ERROR: ld.so: object '${name}' cannot be loaded as audit interface: ${'fact' in why ? why.fact : textOf(why)}; ignored.`,
    // check_match; the line of the source is left out here too.
    versionsLost:
      "Inconsistency detected by ld.so: dl-lookup.c: check_match: Assertion `version->filename == NULL || ! _dl_name_match_p (version->filename, map)' failed!",
    stackRefused: (name) =>
      `${name}: cannot enable executable stack as shared object requires: Invalid argument`,
    cpuRefused: (path) => `${path}: CPU ISA level is lower than required`,
    cpuTooOld: (level) => `Fatal glibc error: CPU does not support x86-64-v${level}`,
    notALink: (path) => `/sbin/ldconfig: ${path} is not a symbolic link`,
  },
  listsByLoading: false,
  lddWithOriginOfLink: 'ldd before glibc 2.42',
  searchAlways: (directory) => `put ${directory} into /etc/ld.so.conf and run ldconfig in the root`,
  banners: {
    inLoader: /ld\.so \(([^)\n]{0,255})\) \w+ release version (2\.\d+)/,
    inLibc: /GNU C Library \(([^)\n]{0,255})\) \w+ release version (2\.\d+)/,
    // Up to 2.33 the loader's file had its release in its name.
    inLoaderPath: /\/ld-(2\.\d+)(?:\.\d+)*\.so$/,
  },
  versionFamily: 'GLIBC',
  // rtld.optional_static_tls
  spareStaticTls: 512,
  libcParts: new Set(['name-services', 'locales', 'character-sets', 'unwinder']),
  layer: 'gcompat',
};
