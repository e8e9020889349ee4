/**
 * The links of the documents: relative ones lead to files of the project, and to headings in them.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { anchorsOf, linksOf, PROJECT, readDocuments } from './support/markdown.js';

const documents = readDocuments(
  'README.md',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'samples/README.md',
  'docs',
);
const links = documents.flatMap((document) =>
  linksOf(document)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => [document.path, target] as const),
);

test.each(links)('%s: %s leads somewhere', (path, target) => {
  const [file = '', anchor] = target.split('#');
  const base = new URL(path, 'file:///');
  const found = file === '' ? path : new URL(file, base).pathname.slice(1);
  expect(existsSync(join(PROJECT, found)), found).toBe(true);
  if (anchor === undefined) return;
  const document = documents.find((one) => one.path === found);
  expect(document === undefined ? [] : [...anchorsOf(document)]).toContain(anchor);
});

test('there are links to check', () => expect(links.length).toBeGreaterThan(30));

test('the index of the manual has every page', () => {
  const index = documents.find(({ path }) => path === 'docs/README.md');
  const named = new Set(index === undefined ? [] : linksOf(index).map((link) => `docs/${link}`));
  const pages = documents.map(({ path }) => path).filter((path) => path.startsWith('docs/'));
  expect(pages.filter((path) => path !== index?.path && !named.has(path))).toEqual([]);
});
