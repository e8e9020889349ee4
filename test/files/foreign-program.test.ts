/**
 * What files are called that users take for programs.
 */
import { expect, it } from 'vitest';
import { foreignProgram } from '../../src/files/foreign-program.js';
import { runCli } from '../support/cli-runner.js';
import { diskWorld, removeDiskWorldsAfterwards } from '../support/disk-world.js';

removeDiskWorldsAfterwards();

it.each([
  ['MZ\x90\0\x03', 'a program of Windows or DOS (PE)'],
  ['\xcf\xfa\xed\xfe\x07\0\0\x01', 'a program of macOS (Mach-O)'],
  ['\xca\xfe\xba\xbe\0\0\0\x02', 'a program of macOS for several CPUs (Mach-O)'],
  ['\xca\xfe\xba\xbe\0\0\0\x41', 'a Java class'],
  ['\0asm\x01\0\0\0', 'a WebAssembly module'],
  ['!<arch>\nmain.o/', 'a static library (an archive of ar)'],
  ['!<arch>\ndebian-binary   ', 'a Debian package'],
  ['plain text', undefined],
  ['', undefined],
  ['\xca\xfe', undefined],
])('%j is %s', async (text, what) => {
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  expect(foreignProgram(bytes)).toBe(what);
  if (what === undefined) return;
  const { code, stderr } = await runCli(['/file', '--root', diskWorld({ '/file': bytes })]);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: `elfdeps: /file: not an ELF file, but ${what}\n`,
  });
});
