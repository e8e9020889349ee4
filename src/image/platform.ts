/**
 * A target in the words of the OCI image specification (and Go, and Docker's --platform).
 */
import type { Target } from '../elf/target.js';
import type { Platform } from './image-plan.js';

const ARCHITECTURES: Readonly<Record<string, string>> = {
  'x86-64/little': 'amd64',
  'i386/little': '386',
  'aarch64/little': 'arm64',
  'aarch64/big': 'arm64be',
  'arm/little': 'arm',
  'arm/big': 'armbe',
  'ppc/big': 'ppc',
  'ppc64/little': 'ppc64le',
  'ppc64/big': 'ppc64',
  's390/big': 's390x',
  'loongarch/little': 'loong64',
  'sparc64/big': 'sparc64',
  'sparc/big': 'sparc',
};

/** Without a program that is for a CPU, the platform most images are for. */
export function platformOf(target: Target | null | undefined): Platform {
  if (target === null || target === undefined) return { os: 'linux', architecture: 'amd64' };
  return { os: 'linux', ...architectureOf(target) };
}

function architectureOf(target: Target): Omit<Platform, 'os'> {
  const { machine, endian } = target;
  if (machine === 'riscv') return { architecture: `riscv${target.class}` };
  if (machine === 'mips')
    return {
      architecture: `mips${target.class === 64 ? '64' : ''}${endian === 'little' ? 'le' : ''}`,
    };
  const architecture = ARCHITECTURES[`${machine}/${endian}`] ?? machine;
  if (architecture === 'arm64') return { architecture, variant: 'v8' };
  if (architecture === 'arm')
    return { architecture, variant: target.abi === 'hard-float' ? 'v7' : 'v5' };
  return { architecture };
}
