/**
 * Files that users take for a root and that elfdeps does not read, told by their first bytes: packages,
 * other archives and other compressions. Each has a name, and a command that makes a tar or a
 * directory of it. What elfdeps reads is in archive-kinds.ts.
 * Source: ar(5), PKWARE APPNOTE 4.3, rpm's file format, cpio(5), squashfs 4.0, 7zFormat.txt, LZ4 Frame
 * Format Description, lzip manual, compress(1), lzma-file-format.txt of XZ Utils.
 */

interface ForeignFormat {
  /** With its article, as in `a zip archive`. */
  readonly what: string;
  /** What to do, given its name as a word of a shell. */
  readonly hint: (file: string) => string;
}

const UNPACK = () => 'unpack it, and give the directory';
const LZ4 = {
  what: 'lz4 data',
  hint: (file: string) => `lz4 -dc ${file} | elfdeps --root - PROGRAM`,
};
const CPIO = { what: 'a cpio archive', hint: UNPACK };

/** Of magics that start alike, the longer one comes first. */
const FORMATS: readonly (readonly [magic: string, format: ForeignFormat])[] = [
  [
    '!<arch>\ndebian-binary',
    {
      what: 'a Debian package',
      hint: (file) => `dpkg-deb --fsys-tarfile ${file} | elfdeps --root - PROGRAM`,
    },
  ],
  ['!<arch>\n', { what: 'an archive of ar', hint: UNPACK }],
  [
    '\xed\xab\xee\xdb',
    {
      what: 'an RPM package',
      hint: (file) => `rpm2archive - < ${file} | elfdeps --root - PROGRAM`,
    },
  ],
  ['PK\x03\x04', { what: 'a zip archive', hint: UNPACK }],
  ['PK\x05\x06', { what: 'a zip archive', hint: UNPACK }],
  ['070701', CPIO],
  ['070702', CPIO],
  ['070707', CPIO],
  ['\xc7\x71', CPIO],
  ['7z\xbc\xaf\x27\x1c', { what: 'a 7z archive', hint: UNPACK }],
  [
    'hsqs',
    {
      what: 'a squashfs image',
      hint: (file) => `sqfs2tar ${file} | elfdeps --root - PROGRAM`,
    },
  ],
  ['\x04\x22\x4d\x18', LZ4],
  ['\x02\x21\x4c\x18', LZ4],
  [
    'LZIP',
    {
      what: 'lzip data',
      hint: (file) => `lzip -dc ${file} | elfdeps --root - PROGRAM`,
    },
  ],
  [
    '\x1f\x9d',
    {
      what: 'data of compress',
      hint: (file) => `gzip -dc ${file} | elfdeps --root - PROGRAM`,
    },
  ],
  [
    '\x5d\0\0',
    {
      what: 'lzma data',
      hint: (file) => `xz --format=lzma -dc ${file} | elfdeps --root - PROGRAM`,
    },
  ],
  [
    '\x7fELF',
    {
      what: 'an ELF file',
      hint: (file) => `files stand alone, as in elfdeps ${file} --root DIR`,
    },
  ],
];

/** What the first bytes of a file say; undefined when they are of none of these. */
export function foreignFormatOf(head: Uint8Array): ForeignFormat | undefined {
  const text = Buffer.from(head.buffer, head.byteOffset, head.length).toString('latin1', 0, 32);
  return FORMATS.find(([magic]) => text.startsWith(magic))?.[1];
}
