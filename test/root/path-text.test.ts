import { expect, it } from 'vitest';
import { outermost, rebased } from '../../src/root/path-text.js';

it('keeps the paths that are not below another, each once and in byte order', () => {
  expect(outermost(['/b', '/a/b/c', '/a-b', '/a/b', '/a/bc', '/b', '/c/d'])).toEqual([
    '/a-b',
    '/a/b',
    '/a/bc',
    '/b',
    '/c/d',
  ]);
});

it('keeps what stands beside the top', () => {
  expect(outermost(['/', '/a'])).toEqual(['/', '/a']);
});

it('takes as many paths as a file can have', () => {
  const paths = Array.from({ length: 200_000 }, (_, at) => `/a/${at}/b`);
  expect(outermost(paths)).toHaveLength(paths.length);
});

it('shows a path below a directory by another path of that directory', () => {
  expect(rebased('/usr/lib/a/b', '/usr/lib', '/lib')).toBe('/lib/a/b');
  expect(rebased('/a/b', '/', '/top')).toBe('/top/a/b');
  expect(rebased('/usr/a', '/usr', '/')).toBe('/a');
});
