/**
 * Caches and configuration of the loaders.
 */
import * as c from '../src/elf/constants.js';
import { RootFiles } from '../src/files/root-files.js';
import { traceDependencies } from '../src/index.js';
import { parseHints } from '../src/loader/freebsd/hints.js';
import { Libmap } from '../src/loader/freebsd/libmap.js';
import { parseBuiltIns, parseLibcRelease } from '../src/loader/glibc/built-ins.js';
import { cacheReader, LdCache } from '../src/loader/glibc/cache.js';
import { extendCache } from '../src/loader/glibc/cache-for-image.js';
import { cpuProfile } from '../src/loader/glibc/cpu.js';
import { readLdSoConf } from '../src/loader/glibc/ld-so-conf.js';
import { findPort, type GlibcPort } from '../src/loader/glibc/ports.js';
import { parsePreloadFile } from '../src/loader/glibc/preload-file.js';
import { splitSearchPath } from '../src/loader/glibc/tokens.js';
import { parseUclibcCache } from '../src/loader/uclibc/cache.js';
import { type MemoryNode, memoryRoot } from '../src/root/memory-root.js';
import { ByteWriter, buildElf, type ElfOptions, encode } from '../test/support/elf-builder.js';
import { buildCache } from '../test/support/ld-cache-builder.js';
import {
  GLIBC_INTERPRETER,
  glibcSystem,
  memoryWorld,
  muslProgram,
  muslSystem,
  program,
} from '../test/support/world.js';
import type { Format } from './format.js';
import { mutateBytes, mutateText } from './mutate-bytes.js';

const TARGET = { machine: 'x86-64', class: 64, endian: 'little', abi: null } as const;
const PORT = findPort(TARGET) as GlibcPort;
const CPU = cpuProfile(TARGET, PORT, 'all', undefined);
const NAMES = ['libz.so.1', 'liba.so.10', 'liba.so.9', 'liba.so.9'];

const ldCache: Format = {
  name: 'ld.so.cache',
  seeds: () =>
    (['new', 'old', 'compat'] as const).map((format) =>
      buildCache(
        NAMES.map((name, index) => ({
          name,
          path: `/lib/${name}`,
          hwcap: index === 2 && format !== 'old' ? { name: 'x86-64-v2' } : undefined,
        })),
        { format },
      ),
    ),
  mutate: (random, input) => mutateBytes(random, input, random.chance(0.9) ? 20 : 0),
  run(input) {
    const cache = LdCache.parse(input, 'little');
    LdCache.parse(input, 'big');
    if (cache === undefined) return false;
    for (const minor of [27, 31, 36, 41])
      for (const name of [...NAMES, 'none', ''])
        cache.lookup(
          name,
          cacheReader(TARGET, { port: PORT, cpu: CPU, minor, knowsHwcaps: minor >= 33 }),
        );
    let count = 0;
    for (const _ of cache.entries()) count++;
    extendCache(input, [{ name: 'liba.so.9', path: '/lib/liba.so.9' }], 'little', PORT);
    return count >= 0;
  },
};

const CONF_WORDS = [
  'include ',
  'include\t',
  '/etc/*.conf',
  '**/',
  '{a,b}',
  '[a-',
  '[!x]',
  '?',
  '!(a)',
  '+(x)',
  'hwcap 1 x',
  '~',
  'loop.conf',
  '.conf ',
];

const ldConf: Format = {
  name: 'ld.so.conf',
  words: CONF_WORDS,
  seeds: () => [
    encode(
      '# c\n/usr/local/lib\ninclude /etc/ld.so.conf.d/*.conf\nhwcap 1 nosegneg\n/opt/lib=libc6\n',
    ),
    encode('include loop.conf other/{a,b}*.conf ld.so.conf.d/[a-c]?.conf\n/opt/x\n'),
  ],
  mutate: (random, input, other) => mutateText(random, input, other, CONF_WORDS),
  run(input) {
    const root = memoryRoot({
      ...memoryWorld({ ...glibcSystem(36), '/app/main': program({ needed: ['liba.so'] }) }),
      '/etc/ld.so.conf': input,
      '/etc/loop.conf': { link: 'ld.so.conf' },
      '/etc/ld.so.conf.d/a.conf': input,
      '/etc/ld.so.conf.d/b1.conf': '/opt/b\n',
    });
    const found = readLdSoConf(new RootFiles(root), '/etc/ld.so.conf', 36);
    traceDependencies(root, ['/app/main'], { ldconfig: true });
    return found.length > 0;
  },
};

const PATH_WORDS = [
  '$ORIGIN',
  '${LIB}',
  '$PLATFORM',
  '${',
  '}',
  '$',
  ':',
  ';',
  '::',
  '\n',
  '/lib',
  '$OSNAME',
  '#!',
];

const paths: Format = {
  name: 'search paths and preloads',
  words: PATH_WORDS,
  seeds: () => [
    encode('/lib:/usr/local/lib:/usr/lib\n'),
    encode('/opt/x.so $ORIGIN/../y.so # c\n\nz.so:w.so'),
  ],
  mutate: (random, input, other) => mutateText(random, input, other, PATH_WORDS),
  run(input) {
    const text = new TextDecoder().decode(input);
    const values = { ORIGIN: '/o', LIB: 'lib', PLATFORM: undefined };
    for (const minor of [27, 36]) splitSearchPath(text, /[:;]/, values, minor);
    parsePreloadFile(text);
    parseBuiltIns(input);
    parseLibcRelease(input);
    const root = memoryRoot({
      ...memoryWorld({
        ...glibcSystem(36),
        ...muslSystem(),
        '/app/main': program({
          needed: ['liba.so'],
          runpath: text.slice(0, 60_000).replaceAll('\0', ''),
        }),
        '/app/mmain': muslProgram({ needed: ['liba.so'] }),
      }),
      // In secure-execution mode, fewer directories and tokens count.
      '/app/secure': {
        bytes: buildElf({
          interpreter: GLIBC_INTERPRETER,
          flags1: c.DF_1_PIE,
          needed: ['liba.so', 'sub/$LIB/b.so'],
          rpath: text.slice(0, 1000).replaceAll('\0', ''),
        }),
        mode: 0o4755,
      },
      '/etc/ld-musl-x86_64.path': input,
      '/etc/ld.so.preload': input,
    });
    return traceDependencies(root, ['/app/main', '/app/mmain', '/app/secure']).closures.length > 0;
  },
};

/** A program of a loader that has its strings in its file, with a library that it needs. */
function systemOf(
  interpreter: string,
  { strings, ...elf }: ElfOptions & { readonly strings: readonly string[] },
): Record<string, MemoryNode> {
  const { osabi, type, flags1 } = elf;
  return {
    [interpreter]: buildElf({
      osabi,
      soname: interpreter.replace(/.*\//, ''),
      data: encode(`\0${strings.join('\0')}\0`),
    }),
    '/app/main': buildElf({ interpreter, needed: ['liba.so', 'libb.so'], osabi, type, flags1 }),
    '/usr/lib/liba.so': buildElf({ osabi, soname: 'liba.so' }),
    '/usr/local/lib/libb.so': buildElf({ osabi, soname: 'libb.so' }),
  };
}

function traceIn(nodes: Readonly<Record<string, MemoryNode>>): void {
  for (const ldconfig of [false, true])
    traceDependencies(memoryRoot(nodes), ['/app/main'], { ldconfig });
}

const UCLIBC = systemOf('/lib/ld-uClibc.so.1', {
  type: c.ET_EXEC,
  strings: [
    '$ORIGIN',
    '/etc/ld.so.cache',
    '/etc/ld.so.preload',
    '/lib/:/usr/lib/',
    '/lib:/usr/lib',
  ],
});
const FREEBSD = systemOf('/libexec/ld-elf.so.1', {
  osabi: c.ELFOSABI_FREEBSD,
  flags1: c.DF_1_PIE,
  strings: ['/var/run/ld-elf.so.hints', '/etc/libmap.conf', '/lib:/usr/lib'],
});

/** A cache of uClibc: flags, soname and path of each entry. */
function uclibcCacheBytes(...entries: readonly (readonly [number, string, string])[]): Uint8Array {
  const strings = entries.flatMap(([, soname, path]) => [soname, path]);
  const offsets = strings.map((_, i) => strings.slice(0, i).join('\0').length + (i === 0 ? 0 : 1));
  const out = new ByteWriter(true, false);
  out.bytes(encode('ld.so-1.7.0\0'));
  out.u32(entries.length);
  for (const [i, [flags]] of entries.entries())
    for (const word of [flags, offsets[2 * i], offsets[2 * i + 1]]) out.u32(word as number);
  out.bytes(encode(`${strings.join('\0')}\0`));
  return out.result();
}

const uclibcCache: Format = {
  name: 'cache of uClibc',
  seeds: () => [
    uclibcCacheBytes([1, 'liba.so', '/lib/liba.so'], [4, 'libb.so', '/usr/lib/libb.so']),
  ],
  mutate: (random, input) => mutateBytes(random, input, random.chance(0.95) ? 11 : 0),
  run(input) {
    const cache = parseUclibcCache(input, 'little');
    parseUclibcCache(input, 'big');
    for (const name of ['liba.so', 'none', '']) cache?.(name);
    traceIn({ ...UCLIBC, '/etc/ld.so.cache': input, '/etc/ld.so.preload': input });
    // What it looks at first is the magic; offsets that lead out come next.
    return Buffer.from(input.subarray(0, 11)).toString('latin1') === 'ld.so-1.7.0';
  },
};

const hints: Format = {
  name: 'hints of FreeBSD',
  seeds() {
    const out = new ByteWriter(true, false);
    const text = '/lib:/usr/lib:/usr/local/lib';
    for (const word of [0x746e6845, 1, 128, text.length + 1, 0, text.length]) out.u32(word);
    out.reserve(104);
    out.bytes(encode(`${text}\0`));
    return [out.result()];
  },
  mutate: (random, input) => mutateBytes(random, input, random.chance(0.9) ? 8 : 0),
  run(input) {
    parseHints(input, 'little');
    parseHints(input, 'big');
    traceIn({ ...FREEBSD, '/var/run/ld-elf.so.hints': input });
    return Buffer.from(input.subarray(0, 4)).toString('latin1') === 'Ehnt';
  },
};

const MAP_WORDS = [
  '[',
  ']',
  '[/usr/bin/',
  'include ',
  'includedir ',
  '/etc/libmap.d',
  'libc.so.7',
  '\t',
  '$DEFAULT$',
  '# ',
  '/etc/libmap.conf',
];

const libmap: Format = {
  name: 'libmap.conf',
  words: MAP_WORDS,
  seeds: () => [
    encode(
      'libc.so.6 libc.so.7\n[/usr/bin/]\nliba.so\tlibb.so # c\n[name]\n/lib /compat\ninclude /etc/more.conf\nincludedir /etc/libmap.d\n',
    ),
  ],
  mutate: (random, input, other) => mutateText(random, input, other, MAP_WORDS),
  run(input) {
    const root = memoryRoot({
      ...FREEBSD,
      '/etc/libmap.conf': input,
      '/etc/more.conf': input,
      '/etc/libmap.d/a.conf': 'liba.so libx.so\n',
    });
    const map = Libmap.read(new RootFiles(root), '/etc/libmap.conf');
    traceDependencies(root, ['/app/main']);
    const found = ['liba.so', 'libc.so.6', '/lib'].map((name) => map.find('/usr/bin/x', name));
    return found.some((name) => name !== undefined) || input.length > 0;
  },
};

export const loaderFormats: readonly Format[] = [
  ldCache,
  ldConf,
  paths,
  uclibcCache,
  hints,
  libmap,
];
