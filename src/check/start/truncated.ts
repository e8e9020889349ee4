/**
 * Files that end before their segments do: a copy or a download that stopped. Loaders compare no
 * sizes: they map such a file, and the process dies of SIGBUS at the first page that is not there.
 * Sources: mmap(2), "SIGBUS"; glibc elf/dl-map-segments.h (which also clears the memory behind the
 * data of a segment); musl ldso/dynlink.c (map_library).
 */
import { PT_LOAD } from '../../elf/constants.js';
import { describeTruncation } from '../../elf/truncation.js';
import type { Check, Fact } from '../check.js';

/** The smallest page there is: what is lost of the last one reads as zeros. */
const PAGE = 4096;

export const checkTruncated: Check = ({ closure }) => {
  const facts = closure.objects.flatMap(({ path, elf, entry }): Fact[] => {
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
};

function truncated(path: string, message: string, dies: boolean): Fact {
  return {
    code: 'FILE_TRUNCATED',
    severity: dies ? 'error' : 'warning',
    path,
    message,
    ...(dies ? { seen: 'Bus error (core dumped)' } : {}),
    cause: dies
      ? 'the loader maps the file without a look at its size, and reads what is not there'
      : 'what is lost is missed only when the program comes to it',
    remedy: 'copy the whole file again from where it comes from',
  };
}
