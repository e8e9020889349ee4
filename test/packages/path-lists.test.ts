/**
 * Lists of paths give the same answers by searching bytes, as for the first questions, and by the table of lines,
 * which is made for further ones.
 */
import { expect, it } from 'vitest';
import { PathLists } from '../../src/packages/path-lists.js';

const LISTS: Readonly<Record<string, string>> = {
  base: '/.\n/usr\n/usr/bin\n/usr/bin/a\n',
  other: '/.\n/usr/\n/usr/share/./x\n/usr/bin/ab\n/usr/share/doc/.\n\n/usr/bin/a.\n',
  last: '/usr\n/usr/bin/b/\nusr/relative\n/usr/bin/a b',
  odd: '/usr/share/\xe9t\xe9\n',
};
const bytesOf = (owner: string) => Buffer.from(LISTS[owner] ?? '', 'latin1');
const made = () => new PathLists(Object.keys(LISTS), bytesOf);

/** Answers of lists that were asked enough to have a table. */
function withTable() {
  const lists = made();
  for (let question = 0; question < 40; question++) lists.search(`/no/${question}`);
  return lists;
}

it.each([
  ['/', ['base', 'other']],
  ['/usr', ['base', 'other', 'last']],
  ['/usr/bin/a', ['base']],
  ['/usr/bin/a.', ['other']],
  ['/usr/bin/ab', ['other']],
  ['/usr/bin/b', ['last']],
  ['/usr/bin/a b', ['last']],
  ['/usr/share/doc', ['other']],
  ['/usr/share/\xe9t\xe9', ['odd']],
  ['/usr/relative', []],
  ['/us', []],
  ['/usr/bin/none', []],
])('%s', (path, owners) => {
  expect(made().search(path)).toEqual(owners);
  expect(withTable().search(path)).toEqual(owners);
});

it('a list is told by its owner', () => {
  expect(Buffer.from(made().listOf('last') ?? []).toString('latin1')).toBe(LISTS.last);
  expect(made().listOf('none')).toBeUndefined();
});
