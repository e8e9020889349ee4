/**
 * The tables of the documentation that are made from the registry: each must be what the code says.
 * `npm run docs` writes them. What stands around a table is written by hand.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { findingRules, needDetectors } from '../src/registry.js';

interface GeneratedTable {
  readonly document: string;
  /** What the comment before the table calls it. */
  readonly name: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const tables: readonly GeneratedTable[] = [
  {
    document: 'docs/runtime-needs.md',
    name: 'table of needs',
    head: ['kind', 'evidence', 'what is added', 'how certain'],
    rows: needDetectors.map(({ kind, documentation: { evidence, added, confidence } }) => [
      ...[`\`${kind}\``, evidence, added, confidence.join(', ')],
    ]),
  },
  {
    document: 'docs/pitfalls.md',
    name: 'table of findings',
    head: ['code', 'level', 'what it says'],
    rows: findingRules
      .toSorted((a, b) => (a.code < b.code ? -1 : 1))
      .map(({ code, levels, summary }) => [`\`${code}\``, levels.join(', '), summary]),
  },
];

const END = '<!-- end of table -->';

function textOf({ head, rows }: GeneratedTable): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('');
}

it.each(tables)('$document has the $name', async (table) => {
  const path = new URL(`../${table.document}`, import.meta.url);
  const document = readFileSync(path, 'utf8');
  const start = `<!-- ${table.name}: npm run docs writes it -->\n`;
  const [before, rest, ...more] = document.split(start);
  expect(more).toEqual([]);
  const after = rest?.slice(rest.indexOf(END));
  await expect(`${before}${start}${textOf(table)}${after}`).toMatchFileSnapshot(path.pathname);
});

it.each(tables)('cells of the $name keep to their cells', ({ rows }) => {
  expect(rows.length).toBeGreaterThan(20);
  for (const cell of rows.flat()) expect(cell).toMatch(/^[^|\n]*\S[^|\n]*$/);
});
