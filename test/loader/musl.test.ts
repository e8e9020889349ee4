/**
 * Every vector of musl's loader: the number and the rule are the row's name.
 */
import { describe, expect, it } from 'vitest';
import { vectorRows } from '../support/world.js';
import { muslVectors } from './vectors/musl.js';

describe('musl', () => {
  for (const vector of muslVectors)
    it(`${vector.id}: ${vector.rule}`, () => {
      expect(vectorRows(vector, 'musl')).toEqual(vector.rows);
    });
});
