/** Which language a directory is written in, where its listing fails. */
import { expect, it } from 'vitest';
import { RootError } from '../../src/errors.js';
import { RootFiles } from '../../src/files/root-files.js';
import { languageOf, languages } from '../../src/needs/languages/module-files.js';
import { memoryRoot } from '../../src/root/memory-root.js';

const root = memoryRoot({ '/a/b.py': '', '/a/c/d.py': '', '/a/e': '' });
const failing = (error: Error) =>
  new RootFiles({
    ...root,
    list() {
      throw error;
    },
  });

it('a directory that cannot be listed stops nothing', () => {
  const files = failing(new RootError('FILE_UNREADABLE', 'damaged', { path: '/a' }));
  expect(() => languageOf(files, '/a')).not.toThrow();
});

it('a fault of our own is not hidden', () => {
  expect(() => languageOf(failing(new TypeError('a fault')), '/a')).toThrow('a fault');
});

it.each([
  ['liblua5.4.so.0', true],
  ['libluajit-5.1.so.2', true],
  ['liblua5.1-c++.so.0', true],
  ['liblua5.4-socket.so.2', false],
])('a module of Lua is no interpreter: %s', (name, is) => {
  expect(languages.some(({ library }) => library.test(name))).toBe(is);
});
