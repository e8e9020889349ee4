/**
 * The links of the documents: relative ones lead to files of the project, and to headings in them.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  CHINESE,
  headingsOf,
  linksOf,
  PROJECT,
  placeOf,
  readDocuments,
} from './support/markdown.js';

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
    .map((target) => [document.path, target, document] as const),
);

test.each(links)('%s: %s leads somewhere', (_path, target, document) => {
  const { path, anchor } = placeOf(document, target);
  expect(existsSync(join(PROJECT, path)), path).toBe(true);
  if (anchor === undefined) return;
  const found = documents.find((one) => one.path === path);
  const anchors = found === undefined ? [] : headingsOf(found).map((heading) => heading.anchor);
  expect(anchors).toContain(anchor);
});

test('there are links with anchors among them', () => {
  expect(links.filter(([, target]) => target.includes('#')).length).toBeGreaterThan(5);
});

test('there are links to check', () => expect(links.length).toBeGreaterThan(30));

test('the index of the manual has every page', () => {
  const index = documents.find(({ path }) => path === 'docs/README.md');
  const named = new Set(index === undefined ? [] : linksOf(index).map((link) => `docs/${link}`));
  const pages = documents
    .map(({ path }) => path)
    .filter((path) => path.startsWith('docs/') && !path.endsWith(CHINESE));
  expect(pages.filter((path) => path !== index?.path && !named.has(path))).toEqual([]);
});
