/**
 * Libraries that need each other in a row, as many as no program has: no format takes its stack for
 * them, and what is drawn as a tree ends somewhere, and says so.
 */
import { expect, it } from 'vitest';
import { reports } from '../../src/registry.js';
import { reportText } from '../support/report-text.js';
import { closureOf, glibcSystem, program } from '../support/world.js';

const COUNT = 5000;

const row = Array.from({ length: COUNT }, (_, i) => {
  const needed = i + 1 < COUNT ? [`lib${i + 1}.so`] : [];
  return [`/l/lib${i}.so`, { needed, runpath: '/l' }] as const;
});

const closure = closureOf({
  ...glibcSystem(36),
  ...Object.fromEntries(row),
  '/app/main': program({ needed: ['lib0.so', 'lib4990.so'], runpath: '/l' }),
});

const textOf = (name: string) => reportText(name, [closure]);

it.each(reports.map(({ name }) => name))('%s has an end', (name) => {
  expect(textOf(name).length).toBeGreaterThan(COUNT);
});

it('a tree has a hundred levels, and what is needed further up too stands there', () => {
  const lines = textOf('tree').trimEnd().split('\n');
  expect(lines).toHaveLength(1 + 100 + 10);
  expect(lines[100]).toMatch(/── lib99\.so +\d+ B \.\.\.$/);
  expect(lines[101]).toMatch(/^└── lib4990\.so +\d+ B$/);
});

it('a page has every library of a long chain', () => {
  const page = textOf('html');
  const data = /id="data">(.*?)<\/script>/s.exec(page)?.[1] ?? '';
  const { files, needs } = JSON.parse(data) as { files: { name: string }[]; needs: unknown[] };
  const names = new Set(files.map(({ name }) => name));
  expect(row.filter((_, index) => !names.has(`lib${index}.so`))).toEqual([]);
  expect(needs.length).toBeGreaterThan(COUNT);
});
