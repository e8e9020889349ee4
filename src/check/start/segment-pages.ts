/**
 * Segments that pages do not fit: the file is mapped, but not as its headers say. glibc's loader refuses
 * such a library and says so; the kernel and musl map it, and the process dies.
 * Source: Linux fs/binfmt_elf.c (elf_map); musl ldso/dynlink.c (map_library).
 */
import { PT_LOAD } from '../../elf/constants.js';
import { isTornSegment, losesCode } from '../../elf/page-layout.js';
import { defineCheck } from '../check.js';

export const segmentPages = defineCheck({
  rules: [
    {
      code: 'SEGMENTS_MISALIGNED',
      levels: ['error'],
      summary: 'The segments of a file do not fit the pages of memory.',
      cause: 'Files are mapped in whole pages, so segments that share one hide each other.',
      remedy: 'Link the file without -z max-page-size.',
    },
  ],
  check: ({ closure }) =>
    closure.objects.flatMap(({ path, elf }) => {
      const isTorn = elf.segments.some(isTornSegment);
      if (elf.debugOnly || !elf.segments.some(({ type }) => type === PT_LOAD)) return [];
      if (!isTorn && !losesCode(elf.segments)) return [];
      return [
        {
          code: 'SEGMENTS_MISALIGNED',
          severity: 'error',
          path,
          message: isTorn
            ? `${path}: the address and the offset of a segment do not fit a page`
            : `${path}: a segment with code shares a page with a later one that has none`,
          // What reads the wrong bytes first dies, or says what they are not.
          seen: isTorn ? 'Segmentation fault (core dumped)' : undefined,
          cause: 'files are mapped in whole pages, the later segment over the earlier one',
          remedy: 'link the file without -Wl,-z,max-page-size',
        },
      ];
    }),
});
