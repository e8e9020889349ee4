/**
 * The hwcap word of an ld.so.cache entry as loaders up to glibc 2.36 read it: a set of CPU features
 * and a platform, which stand for the subdirectories that the library lies in. Only x86 has both.
 * Source: glibc elf/dl-cache.c (HWCAP_CHECK), sysdeps/i386/dl-procinfo.h up to 2.25, and
 * sysdeps/x86/dl-hwcap.h since 2.26 (commit 1432d38ea04a).
 */
import type { Target } from '../../elf/target.js';
import type { CpuProfile } from './cpu.js';

/** What an entry may have in its hwcap word, whose halves are looked at apart. */
export interface HwcapBits {
  /** Features, in the low half. */
  readonly features: number;
  /** Where the high half has the platform, and the bit there that is this CPU's. */
  readonly platforms: number;
  readonly platform: number;
}

/** Mark of a library for thread-local storage, in the high half; every loader accepts it. */
const TLS_BIT = 1 << 31;
/** Bit 48, the first that names a platform. */
const FIRST_PLATFORM = 1 << 16;
const ALL_FEATURES = -1;

interface X86Bits {
  readonly platforms: readonly string[];
  readonly features: Readonly<Record<string, number>>;
}

/** The names by their bits. 64-bit loaders since 2.26 know only the last two platforms. */
const X86: Readonly<Record<string, X86Bits>> = {
  'i386 old': {
    platforms: ['i386', 'i486', 'i586', 'i686'],
    features: { sse2: 1 << 26, cmov: 1 << 15 },
  },
  'x86-64 old': { platforms: [], features: {} },
  i386: { platforms: ['i586', 'i686'], features: { sse2: 1 << 0 } },
  'x86-64': {
    platforms: ['', '', 'haswell', 'xeon_phi'],
    features: { x86_64: 1 << 1, avx512_1: 1 << 2 },
  },
};

/** The bits that a loader of release 2.`minor` accepts on a CPU. */
export function hwcapBits(target: Target, cpu: CpuProfile, minor: number): HwcapBits {
  const x86 = X86[minor < 26 ? `${target.machine} old` : target.machine];
  if (x86 === undefined) return { features: ALL_FEATURES, platforms: 0, platform: 0 };
  const { platforms, features } = x86;
  const own = cpu.platform === undefined ? -1 : platforms.indexOf(cpu.platform);
  return {
    features: cpu.legacy.reduce((bits, name) => bits | (features[name] ?? 0), 0),
    platforms: FIRST_PLATFORM * (2 ** platforms.length - 1),
    platform: own < 0 ? 0 : FIRST_PLATFORM * 2 ** own,
  };
}

/** Whether a loader with these bits takes an entry with such a hwcap word. */
export function acceptsHwcap(bits: HwcapBits, high: number, low: number): boolean {
  const platform = high & bits.platforms;
  return (
    (low & ~bits.features) === 0 &&
    (high & ~(bits.platforms | TLS_BIT)) === 0 &&
    (platform === 0 || platform === bits.platform)
  );
}
