/**
 * The progress bar: when it appears, by a clock that the test sets, and its line, which fits the
 * terminal, whatever it names, and prints no control character of a file's name.
 */
import { describe, expect, it } from 'vitest';
import { Progress } from '../../src/cli/progress.js';
import { progressLine } from '../../src/cli/progress-line.js';
import { Speed } from '../../src/cli/progress-speed.js';
import type { Terminal } from '../../src/cli/terminal.js';
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

  it('estimates from when the work begins, and not from when its root is opened', () => {
    let now = 0;
    let text = '';
    const terminal = {
      clock: () => now,
      err: (more: string) => (text += more),
      errColumns: () => 80,
    };
    const progress = new Progress(terminal as unknown as Terminal, false);
    now = 60_000;
    progress.show(0, 100, 'a');
    now = 62_000;
    progress.show(20, 100, 'b');
    progress.end();
    expect(text).toContain(' 20% 8 s left b');
  });

  it('appears while outputs are written', async () => {
    const to = diskWorld({});
    const bars = await draw(['copy', ...args, '--to', `${to}/out`], {
      ...ticking(600),
      errColumns: 120,
    });
    expect(bars.at(-1)).toMatch(/\] *100% [\d.]+ kB of [\d.]+ kB, [\d.]+ k?B\/s \//);
    expect(bars.at(-1)).toContain(`${to}/out${ERASE}`);
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
  const line = (done: number, total: number, label: string, columns: number) =>
    progressLine({ done, total, label, unit: 'files' }, columns);
  const bytes = (done: number, total: number, columns: number, perSecond?: number) =>
    progressLine(
      { done, total, label: '/a/very/long/way/to/archive.tar', unit: 'bytes', perSecond },
      columns,
    );
  const bar = `[#####${' '.repeat(15)}]`;

  it('has the bar, the share and the label', () => {
    expect(line(1, 4, '/usr/bin/awk', 80)).toBe(`${bar} 25% /usr/bin/awk`);
  });

  it('has bytes, the rate and the time that is left', () => {
    expect(bytes(1.2e9, 4.8e9, 120, 2.1e8)).toBe(
      `${bar} 25% 1.2 GB of 4.8 GB, 210 MB/s, 18 s left /a/very/long/way/to/archive.tar`,
    );
    expect(bytes(1e6, 4e6, 120)).toContain('% 1.0 MB of 4.0 MB /a/');
    expect(bytes(1e9, 4e9, 120, 1e6)).toContain(', 1.0 MB/s, 50 min left /a/');
    expect(bytes(1e9, 1e13, 120, 1e6)).toContain(', 2778 h left /a/');
    expect(bytes(4e6, 4e6, 120, 1e6)).toContain('% 4.0 MB of 4.0 MB, 1.0 MB/s /a/');
  });

  it('tells no share and no end of what has no known length', () => {
    expect(bytes(3e6, Number.POSITIVE_INFINITY, 120, 1e6)).toContain(']  0% 3.0 MB, 1.0 MB/s /a/');
  });

  it('leaves the time out first where there is little room, and keeps the end of the label', () => {
    const at = (columns: number) => bytes(1.2e9, 4.8e9, columns, 2.1e8);
    expect(at(80)).toMatch(/ 25% 1\.2 GB of 4\.8 GB, 210 MB\/s, 18 s left .*archive\.tar$/);
    expect(at(70)).toMatch(/ 25% 1\.2 GB of 4\.8 GB, 210 MB\/s .*archive\.tar$/);
    expect(at(60)).toMatch(/ 25% 1\.2 GB of 4\.8 GB .*archive\.tar$/);
    expect(at(45)).toMatch(/ 25% .*archive\.tar$/);
  });

  it.each([1, 4, 5, 20, 28, 29, 40, 60, 80])('stays below %i columns', (columns) => {
    expect(line(3, 3, `/usr/${'a'.repeat(200)}/end`, columns).length).toBeLessThan(columns);
    expect(bytes(1, 3, columns, 1).length).toBeLessThan(columns);
  });

  it('keeps the end of a long label', () => {
    expect(line(1, 2, '/a/very/long/way/to/program', 40)).toMatch(/\/program$/);
  });

  it('counts two columns for characters that may be wide', () => {
    expect(line(1, 2, '漢'.repeat(50), 40)).toMatch(/ 漢{6}$/u);
  });

  it('prints no control characters', () => {
    const text = line(1, 2, 'a\x1b[2J\rb', 80);
    expect([...text].filter((character) => character < ' ')).toEqual([]);
  });

  it('never shows more than all', () => {
    expect(line(9, 3, 'x', 80)).toContain('100%');
  });
});

describe('the speed', () => {
  it('is that of the last seconds', () => {
    const speed = new Speed();
    speed.add(0, 0);
    expect(speed.perSecond()).toBe(undefined);
    speed.add(1000, 100);
    expect(speed.perSecond()).toBe(100);
    for (let time = 2000; time <= 20_000; time += 1000) speed.add(time, 100 + (time - 1000));
    expect(speed.perSecond()).toBe(1000);
  });

  it('is not told before a second of work', () => {
    const speed = new Speed();
    speed.add(0, 0);
    speed.add(999, 5);
    expect(speed.perSecond()).toBe(undefined);
  });

  it('begins again with other work', () => {
    const speed = new Speed();
    speed.add(0, 0);
    speed.add(1000, 5000);
    speed.add(2000, 10);
    expect(speed.perSecond()).toBe(undefined);
    speed.add(3000, 20);
    expect(speed.perSecond()).toBe(10);
  });

  it('begins again with work of another amount', () => {
    const speed = new Speed();
    speed.add(0, 0, 100);
    speed.add(1000, 50, 100);
    expect(speed.begin(1500, 60, 100)).toBe(false);
    expect(speed.begin(2000, 60, 900)).toBe(true);
    expect(speed.perSecond()).toBe(undefined);
    speed.add(3000, 70, 900);
    expect(speed.perSecond()).toBe(10);
  });
});
