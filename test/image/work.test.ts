/**
 * How much is read for one image: the root is traced once and the image once, whatever the programs
 * open and start, and no file is parsed twice.
 */
import { beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type * as tracer from '../../src/closure/program-tracer.js';
import type * as elfFile from '../../src/elf/elf-file.js';
import type * as api from '../../src/index.js';
import { memoryRoot } from '../../src/root/memory-root.js';
import type { RealPath, Root } from '../../src/root/root.js';
import { glibcSystem, memoryNode, program, TRIPLET, type World } from '../support/world.js';

const work = vi.hoisted(() => ({ parsed: 0, traces: 0 }));

vi.mock('../../src/elf/elf-file.js', async (importOriginal) => {
  const original = await importOriginal<typeof elfFile>();
  return {
    ...original,
    parseElf: (...args: Parameters<typeof elfFile.parseElf>) => {
      work.parsed++;
      return original.parseElf(...args);
    },
  };
});

vi.mock('../../src/closure/program-tracer.js', async (importOriginal) => {
  const original = await importOriginal<typeof tracer>();
  return {
    ...original,
    ProgramTracer: class extends original.ProgramTracer {
      constructor(...args: ConstructorParameters<typeof tracer.ProgramTracer>) {
        super(...args);
        work.traces++;
      }
    },
  };
});

/** Modules that other tests have loaded already are not counted. */
let planPrograms: typeof api.planPrograms;
beforeAll(async () => {
  vi.resetModules();
  ({ planPrograms } = await import('../../src/index.js'));
});

beforeEach(() => {
  work.parsed = 0;
  work.traces = 0;
});

const LIB = `/lib/${TRIPLET}`;
const world: World = {
  ...glibcSystem(36),
  [`${LIB}/libc.so.6`]: {},
  [`${LIB}/liba.so.1`]: { needed: ['libb.so.1', 'libc.so.6'] },
  [`${LIB}/libb.so.1`]: { needed: ['libc.so.6'] },
  [`${LIB}/libplug.so`]: { needed: ['libdeep.so.1'] },
  [`${LIB}/libdeep.so.1`]: { needed: ['libb.so.1'] },
  '/bin/app': program({ needed: ['liba.so.1', 'libc.so.6'] }),
  '/bin/helper': program({ needed: ['libb.so.1', 'libc.so.6'] }),
};

function rootOf(files: World): Root {
  return memoryRoot(
    Object.fromEntries(Object.entries(files).map(([path, node]) => [path, memoryNode(path, node)])),
  );
}

/** ELF files of the world whose bytes are read, by path. */
function counting(root: Root): { readonly root: Root; readonly opened: Set<RealPath> } {
  const opened = new Set<RealPath>();
  return {
    opened,
    root: {
      ...root,
      read(path, offset, length) {
        if (path.includes('.so') || path.startsWith('/bin/')) opened.add(path);
        return root.read(path, offset, length);
      },
    },
  };
}

it.each([
  ['nothing opened', {}],
  ['a library that is opened', { include: [`${LIB}/libplug.so`] }],
  ['a program that is started', { include: ['/bin/helper'] }],
])('%s: two traces, and each file is parsed once', (_what, options) => {
  const { root, opened } = counting(rootOf(world));
  const { plan } = planPrograms(root, ['/bin/app'], options);
  expect(plan.complete).toBe(true);
  expect(work.traces).toBe(2);
  expect(work.parsed).toBe(opened.size);
});
