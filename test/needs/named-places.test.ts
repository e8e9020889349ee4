/** Which directories may be those of one program. */
import { expect, it } from 'vitest';
import { isOfMany, isOfOne } from '../../src/needs/named-places.js';

it.each([
  ['/usr/lib/app', true],
  ['/usr/lib/x86_64-linux-gnu/app', true],
  ['/usr/lib/x86_64-linux-gnu', false],
  ['/usr/lib', false],
  ['/usr/share/app/doc', false],
  ['/etc/ssl', false],
])('%s: %s', (path, expected) => {
  expect(isOfOne(path)).toBe(expected);
});

it.each([
  ['/etc', true],
  ['/usr/share', true],
  ['/usr/share/misc', true],
  ['/usr/share/app', false],
  ['/opt', false],
])('%s is of many: %s', (path, expected) => {
  expect(isOfMany(path)).toBe(expected);
});
