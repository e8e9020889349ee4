/**
 * What uClibc's loader does after a search, and its messages.
 * Source: uClibc ldso/ldso/ldso.c (_dl_get_ready_to_run), ldso/ldso/x86_64/elfinterp.c, dl-hash.c.
 */
import type { LoaderTraits } from '../traits.js';

export const uclibcTraits: LoaderTraits = {
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
