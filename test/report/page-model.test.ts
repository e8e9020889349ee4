/**
 * What the HTML page knows of a program: its texts are for people, and no name pretends to be a line.
 */
import { expect, it } from 'vitest';
import { checkTrace } from '../../src/index.js';
import { pageModel } from '../../src/report/html/page-model.js';
import { glibcSystem, program, traceWorld } from '../support/world.js';

const NAME = '/app/a\nb';
const trace = traceWorld({ ...glibcSystem(36), [NAME]: program({ needed: ['libgone.so'] }) }, [
  NAME,
]);
const [checked] = checkTrace(trace);
if (checked === undefined) throw new Error('nothing is checked');
const finding = {
  code: 'SYMBOL_NOT_FOUND',
  severity: 'warning',
  program: NAME,
  path: NAME,
  message: `${NAME}: needs the symbol _Z3foov`,
  seen: 'sh: not found\n/app/x: undefined symbol: _Z3foov',
  cause: 'no object defines _Z3foov',
  remedy: 'r',
  consequences: ['_ZN1A1fEi is lost'],
} as const;
const { programs } = pageModel({
  root: '/',
  closures: trace.closures,
  errors: [],
  names: new Map(),
  verbose: false,
  color: false,
  checked: new Map([[NAME, { ...checked, findings: [finding] }]]),
});

it('names of C++ are written out, and messages are quoted word for word, line by line', () => {
  expect(programs[0]?.findings[0]).toMatchObject({
    message: '/app/a\\x0ab: needs the symbol foo()',
    seen: 'sh: not found\n/app/x: undefined symbol: _Z3foov',
    cause: 'no object defines foo()',
    consequences: ['A::f(int) is lost'],
  });
});

it('a name with a line break is one line', () => {
  expect(programs[0]?.name).toBe('/app/a\\x0ab');
});
