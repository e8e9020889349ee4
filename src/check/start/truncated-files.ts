/**
 * Files that end before their segments do: a copy or a download that stopped. Loaders compare no
 * sizes: they map such a file, and the process dies of SIGBUS at the first page that is not there.
 * Sources: mmap(2), "SIGBUS"; glibc elf/dl-map-segments.h (which also clears the memory behind the
 * data of a segment); musl ldso/dynlink.c (map_library).
 */
import { PT_LOAD } from '../../elf/constants.js';
import { describeTruncation } from '../../elf/truncation.js';
import type { Fact } from '../../finding.js';
import { defineCheck } from '../check.js';

/** The smallest page there is: what is lost of the last one reads as zeros. */
const PAGE = 4096;

export const truncatedFiles = defineCheck({
  rules: [
    {
      code: 'FILE_TRUNCATED',
      levels: ['error', 'warning'],
      summary: 'A file ends before its segments do.',
      cause:
        'A copy or a download stopped; a loader maps such a file, and dies when it reads what is lost.',
      remedy: 'Copy the whole file again from where it comes from.',
    },
  ],
  check({ closure }) {
    const facts = closure.objects.flatMap(({ path, elf, entry }): TruncatedFact[] => {
      const truncation = elf.debugOnly ? undefined : describeTruncation(elf.segments, entry.size);
      if (truncation === undefined) return [];
      const mapped = Math.ceil(entry.size / PAGE) * PAGE;
      // A loader writes to these before the program starts; what is only read may never be.
      const dies = elf.segments.some(
        ({ type, writable, offset, filesz }) =>
          type === PT_LOAD && writable && offset + filesz > mapped,
      );
      return [truncated(path, `${path}: cut off: ${truncation}`, dies)];
    });
    const { fatal, fatalSignal, program } = closure;
    if (fatal === undefined || fatalSignal === undefined) return facts;
    return [...facts, truncated(program.path, fatal, true)];
  },
});

type TruncatedFact = Fact<'FILE_TRUNCATED'>;

function truncated(path: string, message: string, dies: boolean): TruncatedFact {
  return {
    code: 'FILE_TRUNCATED',
    severity: dies ? 'error' : 'warning',
    path,
    message,
    seen: dies ? 'Bus error (core dumped)' : undefined,
    cause: dies
      ? 'the loader maps the file without a look at its size, and reads what is not there'
      : 'what is lost is missed only when the program comes to it',
  };
}
