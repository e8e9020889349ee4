/**
 * Objects whose code is written to while they are relocated, which a hardened kernel forbids.
 * Source: glibc elf/dl-reloc.c (DT_TEXTREL); System V gABI, "Dynamic Section".
 */
import { DF_TEXTREL, DT_TEXTREL } from '../../elf/constants.js';
import type { ElfFile } from '../../elf/elf-file.js';
import { defineCheck } from '../check.js';

export const textRelocations = defineCheck({
  rules: [
    {
      code: 'TEXT_RELOCATIONS',
      levels: ['warning'],
      summary: 'The code of a file is written to while it is relocated.',
      cause: 'SELinux and other hardened kernels do not let a program write to its code.',
      remedy: 'Compile it with -fPIC.',
    },
  ],
  check: ({ closure }) =>
    closure.objects
      .filter(({ elf }) => hasTextRelocations(elf))
      .map(({ path }) => ({
        code: 'TEXT_RELOCATIONS',
        severity: 'warning',
        path,
        message: `${path}: its code is written to while it is relocated (DT_TEXTREL)`,
        seen: `${path}: cannot make segment writable for relocation: Permission denied`,
        cause: 'SELinux and other hardened kernels do not let a program write to its code',
        remedy: 'compile it with -fPIC',
      })),
});

function hasTextRelocations({ dynamic }: ElfFile): boolean {
  return (
    dynamic !== undefined && (dynamic.tags.has(DT_TEXTREL) || (dynamic.flags & DF_TEXTREL) !== 0)
  );
}
