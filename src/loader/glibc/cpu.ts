/**
 * Which subdirectories of every searched directory a glibc loader tries for a CPU: the
 * glibc-hwcaps levels (2.33 and later) and the older tls/platform/hwcap directories (up to 2.36).
 * Sources: glibc elf/dl-hwcaps.c, elf/dl-hwcaps_subdirs.c, sysdeps dl-hwcaps_subdirs.c and
 * dl-procinfo.h of the ports.
 */
import type { Target } from '../../elf/target.js';
import { UsageError } from '../../errors.js';
import type { HostCpu } from '../host-cpu.js';
import type { HwcapsChoice } from '../loader.js';
import type { GlibcPort } from './ports.js';

/** What matters of a CPU to the search. */
export interface CpuProfile {
  /** `$PLATFORM`, AT_PLATFORM unless the loader replaces it; undefined where there is none. */
  readonly platform?: string;
  /** glibc-hwcaps names in use, the best first. */
  readonly levels: readonly string[];
  /** x86 ISA level: 1 is the baseline, 2 is x86-64-v2, and so on. */
  readonly isaLevel: number;
  /** Names of legacy hwcap bits in use, from the high bit to the low. */
  readonly legacy: readonly string[];
}

const LEVELS: Readonly<Record<string, readonly string[]>> = {
  'x86-64': ['x86-64-v4', 'x86-64-v3', 'x86-64-v2'],
  'ppc64/little': ['power11', 'power10', 'power9'],
  's390/64': ['z17', 'z16', 'z15', 'z14', 'z13'],
};

/** The glibc-hwcaps names of all ports, the least first. */
export const cpuLevels: readonly string[] = Object.values(LEVELS).flatMap((levels) =>
  levels.toReversed(),
);

/** All glibc-hwcaps names of a target, the best first; none for most ports. */
function hwcapsLevels(target: Target): readonly string[] {
  if (target.machine === 'x86-64') return LEVELS['x86-64'] as readonly string[];
  if (target.machine === 'ppc64' && target.endian === 'little')
    return LEVELS['ppc64/little'] as readonly string[];
  if (target.machine === 's390' && target.class === 64)
    return LEVELS['s390/64'] as readonly string[];
  return [];
}

/** HWCAP_IMPORTANT bits that every machine a distribution of the port runs on has. */
const BASE_LEGACY: Readonly<Record<string, readonly string[]>> = {
  'x86-64': ['x86_64'],
  i386: ['sse2'],
  arm: ['neon', 'vfp'],
};

/**
 * The CPU that the search assumes. `none` is the least CPU of the port, `all` the best, a level that
 * level and those below it, `host` the machine elfdeps runs on (the least CPU where that is of
 * another kind). Throws {@link UsageError} on a level that no port has.
 */
export function cpuProfile(
  target: Target,
  port: GlibcPort,
  choice: HwcapsChoice,
  host: HostCpu | undefined,
): CpuProfile {
  const names = hwcapsLevels(target);
  const platform = port.platform;
  const legacy = BASE_LEGACY[target.machine] ?? [];
  const upTo = (best: string | undefined): CpuProfile => {
    const index = best === undefined ? -1 : names.indexOf(best);
    const levels = index < 0 ? [] : names.slice(index);
    return {
      platform,
      levels,
      isaLevel: levels.length + 1,
      legacy,
    };
  };
  if (choice === 'none') return upTo(undefined);
  if (choice === 'all') return upTo(names[0]);
  if (choice === 'host') {
    if (host === undefined || host.machine !== target.machine) return upTo(undefined);
    const profile = upTo(host.level);
    if (target.machine !== 'x86-64') return profile;
    return {
      ...profile,
      platform: host.platform ?? platform,
      legacy: [...host.legacy, ...legacy],
    };
  }
  if (names.includes(choice)) return upTo(choice);
  if (Object.values(LEVELS).some((levels) => levels.includes(choice))) return upTo(undefined);
  throw new UsageError(`unknown hwcaps level '${choice}'`, {
    hint: `use none, host, all or one of ${Object.values(LEVELS).flat().join(', ')}`,
  });
}

/**
 * The profile with the features that counted up to 2.25 only: Debian's i386 loaders looked for
 * `cmov`, which a CPU called i686 need not have.
 * Source: Debian's patch local-cmov.diff of sysdeps/i386/dl-procinfo.h (HWCAP_IMPORTANT); seen in
 * 2.11 and 2.18. glibc 2.26 gave the word other bits.
 */
export function withOldFeatures(
  cpu: CpuProfile,
  target: Target,
  minor: number,
  isDebian: () => boolean,
): CpuProfile {
  if (target.machine !== 'i386' || minor >= 26 || !isDebian()) return cpu;
  return { ...cpu, legacy: [...cpu.legacy, 'cmov'] };
}

/**
 * The subdirectories that glibc 2.`minor` tries in each directory before the directory itself, in
 * order. Each ends with a slash.
 */
export function subdirectories(
  cpu: CpuProfile,
  minor: number,
  knowsHwcaps: boolean,
): readonly string[] {
  const hwcaps = knowsHwcaps ? cpu.levels.map((level) => `glibc-hwcaps/${level}/`) : [];
  return minor >= 37 ? hwcaps : [...hwcaps, ...legacySubdirectories(cpu)];
}

/** elf/dl-hwcaps.c, up to 2.36: every ordered subset of tls, the platform and the hwcap names. */
function legacySubdirectories(cpu: CpuProfile): string[] {
  const parts = ['tls', ...(cpu.platform === undefined ? [] : [cpu.platform]), ...cpu.legacy];
  const found: string[] = [];
  for (let subset = (1 << parts.length) - 1; subset > 0; subset--)
    found.push(
      `${parts.filter((_, index) => subset & (1 << (parts.length - 1 - index))).join('/')}/`,
    );
  // The platform may be a hwcap name too; trying a path twice changes nothing.
  return [...new Set(found)];
}
