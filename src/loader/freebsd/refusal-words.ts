/**
 * Which files FreeBSD's loader refuses, and what it says then.
 * Source: FreeBSD libexec/rtld-elf/map_object.c (check_elf_headers), rtld.c (do_load_object).
 */
import { DF_1_PIE, ET_DYN, ET_EXEC } from '../../elf/constants.js';
import type { ElfFile } from '../../elf/elf-file.js';
import type { Refusal, RefusalCode } from '../refusal.js';

/** Codes for valid files that are for another machine. */
export const FOREIGN: ReadonlySet<RefusalCode> = new Set(['wrong-class', 'wrong-machine']);

/** The checks of check_elf_headers, then those of do_load_object. None looks at the OS ABI. */
export function refusedBy({ header, dynamic }: ElfFile, own: ElfFile): RefusalCode | undefined {
  if (header.class !== own.header.class || header.endian !== own.header.endian)
    return 'wrong-class';
  if (header.type !== ET_EXEC && header.type !== ET_DYN) return 'wrong-type';
  if (header.machine !== own.header.machine) return 'wrong-machine';
  if (dynamic === undefined) return 'not-dynamic';
  // The loader accepts one if it only lists.
  return dynamic.flags1 & DF_1_PIE ? 'pie' : undefined;
}

const WORDS: Partial<Readonly<Record<RefusalCode, string>>> = {
  'not-elf': 'invalid file format',
  'wrong-class': 'unsupported file layout',
  'wrong-type': 'unsupported file type',
  'wrong-machine': 'unsupported machine',
  'not-dynamic': 'object is not dynamically-linked',
};

export function messageOf({ code, file }: Refusal): string {
  return code === 'pie' ? `Cannot load PIE binary ${file} as DSO` : `${file}: ${WORDS[code]}`;
}
