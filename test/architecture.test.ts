/**
 * ARCHITECTURE.md names functions, methods and files that exist.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const text = readFileSync(join(PROJECT, 'ARCHITECTURE.md'), 'utf8');
const paths = ['src', 'bin', 'scripts', 'test'].flatMap((directory) =>
  readdirSync(join(PROJECT, directory), { recursive: true, encoding: 'utf8' }).map(
    (path) => `/${directory}/${path.replaceAll('\\', '/')}`,
  ),
);
const sources = paths
  .filter((path) => path.startsWith('/src/') && path.endsWith('.ts'))
  .map((path) => readFileSync(join(PROJECT, path), 'utf8'))
  .join('\n');
/** Of Node.js and the language. */
const GIVEN = ['import'];

const named = (pattern: RegExp) => [
  ...new Set([...text.matchAll(pattern)].map(([, name]) => name)),
];

it('names functions and methods that exist', () => {
  const names = named(/`(?:\w+\.)?(\w+)\([^)`]*\)`/g);
  expect(names.length).toBeGreaterThan(20);
  const isDefined = (name = '') =>
    GIVEN.includes(name) ||
    new RegExp(`function\\*? ${name}\\b|^ +(?:readonly )?\\*?${name}\\??[(:<]`, 'm').test(sources);
  expect(names.filter((name) => !isDefined(name))).toEqual([]);
});

it('names files that exist', () => {
  const names = named(/`([\w./-]+\.(?:ts|js))`/g);
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => !paths.some((path) => path.endsWith(`/${name}`)))).toEqual([]);
});
