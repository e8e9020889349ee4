/**
 * The words of glibc's loader about a file that it does not load.
 * Source: glibc elf/dl-load.c (open_verify, _dl_map_object_from_fd), elf/dl-exception.c;
 * elf/dl-minimal.c (__strerror_r) for the text of an errno.
 */
import type { Refusal, RefusalCode } from '../refusal.js';

const WORDS: Readonly<Record<RefusalCode, string>> = {
  'cannot-open': 'cannot open shared object file',
  'empty-name': 'empty dynamic string token substitution',
  'cannot-read': 'cannot read file data',
  // The loader itself says nothing, since it dies: these are our words.
  truncated: 'cut off',
  'too-short': 'file too short',
  'not-elf': 'invalid ELF header',
  'wrong-class': 'wrong ELF class',
  'wrong-byte-order': 'ELF file data encoding not',
  'wrong-ident-version': 'ELF file version ident does not match current one',
  'wrong-os-abi': 'ELF file OS ABI invalid',
  'wrong-abi-version': 'ELF file ABI version invalid',
  'ident-padding': 'nonzero padding in e_ident',
  'wrong-version': 'ELF file version does not match current one',
  'wrong-machine': 'ELF file machine not supported',
  'wrong-type': 'only ET_DYN and ET_EXEC can be loaded',
  'wrong-program-headers': "ELF file's phentsize not the expected size",
  executable: 'cannot dynamically load executable',
  pie: 'cannot dynamically load position-independent executable',
  'not-dynamic': 'object file has no dynamic section',
  unaligned: 'ELF load command alignment not page-aligned',
  'unaligned-address': 'ELF load command address/offset not page-aligned',
  'unfit-alignment': 'ELF load command address/offset not properly aligned',
  'not-loadable': 'cannot load',
  'token-not-allowed': 'DST not allowed in SUID/SGID programs',
};

/** The loader knows few texts of errors; it prints the number of any other one. */
const ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  EIO: 'Input/output error',
  // The numbers of most ports.
  ENOTDIR: 'Error 20',
  EISDIR: 'Error 21',
  ENAMETOOLONG: 'Error 36',
  ELOOP: 'Error 40',
};

/** The message behind the name that was requested. */
export function messageOf(refusal: Refusal): string {
  const { file, errno } = refusal;
  const error = errno && (ERRORS[errno] ?? errno);
  return [file, textOf(refusal), error].filter((part) => part !== undefined).join(': ');
}

/** The fact alone, without the file that is at fault and without the text of an errno. */
export function textOf({ code, detail }: Refusal): string {
  switch (code) {
    case 'wrong-class':
      return `${WORDS[code]}: ${detail}`;
    case 'wrong-byte-order':
      return `${WORDS[code]} ${detail}`;
    case 'truncated':
      return detail ?? WORDS[code];
    default:
      return WORDS[code];
  }
}
