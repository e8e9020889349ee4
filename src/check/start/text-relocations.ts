/**
 * Objects whose code is written to while they are relocated, which a hardened kernel forbids.
 * Source: glibc elf/dl-reloc.c (DT_TEXTREL); musl ldso/dynlink.c (map_library, for libraries alone);
 * System V gABI, "Dynamic Section".
 */
import { DF_TEXTREL, DT_TEXTREL } from '../../elf/constants.js';
import type { ElfFile } from '../../elf/elf-file.js';
import { defineCheck } from '../check.js';

export const textRelocations = defineCheck({
  rules: [
    {
      code: 'TEXT_RELOCATIONS',
      levels: ['error', 'warning'],
      summary: 'The code of a file is written to while it is relocated.',
      cause: 'SELinux and other hardened kernels do not let a program write to its code.',
      remedy: 'Compile it with -fPIC.',
    },
  ],
  check: ({ closure }) =>
    closure.objects
      .filter(({ elf }) => hasTextRelocations(elf))
      .map(({ path, role }) => ({
        code: 'TEXT_RELOCATIONS',
        path,
        message: `${path}: its code is written to while it is relocated (DT_TEXTREL)`,
        ...(role === 'program' && closure.traits?.relocatesProgramCode === false
          ? DEADLY
          : ({
              severity: 'warning',
              seen: `${path}: cannot make segment writable for relocation: Permission denied`,
              cause: 'SELinux and other hardened kernels do not let a program write to its code',
            } as const)),
      })),
});

/** The kernel maps the code of a program, and musl makes only that of libraries writable. */
const DEADLY = {
  severity: 'error',
  seen: 'Segmentation fault (core dumped)',
  cause:
    "the loader makes the code of libraries writable while it relocates them, but not a program's",
} as const;

function hasTextRelocations({ dynamic }: ElfFile): boolean {
  return (
    dynamic !== undefined && (dynamic.tags.has(DT_TEXTREL) || (dynamic.flags & DF_TEXTREL) !== 0)
  );
}
