/**
 * Names of C++ symbols in sentences for people.
 */
import { expect, it } from 'vitest';
import { allFindingLines } from '../../src/report/check/finding-lines.js';
import { withPlainSymbols } from '../../src/report/plain-symbols.js';
import { styleFor } from '../../src/report/style.js';

it.each([
  ['/app: needs the symbol _Z3foov, which', '/app: needs the symbol foo(), which'],
  ['for _ZN1A1fEi, _ZTV1A; and more', 'for A::f(int), vtable for A; and more'],
  ['at the end _Z3foov.', 'at the end foo().'],
  ['not a name: _Zx', 'not a name: _Zx'],
  ['a path: /usr/lib/_Z3foov and lib_Z3foov.so', 'a path: /usr/lib/_Z3foov and lib_Z3foov.so'],
])('%s', (text, expected) => {
  expect(withPlainSymbols(text)).toBe(expected);
});

it('a finding tells them so, and quotes messages word for word', () => {
  const finding = {
    code: 'SYMBOL_NOT_FOUND',
    severity: 'error',
    cause: 'c',
    remedy: 'r',
    message: '/app: needs the symbol _Z3foov',
    program: '/app',
    path: '/app',
    seen: '/app: symbol lookup error: /app: undefined symbol: _Z3foov',
  } as const;
  const lines = allFindingLines([finding], styleFor(false), { columns: 80, isFull: true });
  expect(lines).toContain('    /app: needs the symbol foo()');
  expect(lines).toContain('      > /app: symbol lookup error: /app: undefined symbol: _Z3foov');
});
