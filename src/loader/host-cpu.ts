/**
 * The CPU of this machine, as far as it decides which variants of libraries its loader prefers:
 * /proc/cpuinfo into a machine, a glibc-hwcaps level and a platform. Nothing is executed.
 * Sources: the x86-64 psABI's micro-architecture levels; glibc sysdeps/x86/cpu-features.c.
 */

import { resolvePath } from '../root/resolve-path.js';
import { type Root, readFile } from '../root/root.js';

export interface HostCpu {
  /** As in Target. */
  readonly machine: string;
  /** The best glibc-hwcaps level, or undefined for the baseline. */
  readonly level?: string;
  /** What an x86-64 loader uses instead of AT_PLATFORM. */
  readonly platform?: string;
  /** Legacy hwcap names beside the ones that every CPU of the machine has. */
  readonly legacy: readonly string[];
}

const X86_LEVELS = [
  ['x86-64-v2', 'cx16 lahf_lm popcnt sse4_1 sse4_2 ssse3'],
  ['x86-64-v3', 'avx avx2 bmi1 bmi2 f16c fma abm movbe xsave'],
  ['x86-64-v4', 'avx512f avx512bw avx512cd avx512dq avx512vl'],
] as const;

const HASWELL = 'avx2 bmi1 bmi2 abm movbe popcnt';
const AVX512_1 = 'avx512cd avx512bw avx512dq avx512vl';

/** z13 and later, by machine type number. */
const S390_TYPES: Readonly<Record<string, string>> = {
  2964: 'z13',
  2965: 'z13',
  3906: 'z14',
  3907: 'z14',
  8561: 'z15',
  8562: 'z15',
  3931: 'z16',
  3932: 'z16',
  9175: 'z17',
  9176: 'z17',
};

/** Reads the CPU from the host's own root; undefined if nothing tells it (not Linux, no /proc). */
export function readHostCpu(root: Root): HostCpu | undefined {
  const file = resolvePath(root, '/proc/cpuinfo');
  if (!file.found) return undefined;
  try {
    return parseCpuInfo(new TextDecoder().decode(readFile(root, file.path)));
  } catch {
    return undefined;
  }
}

function parseCpuInfo(text: string): HostCpu | undefined {
  const field = (name: string) =>
    new RegExp(`^${name}\\s*:\\s*(.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
  const flags = new Set(field('flags').split(' '));
  if (flags.has('lm')) return x86(flags, field('vendor_id'));
  const power = /^POWER(\d+)/.exec(field('cpu'))?.[1];
  if (power !== undefined) {
    const level = Number(power) >= 9 ? `power${Math.min(Number(power), 11)}` : undefined;
    return { machine: 'ppc64', level, legacy: [] };
  }
  const type = /machine = (\d+)/.exec(text)?.[1];
  if (type !== undefined) {
    const level = S390_TYPES[type];
    return { machine: 's390', level, legacy: [] };
  }
  return undefined;
}

function x86(flags: ReadonlySet<string>, vendor: string): HostCpu {
  const has = (names: string) => names.split(' ').every((name) => flags.has(name));
  let level: string | undefined;
  for (const [name, needs] of X86_LEVELS) {
    if (!has(needs)) break;
    level = name;
  }
  const intel = vendor === 'GenuineIntel';
  const platform =
    intel && has('avx512cd avx512er') ? 'xeon_phi' : intel && has(HASWELL) ? 'haswell' : undefined;
  return {
    machine: 'x86-64',
    level,
    platform,
    legacy: intel && has(AVX512_1) ? ['avx512_1'] : [],
  };
}
