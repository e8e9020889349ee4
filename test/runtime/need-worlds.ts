/**
 * Small worlds for detectors of runtime needs: programs that call functions and hold texts, and a
 * libc of a release; and what the detectors find there.
 */
import {
  detectRuntimeNeeds,
  memoryRoot,
  type NeedOptions,
  type RuntimeNeed,
  type TraceOptions,
  traceDependencies,
} from '../../src/index.js';
import { encode } from '../support/elf-builder.js';
import { type ElfNode, glibcSystem, memoryWorld, TRIPLET, type World } from '../support/world.js';

export const LIB = `/lib/${TRIPLET}`;
export const LIBC = `${LIB}/libc.so.6`;

/** Options of an ELF file that imports functions. */
export const calls = (...names: string[]): ElfNode => ({
  symbols: { list: names.map((name) => ({ name })) },
});

/** Options of an ELF file with texts in its data. */
export const texts = (...values: string[]): ElfNode => ({
  data: encode(`\0${values.join('\0')}\0`),
});

/** Debian's glibc 2.`minor`: a loader, and a libc that defines its version and knows its gconv. */
export function glibcWith(minor = 36): World {
  const definitions = [{ name: 'libc.so.6', index: 1, flags: 1 }].concat(
    ['GLIBC_2.2.5', `GLIBC_2.${minor}`].map((name, at) => ({ name, index: at + 2, flags: 0 })),
  );
  return {
    ...glibcSystem(minor),
    [LIBC]: {
      ...texts(
        `/usr/lib/${TRIPLET}/gconv/gconv-modules.cache`,
        `GNU C Library (Debian) stable release version 2.${minor}.\n`,
      ),
      symbols: { list: [], definitions },
    },
  };
}

/** Needs of the programs of a world, by default of /app/main. */
export function needsIn(
  world: World,
  options: NeedOptions & TraceOptions & { readonly programs?: readonly string[] } = {},
): RuntimeNeed[] {
  const { programs = ['/app/main'], ...rest } = options;
  const trace = traceDependencies(memoryRoot(memoryWorld(world)), programs, rest);
  if (trace.errors[0] !== undefined) throw trace.errors[0];
  return detectRuntimeNeeds(trace, rest);
}
