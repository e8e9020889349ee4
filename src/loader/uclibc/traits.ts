/**
 * What uClibc's loader does after a search, and its messages.
 * Source: uClibc ldso/ldso/ldso.c (_dl_get_ready_to_run), ldso/ldso/x86_64/elfinterp.c, dl-hash.c.
 */
import type { LoaderTraits } from '../traits.js';

/** The parts of one build: libc.so.1, and libm.so.1 and the like, which are empty since 1.0.15. */
const OWN =
  /^(?:lib(?:c|m|pthread|dl|rt|util|crypt|resolv|nsl|thread_db)\.so\.[01]|ld(?:64)?-uClibc.*\.so(?:\.\d+)?)$/;

export const uclibcTraits: LoaderTraits = {
  libc: /^libc\.so\.[01]$/,
  isOwn: (name) => OWN.test(name),
  matchesVersions: false,
  comparesSonames: false,
  bindsLazily: true,
  relocatesInLoadOrder: false,
  relocatesProgramCode: true,
  relocatesIncomplete: false,
  words: {
    // The error already names the library.
    libraryNotFound: ({ program, error }) => `${program}: ${error}`,
    symbolNotFound: ({ program, name }) => `${program}: can't resolve symbol '${name}'`,
    givesUp: (program, error) => `${program}: ${error}`,
  },
  listsByLoading: false,
  libcParts: new Set(),
};
