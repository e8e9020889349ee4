/**
 * The progress bar: when it appears, by a clock that the test sets, and its line, which fits the
 * terminal, whatever it names, and prints no control character of a file's name.
 */
import { describe, expect, it } from 'vitest';
import { progressLine } from '../../src/cli/progress.js';
import { ET_EXEC } from '../../src/elf/constants.js';
import { type CliOptions, runCli } from '../support/cli-runner.js';
import { diskWorld, removeDiskWorldsAfterwards } from '../support/disk-world.js';

removeDiskWorldsAfterwards();

const COLUMNS = 60;
/** Takes the rest of the line away. */
const ERASE = '\x1b[K';
const PROGRAMS = 40;
const world = diskWorld(
  Object.fromEntries(
    Array.from({ length: PROGRAMS }, (_, index) => [
      `/bin/a-program-with-quite-a-long-name-${index}`,
      { type: ET_EXEC, dynamic: false } as const,
    ]),
  ),
);

/** A clock that goes on by so many milliseconds whenever it is looked at. */
function ticking(step: number): { clock: () => number; looks: () => number } {
  let looks = 0;
  return { clock: () => step * looks++, looks: () => looks };
}

describe('the progress bar', () => {
  const args = ['--root', world, '/bin'];
  /** Every picture of the bar in what standard error got. */
  const barsOf = (stderr: string) =>
    stderr.split('\r').filter((part) => /^\[[# ]{20}\]/.test(part));
  const draw = async (words: readonly string[], options: CliOptions) =>
    barsOf((await runCli(words, { errColumns: COLUMNS, ...options })).stderr);

  it('appears for work of more than half a second, fits, and is erased', async () => {
    const { code, stderr } = await runCli(args, {
      errColumns: COLUMNS,
      clock: ticking(100).clock,
    });
    expect(code).toBe(0);
    const bars = barsOf(stderr);
    expect(bars.length).toBeGreaterThan(PROGRAMS / 2);
    for (const bar of bars) {
      expect(bar).toContain(ERASE);
      expect(bar.indexOf(ERASE)).toBeLessThan(COLUMNS);
    }
    // After the last picture the line is erased before anything else is printed.
    expect(stderr.slice(stderr.lastIndexOf('\r['))).toContain(`${ERASE}\r${ERASE}`);
    expect(stderr.endsWith(`\r${ERASE}`)).toBe(true);
  });

  it('appears while outputs are written', async () => {
    const to = diskWorld({});
    const bars = await draw(['copy', ...args, '--to', `${to}/out`], ticking(600));
    expect(bars.at(-1)).toContain(`100% ${to}/out${ERASE}`);
  });

  it('is drawn again after a tenth of a second', async () => {
    const { clock, looks } = ticking(10);
    const bars = await draw(args, { clock });
    // Half a second passes without one.
    expect(bars.length).toBe(Math.ceil((looks() * 10 - 500) / 100));
  });

  it.each<[string, string[], CliOptions]>([
    ['in half a second less a bit', args, { clock: ticking(499 / (3 * PROGRAMS)).clock }],
    ['--quiet', ['--quiet', ...args], { clock: ticking(1000).clock }],
    ['without a terminal', args, { clock: ticking(1000).clock, errColumns: undefined }],
  ])('does not appear: %s', async (_what, words, options) => {
    expect(await draw(words, options)).toEqual([]);
  });
});

describe('the progress line', () => {
  it('has the bar, the share and the label', () => {
    const bar = `[#####${' '.repeat(15)}]`;
    expect(progressLine(1, 4, '/usr/bin/awk', 80)).toBe(`${bar} 25% /usr/bin/awk`);
  });

  it.each([1, 4, 5, 20, 28, 29, 40])('stays below %i columns', (columns) => {
    expect(progressLine(3, 3, `/usr/${'a'.repeat(200)}/end`, columns).length).toBeLessThan(columns);
  });

  it('keeps the end of a long label', () => {
    expect(progressLine(1, 2, '/a/very/long/way/to/program', 40)).toMatch(/\/program$/);
  });

  it('counts two columns for characters that may be wide', () => {
    expect(progressLine(1, 2, '漢'.repeat(50), 40)).toMatch(/ 漢{6}$/u);
  });

  it('prints no control characters', () => {
    const line = progressLine(1, 2, 'a\x1b[2J\rb', 80);
    expect([...line].filter((character) => character < ' ')).toEqual([]);
  });

  it('never shows more than all', () => {
    expect(progressLine(9, 3, 'x', 80)).toContain('100%');
  });
});
