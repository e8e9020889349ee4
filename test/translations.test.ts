/**
 * The Chinese documents say what the English ones do: the same blocks with the same comments, headings
 * of the same levels, links to the same places, and the same words in code. `npm run docs:outputs`
 * copies blocks that changed. Whether the sentences mean the same is for people to read.
 */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  CHINESE,
  codeOf,
  headingsOf,
  linksOf,
  type MarkdownDocument,
  PROJECT,
  placeOf,
  readDocuments,
} from './support/markdown.js';

/** That of the README is in docs/, since npm packs every README. */
function originalOf(path: string): string {
  return path === 'docs/elfdeps.zh-CN.md' ? 'README.md' : path.replace(CHINESE, '.md');
}

const FENCE = /(?:^<!-- [^\n]* -->\n)?^```\w+\n[\s\S]*?^```$/gm;
const documents = readDocuments('README.md', 'docs');
const pairs = documents
  .filter(({ path }) => path.endsWith(CHINESE))
  .map((chinese): [string, MarkdownDocument, MarkdownDocument] => {
    const path = originalOf(chinese.path);
    return [chinese.path, chinese, documents.find((one) => one.path === path) as MarkdownDocument];
  });

it('the README and the guide are in Chinese', () => {
  expect(pairs.map(([path]) => path)).toEqual([
    'docs/elfdeps.zh-CN.md',
    'docs/scratch-images.zh-CN.md',
  ]);
});

it.each(pairs)('%s has the blocks of the original', async (path, chinese, english) => {
  const blocks = english.text.match(FENCE) ?? [];
  expect(chinese.text.match(FENCE)).toHaveLength(blocks.length);
  expect(blocks.length).toBeGreaterThan(10);
  let index = 0;
  const withBlocks = chinese.text.replaceAll(FENCE, () => blocks[index++] as string);
  await expect(withBlocks).toMatchFileSnapshot(join(PROJECT, path));
});

it.each(pairs)('%s has the headings of the original', (_path, chinese, english) => {
  const levels = (document: MarkdownDocument) => headingsOf(document).map(({ level }) => level);
  expect(levels(chinese)).toEqual(levels(english));
});

it.each(pairs)('%s has the links of the original', (_path, chinese, english) => {
  expect(placesOf(chinese)).toEqual(placesOf(english));
});

it.each(pairs)('%s has the code of the original in its sentences', (_path, chinese, english) => {
  const code = (document: MarkdownDocument) => [...new Set(codeOf(document))].sort();
  expect(code(chinese)).toEqual(code(english));
});

it.each(pairs)(
  '%s has spaces between Chinese and other words, and full-width punctuation',
  (_path, chinese) => {
    const sentences = chinese.text.replaceAll(FENCE, '').replaceAll(/\]\([^)]*\)/g, ']');
    const prose = sentences.replaceAll(/`[^`\n]*`/g, 'x');
    // Between a Chinese character and a letter or digit; behind a Chinese character no ASCII punctuation.
    expect(prose.match(/.?\p{Script=Han}[A-Za-z0-9].?|.?[A-Za-z0-9]\p{Script=Han}.?/gu)).toBeNull();
    expect(prose.match(/.?\p{Script=Han}[,.:;!?()].?/gu)).toBeNull();
  },
);

/** Where the links lead, in order of the places, since sentences of another language are in another order. */
function placesOf(document: MarkdownDocument): string[] {
  const places = linksOf(document).map((target) => {
    const { path, anchor } = placeOf(document, target);
    const found = documents.find((one) => one.path === path);
    const heading = found && headingsOf(found).findIndex(({ anchor: own }) => own === anchor);
    return `${originalOf(path)}#${anchor === undefined ? '' : heading}`;
  });
  return places.sort();
}
