/**
 * Translates between CPUs and the architecture names of the OCI image specification (which are those of
 * Go and of Docker's --platform), and tells which programs a kernel for a CPU starts.
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

/** By the architecture's name, as in Go's GOARCH. Each CPU has one name. */
const ARCHITECTURES: Readonly<Record<string, Cpu>> = {
  amd64: little('x86-64', 64),
  '386': little('i386', 32),
  arm64: little('aarch64', 64),
  arm64be: big('aarch64', 64),
  arm: little('arm', 32),
  armbe: big('arm', 32),
  ppc64le: little('ppc64', 64),
  ppc64: big('ppc64', 64),
  ppc: big('ppc', 32),
  s390x: big('s390', 64),
  riscv64: little('riscv', 64),
  riscv32: little('riscv', 32),
  loong64: little('loongarch', 64),
  mips: big('mips', 32),
  mipsle: little('mips', 32),
  mips64: big('mips', 64),
  mips64le: little('mips', 64),
  sparc64: big('sparc64', 64),
  sparc: big('sparc', 32),
};

/** The names of all architectures, in the order in which messages list them. */
export const architectures: readonly string[] = Object.keys(ARCHITECTURES);

/** The CPU of `linux/arm64`, `linux/arm/v7` or `arm64`. Throws UsageError for what is not known. */
export function parsePlatform(text: string): Cpu {
  const parts = text.split('/');
  const architecture = parts.length === 1 ? parts[0] : parts[1];
  const cpu = ARCHITECTURES[architecture ?? ''];
  if (cpu === undefined || (parts.length > 1 && parts[0] !== 'linux'))
    throw new UsageError(`unknown platform '${text}'`, {
      hint: `known: ${architectures.map((name) => `linux/${name}`).join(', ')}`,
    });
  return cpu;
}

/**
 * The architecture's name for a CPU. A 32-bit ABI without a name of its own (x32) has that of the 64-bit
 * CPU that runs it. A CPU without any name has our name for the machine.
 */
export function architectureOf({ machine, class: bits, endian }: Cpu): string {
  const named = (other: 32 | 64) =>
    architectures.find((name) => {
      const cpu = ARCHITECTURES[name] as Cpu;
      return cpu.machine === machine && cpu.class === other && cpu.endian === endian;
    });
  return named(bits) ?? named(64) ?? machine;
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
