/**
 * Lists of files with directories in the place of what is below them.
 */
import { expect, it } from 'vitest';
import { foldFiles, type ListedFile } from '../../src/report/folded-files.js';

function files(because: string, ...paths: readonly string[]): ListedFile[] {
  return paths.map((path) => ({ path, size: 10, because }));
}
const many = (pattern: string, number: number) =>
  Array.from({ length: number }, (_, index) => pattern.replace('*', `f${index}`));
const folded = (list: readonly ListedFile[], ...whole: readonly string[]) =>
  foldFiles(list, new Set(whole)).map(({ path, size, files: number }) => [path, size, number]);

it('a directory with many files of one reason is a row, and a file apart from it another', () => {
  const zones = [
    ...many('/usr/share/zoneinfo/*', 5),
    ...many('/usr/share/zoneinfo/Europe/*', 4),
    '/etc/localtime',
  ];
  expect(folded(files('tz', ...zones))).toEqual([
    ['/usr/share/zoneinfo/', 90, 9],
    ['/etc/localtime', 10, undefined],
  ]);
});

it('few files stay files, and so do those of other reasons', () => {
  const few = files('nss', ...many('/etc/*', 7));
  expect(folded(few)).toEqual(few.map(({ path }) => [path, 10, undefined]));
  const libraries = files('library', ...many('/usr/lib/*', 9));
  expect(folded(libraries, 'library')).toHaveLength(9);
  expect(folded(libraries)).toEqual([['/usr/lib/', 90, 9]]);
  expect(
    folded([...files('a', ...many('/d/*', 5)), ...files('b', ...many('/d/*', 5))]),
  ).toHaveLength(10);
});

it('a directory of many directories is one row, and one of few is several', () => {
  const five = [1, 2, 3, 4, 5].flatMap((number) => many(`/opt/p/${number}/*`, 2));
  expect(folded(files('include', ...five))).toEqual([['/opt/p/', 100, 10]]);
  const two = [1, 2].flatMap((number) => many(`/opt/p/${number}/*`, 9));
  expect(folded(files('include', ...two))).toEqual([
    ['/opt/p/1/', 90, 9],
    ['/opt/p/2/', 90, 9],
  ]);
});

it('the root itself is never a row', () => {
  expect(folded(files('include', ...many('/*', 9)))).toHaveLength(9);
});
