import { describe, expect, it } from 'vitest';
import { scriptLines } from '../../src/needs/script-lines.js';

/** What `echo` prints in a shell that runs these lines. */
describe.each([
  ['a plain value', 'a=/x', '$a/y', '/x/y'],
  ['quotes', 'export a="/x"  ', '${a}', '/x'],
  ['no value', '', '$a', '$a'],
  ['the word for none', '', '${a:-/y}', '/y'],
  ['the word for an empty one', 'a=', '${a:-/y}', '/y'],
  ['an empty one', 'a=', '[${a-/y}]', '[]'],
  ['the word behind an empty one that is assigned', 'a=\n: ${a:=/y}', '$a', '/y'],
  ['a value where a word is', 'a=/x', '${a:-/y}', '/x'],
  ['its directory', 'a=/x/y', '${a%/*}', '/x'],
  ['the directory of a name', 'a=x', '${a%/*}', 'x'],
  ['the directory at the top', 'a=/x', '${a%/*}/y', '/y'],
  ['another pattern', 'a=/x.y', '${a%.y}', '${a%.y}'],
])('%s', (_what, before, word, expected) => {
  it('is filled in', () => {
    expect(scriptLines(`${before}\necho ${word}`).at(-1)).toBe(`echo ${expected}`);
  });
});

describe('a script made to grow, or to take long', () => {
  const most = 1 << 22;
  it.each([
    ['a long value, often', [`a=${'x'.repeat(4000)}`, '$a'.repeat(100_000)]],
    ['a value added to itself', ['a=abcdefgh', ...Array.from({ length: 60 }, () => 'a=$a$a')]],
    [
      'a word that doubles',
      Array.from({ length: 60 }, (_, at) => `: \${b${at + 1}=$b${at}$b${at}abc}`),
    ],
    ['spaces', [`a=${' '.repeat(200_000)}"`]],
    ['braces', ['${a-'.repeat(50_000)]],
  ])('%s', (_what, lines) => {
    expect(scriptLines(lines.join('\n')).join('\n').length).toBeLessThan(most);
  });
});
