/**
 * What is read for the needs of many programs: libraries and directories that they share are read once, so
 * that each further program costs no more than its own file.
 */
import { describe, expect, it, vi } from 'vitest';
import { detectRuntimeNeeds, traceDependencies } from '../../src/index.js';
import { startedObjects } from '../../src/needs/library-costs.js';
import { countedRoot } from '../packages/counted-root.js';
import { closureOf, glibcSystem, memoryNode, program, type World } from '../support/world.js';
import { calls, LIB, LIBC, texts } from './need-worlds.js';

const CALLS = calls('dlopen', 'execvp', 'getpwnam', 'setlocale', 'getaddrinfo');
const script = (...lines: string[]) => ({
  bytes: new TextEncoder().encode(lines.join('\n')),
  mode: 0o755,
});
const SHARED: World = {
  ...glibcSystem(36),
  [LIBC]: {},
  [`${LIB}/libshare.so.1`]: { ...CALLS, ...texts('/usr/share/share/data', '/usr/lib/share') },
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n',
  '/etc/group': 'root:x:0:\n',
  '/usr/share/share/data': 'data',
  ...Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => [`/usr/lib/share/plug${index}.so`, {}]),
  ),
};

/** Paths of reads and listings for the needs of so many programs, which are alike. */
function work(programs: number) {
  const paths = Array.from({ length: programs }, (_, index) => `/app/main${index}`);
  const main = program({ ...CALLS, ...texts('nobody'), needed: ['libshare.so.1', 'libc.so.6'] });
  const world = { ...SHARED, ...Object.fromEntries(paths.map((path) => [path, main])) };
  const nodes = Object.entries(world).map(([path, node]) => [path, memoryNode(path, node)]);
  const { root, reads, listings } = countedRoot(Object.fromEntries(nodes));
  const trace = traceDependencies(root, paths);
  reads.length = 0;
  listings.length = 0;
  const needs = detectRuntimeNeeds(trace, {});
  expect(needs.filter(({ kind }) => kind === 'data')).toHaveLength(programs);
  expect(needs.filter(({ kind }) => kind === 'passwd')).toHaveLength(programs);
  return { reads, listings };
}

describe('needs of many programs that share a library with plug-ins', () => {
  const [few, many] = [work(2), work(12)];

  it('list the same directories as those of two, each as often', () => {
    expect(many.listings).toEqual(few.listings);
  });

  it('read nothing but the further programs themselves', () => {
    const others = (reads: readonly string[]) => reads.filter((path) => !path.startsWith('/app/'));
    expect(others(many.reads)).toEqual(others(few.reads));
    const own = many.reads.filter((path) => path === '/app/main11');
    expect(own.length).toBeLessThanOrEqual(5);
  });
});

it('the libraries of a chain are looked at a few times each', () => {
  const steps = (length: number) => {
    const name = (index: number) => `libc${index}.so`;
    const chain = Array.from({ length }, (_, index): [string, World[string]] => [
      `${LIB}/${name(index)}`,
      { needed: index + 1 < length ? [name(index + 1)] : [] },
    ]);
    const main = program({ needed: [name(0)] });
    const closure = closureOf({
      ...glibcSystem(36),
      ...Object.fromEntries(chain),
      '/app/main': main,
    });
    let count = 0;
    const counted = closure.libraries.map((library) => ({
      ...library,
      get object() {
        count++;
        return library.object;
      },
    }));
    const started = startedObjects({ ...closure, libraries: counted });
    expect(started.length).toBeGreaterThan(length);
    return count;
  };
  expect(steps(400)).toBeLessThanOrEqual(2 * steps(200) + 10);
});

it('a unit is searched as often for many directories as for two', () => {
  const searches = (directories: number) => {
    const lines = Array.from({ length: directories }, (_, index) => `RuntimeDirectory=run${index}`);
    const unit = ['[Service]', 'ExecStart=/app/main', 'RuntimeDirectoryMode=700', ...lines, ''];
    const world = {
      ...glibcSystem(36),
      '/app/main': program({ ...calls('mkdir') }),
      '/usr/lib/systemd/system/main.service': unit.join('\n'),
    };
    const nodes = Object.entries(world).map(([path, node]) => [path, memoryNode(path, node)]);
    const { root } = countedRoot(Object.fromEntries(nodes));
    const trace = traceDependencies(root, ['/app/main']);
    const spy = vi.spyOn(String.prototype, 'matchAll');
    const needs = detectRuntimeNeeds(trace, {});
    const ofUnit = spy.mock.contexts.filter((text) => `${text}`.includes('[Service]'));
    spy.mockRestore();
    expect(needs.flatMap((need) => need.directories)).toHaveLength(directories);
    return ofUnit.length;
  };
  expect(searches(40)).toBe(searches(2));
});

it('the modules of a script are read once for all rounds and all scripts', () => {
  const module = '/app/lib/part.py';
  const world: World = {
    ...glibcSystem(36),
    [LIBC]: {},
    '/usr/bin/python3.11': program({ needed: ['libc.so.6'] }),
    '/usr/lib/python3.11/os.py': '',
    '/app/main': script('#!/usr/bin/python3.11', 'import lib'),
    [module]: "open('/usr/share/part/data')",
  };
  const nodes = Object.entries(world).map(([path, node]) => [path, memoryNode(path, node)]);
  const { root, reads } = countedRoot(Object.fromEntries(nodes));
  const trace = traceDependencies(root, ['/app/main']);
  for (let round = 0; round < 3; round++) detectRuntimeNeeds(trace, {});
  expect(reads.filter((path) => path === module)).toHaveLength(1);
});
