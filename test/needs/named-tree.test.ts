/** Paths that have some files of a tree and no others. */
import { expect, it } from 'vitest';
import { RootFiles } from '../../src/files/root-files.js';
import { namedTree, wholePaths } from '../../src/needs/named-tree.js';
import { memoryRoot } from '../../src/root/memory-root.js';

const files = new RootFiles(memoryRoot({ '/a/b/c': '', '/a/b/d': '', '/a/e/f': '', '/g': '' }));
const parts = (top: string, ...left: string[]) => {
  const tree = namedTree(files, top);
  return wholePaths(
    tree,
    tree.files.filter(({ path }) => !left.includes(path)),
  );
};

it('are directories where these are whole', () => {
  expect(parts('/a')).toEqual(['/a']);
  expect(parts('/a', '/a/b/d')).toEqual(['/a/b/c', '/a/e']);
});

it('end at the top of the root, where a link may lead', () => {
  expect(parts('/', '/g')).toEqual(['/a']);
});

it('have the headers that files of their own language include, and no others', () => {
  const world = new RootFiles(
    memoryRoot({
      ...Object.fromEntries(
        ['p/A.pike', 'p/B.pike', 'p/c.h', 'q/a.h', 'q/b.h'].map((at) => [`/m/${at}`, '']),
      ),
      ...Object.fromEntries(['r/a.py', 'r/b.py', 'r/c.h'].map((at) => [`/m/${at}`, ''])),
    }),
  );
  expect(namedTree(world, '/m').unused).toEqual(['/m/q/a.h', '/m/q/b.h', '/m/r/c.h']);
});
