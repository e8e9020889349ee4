/**
 * How much is read for one image: the root is traced once and the image once, whatever the programs
 * open and start, and no command parses a file twice, by whatever names it is asked for.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type * as tracer from '../../src/closure/program-tracer.js';
import type { ByteSource } from '../../src/elf/byte-source.js';
import type * as elfFile from '../../src/elf/elf-file.js';
import type * as api from '../../src/index.js';
import { memoryRoot } from '../../src/root/memory-root.js';
import type { RealPath, Root } from '../../src/root/root.js';
import type * as cliRunner from '../support/cli-runner.js';
import { diskWorld, removeDiskWorldsAfterwards } from '../support/disk-world.js';
import { dockerEntries } from '../support/image-builder.js';
import { entriesOf, tar } from '../support/tar-builder.js';
import { glibcSystem, memoryNode, program, TRIPLET, type World } from '../support/world.js';

const work = vi.hoisted(() => ({ parsed: 0, traces: 0, sources: [] as ByteSource[] }));

vi.mock('../../src/elf/elf-file.js', async (importOriginal) => {
  const original = await importOriginal<typeof elfFile>();
  return {
    ...original,
    parseElf: (...args: Parameters<typeof elfFile.parseElf>) => {
      const [source] = args;
      work.parsed++;
      // What is parsed later has let its bytes go.
      if (!(source instanceof Uint8Array)) work.sources.push(source);
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
let runCli: typeof cliRunner.runCli;
beforeAll(async () => {
  vi.resetModules();
  ({ planPrograms } = await import('../../src/index.js'));
  ({ runCli } = await import('../support/cli-runner.js'));
});

/** Other tests of this process count nothing. */
afterAll(() => {
  vi.doUnmock('../../src/elf/elf-file.js');
  vi.doUnmock('../../src/closure/program-tracer.js');
  vi.resetModules();
});

beforeEach(() => {
  work.parsed = 0;
  work.sources = [];
  work.traces = 0;
});

removeDiskWorldsAfterwards();
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

it('capabilities of programs are asked for, which takes a process each, and not those of scripts', () => {
  const asked: string[] = [];
  const inner = rootOf({ ...world, '/bin/sh': program({}), '/bin/script': '#!/bin/sh\nexit\n' });
  const root: Root = {
    ...inner,
    capability: (path) => {
      asked.push(path);
      return undefined;
    },
  };
  const { plan } = planPrograms(root, ['/bin/app', '/bin/script'], {});
  expect(plan.complete).toBe(true);
  expect(asked).toEqual(['/bin/app']);
});

describe('a command parses each file once, and no text:', () => {
  /** Scripts, hard links, and files that differ in their bytes. */
  const files: World = {
    ...world,
    '/usr/lib/plugins/one.so': { needed: ['libc.so.6'], data: new Uint8Array([1]) },
    '/usr/lib/plugins/two.so': { needed: ['liba.so.1'], data: new Uint8Array([2]) },
    '/bin/sh': program({ needed: ['libc.so.6'], data: new Uint8Array([3]) }),
    '/bin/same': { hardLink: '/bin/app' },
    '/bin/entry': '#!/bin/sh\nexec app\n',
    '/here/local': program({ needed: ['libc.so.6'], data: new Uint8Array([4]) }),
  };
  const root = diskWorld(files);
  const nodes = Object.entries(files).map(
    ([path, node]) => [path, memoryNode(path, node)] as const,
  );
  const layers = [tar(entriesOf(Object.fromEntries(nodes)))];
  const image = `${root}/image.tar`;
  const config = { Entrypoint: ['entry'], Env: ['PATH=/bin'] };
  writeFileSync(image, tar(dockerEntries([{ layers, names: ['app:1'], config }])));

  const rows = [
    ['--root', root, '/usr/lib/plugins', './local'],
    ['--root', root, '/bin/app', '/bin/same'],
    ['--root', root, '/bin'],
    ['--root', root, 'libdeep.so.1'],
    ['check', '--root', root, '/bin/app', '/bin/same'],
    ['check', '--root', root, '/bin/entry', './local'],
    ['why', '--root', root, '/bin/app', 'libb.so.1'],
    ['dockerfile', '--root', root, '/bin/entry', '--include', '/usr/lib/plugins'],
    ['--root', image],
    ['check', '--root', image],
    ['dockerfile', '--root', image],
    ['check', '--image', '--root', root, '/bin/app', '--include', '/usr/lib/plugins'],
    ['slim', image, '--dry-run'],
  ].map(
    (args) => [args.join(' ').replaceAll(image, 'IMAGE').replaceAll(root, 'ROOT'), args] as const,
  );

  it.each(rows)('%s', async (_command, args) => {
    const { code } = await runCli(args, { cwd: `${root}/here` });
    expect(code).toBe(0);
    const parsed = work.sources.map((source) => Buffer.from(source.read(0, source.size)));
    expect(parsed.length).toBeGreaterThan(0);
    expect(parsed.filter((bytes) => bytes.toString('latin1', 0, 4) !== '\x7fELF')).toEqual([]);
    const contents = parsed.map((bytes) => createHash('sha256').update(bytes).digest('hex'));
    expect(contents).toEqual([...new Set(contents)]);
  });

  it('check --image checks the trace that proves the plan', async () => {
    await runCli(['check', '--image', '--root', root, '/bin/app', '--include', '/bin/same']);
    expect(work.traces).toBe(2);
  });
});
