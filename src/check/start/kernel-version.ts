/**
 * The oldest Linux that the objects of a process were built for, against the kernel to run on.
 * Source: glibc sysdeps/unix/sysv/linux/dl-osinfo.h (DL_SYSDEP_OSCHECK, until 2.35) and elf/dl-load.c
 * (open_verify passes over libraries with a newer NT_GNU_ABI_TAG, until 2.35).
 */

import type { Closure } from '../../closure/closure.js';
import type { ElfFile } from '../../elf/elf-file.js';
import { UsageError } from '../../errors.js';
import { textsInFile } from '../../files/whole-file-texts.js';
import type { LoadedObject } from '../../loader/loader.js';
import { type CheckedProgram, defineCheck } from '../check.js';

type KernelVersion = readonly [number, number, number];

/** `4.19`, `5.15.0-91-generic`. Throws UsageError for what does not begin like that. */
function parseKernelVersion(text: string): KernelVersion {
  const match = /^(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?![\d.])/.exec(text);
  if (match === null)
    throw new UsageError(`--kernel takes a version such as 4.19 or 5.15.2, not '${text}'`);
  return [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

/** Negative, 0 or positive, as compare functions are. */
function compareKernels(a: KernelVersion, b: KernelVersion): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** Without a patch number that is 0. */
function kernelText([major, minor, patch]: KernelVersion): string {
  return `${major}.${minor}${patch === 0 ? '' : `.${patch}`}`;
}

/** The kernel that a file was built for; undefined where it does not say, or means no Linux. */
function kernelOf(elf: ElfFile): KernelVersion | undefined {
  return elf.abiTag?.os === 0 ? elf.abiTag.kernel : undefined;
}

export const kernelVersion = defineCheck({
  rules: [
    {
      code: 'KERNEL_TOO_OLD',
      levels: ['error', 'warning'],
      summary: 'A file was built for newer kernels than the one to run on.',
      cause:
        'The C library uses system calls that came with a newer kernel, and says so in a note.',
      remedy: 'Use a newer kernel, or an image of an older distribution.',
    },
  ],
  check(program) {
    const { closure, options } = program;
    if (options.kernel === undefined) return [];
    const kernel = parseKernelVersion(options.kernel);
    const tooNew = closure.objects.filter(({ elf }) => {
      const needed = kernelOf(elf);
      return needed !== undefined && compareKernels(needed, kernel) > 0;
    });
    if (tooNew.length === 0) return [];
    const isTested = testsKernel(program);
    return tooNew.map((object) => {
      // The tag of a program and of other libraries is for the record.
      const fails = isTested && isLibc(object, closure);
      return {
        code: 'KERNEL_TOO_OLD',
        severity: fails ? 'error' : 'warning',
        path: object.path,
        message: `${object.path}: built for Linux ${kernelText(kernelOf(object.elf) ?? [0, 0, 0])} and newer, not for ${options.kernel}`,
        seen: fails ? 'FATAL: kernel too old' : undefined,
        cause: 'the C library uses system calls that came with that kernel, and says so in a note',
        remedy: `use Linux ${kernelText(kernelOf(object.elf) ?? [0, 0, 0])} or newer (--kernel says which it is), or an image of an older distribution`,
      };
    });
  },
});

function isLibc({ role, elf }: LoadedObject, { linkage, traits }: Closure): boolean {
  if (linkage !== 'dynamic') return true;
  return role === 'interpreter' || traits?.libc.test(elf.dynamic?.soname ?? '') === true;
}

/** Whether the file that starts first compares the kernel's version at all: it has that message. */
function testsKernel({ closure, files }: CheckedProgram): boolean {
  const first = closure.interpreter?.realPath ?? closure.program.realPath;
  return textsInFile(files.root, first, ['FATAL: kernel too old']).size > 0;
}
