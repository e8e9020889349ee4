/**
 * glibc's ports: for each target the usual interpreter, the directories that an upstream build has
 * built in, the multiarch triplet of Debian, and the flags of its entries in ld.so.cache.
 * Sources: glibc's sysdeps configure fragments (libc_cv_slibdir), shlib-versions, and
 * sysdeps/generic/ldconfig.h with sysdeps dl-cache.h files for the flags.
 */
import type { Target } from '../../elf/target.js';

export interface GlibcPort {
  readonly interpreters: readonly string[];
  /** slibdir and libdir of an upstream build, in search order. */
  readonly systemDirectories: readonly string[];
  readonly triplet: string;
  /** What ldconfig writes for a library of the port; the loader takes these and `otherCacheFlags`. */
  readonly cacheFlags: number;
  readonly otherCacheFlags: readonly number[];
  /** _DL_CACHE_DEFAULT_ID, the flags that end a search; `cacheFlags` where it is absent. */
  readonly ownCacheFlags?: number;
  /** AT_PLATFORM of the least CPU of the port; none where the kernel gives none. */
  readonly platform?: string;
  /** Name of the kernel's virtual library; none where there is none. */
  readonly vdso?: string;
}

type Row = Omit<GlibcPort, 'otherCacheFlags'> & { readonly otherCacheFlags?: readonly number[] };

const LIB64 = ['/lib64', '/usr/lib64'];
const LIB = ['/lib', '/usr/lib'];
/** FLAG_ELF_LIBC6, and FLAG_ELF: a library that needs no libc, so that it says of which it is. */
export const FLAGS_LIBC6 = 0x3;
export const FLAGS_ELF = 0x1;
/** Libraries that do not say how they pass floats are taken for either. */
const ARM_OTHER = [FLAGS_LIBC6];
const PLAIN_OTHER = [FLAGS_ELF];

/** Key: machine, class, byte order and ABI, as {@link portKey} writes them. */
const PORTS: Readonly<Record<string, Row>> = {
  'x86-64/64/little': row(['/lib64/ld-linux-x86-64.so.2'], LIB64, 'x86_64-linux-gnu', 0x303, {
    platform: 'x86_64',
    vdso: 'linux-vdso.so.1',
  }),
  'x86-64/32/little/x32': row(
    ['/libx32/ld-linux-x32.so.2'],
    ['/libx32', '/usr/libx32'],
    'x86_64-linux-gnux32',
    0x803,
    { platform: 'x86_64', vdso: 'linux-vdso.so.1' },
  ),
  'i386/32/little': row(['/lib/ld-linux.so.2'], LIB, 'i386-linux-gnu', 0x3, {
    platform: 'i686',
    vdso: 'linux-gate.so.1',
    otherCacheFlags: PLAIN_OTHER,
  }),
  'aarch64/64/little': row(['/lib/ld-linux-aarch64.so.1'], LIB64, 'aarch64-linux-gnu', 0xa03, {
    platform: 'aarch64',
    vdso: 'linux-vdso.so.1',
  }),
  'aarch64/64/big': row(['/lib/ld-linux-aarch64_be.so.1'], LIB64, 'aarch64_be-linux-gnu', 0xa03, {
    platform: 'aarch64_be',
    vdso: 'linux-vdso.so.1',
  }),
  'arm/32/little/hard-float': row(
    ['/lib/ld-linux-armhf.so.3', '/lib/ld-linux.so.3'],
    LIB,
    'arm-linux-gnueabihf',
    0x903,
    {
      platform: 'v7l',
      vdso: 'linux-vdso.so.1',
      otherCacheFlags: ARM_OTHER,
      ownCacheFlags: FLAGS_LIBC6,
    },
  ),
  'arm/32/little/soft-float': armel('little'),
  'arm/32/little': armel('little'),
  'arm/32/big/soft-float': armel('big'),
  'arm/32/big': armel('big'),
  'arm/32/big/hard-float': row(['/lib/ld-linux-armhf.so.3'], LIB, 'armeb-linux-gnueabihf', 0x903, {
    platform: 'v7b',
    vdso: 'linux-vdso.so.1',
    otherCacheFlags: ARM_OTHER,
    ownCacheFlags: FLAGS_LIBC6,
  }),
  'riscv/64/little/lp64d': riscv('64', 'lp64d', 0x1003),
  'riscv/64/little/lp64': riscv('64', 'lp64', 0xf03),
  'riscv/32/little/ilp32d': riscv('32', 'ilp32d', 0x1003),
  'riscv/32/little/ilp32': riscv('32', 'ilp32', 0xf03),
  'ppc64/64/little/elfv2': row(['/lib64/ld64.so.2'], LIB64, 'powerpc64le-linux-gnu', 0x503, {
    platform: 'power8',
    vdso: 'linux-vdso64.so.1',
  }),
  'ppc64/64/big/elfv1': row(['/lib64/ld64.so.1'], LIB64, 'powerpc64-linux-gnu', 0x503, {
    platform: 'power4',
    vdso: 'linux-vdso64.so.1',
  }),
  'ppc64/64/big/elfv2': row(['/lib64/ld64.so.2'], LIB64, 'powerpc64-linux-gnu', 0x503, {
    platform: 'power4',
    vdso: 'linux-vdso64.so.1',
  }),
  'ppc/32/big': row(['/lib/ld.so.1'], LIB, 'powerpc-linux-gnu', 0x3, {
    platform: 'power4',
    vdso: 'linux-vdso32.so.1',
    otherCacheFlags: PLAIN_OTHER,
  }),
  's390/64/big': row(['/lib/ld64.so.1'], LIB64, 's390x-linux-gnu', 0x403, {
    platform: 'z900',
    vdso: 'linux-vdso64.so.1',
  }),
  's390/32/big': row(['/lib/ld.so.1'], LIB, 's390-linux-gnu', 0x3, {
    platform: 'g5',
    vdso: 'linux-vdso32.so.1',
    otherCacheFlags: PLAIN_OTHER,
  }),
  'loongarch/64/little/lp64d': row(
    ['/lib64/ld-linux-loongarch-lp64d.so.1'],
    LIB64,
    'loongarch64-linux-gnu',
    0x1203,
    { platform: 'loongarch', vdso: 'linux-vdso.so.1' },
  ),
  'loongarch/64/little/lp64s': row(
    ['/lib64/ld-linux-loongarch-lp64s.so.1'],
    ['/lib64/sf', '/usr/lib64/sf'],
    'loongarch64-linux-gnusf',
    0x1103,
    { platform: 'loongarch', vdso: 'linux-vdso.so.1' },
  ),
  'sparc64/64/big': row(['/lib64/ld-linux.so.2'], LIB64, 'sparc64-linux-gnu', 0x103, {
    platform: 'v9',
  }),
  'sparc/32/big': row(['/lib/ld-linux.so.2'], LIB, 'sparc-linux-gnu', 0x3, {
    platform: 'v8',
    otherCacheFlags: PLAIN_OTHER,
  }),
  'alpha/64/little': row(['/lib/ld-linux.so.2'], LIB, 'alpha-linux-gnu', 0x3, {
    platform: 'ev4',
    otherCacheFlags: PLAIN_OTHER,
  }),
  'hppa/32/big': row(['/lib/ld.so.1'], LIB, 'hppa-linux-gnu', 0x3, {
    otherCacheFlags: PLAIN_OTHER,
  }),
  'ia64/64/little': row(['/lib/ld-linux-ia64.so.2'], LIB, 'ia64-linux-gnu', 0x203, {
    vdso: 'linux-gate.so.1',
  }),
  'm68k/32/big': row(['/lib/ld.so.1'], LIB, 'm68k-linux-gnu', 0x3, {
    otherCacheFlags: PLAIN_OTHER,
  }),
  'sh/32/little': row(['/lib/ld-linux.so.2'], LIB, 'sh4-linux-gnu', 0x3, {
    vdso: 'linux-gate.so.1',
    otherCacheFlags: PLAIN_OTHER,
  }),
  'microblaze/32/big': row(['/lib/ld.so.1'], LIB, 'microblaze-linux-gnu', 0x3, {
    otherCacheFlags: PLAIN_OTHER,
  }),
  'microblaze/32/little': row(['/lib/ld.so.1'], LIB, 'microblazeel-linux-gnu', 0x3, {
    otherCacheFlags: PLAIN_OTHER,
  }),
  'or1k/32/big': row(['/lib/ld-linux-or1k.so.1'], LIB, 'or1k-linux-gnu', 0x3, {
    otherCacheFlags: PLAIN_OTHER,
  }),
  'arc/32/little': row(['/lib/ld-linux-arc.so.2'], LIB, 'arc-linux-gnu', 0x3, {
    otherCacheFlags: PLAIN_OTHER,
  }),
  'csky/32/little': row(['/lib/ld-linux-cskyv2-hf.so.1'], LIB, 'csky-linux-gnuabiv2', 0x3, {
    otherCacheFlags: PLAIN_OTHER,
  }),
  ...mips('o32', 'lib', [0x3, 0xc03], (order) => `mips${order}-linux-gnu`),
  ...mips('n32', 'lib32', [0x603, 0xd03], (order) => `mips64${order}-linux-gnuabin32`),
  ...mips('n64', 'lib64', [0x703, 0xe03], (order) => `mips64${order}-linux-gnuabi64`),
};

function row(
  interpreters: readonly string[],
  systemDirectories: readonly string[],
  triplet: string,
  cacheFlags: number,
  rest: Partial<Row> = {},
): Row {
  return { interpreters, systemDirectories, triplet, cacheFlags, ...rest };
}

function armel(endian: 'little' | 'big'): Row {
  const little = endian === 'little';
  return row(
    ['/lib/ld-linux.so.3', '/lib/ld-linux-armhf.so.3'],
    LIB,
    little ? 'arm-linux-gnueabi' : 'armeb-linux-gnueabi',
    0xb03,
    {
      platform: little ? 'v5l' : 'v5b',
      vdso: 'linux-vdso.so.1',
      otherCacheFlags: ARM_OTHER,
      ownCacheFlags: FLAGS_LIBC6,
    },
  );
}

function riscv(bits: '32' | '64', abi: string, cacheFlags: number): Row {
  return row(
    [`/lib/ld-linux-riscv${bits}-${abi}.so.1`],
    [`/lib${bits}/${abi}`, `/usr/lib${bits}/${abi}`],
    `riscv${bits}-linux-gnu`,
    cacheFlags,
    { vdso: 'linux-vdso.so.1' },
  );
}

/** One ABI in both byte orders, with the legacy encoding of NaN and that of 2008, each with its flags. */
function mips(
  abi: 'o32' | 'n32' | 'n64',
  directory: string,
  flags: readonly [legacy: number, nan2008: number],
  triplet: (order: string) => string,
): Record<string, Row> {
  const bits = abi === 'n64' ? 64 : 32;
  const rest = {
    platform: 'mips',
    vdso: 'linux-vdso.so.1',
    otherCacheFlags: abi === 'o32' ? PLAIN_OTHER : [],
  };
  const port = (loader: string, order: string, cacheFlags: number) =>
    row(
      [`/${directory}/${loader}`],
      [`/${directory}`, `/usr/${directory}`],
      triplet(order),
      cacheFlags,
      rest,
    );
  return {
    [`mips/${bits}/little/${abi}`]: port('ld.so.1', 'el', flags[0]),
    [`mips/${bits}/big/${abi}`]: port('ld.so.1', '', flags[0]),
    [`mips/${bits}/little/${abi}-nan2008`]: port('ld-linux-mipsn8.so.1', 'el', flags[1]),
    [`mips/${bits}/big/${abi}-nan2008`]: port('ld-linux-mipsn8.so.1', '', flags[1]),
  };
}

function portKey(target: Target): string {
  const key = `${target.machine}/${target.class}/${target.endian}`;
  return target.abi === null ? key : `${key}/${target.abi}`;
}

/** The port for a target, or undefined where glibc has none. */
export function findPort(target: Target): GlibcPort | undefined {
  const found = PORTS[portKey(target)];
  return found === undefined ? undefined : { otherCacheFlags: [], ...found };
}

/** The flags of a cache entry that a loader of the port looks no further behind. */
export function ownFlags(port: GlibcPort): number {
  return port.ownCacheFlags ?? port.cacheFlags;
}

/**
 * _dl_cache_check_flags: whether a loader of release 2.`minor` looks at an entry at all. The ARM
 * port has rules of its own since 2.18; before, it had those of the ports without any.
 */
export function acceptsFlags(port: GlibcPort, flags: number, minor: number): boolean {
  if (flags === port.cacheFlags || port.otherCacheFlags.includes(flags)) return true;
  return flags === FLAGS_ELF && minor < 18 && port.ownCacheFlags === FLAGS_LIBC6;
}
