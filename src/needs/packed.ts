/**
 * Files that unpack the real program when they run: what they need cannot be seen from outside, and
 * ldd calls them static. Signs: UPX's header behind the program headers, the magic of an AppImage,
 * the cookie at the end that PyInstaller writes, a program or archive behind the end of the file; of
 * makeself, which is a shell script with an archive, its first lines.
 */

import type { Program } from '../closure/closure.js';
import { FieldReader } from '../elf/byte-source.js';
import type { ElfFile } from '../elf/elf-file.js';
import { latin1Text } from '../files/embedded-strings.js';
import type { RootFiles } from '../files/root-files.js';
import type { RealPath } from '../root/root.js';
import { shellWord } from '../root/shell-word.js';
import { defineNeed } from './need.js';

interface Packer {
  readonly name: string;
  /** What to do, in words. */
  readonly unpack: string;
}

/** Its first lines say so, before the archive. Source: makeself-header.sh. */
const MAKESELF = /^# This script was generated using Makeself /m;
const SCRIPT_BYTES = 4096;
/** PyInstaller's archive ends with a cookie of 88 bytes; signatures may stand behind it. */
const TAIL_BYTES = 4096;
const PYINSTALLER_COOKIE = 'MEI\x0c\x0b\x0a\x0b\x0e';

export const packed = defineNeed({
  isOnlyTold: true,
  kind: 'packed',
  summary: 'a program that unpacks itself, with needs that are not seen (told, adds nothing)',
  documentation: {
    evidence:
      'the marks of UPX, AppImage, PyInstaller and makeself, an archive behind a static program',
    added: 'nothing: unpack it, and look at what is inside',
    confidence: ['sure'],
  },
  detect({ closure, files }) {
    const packer = findPacker(closure.program, files);
    if (packer === undefined) return undefined;
    const { path } = closure.program;
    return {
      because: `${path} is packed by ${packer.name}, what is inside may need more: ${packer.unpack}`,
    };
  },
  absent: {
    rules: [
      {
        code: 'PACKED',
        levels: ['warning'],
        summary: 'The program is packed, and what is inside is not seen.',
        cause:
          'A packed program unpacks itself when it starts, and may need more than its shell does.',
        remedy: 'Unpack it, and check what is inside.',
      },
    ],
    check({ closure, files }) {
      const packer = findPacker(closure.program, files);
      if (packer === undefined) return [];
      const { path } = closure.program;
      return [
        {
          code: 'PACKED',
          severity: 'warning',
          path,
          message: `${path}: packed by ${packer.name}, the program inside may need more than is seen here`,
          seen: `ldd ${path}: not a dynamic executable`,
          cause:
            'the file unpacks the real program when it runs, and that has an interpreter and libraries of its own',
          remedy: packer.unpack,
        },
      ];
    },
  },
});

/** By whom a program is packed; undefined for one that is not, as far as can be seen. */
function findPacker(program: Program, files: RootFiles): Packer | undefined {
  const packer = packerOf(program, files);
  return (
    packer && { ...packer, unpack: packer.unpack.replaceAll('FILE', () => shellWord(program.path)) }
  );
}

function packerOf(program: Program, files: RootFiles): Packer | undefined {
  const { elf, realPath, entry, kind } = program;
  if (kind === 'script')
    return MAKESELF.test(text(files, realPath, 0, SCRIPT_BYTES))
      ? { name: 'makeself', unpack: 'unpack it (sh FILE --noexec --target DIR) and check that' }
      : undefined;
  if (elf === undefined || kind !== 'executable') return undefined;
  const { phoff, phentsize, phnum } = elf.header;
  const head = text(files, realPath, 0, 64);
  if (head.startsWith('AI\x01', 8) || head.startsWith('AI\x02', 8))
    return {
      name: 'AppImage',
      unpack: 'unpack it (FILE --appimage-extract) and check squashfs-root',
    };
  if (
    text(files, realPath, Math.max(0, entry.size - TAIL_BYTES), TAIL_BYTES).includes(
      PYINSTALLER_COOKIE,
    )
  )
    return {
      name: 'PyInstaller',
      unpack: 'check the libraries of its build directory, or build with --onedir',
    };
  // What follows makes static programs only, whatever is inside.
  if (elf.linkage === 'dynamic') return undefined;
  const behindHeaders = text(files, realPath, phoff + phentsize * phnum, 64);
  if (behindHeaders.includes('UPX!'))
    return { name: 'UPX', unpack: 'unpack it (upx -d FILE) and check the result' };
  const behind = text(files, realPath, endOfElf(head, elf), 4);
  if (PAYLOADS.some((magic) => behind.startsWith(magic)))
    return {
      name: 'a self-extracting wrapper',
      unpack: 'let it unpack itself, and check the program that comes out',
    };
  return undefined;
}

/** ELF, zip, gzip, xz, zstd. */
const PAYLOADS = ['\x7fELF', 'PK\x03\x04', '\x1f\x8b', '\xfd7zX', '\x28\xb5\x2f\xfd'];

/** Where the last segment, or the section headers that the linker puts last, end. */
function endOfElf(head: string, elf: ElfFile): number {
  const bytes = Uint8Array.from(head, (character) => character.charCodeAt(0));
  const fields = new FieldReader(bytes, elf.header.endian === 'little');
  const is64 = elf.header.class === 64;
  const shoff = fields.word(is64 ? 40 : 32, elf.header.class) ?? 0;
  const size = fields.u16(is64 ? 58 : 46) ?? 0;
  const count = fields.u16(is64 ? 60 : 48) ?? 0;
  const ends = elf.segments.map(({ offset, filesz }) => offset + filesz);
  return Math.max(shoff + size * count, ...ends);
}

/** One character a byte; empty where the file cannot be read. */
function text(files: RootFiles, path: RealPath, offset: number, length: number): string {
  try {
    return latin1Text(files.root.read(path, offset, length));
  } catch {
    return '';
  }
}
