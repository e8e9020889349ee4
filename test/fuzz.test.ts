/**
 * Damaged input of every kind, by chance from a fixed seed: it may fail with an ElfdepsError, but
 * with nothing else, and it must neither hang nor read more than a file of its size deserves.
 */
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { describe, expect, it } from 'vitest';
import { trace } from '../src/closure/trace.js';
import { type ByteSource, bytesSource, pagedSource } from '../src/elf/byte-source.js';
import * as c from '../src/elf/constants.js';
import type { DynamicFile } from '../src/elf/dynamic-table.js';
import { parseElf } from '../src/elf/elf-file.js';
import { parseRelocations } from '../src/elf/relocations.js';
import { parseShebang } from '../src/elf/script.js';
import { NameHash, parseSymbolHash } from '../src/elf/symbol-hash.js';
import { parseSymbols } from '../src/elf/symbols.js';
import { ElfdepsError, ElfFormatError } from '../src/errors.js';
import { RootFiles } from '../src/files/root-files.js';
import {
  checkTrace,
  detectRuntimeNeeds,
  needFiles,
  planImage,
  traceDependencies,
  traceRuntimeNeeds,
} from '../src/index.js';
import { parseBuiltIns } from '../src/loader/glibc/built-ins.js';
import { cacheReader, LdCache } from '../src/loader/glibc/cache.js';
import { cpuProfile } from '../src/loader/glibc/cpu.js';
import { readLdSoConf } from '../src/loader/glibc/ld-so-conf.js';
import { findPort, type GlibcPort } from '../src/loader/glibc/ports.js';
import { parsePreloadFile } from '../src/loader/glibc/preload-file.js';
import { splitSearchPath } from '../src/loader/glibc/tokens.js';
import { loaders } from '../src/registry.js';
import { directoryRoot } from '../src/root/directory-root.js';
import { type MemoryNode, memoryRoot } from '../src/root/memory-root.js';
import type { Root } from '../src/root/root.js';
import { rows as needRows } from './needs/detector-rows.js';
import { buildElf, type ElfOptions, encode } from './support/elf-builder.js';
import { buildCache } from './support/ld-cache-builder.js';
import { Random } from './support/random.js';
import { randomVector } from './support/random-world.js';
import { ALL_TABLES } from './support/symbol-tables.js';
import {
  GLIBC_INTERPRETER,
  glibcSystem,
  memoryWorld,
  muslSystem,
  program,
} from './support/world.js';

const INTERESTING = [0, 1, 2, 4, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];
const HUGE = [
  0n,
  1n,
  1n << 31n,
  1n << 32n,
  1n << 40n,
  1n << 53n,
  (1n << 63n) - 1n,
  (1n << 64n) - 1n,
];

/** Characters of a text of which each is looked at a few times, and not again for each other. */
const LONG = 1 << 20;

/** A few bytes, fields or the size of `bytes` changed. */
function mutate(random: Random, bytes: Uint8Array): Uint8Array {
  // Not `bytes.slice()`, which for a Buffer shares its memory.
  let changed = new Uint8Array(bytes);
  for (let i = 1 + random.below(6); i > 0 && changed.length > 8; i--) {
    const view = new DataView(changed.buffer, changed.byteOffset);
    const at = random.below(changed.length - 8);
    // Headers are a small part of a file, and most of what there is to damage.
    const near = random.chance(0.5) ? Math.min(at, random.below(0x200)) : at;
    const little = random.chance(0.8);
    switch (random.below(6)) {
      case 0:
        changed[near] = random.below(256);
        break;
      case 1:
        view.setUint32(near, random.pick(INTERESTING), little);
        break;
      case 2:
        view.setUint16(near, random.pick(INTERESTING) & 0xffff, little);
        break;
      case 3:
        view.setBigUint64(near & ~7, random.pick(HUGE), little);
        break;
      case 4:
        changed = changed.slice(0, random.below(changed.length));
        break;
      default: {
        const from = random.below(changed.length - 8);
        changed.copyWithin(near, from, from + random.below(64));
      }
    }
  }
  return changed;
}

/** Runs the action; anything thrown that is no ElfdepsError is the failure of the test. */
function survive(what: string, action: () => unknown): void {
  try {
    action();
  } catch (error) {
    if (error instanceof ElfdepsError) return;
    throw new Error(`${what}: ${String(error)}`, { cause: error });
  }
}

function counting(source: ByteSource): ByteSource & { count: number } {
  const counted = {
    size: source.size,
    count: 0,
    read(offset: number, length: number) {
      const bytes = source.read(offset, length);
      counted.count += bytes.length;
      return bytes;
    },
  };
  return counted;
}

const samples: readonly ElfOptions[] = [
  { interpreter: '/lib64/ld.so', needed: ['liba.so', 'libb.so'], runpath: '$ORIGIN/x', flags1: 1 },
  { class: 32, endian: 'big', machine: c.EM_MIPS, needed: ['liba.so'], soname: 'me', rpath: '/r' },
  { class: 32, machine: c.EM_ARM, abiTag: [0, 3, 2, 0], needs: [{ kind: 'filter', name: 'f' }] },
  { endian: 'big', machine: c.EM_S390, dlopen: [[{ soname: ['x.so'] }]], needed: ['y'] },
  { type: c.ET_CORE, phnum: c.PN_XNUM },
];

describe('damaged ELF files', () => {
  it.each(samples.map((options, index) => [index, options] as const))(
    'built file %d',
    (index, options) => {
      const random = new Random(100 + index);
      const whole = buildElf(options);
      for (let round = 0; round < 1000; round++) {
        const bytes = mutate(random, whole);
        const source = counting(bytesSource(bytes));
        survive(`round ${round}`, () => {
          try {
            parseElf(round % 2 === 0 ? source : pagedSource(source));
          } catch (error) {
            if (error instanceof ElfFormatError) expect(error.offset).toBeGreaterThanOrEqual(0);
            throw error;
          }
        });
        // Names and notes may be read several times over, each piece a page at most.
        expect(source.count).toBeLessThan(1 << 20);
      }
    },
  );

  const own = '/bin/true';
  it.skipIf(!fs.existsSync(own))('a real program', () => {
    const random = new Random(7);
    const whole = new Uint8Array(fs.readFileSync(own));
    for (let round = 0; round < 500; round++) {
      const source = counting(bytesSource(mutate(random, whole)));
      survive(`round ${round}`, () => parseElf(source));
      expect(source.count).toBeLessThan(4 << 20);
    }
  });

  it('every single byte of a small file with every interesting value', () => {
    const whole = buildElf(samples[0]);
    for (let at = 0; at < whole.length; at++)
      for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
        const bytes = whole.slice();
        bytes[at] = value;
        survive(`byte ${at} = ${value}`, () => parseElf(bytes));
      }
  });

  it('every size of a small file', () => {
    const whole = buildElf(samples[0]);
    for (let size = 0; size < whole.length; size++)
      survive(`size ${size}`, () => parseElf(whole.slice(0, size)));
  });
});

describe('damaged symbol tables', () => {
  const rows: readonly ElfOptions[] = [
    { symbols: { ...ALL_TABLES, hash: 'both' } },
    { symbols: { ...ALL_TABLES, hash: 'xhash' }, machine: c.EM_MIPS, endian: 'big' },
    { symbols: { ...ALL_TABLES, hash: 'elf', rel: true }, class: 32, machine: c.EM_ARM },
    { symbols: { ...ALL_TABLES, hash: 'elf' }, machine: c.EM_S390, endian: 'big' },
  ];

  it.each(rows.map((options, index) => [index, options] as const))('file %d', (index, options) => {
    const random = new Random(200 + index);
    const whole = buildElf(options);
    const elf = parseElf(whole);
    for (let round = 0; round < 1500; round++) {
      // Half of them with sound headers, so that more of the tables is reached.
      const bytes = mutate(random, whole);
      const source = counting(bytesSource(bytes));
      survive(`round ${round}`, () => {
        const file = round % 2 === 0 ? elf : parseElf(bytes);
        const symbols = parseSymbols(source, file);
        if (symbols === undefined) return;
        parseRelocations(source, file as DynamicFile);
        expect(symbols.count).toBeLessThanOrEqual(bytes.length);
        symbols.imports();
        symbols.exports();
        for (const { name } of ALL_TABLES.list) symbols.definitions(name);
      });
      expect(source.count).toBeLessThan(8 << 20);
    }
  });

  it('in a process: versions, undefined symbols, unused needs', () => {
    const random = new Random(9);
    const interpreter = GLIBC_INTERPRETER;
    const whole = buildElf({
      symbols: ALL_TABLES,
      interpreter,
      needed: ['liba.so'],
      flags1: c.DF_1_PIE,
    });
    const library = buildElf({ symbols: ALL_TABLES, soname: 'liba.so' });
    for (let round = 0; round < 400; round++) {
      const root = memoryRoot({
        ...memoryWorld(glibcSystem(36)),
        '/app/main': random.chance(0.5) ? mutate(random, whole) : whole,
        '/lib/liba.so': mutate(random, library),
      });
      survive(`round ${round}`, () => {
        for (const { findings } of checkTrace(traceDependencies(root, ['/app/main'])))
          expect(findings.length).toBeLessThan(100);
      });
    }
  });

  it('names that all collide, each of them looked for', () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `s${index}`);
    const library = buildElf({
      soname: 'liba.so',
      symbols: { list: names.map((name) => ({ name: `not ${name}`, value: 1 })), hash: 'elf' },
    });
    const main = buildElf({
      interpreter: GLIBC_INTERPRETER,
      flags1: c.DF_1_PIE,
      needed: ['liba.so'],
      symbols: {
        list: names.map((name) => ({ name })),
        relocations: names.map((symbol) => ({ symbol, type: 6 })),
      },
    });
    const root = memoryRoot({
      ...memoryWorld(glibcSystem(36)),
      '/app/main': main,
      '/lib/liba.so': library,
    });
    const [checked] = checkTrace(traceDependencies(root, ['/app/main']));
    expect(checked?.findings.map(({ code }) => code)).toContain('SYMBOLS_UNREADABLE');
  });

  it('a chain that turns in a circle', () => {
    const words = new Uint8Array(6 * 4);
    const view = new DataView(words.buffer);
    [1, 3, 1, 0, 2, 1].map((word, at) => view.setUint32(at * 4, word, true));
    const hash = parseSymbolHash(bytesSource(words), {
      header: { class: 64, endian: 'little', machine: c.EM_X86_64 },
      segments: [{ type: c.PT_LOAD, vaddr: 0, offset: 0, filesz: words.length }],
      dynamic: { tags: new Map([[c.DT_HASH, 0]]) },
    } as never);
    expect(hash?.candidates(new NameHash(encode('x'))).length).toBeLessThan(5);
  });
});

describe('other damaged files', () => {
  const target = { machine: 'x86-64', class: 64, endian: 'little', abi: null } as const;
  const port = findPort(target) as GlibcPort;
  const cpu = cpuProfile(target, port, 'all', undefined);

  it.each(['new', 'old', 'compat'] as const)('an ld.so.cache, %s format', (format) => {
    const random = new Random(format.length);
    const names = ['libz.so.1', 'liba.so.10', 'liba.so.9', 'liba.so.9'];
    const whole = buildCache(
      names.map((name, index) => ({
        name,
        path: `/lib/${name}`,
        ...(index === 2 ? { hwcap: { name: 'x86-64-v2' } } : {}),
      })),
      { format },
    );
    for (let round = 0; round < 2000; round++) {
      const bytes = mutate(random, whole);
      survive(`round ${round}`, () => {
        const cache = LdCache.parse(bytes, random.chance(0.9) ? 'little' : 'big');
        if (cache === undefined) return;
        for (const minor of [31, 36, 41])
          for (const name of [...names, 'none', ''])
            cache.lookup(name, cacheReader(target, { port, cpu, minor, knowsHwcaps: minor >= 33 }));
        let count = 0;
        for (const _ of cache.entries()) count++;
        expect(count).toBeLessThanOrEqual(bytes.length);
      });
    }
  });

  const words = [
    'include ',
    '/etc/*.conf',
    '#',
    '\n',
    '\r',
    ' ',
    '\t',
    '/a',
    '[',
    '{a,b}',
    '**',
    '!',
    '\\',
    'hwcap 1 x',
    '\0',
    '..',
    '/',
  ];
  it('ld.so.conf', () => {
    const random = new Random(3);
    for (let round = 0; round < 300; round++) {
      const text = () => random.some(words, 12).join('');
      const root = memoryRoot({
        '/etc/ld.so.conf': text(),
        '/etc/a.conf': text(),
        '/etc/b.conf': text(),
        '/etc/loop.conf': { link: 'loop.conf' },
      });
      survive(`round ${round}`, () => readLdSoConf(new RootFiles(root), '/etc/ld.so.conf', 36));
    }
  });

  it('texts: search paths, preload files, first lines, the strings of a loader', () => {
    const random = new Random(4);
    const values = { ORIGIN: '/o', LIB: 'lib', PLATFORM: undefined };
    const parts = [...words, '$ORIGIN', '${LIB}', '$PLATFORM', '${', '}', '$', ':', ';', '#!', 'x'];
    for (let round = 0; round < 3000; round++) {
      const text = random.some(parts, 20).join('');
      survive(text, () => {
        splitSearchPath(text, /[:;]/, values, random.pick([27, 36]));
        parsePreloadFile(text);
        parseShebang(encode(`#!${text}`));
        parseBuiltIns(encode(`\0${text}\0/lib/\0`));
      });
    }
  });

  // So long that work which grows with the square of the length would take hours.
  it('long runs of one character end', () => {
    const texts = [
      '/',
      '#',
      ' ',
      ':',
      '$',
      '${',
      '\0/',
      '/a/\0',
      'lib',
      '\n',
      '#\n',
      'a ',
      'a/',
      '=',
    ];
    const ends = ['', 'x', '\0'];
    for (const text of texts.flatMap((t) => ends.map((end) => t.repeat(LONG / t.length) + end))) {
      const long = `a${text}`;
      splitSearchPath(long, /[:;]/, { ORIGIN: '/', LIB: 'l', PLATFORM: 'p' }, 36);
      parsePreloadFile(long);
      parseShebang(encode(long));
      parseBuiltIns(encode(long));
      const root = memoryRoot({ '/etc/ld.so.conf': long });
      readLdSoConf(new RootFiles(root), '/etc/ld.so.conf', 36);
    }
  });
});

describe('configuration that says nothing for long', () => {
  const long = (text: string) => text.repeat(LONG / text.length);
  const services = { '/lib/libpam.so.0': {}, '/lib/libc.so.6': {} };
  const main = program({
    needed: ['libpam.so.0', 'libc.so.6'],
    symbols: { list: [{ name: 'getpwnam' }] },
  });
  const rows: [path: string, text: string][] = [
    ['/etc/nsswitch.conf', `passwd: ${long('[').slice(8)}`],
    ['/etc/nsswitch.conf', `passwd: ${long('[a').slice(8)}`],
    ['/etc/nsswitch.conf', long(' ')],
    ['/etc/nsswitch.conf', long('a')],
    ['/etc/pam.conf', ` ${long('pam_').slice(1)}`],
    ['/etc/pam.conf', long(' pam_pam_pam_')],
    ['/etc/pam.conf', ` ${long('.so').slice(1)}`],
    ['/etc/pam.d/login', long(' ')],
  ];
  it.each(rows.map(([path, text]) => [path, text.slice(0, 12), text] as const))(
    '%s %j...',
    (path, _start, text) => {
      const world = { ...glibcSystem(36), ...services, '/app/main': main, [path]: text };
      const result = traceDependencies(memoryRoot(memoryWorld(world)), ['/app/main']);
      const kinds = detectRuntimeNeeds(result).map(({ kind }) => kind);
      expect(kinds).toEqual(expect.arrayContaining(['nss', 'pam']));
    },
  );
});

describe('damaged worlds', () => {
  /** A world by chance, with some of its files damaged. */
  function damagedWorld(random: Random): Record<string, MemoryNode> {
    const kind = random.chance(0.7) ? 'glibc' : 'musl';
    const { world } = randomVector(random, kind, '');
    const system = kind === 'glibc' ? glibcSystem(random.pick([31, 36, 41])) : muslSystem();
    const files = memoryWorld({ ...system, ...world });
    for (const [path, node] of Object.entries(files))
      if (node instanceof Uint8Array && random.chance(0.3)) files[path] = mutate(random, node);
    return files;
  }

  it('in memory', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = new Random(seed);
      const root = memoryRoot(damagedWorld(random));
      survive(`seed ${seed}`, () => {
        const options = { ldconfig: random.chance(0.3), libraryPath: '/d1:/d2' };
        const result = trace(root, ['/app/main', '/d1/liba.so', '/ln', '/none'], options, loaders);
        for (const closure of result.closures) expect(closure.objects.length).toBeLessThan(100);
        const asked = { kernel: '2.6.16', cpu: 'x86-64-v1' };
        for (const { findings } of checkTrace(result, asked))
          expect(new Set(findings.map(({ code }) => code)).size).toBeLessThan(30);
      });
    }
  });

  it('with needs at run time, in an image', () => {
    const random = new Random(5);
    for (const [index, { world, options = {} }] of needRows.entries())
      for (let round = 0; round < 12; round++) {
        const files = memoryWorld(world);
        for (const [path, node] of Object.entries(files)) {
          const bytes = typeof node === 'string' ? Buffer.from(node, 'latin1') : node;
          if (bytes instanceof Uint8Array && random.chance(0.5))
            files[path] = mutate(random, bytes);
        }
        const root = memoryRoot(files);
        survive(`row ${index}, round ${round}`, () => {
          const result = traceDependencies(root, ['/app/main']);
          const needs = detectRuntimeNeeds(result, { ...options, asked: ['tz', 'certs', 'shell'] });
          expect(needs.length).toBeLessThan(30);
          const { trace, chosen } = traceRuntimeNeeds(result, { ...options, with: ['all'] });
          planImage(trace, {
            layout: random.pick(['links', 'flat']),
            needs: chosen,
            allowIncomplete: true,
          });
        });
      }
  });

  it('many names to open in many directories', () => {
    const runpath = Array.from({ length: 100_000 }, (_, index) => `/${index}`).join(':');
    const names = Array.from({ length: 64 }, (_, index) => `libq${index}.so`);
    const main = program({
      runpath,
      dlopen: [names.map((name) => ({ soname: [name], priority: 'required' }))],
      symbols: { list: [{ name: 'dlopen' }] },
      data: encode(`\0${names.join('\0')}\0`),
    });
    const memory = memoryRoot(memoryWorld({ ...glibcSystem(36), '/app/main': main }));
    let lookups = 0;
    const root: Root = {
      ...memory,
      lstat: (path) => {
        lookups++;
        return memory.lstat(path);
      },
    };
    const result = traceDependencies(root, ['/app/main']);
    const needs = detectRuntimeNeeds(result);
    expect(needs.map(({ kind }) => kind)).toEqual(['dlopen']);
    for (const need of needs) expect(needFiles(result, need)).toEqual([]);
    checkTrace(result);
    // Without a limit it is that many for each of the three questions, and twice as many lstat().
    expect(lookups).toBeLessThan(100_000 * 64);
  });

  it('on disk', () => {
    const base = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-fuzz-'));
    try {
      for (let seed = 1000; seed < 1020; seed++) {
        const at = nodePath.join(base, String(seed));
        for (const [path, node] of Object.entries(damagedWorld(new Random(seed)))) {
          if (typeof node !== 'string' && !(node instanceof Uint8Array)) continue;
          fs.mkdirSync(nodePath.dirname(at + path), { recursive: true });
          if (!fs.existsSync(at + path)) fs.writeFileSync(at + path, node);
        }
        const root = directoryRoot(at);
        survive(`seed ${seed}`, () => trace(root, ['/app/main', '/d1/liba.so'], {}, loaders));
        root.close?.();
      }
    } finally {
      fs.rmSync(base, { recursive: true, force: true });
    }
  });
});
