/**
 * Objects whose DT_SONAME points outside of their segments: a loader that compares names reads what
 * is mapped there, if anything is.
 * Source: glibc elf/dl-load.c (_dl_map_object); with an offset of 1 MB glibc 2.36 dies of SIGSEGV.
 */
import { DT_SONAME } from '../../elf/constants.js';
import { defineCheck } from '../check.js';

export const straySoname = defineCheck({
  rules: [
    {
      code: 'SONAME_UNREADABLE',
      levels: ['warning'],
      summary: 'The soname of a file lies outside of the file.',
      cause:
        'The loader compares each needed name with it, and may die of SIGSEGV when it reads it.',
      remedy: 'Build the file again, or take an unchanged copy of it.',
    },
  ],
  check({ closure }) {
    if (closure.traits?.comparesSonames !== true) return [];
    const stray = closure.objects.filter(
      ({ elf: { dynamic } }) => dynamic?.tags.has(DT_SONAME) && dynamic.soname === undefined,
    );
    return stray.map(({ path }) => ({
      code: 'SONAME_UNREADABLE',
      severity: 'warning',
      path,
      message: `${path}: its soname lies outside of the file's segments`,
      // patchelf cannot set it: it reads the old one first, and dies.
    }));
  },
});
