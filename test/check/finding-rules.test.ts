/**
 * The rules of findings: each code has one, and TypeScript knows the codes. That each code is also
 * reported is in test/report/sarif.test.ts, with which severity in checks.test.ts.
 */
import { expect, it } from 'vitest';
import { defineCheck } from '../../src/check/check.js';
import type { Finding } from '../../src/index.js';
import { type FindingCode, findingRules } from '../../src/registry.js';
import { NOT_APPLIED, REMEDY_ROWS } from '../differential/remedy-rows.js';

it('each code has one rule', () => {
  const codes = findingRules.map(({ code }) => code);
  expect(codes).toEqual([...new Set(codes)]);
});

it.each(findingRules)('$code is a name in capitals, with whole sentences', (rule) => {
  const { code, levels, summary, cause, remedy } = rule;
  expect(code).toMatch(/^[A-Z]+(?:_[A-Z]+)*$/);
  expect(levels.length).toBeGreaterThan(0);
  expect(levels).toEqual(
    ['error', 'warning', 'note'].filter((level) => levels.includes(level as 'error')),
  );
  for (const text of [summary, cause, remedy]) expect(text).toMatch(/^\S.*[^.]\.$/);
});

it('the remedy of each code is applied by a test, or there is a reason why not', () => {
  const codes = findingRules.map(({ code }) => code);
  const shown = new Set(REMEDY_ROWS.map(({ code }) => code));
  expect(codes.filter((code) => !shown.has(code) && NOT_APPLIED[code] === undefined)).toEqual([]);
  const excused = Object.keys(NOT_APPLIED);
  expect(excused.filter((code) => shown.has(code) || !codes.includes(code))).toEqual([]);
  expect(excused.length).toBeLessThanOrEqual(5);
});

it('the codes of findings are a closed list', () => {
  const codes: readonly FindingCode[] = ['LIBRARY_NOT_FOUND', 'SCRIPT_TOO_DEEP', 'TMP_MISSING'];
  // @ts-expect-error no check reports it
  const unknown: FindingCode = 'NO_SUCH_CODE';
  // @ts-expect-error nor is any text one
  const text: Finding['code'] = codes.join();
  const known = new Set<string>(findingRules.map(({ code }) => code));
  expect([...codes, unknown, text].map((code) => known.has(code))).toEqual([
    ...[true, true, true],
    ...[false, false],
  ]);
});

it('a check reports only codes that it has rules for', () => {
  const rule = { levels: ['note'], summary: '.', cause: '.', remedy: '.' } as const;
  const check = defineCheck({
    rules: [{ ...rule, code: 'KNOWN' }],
    check: () => [
      // @ts-expect-error the rule is of another code
      { code: 'UNKNOWN', severity: 'note', path: '/', message: '', cause: '', remedy: '' },
    ],
  });
  expect(check.rules.map(({ code }) => code)).toEqual(['KNOWN']);
});
