/**
 * The progress bar on a real terminal, a pty that util-linux's `script` makes: it appears for work
 * of more than half a second, is gone at the end, and is never in a pipe.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { command, describeWith } from '../support/requirement.js';

const BIN = fileURLToPath(new URL('../../bin/elfdeps.js', import.meta.url));
const BAR = /\r\[[# ]{20}\] {0,2}\d+% /;
/** Takes the rest of the line away. */
const ERASE = '\x1b[K';
/** A root that takes its time to arrive, on any machine: more than half a second. */
const SLOW = '{ sleep 0.7; tar -C /usr/bin -cf - sh env; sleep 0.4; } |';
const PROGRAMS = ['--root', '-', '/sh', '/env'];
const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

describeWith('the progress bar', [command('script')], () => {
  let directory = '';
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'elfdeps-progress-'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  /** What a terminal sees of `elfdeps ARGS >/dev/null`. */
  function onTerminal(
    args: readonly string[],
    { before = SLOW, redirection = '>/dev/null' } = {},
  ): string {
    const line = `${before} ${[process.execPath, BIN, ...args].map(quoted).join(' ')} ${redirection}`;
    const script = join(directory, 'run.sh');
    writeFileSync(script, `stty columns 60\n${line}\n`);
    const { stdout } = spawnSync('script', ['-qec', `sh ${script}`, '/dev/null'], {
      encoding: 'latin1',
      input: '',
      timeout: 60_000,
      maxBuffer: 1 << 26,
    });
    return stdout;
  }

  it('appears for work of more than half a second, fits, and is erased', () => {
    const seen = onTerminal(PROGRAMS);
    expect(seen).toMatch(BAR);
    // While the root still arrives.
    expect(seen).toContain(']  0% -');
    const bars = seen.split('\r').filter((part) => part.startsWith('['));
    for (const bar of bars) {
      expect(bar).toContain(ERASE);
      expect(bar.indexOf(ERASE)).toBeLessThan(60);
    }
    // After the last picture the line is erased before anything else is printed.
    expect(seen.slice(seen.lastIndexOf('\r['))).toContain(`${ERASE}\r${ERASE}`);
  });

  it.each([
    ['short work', ['/bin/sh'], { before: '' }],
    ['--quiet', ['--quiet', ...PROGRAMS], {}],
    ['standard error in a pipe', PROGRAMS, { redirection: '2>&1 >/dev/null | cat' }],
  ])('does not appear: %s', (_what, args, how) => {
    expect(onTerminal(args, how)).not.toMatch(BAR);
  });
});
