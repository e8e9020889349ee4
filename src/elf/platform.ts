/**
 * CPUs in the words of the OCI image specification (and Docker's --platform), and which programs a
 * kernel for one of them starts.
 */

import { UsageError } from '../errors.js';
import type { Target } from './target.js';

/** What the kernel looks at when it starts a file: no float ABI, which only loaders compare. */
export type Cpu = Pick<Target, 'machine' | 'class' | 'endian'>;

const little = (machine: string, bits: 32 | 64): Cpu => ({
  machine,
  class: bits,
  endian: 'little',
});
const big = (machine: string, bits: 32 | 64): Cpu => ({ machine, class: bits, endian: 'big' });

const ARCHITECTURES: Readonly<Record<string, Cpu>> = {
  amd64: little('x86-64', 64),
  '386': little('i386', 32),
  arm64: little('aarch64', 64),
  arm: little('arm', 32),
  ppc64le: little('ppc64', 64),
  ppc64: big('ppc64', 64),
  s390x: big('s390', 64),
  riscv64: little('riscv', 64),
  loong64: little('loongarch', 64),
  mips: big('mips', 32),
  mipsle: little('mips', 32),
  mips64: big('mips', 64),
  mips64le: little('mips', 64),
};

/** The CPU of `linux/arm64`, `linux/arm/v7` or `arm64`. Throws UsageError for what is not known. */
export function parsePlatform(text: string): Cpu {
  const parts = text.split('/');
  const architecture = parts.length === 1 ? parts[0] : parts[1];
  const cpu = ARCHITECTURES[architecture ?? ''];
  if (cpu === undefined || (parts.length > 1 && parts[0] !== 'linux'))
    throw new UsageError(`unknown platform '${text}'`, {
      hint: `known are ${Object.keys(ARCHITECTURES)
        .map((name) => `linux/${name}`)
        .join(', ')}`,
    });
  return cpu;
}

/** The OCI name of a CPU, or undefined where it has none here. */
export function platformName(cpu: Cpu): string | undefined {
  const found = Object.entries(ARCHITECTURES).find(
    ([, known]) =>
      known.machine === cpu.machine && known.class === cpu.class && known.endian === cpu.endian,
  );
  return found === undefined ? undefined : `linux/${found[0]}`;
}

/** 32-bit programs that a 64-bit kernel starts too (compat_elf_check_arch of each port). */
const COMPANIONS: Readonly<Record<string, string>> = {
  'x86-64': 'i386',
  aarch64: 'arm',
  ppc64: 'ppc',
  sparc64: 'sparc',
};

/** Whether a kernel for `cpu` starts a file for `target` itself, without an emulator. */
export function startsOn(cpu: Cpu, target: Target): boolean {
  if (cpu.endian !== target.endian) return false;
  if (cpu.machine === target.machine)
    return cpu.class === target.class || (cpu.class === 64 && target.class === 32);
  return cpu.class === 64 && COMPANIONS[cpu.machine] === target.machine;
}
