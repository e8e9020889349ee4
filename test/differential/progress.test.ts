/**
 * The progress bar on a real terminal, a pty that util-linux's `script` makes. When the bar appears
 * and when not is tested by a clock of the test's own in test/cli/progress.test.ts; here a root
 * arrives in small pieces until the bar is seen, however long that takes.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ELFDEPS } from '../support/built-cli.js';
import { command, describeWith } from '../support/requirement.js';

const BAR = /\r\[[# ]{20}\] {0,2}\d+% /;
/** Takes the rest of the line away. */
const ERASE = '\x1b[K';
/** A header of an empty file again and again, then the programs and the end of the archive. */
const SCRIPT = `
stty columns 60
: > piece && tar -cf - piece | head -c 512 > header
tar -C /usr/bin -cf rest sh env
{
  while [ ! -e seen ]; do cat header || exit; sleep 0.02; done
  cat rest
} | "$NODE" "$ELFDEPS" --root - /sh /env >/dev/null
`;

describeWith('the progress bar', ['script', 'stty', 'tar'].map(command), () => {
  it('appears on a terminal, fits, and is erased', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'elfdeps-progress-'));
    const stop = () => writeFileSync(join(directory, 'seen'), '');
    try {
      writeFileSync(join(directory, 'run.sh'), SCRIPT);
      const child = spawn('script', ['-qec', 'sh run.sh', '/dev/null'], {
        cwd: directory,
        env: { PATH: process.env.PATH, NODE: process.execPath, ELFDEPS },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let seen = '';
      child.stdout.setEncoding('latin1').on('data', (text) => {
        seen += text;
        if (BAR.test(seen)) stop();
      });
      await new Promise((resolve) => child.once('close', resolve));
      // While the root still arrives.
      expect(seen).toMatch(/\] {2}0% [\d.]+ (?:kB|B)(?:, [\d.]+ k?B\/s)? -/);
      const bars = seen.split('\r').filter((part) => part.startsWith('['));
      for (const bar of bars) {
        expect(bar).toContain(ERASE);
        expect(bar.indexOf(ERASE)).toBeLessThan(60);
      }
      // After the last picture the line is erased before anything else is printed.
      expect(seen.slice(seen.lastIndexOf('\r['))).toContain(`${ERASE}\r${ERASE}`);
    } finally {
      stop();
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
