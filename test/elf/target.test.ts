/**
 * Targets: machine, class, byte order and the ABI bits of e_flags, and their names in reports.
 */
import { describe, expect, it } from 'vitest';
import * as c from '../../src/elf/constants.js';
import { parseElf } from '../../src/elf/elf-file.js';
import { describeTarget, sameTarget } from '../../src/elf/target.js';
import { buildElf, type ElfOptions } from '../support/elf-builder.js';

const little = { class: 64, endian: 'little' } as const;
const big = { class: 64, endian: 'big' } as const;
const little32 = { class: 32, endian: 'little' } as const;
const big32 = { class: 32, endian: 'big' } as const;

const targets: readonly [options: ElfOptions, machine: string, abi: string | null, text: string][] =
  [
    [{ ...little, machine: c.EM_X86_64 }, 'x86-64', null, 'x86-64'],
    [{ ...little32, machine: c.EM_X86_64 }, 'x86-64', 'x32', 'x86-64 x32'],
    [{ ...little32, machine: c.EM_386 }, 'i386', null, 'i386'],
    [{ ...little, machine: c.EM_AARCH64 }, 'aarch64', null, 'aarch64'],
    [{ ...big, machine: c.EM_AARCH64 }, 'aarch64', null, 'aarch64 big-endian'],
    [{ ...little32, machine: c.EM_AARCH64 }, 'aarch64', 'ilp32', 'aarch64 ilp32'],
    [{ ...little32, machine: c.EM_ARM, flags: 0x05000400 }, 'arm', 'hard-float', 'arm hard-float'],
    [{ ...little32, machine: c.EM_ARM, flags: 0x05000200 }, 'arm', 'soft-float', 'arm soft-float'],
    [{ ...little32, machine: c.EM_ARM, flags: 0x05000000 }, 'arm', null, 'arm'],
    [
      { ...big32, machine: c.EM_ARM, flags: 0x05000400 },
      'arm',
      'hard-float',
      'arm big-endian hard-float',
    ],
    [{ ...little, machine: c.EM_RISCV, flags: 5 }, 'riscv', 'lp64d', 'riscv64'],
    [{ ...little, machine: c.EM_RISCV, flags: 1 }, 'riscv', 'lp64', 'riscv64 lp64'],
    [{ ...little, machine: c.EM_RISCV, flags: 2 }, 'riscv', 'lp64f', 'riscv64 lp64f'],
    [{ ...little, machine: c.EM_RISCV, flags: 8 }, 'riscv', 'lp64e', 'riscv64 lp64e'],
    [{ ...little32, machine: c.EM_RISCV, flags: 4 }, 'riscv', 'ilp32d', 'riscv ilp32d'],
    [{ ...little, machine: c.EM_PPC64, flags: 2 }, 'ppc64', 'elfv2', 'ppc64le'],
    [{ ...little, machine: c.EM_PPC64, flags: 0 }, 'ppc64', 'elfv2', 'ppc64le'],
    [{ ...big, machine: c.EM_PPC64, flags: 1 }, 'ppc64', 'elfv1', 'ppc64'],
    [{ ...big, machine: c.EM_PPC64, flags: 0 }, 'ppc64', 'elfv1', 'ppc64'],
    [{ ...big32, machine: c.EM_PPC }, 'ppc', null, 'ppc'],
    [{ ...big, machine: c.EM_S390 }, 's390', null, 's390x'],
    [{ ...big32, machine: c.EM_S390 }, 's390', null, 's390'],
    [{ ...big32, machine: c.EM_MIPS, flags: 0 }, 'mips', 'o32', 'mips'],
    [{ ...little32, machine: c.EM_MIPS, flags: 0 }, 'mips', 'o32', 'mips little-endian'],
    [{ ...big32, machine: c.EM_MIPS, flags: 0x20 }, 'mips', 'n32', 'mips n32'],
    [{ ...little, machine: c.EM_MIPS, flags: 0 }, 'mips', 'n64', 'mips64 little-endian'],
    [{ ...big32, machine: c.EM_MIPS, flags: 0x400 }, 'mips', 'o32-nan2008', 'mips o32-nan2008'],
    [{ ...little, machine: c.EM_LOONGARCH, flags: 0x43 }, 'loongarch', 'lp64d', 'loongarch64'],
    [
      { ...little, machine: c.EM_LOONGARCH, flags: 0x41 },
      'loongarch',
      'lp64s',
      'loongarch64 lp64s',
    ],
    [{ ...big, machine: c.EM_SPARCV9 }, 'sparc64', null, 'sparc64'],
    [{ ...big32, machine: c.EM_SPARC32PLUS }, 'sparc', null, 'sparc'],
    [{ ...little, machine: 4711 }, 'em-4711', null, 'em-4711'],
  ];

describe('target', () => {
  it.each(targets)('%j', (options, machine, abi, text) => {
    const { target } = parseElf(buildElf(options));
    expect(target).toEqual({ machine, class: options.class, endian: options.endian, abi });
    expect(describeTarget(target)).toBe(text);
  });

  it('two targets are the same only when every part is', () => {
    const { target } = parseElf(buildElf());
    expect(sameTarget(target, { ...target })).toBe(true);
    for (const other of [
      { machine: 'x' },
      { class: 32 },
      { endian: 'big' },
      { abi: 'x32' },
    ] as const)
      expect(sameTarget(target, { ...target, ...other })).toBe(false);
  });
});
