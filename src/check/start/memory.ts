/**
 * What the memory of an object asks of the machine: a stack that may be executed, code that is
 * written to while it is relocated, and room in the static TLS block.
 * Source: glibc elf/dl-load.c (PT_GNU_STACK), elf/dl-reloc.c (_dl_try_allocate_static_tls), stackinfo.h.
 */

import * as c from '../../elf/constants.js';
import type { ElfFile } from '../../elf/elf-file.js';
import type { LoadedObject } from '../../loader/loader.js';
import { baseName } from '../../root/path-text.js';
import type { Check, Fact } from '../check.js';

/** On these CPUs glibc takes a file without PT_GNU_STACK for one that wants an executable stack. */
const STACK_BY_DEFAULT: ReadonlySet<string> = new Set([
  ...['x86-64', 'i386', 'arm', 'ppc', 's390', 'sparc', 'sparc64', 'mips', 'm68k', 'sh', 'alpha'],
]);

export const checkExecutableStack: Check = ({ closure }) =>
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
      remedy: `link it with -z noexecstack (or patchelf --clear-execstack ${object.path})`,
    };
  });

function wantsExecutableStack({ elf, role }: LoadedObject): boolean {
  const isLoaded = elf.kind === 'executable' || elf.kind === 'shared-library';
  if (role === 'interpreter' || !isLoaded || elf.debugOnly) return false;
  const stack = elf.segments.find(({ type }) => type === c.PT_GNU_STACK);
  return stack === undefined ? STACK_BY_DEFAULT.has(elf.target.machine) : stack.executable;
}

export const checkTextRelocations: Check = ({ closure }) =>
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
    }));

function hasTextRelocations({ dynamic }: ElfFile): boolean {
  return (
    dynamic !== undefined &&
    (dynamic.tags.has(c.DT_TEXTREL) || (dynamic.flags & c.DF_TEXTREL) !== 0)
  );
}

/** What every process of glibc has mapped already when it opens something. */
const ALWAYS_THERE = /^(?:lib(?:c|m|pthread|dl|rt|gcc_s)\.so|ld-)/;

export const checkStaticTls: Check = ({ closure }) => {
  // What is loaded at start gets its room; only what is opened later may find none.
  const spare = closure.traits?.spareStaticTls;
  if (closure.program.kind !== 'shared-library' || spare === undefined) return [];
  const users = closure.objects.filter(
    ({ elf, name }) =>
      ((elf.dynamic?.flags ?? 0) & c.DF_STATIC_TLS) !== 0 &&
      tlsBytes(elf) > 0 &&
      !ALWAYS_THERE.test(baseName(name)),
  );
  const total = users.reduce((bytes, { elf }) => bytes + tlsBytes(elf), 0);
  return users.map(
    ({ path, elf }): Fact => ({
      code: 'STATIC_TLS',
      severity: total > spare ? 'warning' : 'note',
      path,
      message: `${path}: wants ${tlsBytes(elf)} bytes of the static TLS block (DF_STATIC_TLS)`,
      seen: `${path}: cannot allocate memory in static TLS block`,
      cause: `a library that is opened by dlopen shares ${spare} spare bytes of that block with all others`,
      remedy: `preload it (LD_PRELOAD=${path}), set GLIBC_TUNABLES=glibc.rtld.optional_static_tls, or compile it without -ftls-model=initial-exec`,
    }),
  );
};

function tlsBytes(elf: ElfFile): number {
  return elf.segments.find(({ type }) => type === c.PT_TLS)?.memsz ?? 0;
}
