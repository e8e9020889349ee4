/**
 * Objects that ask for a stack that may be executed.
 * Source: glibc elf/dl-load.c (PT_GNU_STACK), stackinfo.h.
 */

import { PT_GNU_STACK } from '../../elf/constants.js';
import type { LoadedObject } from '../../loader/loader.js';
import { shellCommand } from '../../root/shell-word.js';
import { defineCheck } from '../check.js';

/** On these CPUs glibc takes a file without PT_GNU_STACK for one that wants an executable stack. */
const STACK_BY_DEFAULT: ReadonlySet<string> = new Set([
  ...['x86-64', 'i386', 'arm', 'ppc', 's390', 'sparc', 'sparc64', 'mips', 'm68k', 'sh', 'alpha'],
]);

export const executableStack = defineCheck({
  rules: [
    {
      code: 'EXECUTABLE_STACK',
      levels: ['warning'],
      summary: 'A file asks for an executable stack.',
      cause: 'New releases of glibc and hardened kernels refuse one.',
      remedy: 'Link it with -z noexecstack.',
    },
  ],
  check: ({ closure }) =>
    closure.objects.filter(wantsExecutableStack).map((object) => {
      const isLibrary = object.role !== 'program' || object.elf.kind === 'shared-library';
      return {
        code: 'EXECUTABLE_STACK',
        severity: 'warning',
        path: object.path,
        message: `${object.path}: asks for an executable stack`,
        seen: isLibrary ? closure.traits?.words.stackRefused?.(object.name) : undefined,
        cause:
          'its PT_GNU_STACK says so, or it has none; SELinux forbids that, and since glibc 2.41 dlopen of such a library fails',
        remedy: `link it with -z noexecstack (or ${shellCommand('patchelf', '--clear-execstack', object.path)})`,
      };
    }),
});

function wantsExecutableStack({ elf, role }: LoadedObject): boolean {
  const isLoaded = elf.kind === 'executable' || elf.kind === 'shared-library';
  if (role === 'interpreter' || !isLoaded || elf.debugOnly) return false;
  const stack = elf.segments.find(({ type }) => type === PT_GNU_STACK);
  return stack === undefined ? STACK_BY_DEFAULT.has(elf.target.machine) : stack.executable;
}
