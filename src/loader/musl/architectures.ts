/**
 * The architecture part of the names of musl's files, such as `x86_64` in ld-musl-x86_64.so.1.
 * Source: musl configure (ARCH and SUBARCH), arch/ARCH/reloc.h (LDSO_ARCH).
 */
import type { Target } from '../../elf/target.js';

type Names = (target: Target) => readonly string[];

const BY_MACHINE: Readonly<Record<string, Names>> = {
  'x86-64': (target) => [target.class === 32 ? 'x32' : 'x86_64'],
  i386: () => ['i386'],
  aarch64: (target) => [isBig(target) ? 'aarch64_be' : 'aarch64'],
  arm,
  mips,
  ppc: () => ['powerpc', 'powerpc-sf'],
  ppc64: (target) => [isBig(target) ? 'powerpc64' : 'powerpc64le'],
  riscv: (target) => [`riscv${target.class}${floatSuffix(target)}`],
  s390: () => ['s390x'],
  loongarch: (target) => [`loongarch64${floatSuffix(target)}`],
  m68k: () => ['m68k', 'm68k-fp64', 'm68k-sf'],
  sh,
  microblaze: (target) => [isBig(target) ? 'microblaze' : 'microblazeel'],
  or1k: () => ['or1k'],
};

/**
 * The names for a target, the most common first: several if a header fits several architectures, none
 * if musl has no port.
 */
export function muslArchitectures(target: Target): readonly string[] {
  return BY_MACHINE[target.machine]?.(target) ?? [];
}

function isBig({ endian }: Target): boolean {
  return endian === 'big';
}

function arm(target: Target): readonly string[] {
  const base = isBig(target) ? 'armeb' : 'arm';
  return target.abi === 'hard-float' ? [`${base}hf`] : [base, `${base}hf`];
}

const MIPS_ABIS: Readonly<Record<string, string>> = { o32: 'mips', n32: 'mipsn32', n64: 'mips64' };

function mips(target: Target): readonly string[] {
  const abi = MIPS_ABIS[(target.abi ?? 'o32').split('-', 1)[0] as string];
  const order = isBig(target) ? '' : 'el';
  return [`${abi}${order}`, `${abi}${order}-sf`, `${abi}r6${order}`, `${abi}r6${order}-sf`];
}

function sh(target: Target): readonly string[] {
  const order = isBig(target) ? 'eb' : '';
  return [`sh${order}`, `sh${order}-nofpu`, `sh${order}-fdpic`, `sh${order}-nofpu-fdpic`];
}

/** By the float ABI, which the ABI names of RISC-V and LoongArch end in. */
function floatSuffix({ abi }: Target): string {
  if (abi?.endsWith('d')) return '';
  return abi?.endsWith('f') ? '-sp' : '-sf';
}
