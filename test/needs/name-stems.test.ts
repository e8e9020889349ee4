import { expect, it } from 'vitest';
import { bears, pathBears, stemsOf } from '../../src/needs/name-stems.js';

it('takes a name of one letter as the whole name, in its case', () => {
  const stems = stemsOf('/usr/bin/R');
  expect(pathBears('R/etc/ldpaths', stems)).toBe(true);
  expect(['R', 'r', 'Rust', 'R-4'].filter((name) => bears(name, stems))).toEqual(['R']);
});

it('takes a name of two letters as the whole word', () => {
  const names = ['gs', 'gs9', 'gs_init.ps', 'gsasl', 'GS'];
  expect(names.filter((name) => bears(name, stemsOf('/usr/bin/gs')))).toEqual([
    'gs',
    'gs9',
    'gs_init.ps',
    'GS',
  ]);
});
