/**
 * What FreeBSD's loader does after a search, and its messages. Its check of versions is not modelled.
 * Source: FreeBSD libexec/rtld-elf/rtld.c (rtld_die, find_symdef).
 */
import type { LoaderTraits } from '../traits.js';

export const freebsdTraits: LoaderTraits = {
  matchesVersions: true,
  comparesSonames: true,
  bindsLazily: true,
  relocatesInLoadOrder: false,
  relocatesProgramCode: true,
  relocatesIncomplete: false,
  words: {
    libraryNotFound: ({ error }) => `ld-elf.so.1: ${error}`,
    symbolNotFound: ({ object, name, version }) =>
      `ld-elf.so.1: ${object}: Undefined symbol "${name}${version === undefined ? '' : `@${version}`}"`,
    givesUp: (_program, error) => `ld-elf.so.1: ${error}`,
  },
  listsByLoading: false,
  libcParts: new Set(),
};
