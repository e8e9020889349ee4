/**
 * docs/pitfalls.md against the tests and the code: what it calls provoked is, by a row of its number
 * with each of its codes, and every code in it exists.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { findingRules } from '../../src/registry.js';
import { PITFALL_ROWS } from '../differential/pitfall-rows.js';
import { RUNTIME_ROWS } from '../differential/pitfall-rows-runtime.js';

const tests = [...PITFALL_ROWS, ...RUNTIME_ROWS];
const here = (path: string) => new URL(path, import.meta.url);
const document = readFileSync(here('../../docs/pitfalls.md'), 'utf8');
const code = readdirSync(here('../../src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readFileSync(here(`../../src/${path}`), 'utf8'))
  .join('\n');

const rows = [...document.matchAll(/^\| (\d+) \| (.*) \| ([^|]*) \| ([^|]*) \|$/gm)]
  .map(([, row, , codes, test]) => ({
    row: Number(row),
    codes: [...(codes ?? '').matchAll(/`([A-Z_]+)`/g)].map((match) => match[1] as string),
    provoked: test?.trim().startsWith('provoked') === true,
  }))
  .filter(({ codes }) => codes.length > 0);

it.each(rows)('row $row', ({ row, codes, provoked }) => {
  const tested = new Set(tests.filter((r) => r.row === row).map((r) => r.code));
  if (provoked) expect([...tested].sort()).toEqual([...codes].sort());
  else expect([...tested]).toEqual([]);
});

it('has 40 rows', () => {
  const numbers = [...document.matchAll(/^\| (\d+) \|/gm)].map((match) => Number(match[1]));
  expect(numbers.slice(0, 40)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
});

it('every row that is provoked stands in the table', () => {
  const numbers = new Set(rows.map(({ row }) => row));
  expect(tests.filter(({ row }) => !numbers.has(row))).toEqual([]);
  expect(rows.length).toBe(numbers.size);
});

it('every code exists', () => {
  const named = [...document.matchAll(/`([A-Z]+_[A-Z_]+)`/g)].map((match) => match[1] as string);
  const unknown = named.filter((name) => !code.includes(`'${name}'`) && name !== 'GLIBC_PRIVATE');
  expect(unknown).toEqual([]);
  expect(named.length).toBeGreaterThan(20);
});

it('has every code of check', () => {
  const codes = findingRules.map(({ code }) => code);
  expect(codes.length).toBeGreaterThan(40);
  expect(codes.filter((name) => !document.includes(`\`${name}\``))).toEqual([]);
});
