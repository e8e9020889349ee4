/**
 * Every vector of glibc, for every release it holds for: the number and the rule are the row's name.
 */
import { describe, expect, it } from 'vitest';
import { RELEASES, type Vector, vectorRows } from '../support/world.js';
import { cache } from './vectors/cache.js';
import { candidates } from './vectors/candidates.js';
import { loadOrder } from './vectors/load-order.js';
import { pathsAndTokens } from './vectors/paths-and-tokens.js';
import { searchOrder } from './vectors/search-order.js';

function table(vectors: readonly Vector[]): void {
  for (const vector of vectors)
    for (const minor of vector.minors ?? RELEASES)
      it(`${vector.id}: ${vector.rule} [2.${minor}]`, () => {
        expect(vectorRows(vector, minor)).toEqual(vector.rows);
      });
}

describe('glibc: search order', () => table(searchOrder));
describe('glibc: load order', () => table(loadOrder));
describe('glibc: paths and tokens', () => table(pathsAndTokens));
describe('glibc: candidates', () => table(candidates));
describe('glibc: cache', () => table(cache));
