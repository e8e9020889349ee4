/** Which language a directory is written in, where its listing fails. */
import { expect, it } from 'vitest';
import { RootError } from '../../src/errors.js';
import { RootFiles } from '../../src/files/root-files.js';
import { languageOf, languages } from '../../src/needs/languages/module-files.js';
import { memoryRoot } from '../../src/root/memory-root.js';

const root = memoryRoot({ '/a/b.rb': '', '/a/c/d.lua': '', '/a/c/f.lua': '', '/a/e': '' });
const failing = (error: Error) =>
  new RootFiles({
    ...root,
    list() {
      throw error;
    },
  });

it('the directories in one that cannot be listed are passed over', () => {
  expect(languageOf(new RootFiles(root), '/a')?.name).toBe('Lua');
  const files = failing(new RootError('FILE_UNREADABLE', 'damaged', { path: '/a' }));
  expect(languageOf(files, '/a')?.name).toBe('Ruby');
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
