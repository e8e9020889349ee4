/**
 * Names that a terminal would not show as they are: no text format has them raw, and a list of lines
 * refuses them.
 */
import { describe, expect, it } from 'vitest';
import { checkTrace } from '../../src/index.js';
import { checkReports, reports, whyReports } from '../../src/registry.js';
import { jsonText } from '../../src/report/json-text.js';
import { directoryOf } from '../../src/root/path-text.js';
import { runCli } from '../support/cli-runner.js';
import { diskWorld, removeDiskWorldsAfterwards } from '../support/disk-world.js';
import { glibcSystem, program, TRIPLET, traceWorld, type World } from '../support/world.js';

removeDiskWorldsAfterwards();

/** Escape, bell, C1's CSI, right-to-left override, isolate, joiner, byte order mark, line separator, tag. */
const HIDDEN = [
  '\u{e0041}',
  '\x7f',
  '\x1b',
  '\x07',
  '\x9b',
  '\u202e',
  '\u2066',
  '\u200d',
  '\ufeff',
  '\u2028',
  '\u3164',
];
const LIB = `/lib/${TRIPLET}`;

function worldOf(character: string): World {
  const name = `a${character}b`;
  return {
    ...glibcSystem(36),
    [`${LIB}/lib${name}.so`]: {},
    [`/opt/${name}`]: program({ needed: [`lib${name}.so`, `gone${name}.so`] }),
    '/opt/plain': program({ needed: [`lib${name}.so`] }),
  };
}

describe.each(HIDDEN.map((character) => [JSON.stringify(character), character] as const))(
  '%s',
  (_, hidden) => {
    const path = `/opt/a${hidden}b`;
    const trace = traceWorld(worldOf(hidden), [path]);
    const common = {
      root: '/',
      closures: trace.closures,
      errors: trace.errors,
      names: new Map(),
      color: false,
      verbose: true,
      version: '1',
    };

    it.each(reports.filter(({ name }) => name !== 'list'))('$name', (report) => {
      const text = report.format(common);
      expect(text.length).toBeGreaterThan(10);
      expect(text).not.toContain(hidden);
      // Of control characters, only line ends, and the tabs that ldd prints.
      expect(text).not.toMatch(report.name === 'ldd' ? /(?![\n\t])\p{Cc}/u : /(?!\n)\p{Cc}/u);
    });

    it.each(checkReports)('check: $name', (report) => {
      const programs = checkTrace(trace);
      expect(report.format({ ...common, programs })).not.toContain(hidden);
    });

    it.each(whyReports)('why: $name', (report) => {
      expect(report.format({ ...common, wanted: 'liba*' })).not.toContain(hidden);
    });
  },
);

describe('a list', () => {
  const root = diskWorld(worldOf('\n'));
  const list = (...options: string[]) =>
    runCli(['--root', root, '--format', 'list', '/opt/plain', ...options]);

  it('refuses a name that would be two lines', async () => {
    const { code, stdout, stderr } = await list();
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('--null');
  });

  it('--null ends each path with NUL', async () => {
    const { code, stdout } = await list('--null');
    expect(code).toBe(0);
    expect(stdout.split('\0')).toContain(`${LIB}/liba\nb.so`);
    expect(stdout.endsWith('\0')).toBe(true);
  });

  it('--null is for lists', async () => {
    const { code, stderr } = await runCli(['--null', '--root', root, '/opt/plain']);
    expect(code).toBe(2);
    expect(stderr).toContain('--null is for --format list');
  });
});

it('a Dockerfile names such files in the JSON form', async () => {
  const root = diskWorld(worldOf('\u202e'));
  const { code, stdout } = await runCli(['dockerfile', '--root', root, '/opt/plain']);
  expect(code).toBe(0);
  expect(stdout).not.toContain('\u202e');
  const line = stdout.split('\n').find((text) => text.includes('\\u202e')) ?? '';
  const words = JSON.parse(line.slice(line.indexOf('['))) as string[];
  expect(words).toContain(`${LIB}/liba\u202eb.so`);
  expect(directoryOf(words.at(-1) ?? '')).toBe(LIB);
});

describe('--color', () => {
  const root = diskWorld({ ...glibcSystem(36), '/bin/app': program() });
  const run = (...options: string[]) => runCli(['--root', root, '/bin/app', ...options]);

  it.each([
    ['always', true],
    ['never', false],
    ['auto', false],
  ])('%s', async (when, isColored) => {
    const { stdout } = await run('--color', when);
    expect(stdout.includes('\x1b[')).toBe(isColored);
  });

  it('takes no other value', async () => {
    const { code, stderr } = await run('--color', 'blue');
    expect(code).toBe(2);
    expect(stderr).toContain("--color takes auto, always or never, not 'blue'");
  });
});

it('indented JSON has hidden characters as escapes, and its line ends as they are', () => {
  const value = { texts: [...HIDDEN, 'a\nb'], more: 1 };
  const text = jsonText(value);
  expect(JSON.parse(text)).toEqual(value);
  expect(text).toContain('\n  "more": 1\n}');
  expect(HIDDEN.filter((each) => text.includes(each))).toEqual([]);
});
