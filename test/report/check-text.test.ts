/**
 * `elfdeps check` of many programs: failures first, a line for each that runs, and what they come to.
 */
import { expect, it } from 'vitest';
import type { CheckedClosure } from '../../src/check/check-closure.js';
import type { MinimumVersions } from '../../src/check/symbols/minimum-versions.js';
import type { Finding, Severity } from '../../src/finding.js';
import type { CheckReportInput } from '../../src/report/check/check-report.js';
import { checkText } from '../../src/report/check/text.js';
import { closureOf, glibcSystem, program } from '../support/world.js';

const NAMES = Array.from({ length: 40 }, (_, index) => `/bin/p${index}`);
const world = {
  ...glibcSystem(36),
  ...Object.fromEntries(NAMES.map((name) => [name, program({ needed: [] })])),
};

function finding(severity: Severity, code: string, path: string): Finding {
  return { code, severity, program: path, path, message: `${path}: odd`, cause: 'c', remedy: 'r' };
}

function checked(path: string, severity?: Severity, code = 'MINIMUM_VERSIONS'): CheckedClosure {
  const verdict = severity === 'error' ? 'fails' : severity === 'warning' ? 'warns' : 'runs';
  const findings = severity === undefined ? [] : [finding(severity, code, path)];
  return { closure: closureOf(world, path), verdict, findings };
}

function textOf(programs: readonly CheckedClosure[], more: Partial<CheckReportInput> = {}): string {
  const names = new Map<string, string>();
  return checkText.format({
    ...{ root: '/srv', programs, errors: [], names, version: '1', color: false },
    ...more,
  });
}

const minimum = (version: string, kernel: string): MinimumVersions => {
  const asked = [
    { family: 'GLIBC', version, neededBy: `/bin/for-${version}`, symbols: [] },
  ] as const;
  return { program: asked, closure: asked, kernel: { version: kernel, neededBy: '/bin/p0' } };
};

it('those that fail come first, then those with warnings, then a line for each other', () => {
  const text = textOf([
    checked('/bin/p0'),
    checked('/bin/p1', 'warning', 'ODD'),
    checked('/bin/p2', 'error', 'BAD'),
    checked('/bin/p3', 'note', 'STATIC_NSS'),
  ]);
  expect(text).toBe(`/bin/p2: does not run
  error BAD
    /bin/p2: odd
    cause: c
    remedy: r

/bin/p1: runs, but there is 1 warning
  warning ODD
    /bin/p1: odd
    cause: c
    remedy: r

/bin/p0: runs
/bin/p3: runs  STATIC_NSS
(--verbose shows the notes)

4 programs: 2 run, 1 with a warning, 1 does not
`);
});

it('minimum versions are told once, the highest of all', () => {
  const programs = [checked('/bin/p0', 'note'), checked('/bin/p1', 'note'), checked('/bin/p2')];
  const versions = [minimum('2.9', '3.2.0'), minimum('2.34', '2.6.32')];
  const minimumOf: CheckReportInput['minimumOf'] = ({ program: { path } }) =>
    versions[path === '/bin/p0' ? 0 : 1];
  const text = textOf(programs, { minimumOf });
  expect(text).toBe(`/bin/p0: runs
/bin/p1: runs
/bin/p2: runs

together they need glibc 2.34, Linux 3.2.0 or newer (Debian 12, Ubuntu 22.04,
    RHEL 9)
3 programs: 3 run
`);
});

it('what is told in a line is told in full with --verbose', () => {
  const short = { ...finding('note', 'MINIMUM_VERSIONS', '/bin/p0'), brief: 'needs glibc 2.34' };
  const programs = [{ ...checked('/bin/p0'), findings: [short] }];
  expect(textOf(programs)).toBe('/bin/p0: runs\n  needs glibc 2.34\n');
  expect(textOf(programs, { verbose: true })).toContain('\n  note MINIMUM_VERSIONS\n');
});

it('findings of one cause are told once, and each by itself in data', () => {
  const together = { message: 'a and b: odd', cause: 'one cause', remedy: 'one remedy' };
  const pair = ['a', 'b'].map((name) => ({ ...finding('error', 'ODD', name), together }));
  const programs = [{ ...checked('/bin/p0', 'error'), findings: pair }];
  expect(textOf(programs)).toBe(`/bin/p0: does not run
  error ODD
    a and b: odd
    cause: one cause
    remedy: one remedy
`);
});

it('a cause and a remedy that findings share are told once', () => {
  const pair = ['/lib/a', '/lib/b'].map((path) => finding('warning', 'ODD', path));
  const other = { ...finding('warning', 'ODD', '/lib/c'), remedy: 'another' };
  const programs = [{ ...checked('/bin/p0', 'warning'), findings: [...pair, other] }];
  const lines = textOf(programs).split('\n');
  expect(lines.slice(1, -1)).toEqual([
    ...['  warning ODD', '    /lib/a: odd', '    /lib/b: odd', '    cause: c', '    remedy: r'],
    ...['  warning ODD', '    /lib/c: odd', '    cause: c', '    remedy: another'],
  ]);
});

it('--verbose tells all about each', () => {
  const programs = [checked('/bin/p0', 'note'), checked('/bin/p1', 'note', 'STATIC_NSS')];
  const text = textOf(programs, { verbose: true });
  expect(text).toMatch(/^\/bin\/p0: runs\n {2}note MINIMUM_VERSIONS\n/);
  expect(text).toContain('/bin/p1: runs\n  note STATIC_NSS\n');
});

it('one program is told in full', () => {
  expect(textOf([checked('/bin/p0', 'note')])).toMatch(/^\/bin\/p0: runs\n {2}note MINIMUM/);
});

it('a terminal shows twenty of many, and --all and a pipe show every one', () => {
  const programs = NAMES.map((name) => checked(name));
  const linesOf = (more: Partial<CheckReportInput>) => textOf(programs, more).split('\n');
  const cut = linesOf({ columns: 80 });
  expect(cut[20]).toBe('and 20 more (--all)');
  expect(cut).toHaveLength(24);
  for (const more of [{}, { columns: 80, all: true }])
    expect(linesOf(more).filter((line) => line.endsWith(': runs'))).toHaveLength(40);
});

it('prose fits the terminal', () => {
  const long = finding('error', 'LONG', '/bin/p0');
  const message = 'a word and another one '.repeat(8).trim();
  const program = { ...checked('/bin/p0', 'error'), findings: [{ ...long, message }] };
  for (const columns of [60, 100]) {
    const widths = textOf([program], { columns })
      .split('\n')
      .map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
    expect(Math.max(...widths)).toBeGreaterThan(columns - 10);
  }
});
