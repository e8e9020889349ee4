/**
 * Headers of the program that the kernel refuses before it looks at anything else.
 * Source: Linux fs/binfmt_elf.c (load_elf_binary, load_elf_phdrs).
 */
import type { StartFault } from '../../elf/start-headers.js';
import type { KernelError } from '../../finding.js';
import { defineCheck } from '../check.js';
import { noProgram, refusal } from './kernel-refusal.js';

/** What is wrong, and the kernel's error. */
const FAULTS: Readonly<Record<StartFault, readonly [fact: string, error: KernelError]>> = {
  'no-segments': ['it has no program headers', 'ENOEXEC'],
  'interpreter-too-short': ['PT_INTERP has fewer than two bytes', 'ENOEXEC'],
  'interpreter-too-long': ['PT_INTERP has more than 4096 bytes', 'ENOEXEC'],
  'interpreter-unterminated': ['PT_INTERP does not end with a NUL', 'ENOEXEC'],
  'interpreter-empty': ['PT_INTERP is an empty path', 'EACCES'],
  'interpreter-cut-off': ['PT_INTERP ends behind the end of the file', 'EIO'],
};

export const programHeaders = defineCheck({
  rules: [
    {
      code: 'PROGRAM_HEADERS_REFUSED',
      levels: ['error'],
      summary: 'The kernel refuses the program headers of the program.',
      cause: 'The kernel reads the path of the interpreter by the size that its header says.',
      remedy:
        'Build or copy the program again; tools that change PT_INTERP must change its size too.',
    },
  ],
  check({ closure: { program } }) {
    const { elf, kind, path } = program;
    const fault = elf?.debugOnly ? undefined : elf?.startFault;
    // Nothing starts a library, whatever its PT_INTERP is.
    if (fault === undefined || kind === 'script') return [];
    if (fault !== 'no-segments' && kind !== 'executable') return [];
    const [fact, error] = FAULTS[fault];
    return [
      {
        code: 'PROGRAM_HEADERS_REFUSED',
        severity: 'error',
        path,
        message: `${path}: ${fact}`,
        ...(error === 'ENOEXEC' ? noProgram(path) : refusal(error, path)),
        cause: 'the kernel reads the program headers before anything else, and refuses these',
        remedy: 'build or copy the program again',
      },
    ];
  },
});
