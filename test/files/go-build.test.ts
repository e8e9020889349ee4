/**
 * What programs of Go say about themselves, in each form that releases have used, and damage. Real
 * programs are compared with what they print themselves in test/differential/runtime.test.ts.
 */
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/elf/byte-source.js';
import { ET_EXEC } from '../../src/elf/constants.js';
import { parseElf } from '../../src/elf/elf-file.js';
import { readGoBuild } from '../../src/files/go-build.js';
import { GO_MAGIC, goProgram } from '../needs/need-worlds.js';
import { ByteWriter, buildElf, encode } from '../support/elf-builder.js';
import { ENCODINGS } from '../support/encodings.js';

const read = (bytes: Uint8Array) => {
  const build = readGoBuild(bytesSource(bytes), parseElf(bytesSource(bytes)));
  return build && [build.version, Object.fromEntries(build.settings)];
};

describe('since Go 1.18', () => {
  it('reads the release and the settings', () => {
    const settings = [
      'path\tcommand-line-arguments',
      'mod\texample.org/x\t(devel)\t',
      'build\tCGO_ENABLED=0',
      'build\t-ldflags="-X main.a=b"',
      '',
    ].join('\n');
    expect(read(goProgram({ version: 'go1.21.3', settings }))).toEqual([
      'go1.21.3',
      { CGO_ENABLED: '0', '-ldflags': '"-X main.a=b"' },
    ]);
  });

  it.each([
    ['another alignment', goProgram({ shift: 4 })],
    ['another version', goProgram({ version: 'gox\n' })],
    ['no version', goProgram({ version: '' })],
    ['no Go', buildElf({ type: ET_EXEC, dynamic: false })],
  ])('%s', (_case, bytes) => {
    expect(read(bytes)).toBe(undefined);
  });

  it('never throws for a length that is wrong, nor for an end before it', () => {
    const whole = goProgram({ settings: 'build\tCGO_ENABLED=1\n' });
    const at = Buffer.from(whole).indexOf(GO_MAGIC, 0, 'latin1');
    for (let length = at; length < whole.length; length++)
      expect(() => read(whole.slice(0, length))).not.toThrow();
    for (let offset = at + 14; offset < at + 48; offset++)
      for (const value of [0, 0x7f, 0x80, 0xff]) {
        const bytes = whole.slice();
        bytes[offset] = value;
        expect(() => read(bytes)).not.toThrow();
      }
  });
});

describe('before Go 1.18', () => {
  /** Two addresses of string headers, in a program whose segment begins at 0x400000. */
  function old(elfClass: 32 | 64, endian: 'little' | 'big', wrong = 0): Uint8Array {
    const is64 = elfClass === 64;
    const size = is64 ? 8 : 4;
    const little = endian === 'little';
    const file = (data: Uint8Array) =>
      buildElf({ type: ET_EXEC, class: elfClass, endian, dynamic: false, data });
    const info = `${'m'.repeat(16)}build\tCGO_ENABLED=1\n${'m'.repeat(16)}`;
    const make = (address: number): Uint8Array => {
      const out = new ByteWriter(little, is64);
      out.reserve((16 - (address % 16)) % 16);
      const start = address + out.length;
      out.bytes(Array.from(GO_MAGIC, (character) => character.charCodeAt(0)));
      out.bytes([size, little ? 0 : 1]);
      const headers = start + 16 + 2 * size;
      const texts = headers + 4 * size;
      out.word(headers + wrong);
      out.word(headers + 2 * size);
      for (const word of [texts, 'go1.16.4'.length, texts + 8, info.length]) out.word(word);
      out.bytes(encode(`go1.16.4${info}`));
      return file(out.result());
    };
    const marked = file(encode('mark'));
    return make(0x400000 + Buffer.from(marked).indexOf('mark'));
  }

  it.each(ENCODINGS)('%d bits, %s-endian', (elfClass, endian) => {
    expect(read(old(elfClass, endian))).toEqual(['go1.16.4', { CGO_ENABLED: '1' }]);
  });

  it('addresses that lead nowhere', () => {
    for (const wrong of [-0x400000, 0x1000, 2 ** 40])
      expect(read(old(64, 'little', wrong))).toBe(undefined);
  });
});
