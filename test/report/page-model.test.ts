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

it('libraries that are missing for one cause are one finding about all of them', () => {
  const needed = ['libone.so.1', 'libtwo.so.1'];
  const lost = traceWorld({ ...glibcSystem(36), '/app/b': program({ needed }) }, ['/app/b']);
  const { programs: shown, files } = pageModel({
    root: '/',
    closures: lost.closures,
    errors: [],
    names: new Map(),
    verbose: false,
    color: false,
    checked: new Map(checkTrace(lost).map((each) => [each.closure.program.path, each])),
  });
  const errors = shown[0]?.findings.filter(({ severity }) => severity === 'error') ?? [];
  expect(errors).toHaveLength(1);
  expect(errors[0]?.message).toContain('libone.so.1 and libtwo.so.1: not found');
  expect(errors[0]?.seen).toContain('libone.so.1: cannot open shared object file');
  expect(errors[0]?.about.map((index) => files[index]?.name)).toEqual(needed);
});
