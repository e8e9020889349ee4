/**
 * Which CPU and calling convention a file is for: e_machine, class, byte order and the ABI bits of
 * e_flags into one Target, and Target into the names that people and image formats use.
 * Sources: the processor supplements of the ELF specification; glibc's sysdeps dl-machine.h files.
 */
import * as c from './constants.js';
import type { ElfHeader } from './header.js';

/** What two ELF files must have in common to be in one process. */
export interface Target {
  /** `x86-64`, `i386`, `aarch64`, ...; `em-N` for a machine without a name here. */
  readonly machine: string;
  readonly class: 32 | 64;
  readonly endian: 'little' | 'big';
  /** Float ABI or calling convention where one machine has several (`x32`, `hard-float`, `n32`). */
  readonly abi: string | null;
}

/** The same text for equal targets, to find things by. */
export function targetKey({ machine, class: elfClass, endian, abi }: Target): string {
  return `${machine} ${elfClass} ${endian} ${abi}`;
}

const MACHINES: Readonly<Record<number, string>> = {
  [c.EM_SPARC]: 'sparc',
  [c.EM_SPARC32PLUS]: 'sparc',
  [c.EM_386]: 'i386',
  [c.EM_68K]: 'm68k',
  [c.EM_MIPS]: 'mips',
  [c.EM_PARISC]: 'hppa',
  [c.EM_PPC]: 'ppc',
  [c.EM_PPC64]: 'ppc64',
  [c.EM_S390]: 's390',
  [c.EM_ARM]: 'arm',
  [c.EM_SH]: 'sh',
  [c.EM_SPARCV9]: 'sparc64',
  [c.EM_IA_64]: 'ia64',
  [c.EM_X86_64]: 'x86-64',
  [c.EM_OPENRISC]: 'or1k',
  [c.EM_ARC]: 'arc',
  [c.EM_XTENSA]: 'xtensa',
  [c.EM_AARCH64]: 'aarch64',
  [c.EM_MICROBLAZE]: 'microblaze',
  [c.EM_ARC_V2]: 'arc',
  [c.EM_RISCV]: 'riscv',
  [c.EM_CSKY]: 'csky',
  [c.EM_LOONGARCH]: 'loongarch',
  [c.EM_ALPHA]: 'alpha',
};

type TargetHeader = Pick<ElfHeader, 'class' | 'endian' | 'machine' | 'flags'>;

/** The target of a file, from its ELF header alone. */
export function targetOf(header: TargetHeader): Target {
  return {
    machine: MACHINES[header.machine] ?? `em-${header.machine}`,
    class: header.class,
    endian: header.endian,
    abi: ABIS[header.machine]?.(header) ?? null,
  };
}

/** Machines that have several ABIs, and which of them a header means. */
const ABIS: Readonly<Record<number, (header: TargetHeader) => string | null>> = {
  [c.EM_X86_64]: (header) => (header.class === 32 ? 'x32' : null),
  [c.EM_AARCH64]: (header) => (header.class === 32 ? 'ilp32' : null),
  [c.EM_ARM]({ flags }) {
    if (flags & c.EF_ARM_ABI_FLOAT_HARD) return 'hard-float';
    return flags & c.EF_ARM_ABI_FLOAT_SOFT ? 'soft-float' : null;
  },
  [c.EM_RISCV]({ class: elfClass, flags }) {
    const float = ['', 'f', 'd', 'q'][(flags >> 1) & 3] as string;
    return `${integers(elfClass)}${flags & 8 ? 'e' : float}`;
  },
  [c.EM_LOONGARCH]: ({ class: elfClass, flags }) =>
    `${integers(elfClass)}${['', 's', 'f', 'd'][flags & 7] ?? ''}`,
  [c.EM_PPC64]({ endian, flags }) {
    // 0 means "unspecified": then it is what every toolchain of that byte order makes.
    const version = flags & 3 || (endian === 'little' ? 2 : 1);
    return version === 2 ? 'elfv2' : 'elfv1';
  },
  [c.EM_MIPS]({ class: elfClass, flags }) {
    const narrow = flags & c.EF_MIPS_ABI2 ? 'n32' : 'o32';
    const abi = elfClass === 64 ? 'n64' : narrow;
    return flags & c.EF_MIPS_NAN2008 ? `${abi}-nan2008` : abi;
  },
};

/** The sizes of integers in the names of ABIs. */
function integers(elfClass: 32 | 64): 'lp64' | 'ilp32' {
  return elfClass === 64 ? 'lp64' : 'ilp32';
}

/** The target in a few words for a report: `x86-64`, `mips big-endian n32`, `arm hard-float`. */
export function describeTarget(target: Target): string {
  const words = [nameWithClass(target)];
  if (target.endian !== usualOrder(target.machine) && target.machine !== 'ppc64')
    words.push(`${target.endian}-endian`);
  if (target.abi !== null && !IMPLIED_ABIS.has(target.abi)) words.push(target.abi);
  return words.join(' ');
}

const BIG_ENDIAN = new Set([
  'mips',
  'ppc',
  'ppc64',
  's390',
  'sparc',
  'sparc64',
  'hppa',
  'm68k',
  'or1k',
]);
const IMPLIED_ABIS = new Set(['lp64d', 'elfv1', 'elfv2', 'o32', 'n64']);

function usualOrder(machine: string): 'little' | 'big' {
  return BIG_ENDIAN.has(machine) ? 'big' : 'little';
}

function nameWithClass(target: Target): string {
  if (target.machine === 's390' && target.class === 64) return 's390x';
  if (target.machine === 'ppc64' && target.endian === 'little') return 'ppc64le';
  if (['riscv', 'loongarch', 'mips'].includes(target.machine) && target.class === 64)
    return `${target.machine}64`;
  return target.machine;
}

/** Whether both files could be mapped into one process, as far as the ELF header tells. */
export function sameTarget(a: Target, b: Target): boolean {
  return a.machine === b.machine && a.class === b.class && a.endian === b.endian && a.abi === b.abi;
}

/** As {@link sameTarget}, but ARM files that do not say their float ABI go with either. */
export function compatibleTargets(a: Target, b: Target): boolean {
  if (a.machine !== 'arm' || (a.abi !== null && b.abi !== null)) return sameTarget(a, b);
  return sameTarget({ ...a, abi: null }, { ...b, abi: null });
}
