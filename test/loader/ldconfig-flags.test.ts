/**
 * The flags that ldconfig gives to libraries, by release. Seen with the ldconfig of 2.31, 2.36 and 2.41
 * on i386; those of ARM are of sysdeps/unix/sysv/linux/arm/readelflib.c.
 */
import { describe, expect, it } from 'vitest';
import { EM_ARM } from '../../src/elf/constants.js';
import type { Target } from '../../src/elf/target.js';
import { RootFiles } from '../../src/files/root-files.js';
import { scanLibraries } from '../../src/loader/glibc/ldconfig.js';
import { findPort, type GlibcPort } from '../../src/loader/glibc/ports.js';
import { memoryRoot } from '../../src/root/memory-root.js';
import { buildElf, type ElfOptions } from '../support/elf-builder.js';

const I386 = { machine: 'i386', class: 32, endian: 'little', abi: null } as const;
const ARMHF = { machine: 'arm', class: 32, endian: 'little', abi: 'hard-float' } as const;

function flags(target: Target, options: ElfOptions, minor: number): number | undefined {
  const library = buildElf({ class: target.class, soname: 'liba.so.1', ...options });
  const files = new RootFiles(memoryRoot({ '/l/liba.so.1': library }));
  const port = findPort(target) as GlibcPort;
  return scanLibraries(files, ['/l'], target, port, minor)[0]?.flags;
}

describe('i386', () => {
  it.each<[string, ElfOptions, upTo36: number]>([
    ['needs nothing', {}, 1],
    ['needs libc', { needed: ['libc.so.6'] }, 3],
    ['needs libm', { needed: ['libm.so.6'] }, 3],
    ['needs the loader', { needed: ['ld-linux.so.2'] }, 1],
    ['needs another library', { needed: ['libb.so.1'] }, 1],
    ['names an interpreter', { interpreter: '/lib/ld-linux.so.2' }, 3],
  ])('%s', (_what, options, upTo36) => {
    for (const minor of [11, 31, 36]) expect(flags(I386, options, minor)).toBe(upTo36);
    for (const minor of [37, 41]) expect(flags(I386, options, minor)).toBe(3);
  });
});

describe('ARM', () => {
  const arm = (eFlags: number): ElfOptions => ({ machine: EM_ARM, flags: eFlags });

  it('says since 2.18 how floats are passed, where the library does', () => {
    expect(flags(ARMHF, arm(0x05000400), 31)).toBe(0x903);
    expect(flags(ARMHF, arm(0x05000000), 31)).toBe(0x3);
    expect(flags(ARMHF, { ...arm(0x05000400), needed: ['libc.so.6'] }, 17)).toBe(0x3);
    expect(flags(ARMHF, arm(0x05000400), 17)).toBe(0x1);
  });

  it('leaves out the other float ABI', () => {
    expect(flags(ARMHF, arm(0x05000200), 31)).toBeUndefined();
  });
});

it('x86-64 has one kind', () => {
  const x86 = { machine: 'x86-64', class: 64, endian: 'little', abi: null } as const;
  for (const minor of [31, 36, 37, 41]) expect(flags(x86, {}, minor)).toBe(0x303);
});
