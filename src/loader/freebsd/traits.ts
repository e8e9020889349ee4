/**
 * What FreeBSD's loader does after a search, and its messages. Its check of versions is not modelled.
 * Source: FreeBSD libexec/rtld-elf/rtld.c (rtld_die, find_symdef).
 */
import type { LoaderTraits } from '../traits.js';

/** They share symbols of the version FBSDprivate_1.0 with the loader. */
const OWN = /^(?:lib(?:c|thr|sys|m|rt|util|dl)\.so\.\d+|ld-elf(?:32)?\.so\.1)$/;

export const freebsdTraits: LoaderTraits = {
  libc: /^libc\.so\.7$/,
  isOwn: (name) => OWN.test(name),
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
