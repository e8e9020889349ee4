/**
 * SECURITY.md names tests and scripts that show its promises: each of them exists.
 */
import fs from 'node:fs';
import nodePath from 'node:path';
import { expect, it } from 'vitest';
import { PROJECT } from './support/markdown.js';

const text = fs.readFileSync(nodePath.join(PROJECT, 'SECURITY.md'), 'utf8');
const read = (path: string) => fs.readFileSync(nodePath.join(PROJECT, path), 'utf8');

it('names tests and files that exist', () => {
  const paths = [...text.matchAll(/`((?:test\/|\.ci\/|[\w-]+\.json)[\w./-]*)`/g)].map(
    ([, path]) => path ?? '',
  );
  expect(paths.length).toBeGreaterThan(10);
  expect(paths.filter((path) => !fs.existsSync(nodePath.join(PROJECT, path)))).toEqual([]);
});

it('names scripts of package.json', () => {
  const { scripts } = JSON.parse(read('package.json'));
  const named = [...text.matchAll(/`npm (?:run )?([\w:]+)`/g)].map(([, name]) => name ?? '');
  expect(named.length).toBeGreaterThan(2);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

it('CI runs as many cases of fuzzing as it says', () => {
  expect(text).toContain('a million cases of fuzzing');
  expect(read('.ci/run')).toContain('npm run --silent fuzz -- --cases 1000000 --limit');
});
