/** Which words of a shell script are commands. */
import { expect, it } from 'vitest';
import { shellCommands } from '../../src/needs/shell-commands.js';

it.each([
  ['for file in a b; do sort x; done', ['sort x']],
  ['case date in tree) head -1 ;; esac', ['head -1']],
  ['select tree in a b\ndo od; done', ['od']],
  ['function date { cal\n}', []],
  ['if test -f a; then cat a; fi', ['test -f a', 'cat a']],
  ['case $1 in sort|cat) head -1 ;; uniq) tail -1 ;; esac; (wc)', ['head -1', 'tail -1', 'wc']],
  ['A=1 exec nohup sleep 1 >out 2>&1', ['sleep 1']],
])('%s', (text, commands) => {
  const found = shellCommands(text).map((words) => words.map((word) => word.text).join(' '));
  expect(found).toEqual(commands);
});
