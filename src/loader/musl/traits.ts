/**
 * What musl's loader does after a search, and its messages.
 * Source: musl ldso/dynlink.c (load_deps, do_relocs, reloc_all, get_lfs64).
 */
import * as c from '../../elf/constants.js';
import type { LoaderTraits } from '../traits.js';
import { legacyNames } from './legacy-names.js';

/** do_relocs: what arch/ARCH/reloc.h has a name for, by machine; and 0, which means none. */
const RELOCATION_TYPES: LoaderTraits['relocationTypes'] = {
  [c.EM_X86_64]: new Set([0, 1, 2, 5, 6, 7, 8, 16, 17, 18, 36]),
  [c.EM_386]: new Set([0, 1, 2, 5, 6, 7, 8, 14, 35, 36, 37, 41]),
  [c.EM_ARM]: new Set([0, 2, 3, 13, 17, 18, 19, 20, 21, 22, 23]),
  [c.EM_AARCH64]: new Set([0, 257, 1024, 1025, 1026, 1027, 1028, 1029, 1030, 1031]),
};

/** DT_RELR since 1.2.4 (do_relr_relocs); its file has the release as a text of its own. */
function knowsRelr(release: RegExpExecArray | undefined): boolean | undefined {
  if (release === undefined) return undefined;
  const [, major = 0, minor = 0, patch = 0] = release.map(Number);
  return (major - 1 || minor - 2 || patch - 4) >= 0;
}

/** The loader and all parts of the C library are one file. */
const LIBC = /^(?:libc\.musl-[\w-]+\.so\.1|ld-musl-[\w-]+\.so\.1|libc\.so)$/;

export const muslTraits: LoaderTraits = {
  libc: LIBC,
  isOwn: (name) => LIBC.test(name),
  matchesVersions: false,
  comparesSonames: false,
  bindsLazily: false,
  relocatesInLoadOrder: true,
  otherNames: legacyNames,
  abilities: (match) => ({ packsRelocations: knowsRelr(match(/\0(\d+)\.(\d+)\.(\d+)\0/)) }),
  relocationTypes: RELOCATION_TYPES,
  // map_library makes the code of libraries writable for them; the program is mapped by the kernel.
  relocatesProgramCode: false,
  relocatesIncomplete: true,
  words: {
    libraryNotFound: ({ name, error, neededBy }) =>
      `Error loading shared library ${name}: ${error} (needed by ${neededBy})`,
    // misc/getopt.c (__getopt_msg), misc/getopt_long.c
    optionRefused: (program, { short, long }) =>
      `${program}: unrecognized option: ${short ?? long}`,
    symbolNotFound: ({ object, name }) => `Error relocating ${object}: ${name}: symbol not found`,
    givesUp: (_program, error) => `Error loading shared library ${error}`,
  },
  listsByLoading: true,
  libcParts: new Set(),
  layer: 'musl',
};
