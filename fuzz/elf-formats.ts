/**
 * ELF files: their headers and tables alone, and programs that are traced, checked and planned.
 */

import { bytesSource, decodeText } from '../src/elf/byte-source.js';
import { demangle } from '../src/elf/demangle/demangle.js';
import { parseElfHeader } from '../src/elf/header.js';
import { ElfdepsError } from '../src/errors.js';
import { readGoBuild } from '../src/files/go-build.js';
import { RootFiles } from '../src/files/root-files.js';
import {
  checkTrace,
  lddLines,
  minimumVersions,
  needGraph,
  planTrace,
  traceDependencies,
} from '../src/index.js';
import { memoryRoot } from '../src/root/memory-root.js';
import { buildElf } from '../test/support/elf-builder.js';
import { glibcSystem, memoryWorld, muslSystem } from '../test/support/world.js';
import { elfSeeds, SAMPLES, TABLES } from './elf-samples.js';
import type { Format } from './format.js';
import { mutateText } from './mutate-bytes.js';
import { mutateElf } from './mutate-elf.js';

/** What the files of a root can be asked for. */
function ask(files: RootFiles): void {
  const file = files.resolve('/file');
  if (!file.found) return;
  files.truncation(file);
  for (const elfClass of [32, 64] as const)
    for (const endian of ['little', 'big'] as const) files.elfAs({ class: elfClass, endian }, file);
  const elf = files.elf(file);
  readGoBuild(bytesSource(files.readBytes('/file') as Uint8Array), elf);
  const object = { realPath: file.path, entry: file.entry, elf };
  const symbols = files.symbols.of(object as never);
  if (symbols !== undefined) {
    symbols.imports();
    symbols.exports();
    for (const { name } of TABLES.list) symbols.definitions(name);
    files.symbols.relocations(object as never);
    files.symbols.relocationTypes(object as never);
  }
}

const elf: Format = {
  name: 'elf',
  seeds: elfSeeds,
  mutate: (random, input) => mutateElf(random, input),
  run(input) {
    // The first check is that of the header; what follows may be damaged.
    parseElfHeader(bytesSource(input));
    try {
      ask(new RootFiles(memoryRoot({ '/file': input })));
    } catch (error) {
      if (!(error instanceof ElfdepsError)) throw error;
    }
    return true;
  },
};

/** A file as a program and as a library of another one. */
const program: Format = {
  name: 'program',
  seeds: elfSeeds,
  mutate: (random, input) => mutateElf(random, input),
  run(input) {
    const root = memoryRoot({
      ...memoryWorld({ ...glibcSystem(36), ...muslSystem() }),
      '/app/main': input,
      '/app/other': buildElf({ ...SAMPLES[0], needed: ['liba.so', 'libc.so.6'], runpath: '/lib' }),
      '/lib/liba.so': input,
      '/lib/libc.so.6': buildElf({ soname: 'libc.so.6', symbols: TABLES }),
    });
    const trace = traceDependencies(root, ['/app/main', '/app/other']);
    checkTrace(trace, { kernel: '2.6.16', cpu: 'x86-64-v1', platform: 'linux/arm64' });
    for (const closure of trace.closures) {
      needGraph(closure);
      for (const option of ['-v', '-u', '-r'] as const) lddLines(trace, closure, option);
      minimumVersions(trace, closure);
    }
    if (trace.closures.length > 0)
      planTrace(trace, { layout: 'links', with: ['all'], allowIncomplete: true } as never);
    return trace.closures.some(({ program: { path } }) => path === '/app/main');
  },
};

/** One of each kind of production of the grammar. */
const NAMES = [
  '_ZN1AC1IiEET_',
  '_ZN12_GLOBAL__N_13fooB3tagEv',
  '_Z1fPA3_PFviEM1AKFviEDv4_fCfDnPrKcz',
  '_Z3barILi5ELj6ELl7ELb1ELc65ELin1EXadL_Z3foovEEEvv',
  '_Z1fIiENSt9enable_ifIXgtstT_Li4EEvE4typeEv',
  '_Z1fIiEvT_NSt9enable_ifIXsr3std7is_sameIT_iEE5valueEvE4typeE',
  '_Z1fIiEDTcl3barfp_EET_',
  '_ZTC1A0_1B',
  '_ZTv0_n24_N1A1fEv',
  '_ZGTtNKSt11logic_error4whatEv',
  '_Z3foov.isra.0.cold',
  '_ZZ1fvENKUlT_E_clIiEEDaS_',
  '_ZNSt6vectorIiSaIiEE9push_backEOi',
  '_ZNSolsEPFRSoS_E',
  '_Z1fIJidEEvDpT_',
  '_Zli2_sy',
];
const PRODUCTIONS = [
  ...[
    'N',
    'I',
    'E',
    'S_',
    'S0_',
    'St',
    'T_',
    'T0_',
    'Dp',
    'DT',
    'X',
    'L',
    'J',
    'K',
    'P',
    'R',
    'O',
    'F',
  ],
  ...[
    'M',
    'A3_',
    'Ul',
    'E_',
    'Ut_',
    'Z',
    '1a',
    'C1',
    'D0',
    'cv',
    'cl',
    'sr',
    'sZ',
    'fp_',
    'tl',
    'il',
  ],
  ...['dl', 'nw', 'gs', 'on', 'qu', 'B3tag', 'Dv4_', 'DO', 'fl', 'fr', 'sp', 'W', 'TV', 'GV', '_Z'],
];

const mangledNames: Format = {
  name: 'mangled names',
  seeds: () => NAMES.map((name) => Buffer.from(name)),
  words: PRODUCTIONS,
  mutate: (random, input, other) => mutateText(random, input, other, PRODUCTIONS),
  run(input) {
    const name = decodeText(input);
    demangle(name);
    return name.startsWith('_Z');
  },
};

export const elfFormats: readonly Format[] = [elf, program, mangledNames];
