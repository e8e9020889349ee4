/**
 * Files that unpack the real program when they run: what they need cannot be seen from outside, and
 * ldd calls them static. Signs: UPX's header behind the program headers, the magic of an AppImage,
 * the cookie at the end that PyInstaller writes, a program or archive behind the end of the file.
 */
import { FieldReader } from '../elf/byte-source.js';
import type { ElfFile } from '../elf/elf-file.js';
import type { RealPath } from '../root/root.js';
import type { Check, CheckContext } from './check.js';

interface Packer {
  readonly name: string;
  readonly unpack: string;
}

/** PyInstaller's archive ends with a cookie of 88 bytes; signatures may stand behind it. */
const TAIL_BYTES = 4096;
const PYINSTALLER_COOKIE = 'MEI\x0c\x0b\x0a\x0b\x0e';

export const checkPacked: Check = (context) => {
  const packer = packerOf(context);
  if (packer === undefined) return [];
  const { path } = context.closure.program;
  return [
    {
      code: 'PACKED',
      severity: 'warning',
      path,
      message: `${path}: packed by ${packer.name}, the program inside may need more than is seen here`,
      seen: `ldd ${path}: not a dynamic executable`,
      cause:
        'the file unpacks the real program when it runs, and that has an interpreter and libraries of its own',
      remedy: packer.unpack.replaceAll('FILE', path),
    },
  ];
};

function packerOf({ closure, files }: CheckContext): Packer | undefined {
  const { elf, realPath, entry } = closure.program;
  if (elf === undefined || closure.program.kind !== 'executable') return undefined;
  const { phoff, phentsize, phnum } = elf.header;
  const head = text(files, realPath, 0, 16);
  if (head.startsWith('AI\x01', 8) || head.startsWith('AI\x02', 8))
    return {
      name: 'AppImage',
      unpack: 'unpack it (FILE --appimage-extract) and check squashfs-root',
    };
  const behindHeaders = text(files, realPath, phoff + phentsize * phnum, 64);
  if (behindHeaders.includes('UPX!'))
    return { name: 'UPX', unpack: 'unpack it (upx -d FILE) and check the result' };
  if (
    text(files, realPath, Math.max(0, entry.size - TAIL_BYTES), TAIL_BYTES).includes(
      PYINSTALLER_COOKIE,
    )
  )
    return {
      name: 'PyInstaller',
      unpack: 'check the libraries of its build directory, or build with --onedir',
    };
  if (elf.linkage !== 'dynamic') {
    const behind = text(files, realPath, endOfElf(text(files, realPath, 0, 64), elf), 4);
    if (PAYLOADS.some((magic) => behind.startsWith(magic)))
      return {
        name: 'a self-extracting wrapper',
        unpack: 'let it unpack itself, and check the program that comes out',
      };
  }
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
function text(
  files: CheckContext['files'],
  path: RealPath,
  offset: number,
  length: number,
): string {
  try {
    return String.fromCharCode(...files.root.read(path, offset, length));
  } catch {
    return '';
  }
}
