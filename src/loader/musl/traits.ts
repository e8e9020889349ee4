/**
 * What musl's loader does after a search, and its messages.
 * Source: musl ldso/dynlink.c (load_deps, do_relocs, reloc_all, get_lfs64).
 */
import type { LoaderTraits } from '../traits.js';
import { legacyNames } from './legacy-names.js';

export const muslTraits: LoaderTraits = {
  matchesVersions: false,
  comparesSonames: false,
  bindsLazily: false,
  relocatesInLoadOrder: true,
  otherNames: legacyNames,
  words: {
    libraryNotFound: ({ name, error, neededBy }) =>
      `Error loading shared library ${name}: ${error} (needed by ${neededBy})`,
    symbolNotFound: ({ object, name }) => `Error relocating ${object}: ${name}: symbol not found`,
    givesUp: (_program, error) => `Error loading shared library ${error}`,
  },
  listsByLoading: true,
  libcParts: new Set(),
  layer: 'musl',
};
