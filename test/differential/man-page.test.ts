/**
 * The manual page as man, groff and mandoc take it: without a warning, and with every word of an option on
 * one line.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { command, describeWith } from '../support/requirement.js';

const PAGE = fileURLToPath(new URL('../../dist/elfdeps.1', import.meta.url));

const tools: readonly (readonly [string, readonly string[]])[] = [
  ['man', ['--warnings', '-l', PAGE]],
  ['groff', ['-man', '-ww', '-Tutf8', PAGE]],
  ['mandoc', ['-Tlint', PAGE]],
];

describeWith(
  'the manual page',
  tools.map(([name]) => command(name)),
  () => {
    it.each(tools)('has no warning of %s', (name, args) => {
      const { status, stdout, stderr } = spawnSync(name, args, { encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      if (name === 'mandoc') expect(stdout).toBe('');
      else expect(stdout).toContain('find the files that a program needs to run');
    });

    it.each([60, 80])('breaks no option at %i columns', (columns) => {
      const env = { ...process.env, MANWIDTH: String(columns), MAN_KEEP_FORMATTING: '' };
      const text = execFileSync('man', ['-l', PAGE], { encoding: 'utf8', env });
      for (const option of ['--library-path', '--allow-incomplete', '--platform-root', '--hwcaps'])
        expect(text).toContain(option);
      expect(text).not.toMatch(/-{1,2}[a-z]+[\u2010-]\n/u);
    });
  },
);
