/**
 * Functions of static programs, in either class and byte order, and what damage makes of them.
 */
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/elf/byte-source.js';
import { parseElf } from '../../src/elf/elf-file.js';
import { readFunctions } from '../../src/files/function-names.js';
import { goProgram, unstripped } from '../needs/need-worlds.js';
import { ENCODINGS } from '../support/encodings.js';

const read = (bytes: Uint8Array) => [
  ...readFunctions(bytesSource(bytes), parseElf(bytesSource(bytes))),
];

describe('functions', () => {
  it.each(ENCODINGS)('%d bits, %s-endian', (elfClass, endian) => {
    const names = ['main', 'getaddrinfo'];
    expect(read(unstripped(names, { elfClass, little: endian === 'little' }))).toEqual(names);
  });

  it('of a stripped program', () => {
    expect(read(goProgram())).toEqual([]);
  });

  it('of a damaged one are fewer, and never an error', () => {
    const whole = unstripped(['main', 'system']);
    const header = 64 + 2 * 56;
    for (let length = header; length < whole.length; length++)
      expect(() => read(whole.slice(0, length))).not.toThrow();
    for (let at = 0; at < whole.length; at++)
      // Not what parseElf refuses.
      if (at >= header || (at >= 40 && at < 48) || at >= 58)
        for (const value of [0, 1, 0x7f, 0xff]) {
          const bytes = whole.slice();
          bytes[at] = value;
          if (at < 64 || at >= header) expect(read(bytes).length).toBeLessThan(10);
        }
  });
});
