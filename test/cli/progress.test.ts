/**
 * The line of the progress bar: it fits the terminal, whatever it names, and prints no control
 * character of a file's name.
 */
import { describe, expect, it } from 'vitest';
import { progressLine } from '../../src/cli/progress.js';

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
