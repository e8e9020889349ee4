/**
 * Words as a real shell reads them.
 */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { shellCommand, shellWord } from '../../src/root/shell-word.js';
import { command, describeWith } from '../support/requirement.js';

it('leaves plain paths alone', () => {
  expect(shellCommand('chmod', '+x', '/usr/bin/a-b_c.so.1')).toBe('chmod +x /usr/bin/a-b_c.so.1');
  expect(shellWord('$ORIGIN/../lib')).toBe("'$ORIGIN/../lib'");
  expect(shellWord('')).toBe("''");
});

describeWith('a shell', [command('bash')], () => {
  it.each([
    ...['/a b', "/it's", '/w$x', '`id`', '$(id)', '~', '~/x', 'a=b', '#x', '*', 'a\\b', '"', '!!'],
    ...['/tab\there', '/line\nend', "/esc\x1b[31m'q'\\", '/ü', '/bidi\u202e', '/5\x015', '{a,b}'],
  ])('reads %j as one word', (text) => {
    const printed = execFileSync('bash', ['-c', `printf %s ${shellWord(text)}`], {
      env: { LC_ALL: 'C.UTF-8' },
    });
    expect(printed.toString()).toBe(text);
  });
});
