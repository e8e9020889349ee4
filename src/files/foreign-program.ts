/**
 * Files that users take for programs and that are no ELF files, told by their first bytes.
 * Source: PE format; Mach-O loader.h and fat.h; WebAssembly core specification; JVM specification,
 * "The class File Format"; ar(5); the magics of packages and archives.
 */
import { latin1Text } from './embedded-strings.js';

/** Of magics that start alike, the longer one comes first. */
const KINDS: readonly (readonly [magic: string, what: string])[] = [
  ['!<arch>\ndebian-binary', 'a Debian package'],
  ['!<arch>\n', 'a static library (an archive of ar)'],
  ['!<thin>\n', 'a static library (a thin archive of ar)'],
  ['\xfe\xed\xfa\xce', 'a program of macOS (Mach-O)'],
  ['\xfe\xed\xfa\xcf', 'a program of macOS (Mach-O)'],
  ['\xce\xfa\xed\xfe', 'a program of macOS (Mach-O)'],
  ['\xcf\xfa\xed\xfe', 'a program of macOS (Mach-O)'],
  ['\0asm', 'a WebAssembly module'],
  ['BC\xc0\xde', 'LLVM bitcode'],
  ['\xed\xab\xee\xdb', 'an RPM package'],
  ['PK\x03\x04', 'a zip archive (or jar)'],
  ['\x1f\x8b', 'gzip data'],
  ['\xfd7zXZ\0', 'xz data'],
  ['\x28\xb5\x2f\xfd', 'zstd data'],
  ['MZ', 'a program of Windows or DOS (PE)'],
];

/** Fat Mach-O files have few architectures, class files a major version from 45 on, at one place. */
const FIRST_CLASS_VERSION = 45;

/** What a file is, with its article; undefined where the bytes are of nothing known. */
export function foreignProgram(head: Uint8Array): string | undefined {
  const text = latin1Text(head.subarray(0, 32));
  if (text.startsWith('\xca\xfe\xba\xbe') && head.length >= 8)
    return (((head[6] as number) << 8) | (head[7] as number)) >= FIRST_CLASS_VERSION
      ? 'a Java class'
      : 'a program of macOS for several CPUs (Mach-O)';
  return KINDS.find(([magic]) => text.startsWith(magic))?.[1];
}
