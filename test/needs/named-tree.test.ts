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
