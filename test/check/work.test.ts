/**
 * What is read to compare symbol versions: nothing but what a trace has read already.
 */
import { expect, it } from 'vitest';
import { loaderMessages } from '../../src/check/symbols/symbol-versions.js';
import { traceDependencies } from '../../src/index.js';
import { countedRoot } from '../packages/counted-root.js';
import { glibcSystem, memoryNode, program, TRIPLET, type World } from '../support/world.js';

const LIB = `/lib/${TRIPLET}`;

it('versions are read while a file is open, and no file is opened for them again', () => {
  const paths = Array.from({ length: 9 }, (_, index) => `/app/main${index}`);
  const asked = [
    { name: 'GLIBC_2.2', index: 2 },
    { name: 'GLIBC_2.99', index: 3 },
  ];
  const symbols = { list: [{ name: 'f' }], needs: [{ file: 'libc.so.6', versions: asked }] };
  const main = program({ needed: ['libc.so.6'], symbols });
  const world: World = {
    ...glibcSystem(36),
    [`${LIB}/libc.so.6`]: {
      symbols: { list: [], definitions: [{ name: 'GLIBC_2.2', index: 2 }] },
    },
    ...Object.fromEntries(paths.map((path) => [path, main])),
  };
  const nodes = Object.entries(world).map(([path, node]) => [path, memoryNode(path, node)]);
  const { root, reads } = countedRoot(Object.fromEntries(nodes));
  const trace = traceDependencies(root, paths);
  reads.length = 0;
  const messages = loaderMessages(trace.closures, trace.files.symbols);
  expect(reads).toEqual([]);
  expect([...messages.values()].map(({ refusal }) => refusal)).toEqual(
    paths.map((path) => expect.stringContaining(`${path}: `)),
  );
});
