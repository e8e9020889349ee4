/**
 * docs/runtime-needs.md against the detectors: every kind has one row, in their order, and how certain
 * it is called is what the rows of detector-rows.ts show.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { needDetectors } from '../../src/registry.js';
import { rows } from './detector-rows.js';

const document = readFileSync(new URL('../../docs/runtime-needs.md', import.meta.url), 'utf8');
const table = [...document.matchAll(/^\| `([\w-]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
  ([, kind = '', evidence = '', added = '', certain = '']) => ({ kind, evidence, added, certain }),
);
const CONFIDENCES = ['sure', 'likely', 'possible'] as const;

it('has a row for each kind, and no other', () => {
  expect(table.map(({ kind }) => kind)).toEqual(needDetectors.map(({ kind }) => kind));
});

it.each(table)('$kind is as certain as it says', ({ kind, certain }) => {
  const shown = new Set(
    rows.filter((row) => row.kind === kind).map(({ need }) => need.confidence ?? 'sure'),
  );
  expect(certain).toBe(CONFIDENCES.filter((confidence) => shown.has(confidence)).join(', '));
});

it.each(table)('$kind says when nothing is added', ({ kind, added }) => {
  const isEmpty = rows
    .filter((row) => row.kind === kind)
    .every(({ need: { files, opens, starts, directories, generated } }) =>
      [files, opens, starts, directories, generated].every((what) => what === undefined),
    );
  expect(added.startsWith('nothing')).toBe(isEmpty);
});
