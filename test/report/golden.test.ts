/**
 * Every report of every world, as a file to read: test/report/golden/WORLD.FORMAT. A change of any
 * of them is a change for users; look at it before `npm run test:update`.
 */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { missReasons } from '../../src/cli/miss-reasons.js';
import { oldestGlibc } from '../../src/cli/oldest-glibc.js';
import { startReasons } from '../../src/cli/start-reasons.js';
import { isUsual } from '../../src/cli/usual-libraries.js';
import { detectRuntimeNeeds, needFiles } from '../../src/index.js';
import { reports } from '../../src/registry.js';
import type { Report, ReportInput } from '../../src/report/trace/report.js';
import { type ReportWorld, reportWorlds } from '../support/report-worlds.js';
import { traceWorld } from '../support/world.js';
import { requireValidJson, requireValidNdjson } from './json-schema.js';

const GOLDEN = fileURLToPath(new URL('golden/', import.meta.url));

function inputOf(world: ReportWorld): ReportInput {
  const trace = traceWorld(world.world, world.programs, world.options);
  const { closures, errors } = trace;
  const needs = detectRuntimeNeeds(trace);
  return {
    root: '/srv/root',
    closures,
    errors,
    names: new Map(Object.entries(world.names ?? {})),
    needs: new Map(
      closures.map(({ program: { path } }) => [path, needs.filter((n) => n.program === path)]),
    ),
    filesOf: (need) => needFiles(trace, need),
    minimumGlibc: oldestGlibc(trace),
    reasonOf: missReasons(trace),
    isUsual: isUsual,
    startReasonOf: startReasons(trace),
    options: ['--root', '/srv/root'],
    verbose: false,
    color: false,
  };
}

function requireValid(report: Report, text: string): void {
  if (report.name === 'json') requireValidJson(text);
  if (report.name === 'ndjson') requireValidNdjson(text);
}

const textReport = reports.find(({ name }) => name === 'text') as Report;

describe.each(reportWorlds)('$name', (world) => {
  const input = inputOf(world);

  /** As the command line has it: whoever does not ask is not told. */
  const inputFor = (report: Report): ReportInput =>
    report.needs !== 'verbose' ? input : { ...input, needs: new Map() };

  it.each(reports)('$name', async (report) => {
    const text = report.format(inputFor(report));
    requireValid(report, text);
    await expect(withoutPageScript(text)).toMatchFileSnapshot(
      `${GOLDEN}${world.name}.${report.name}`,
    );
  });

  it.each(reports)('$name with --verbose', async (report) => {
    const text = report.format({ ...input, verbose: true });
    requireValid(report, text);
    if (report.name === 'text')
      await expect(text).toMatchFileSnapshot(`${GOLDEN}${world.name}.text-verbose`);
  });

  it('text on a terminal of 60 columns', async () => {
    const text = textReport.format({ ...inputFor(textReport), columns: 60 });
    await expect(text).toMatchFileSnapshot(`${GOLDEN}${world.name}.text-60`);
    // Only what is never broken, a path or a command, makes a line wider.
    const lines = text.split('\n').filter((line) => !line.startsWith('  next '));
    const wide = lines.filter((line) => line.length > 60);
    expect(wide.filter((line) => line.trim().split(/ +/).length > 3)).toEqual([]);
  });

  it.each(reports)('$name: colours change nothing else', (report) => {
    const plain = report.format(input);
    const colored = report.format({ ...input, color: true });
    expect(withoutColors(colored)).toBe(plain);
    if (report.name === 'json' || report.name === 'ndjson') expect(colored).toBe(plain);
  });

  it.each(reports)('$name: plain text has no control characters, and ends with a newline', (r) => {
    const text = withoutPageScript(r.format(input));
    expect(text).toMatch(/^(?:[\t\n -~\u00a0-\uffff]*\n)?$/);
    expect(text).not.toMatch(/[ \t]$/m);
  });
});

it('no golden file is left over from a world or a report that is gone', () => {
  const formats = [...reports.map((report) => report.name), 'text-verbose', 'text-60'];
  const known = reportWorlds.flatMap(({ name }) => formats.map((format) => `${name}.${format}`));
  const there = existsSync(GOLDEN) ? readdirSync(GOLDEN) : [];
  expect(there.filter((name) => !known.includes(name))).toEqual([]);
});

/** The script and the style of an HTML page are the same in all pages, and built. */
function withoutPageScript(text: string): string {
  return text
    .replace(/(<(style|script)>).*?(<\/\2>)/gs, '$1...$3')
    .replaceAll(/sha256-[\w+/]+=*/g, 'sha256-...');
}

function withoutColors(text: string): string {
  return text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g'), '');
}
