/**
 * What tars can be made of: long names, pax headers, sparse files, odd fields; and what is said about
 * archives that are damaged, cut off or none.
 */
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../../src/elf/byte-source.js';
import { ArchiveError, ElfdepsError } from '../../../src/errors.js';
import { newArchiveLimits } from '../../../src/root/archive/archive-limits.js';
import { openArchive } from '../../../src/root/archive/open-archive.js';
import { tarArchive } from '../../../src/root/archive/tar-archive.js';
import { sparseBytes } from '../../../src/root/archive/tar-sparse.js';
import { type RealPath, type Root, readFile } from '../../../src/root/root.js';
import { dockerArchive } from '../../support/image-builder.js';
import { Random } from '../../support/random.js';
import { paxHeader, type TarEntry, tar, tarEntry } from '../../support/tar-builder.js';
import { zstdFrame } from '../../support/zstd-frame.js';

const open = (bytes: Uint8Array) => openArchive(bytesSource(bytes), { path: 'x.tar' });
const text = (root: Root, path: string) =>
  new TextDecoder().decode(readFile(root, path as RealPath));
const END = Buffer.alloc(1024);
const LONG = `deep/${'d'.repeat(90)}/${'n'.repeat(200)}`;

describe('names', () => {
  const rows: [string, Buffer, string][] = [
    [
      'ustar prefix',
      tar([{ name: 'file', body: 'b', patch: (h) => h.write('usr/lib', 345) }]),
      '/usr/lib/file',
    ],
    ['no prefix in GNU headers', tar([{ name: 'file', body: 'b', patch: gnuWithJunk }]), '/file'],
    [
      'GNU long name that is cut behind a slash',
      tar([
        { name: '././@LongLink', type: 'L', body: `${LONG}\0` },
        { name: 'cut/', body: 'b' },
      ]),
      `/${LONG}`,
    ],
    [
      'no magic at all (version 7)',
      tar([{ name: 'file', body: 'b', patch: (h) => h.fill(0, 257) }]),
      '/file',
    ],
    [
      'GNU long name',
      tar([
        { name: '././@LongLink', type: 'L', body: `${LONG}\0` },
        { name: 'cut', body: 'b' },
      ]),
      `/${LONG}`,
    ],
    ['pax path', tar([{ name: 'cut', body: 'b', pax: [['path', LONG]] }]), `/${LONG}`],
    [
      'pax path with a newline',
      tar([{ name: 'cut', body: 'b', pax: [['path', 'a\nb=c']] }]),
      '/a\nb=c',
    ],
    ['pax before GNU long name', tar([{ name: 'cut', body: 'b', pax: [['path', 'pax']] }]), '/pax'],
    ['UTF-8', tar([{ name: 'cut', body: 'b', pax: [['path', 'grün']] }]), '/grün'],
    ['not UTF-8: a character a byte', tar([{ name: 'gr\xfcn', body: 'b' }]), '/gr\xfcn'],
    [
      'global pax header',
      Buffer.concat([paxHeader('g', [['comment', 'c']]), tar([{ name: 'file', body: 'b' }])]),
      '/file',
    ],
    ['a file of type 7', tar([{ name: 'file', type: '7', body: 'b' }]), '/file'],
    // star keeps times at the end of the prefix; every tar ends these texts at their NUL.
    [
      'the header of star',
      tar([{ name: 'file', body: 'b', patch: nul(345, 'usr\0 14750000000 ') }]),
      '/usr/file',
    ],
    ['bytes behind the NUL', tar([{ name: 'x', body: 'b', patch: nul(0, 'a\0b') }]), '/a'],
    ['100 bytes without a NUL', tar([{ name: 'x'.repeat(100), body: 'b' }]), `/${'x'.repeat(100)}`],
  ];
  it.each(rows)('%s', async (_what, bytes, path) => {
    const root = await open(bytes);
    expect(root.lstat(path)).toMatchObject({ kind: 'file', size: 1 });
    expect(text(root, path)).toBe('b');
  });

  it.each<[string, Partial<TarEntry>, object]>([
    ['in the header', { uid: 0o7777777, gid: 5 }, { uid: 0o7777777, gid: 5 }],
    [
      'in a pax header',
      {
        uid: 1,
        pax: [
          ['uid', '3000000'],
          ['gid', '4'],
        ],
      },
      { uid: 3e6, gid: 4 },
    ],
    [
      'binary, of GNU tar',
      { patch: (h) => h.set([0x80, 0, 0, 0, 0, 0x2d, 0xc6, 0xc0], 108) },
      { uid: 3e6, gid: 0 },
    ],
    [
      'odd',
      { patch: (h) => h.write('nobody', 108), pax: [['gid', '-2']] },
      { uid: undefined, gid: 0 },
    ],
  ])('owners %s', async (_, entry, owners) => {
    const root = await open(tar([{ name: 'file', body: 'b', ...entry }]));
    expect(root.lstat('/file')).toMatchObject(owners);
  });

  it('long links, of GNU tar and pax', async () => {
    const root = await open(
      tar([
        { name: '././@LongLink', type: 'K', body: `${LONG}\0` },
        { name: 'gnu', type: '2', link: 'cut' },
        { name: 'pax', type: '2', link: 'cut', pax: [['linkpath', LONG]] },
        { name: 'plain', type: '2', link: 'short' },
      ]),
    );
    expect(['/gnu', '/pax', '/plain'].map((path) => root.readlink(path))).toEqual([
      LONG,
      LONG,
      'short',
    ]);
  });

  it('a file with a slash behind its name is a directory, without data whatever its size', async () => {
    const size = (header: Buffer) => void header.write('00000000001\0', 124);
    const root = await open(tar([{ name: 'old/', patch: size }, { name: 'next/' }]));
    expect(root.lstat('/old')?.kind).toBe('directory');
    expect(root.lstat('/next')?.kind).toBe('directory');
  });

  it('a pax header replaces the one before it, and that of Solaris is one', async () => {
    const root = await open(
      Buffer.concat([
        paxHeader('x', [
          ['path', 'first'],
          ['linkpath', 'lost'],
        ]),
        paxHeader('x', [['linkpath', LONG]]),
        tarEntry({ name: 'link', type: '2', link: 'cut' }),
        paxHeader('X', [['path', 'sun']]),
        tar([{ name: 'cut', body: 'b' }]),
      ]),
    );
    expect([...root.readdir('/')].sort()).toEqual(['link', 'sun']);
    expect(root.readlink('/link')).toBe(LONG);
  });

  it('labels of volumes and lists of rights are no files; a dump directory has data', async () => {
    const root = await open(
      tar([
        { name: 'label', type: 'V' },
        { name: 'rights', type: 'A', body: 'user::rwx' },
        { name: 'dump/', type: 'D', body: 'Ya\0' },
        { name: 'dump/a', body: 'b' },
      ]),
    );
    expect(root.readdir('/')).toEqual(['dump']);
    expect(text(root, '/dump/a')).toBe('b');
  });

  it('keeps capabilities, which are bytes and no text', async () => {
    const value = Uint8Array.from([1, 0, 0, 2, 0xff, 0xfe, 0x0a, 0x3d, 0, 0, 0x80, 0]);
    const root = await open(
      tar([
        { name: 'ping', body: 'b', pax: [['SCHILY.xattr.security.capability', value]] },
        { name: 'b' },
      ]),
    );
    expect(root.lstat('/ping')?.capability).toEqual(Buffer.from(value));
    expect(root.lstat('/b')?.capability).toBeUndefined();
  });
});

function nul(offset: number, text = 'li\0b.so'): (header: Buffer) => void {
  return (header) => void header.write(text, offset);
}

function gnuWithJunk(header: Buffer): void {
  header.write('ustar  \0', 257);
  header.write('junk', 345);
}

describe('a NUL in an extended name is refused, since other readers see another name', () => {
  const rows: [string, Uint8Array][] = [
    ['pax path', tar([{ name: 'x', pax: [['path', 'lib/li\0b.so']] }])],
    ['pax path with a NUL at its end', tar([{ name: 'x', pax: [['path', 'lib\0']] }])],
    ['pax linkpath', tar([{ name: 'x', type: '2', pax: [['linkpath', 'li\0b.so']] }])],
    [
      'name of a sparse file',
      tar([
        {
          name: 'x',
          pax: [
            ['GNU.sparse.major', '0'],
            ['GNU.sparse.name', 'li\0b.so'],
            ['GNU.sparse.size', '0'],
            ['GNU.sparse.map', '0,0'],
          ],
        },
      ]),
    ],
    [
      'path of a global pax header',
      Buffer.concat([paxHeader('g', [['path', 'a\0b']]), tar([{ name: 'x' }])]),
    ],
    ['GNU long name', tar([{ name: 'L', type: 'L', body: 'li\0b.so\0' }, { name: 'x' }])],
    [
      'GNU long link',
      tar([
        { name: 'K', type: 'K', body: 'li\0b' },
        { name: 'x', type: '2' },
      ]),
    ],
  ];
  it.each(rows)('%s', async (_what, bytes) => {
    const error = await open(bytes).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ArchiveError);
    expect((error as ElfdepsError).message).toMatch(/^x\.tar: a name in .* has a NUL \(at byte/);
  });

  it('but not zeros at the end, and not in fields that are no names', async () => {
    const root = await open(
      tar([
        { name: '././@LongLink', type: 'L', body: `${LONG}\0\0\0` },
        { name: 'cut' },
        // The link of a file that is none, and what GNU tar keeps at the place of the prefix.
        { name: 'file', patch: nul(157) },
        {
          name: 'old',
          patch(header) {
            gnuWithJunk(header);
            nul(345)(header);
          },
        },
      ]),
    );
    expect(root.readdir('/')).toEqual(['deep', 'file', 'old']);
    expect(root.lstat(`/${LONG}`)?.kind).toBe('file');
  });
});

describe('sizes', () => {
  const rows: [string, Partial<TarEntry>][] = [
    ['pax', { pax: [['size', '3']], patch: (h) => h.write('00000000000\0', 124) }],
    [
      'binary',
      {
        patch(h) {
          h.fill(0, 124, 136);
          h.writeUInt8(0x80, 124);
          h.writeUInt8(3, 135);
        },
      },
    ],
    ['octal with blanks', { patch: (h) => h.write('          3 ', 124) }],
  ];
  it.each(rows)('%s', async (_what, how) => {
    const root = await open(
      tar([
        { name: 'a', body: 'abc', ...how },
        { name: 'b', body: 'next' },
      ]),
    );
    expect([text(root, '/a'), text(root, '/b')]).toEqual(['abc', 'next']);
  });

  it('a size on a directory or a link means nothing', async () => {
    const patch = (header: Buffer) => void header.write('00000010000\0', 124);
    const root = await open(
      tar([
        { name: 'd', type: '5', patch },
        { name: 'l', type: '2', link: 'x', patch },
        { name: 'f', body: 'f' },
      ]),
    );
    expect(text(root, '/f')).toBe('f');
  });
});

describe('sparse files', () => {
  const blocks = (...letters: string[]) => letters.map((letter) => letter.repeat(512)).join('');
  const whole = `${'\0'.repeat(512)}${blocks('a')}${'\0'.repeat(1024)}${blocks('b')}${'\0'.repeat(100)}`;
  const numbers = [512, 512, 2048, 512, whole.length, 0];
  const version = (...more: [string, string][]): NonNullable<TarEntry['pax']> =>
    more.map(([key, value]) => [`GNU.sparse.${key}`, value] as const);
  const octal = (value: number) => `${value.toString(8).padStart(11, '0')}\0`;
  const map = `3\n${numbers.join('\n')}\n`;

  const rows: [string, TarEntry][] = [
    [
      '0.0',
      {
        name: 'sparse',
        body: blocks('a', 'b'),
        pax: version(
          ['size', `${whole.length}`],
          ['numblocks', '3'],
          ...numbers.map((n, i): [string, string] => [i % 2 ? 'numbytes' : 'offset', `${n}`]),
        ),
      },
    ],
    [
      '0.1',
      {
        name: 'GNUSparseFile.1/sparse',
        body: blocks('a', 'b'),
        pax: version(['name', 'sparse'], ['size', `${whole.length}`], ['map', numbers.join(',')]),
      },
    ],
    [
      '1.0',
      {
        name: 'GNUSparseFile.1/sparse',
        body: map.padEnd(512, '\0') + blocks('a', 'b'),
        pax: version(
          ['major', '1'],
          ['minor', '0'],
          ['name', 'sparse'],
          ['realsize', `${whole.length}`],
        ),
      },
    ],
    [
      'in the header (type S)',
      {
        name: 'sparse',
        type: 'S',
        body: blocks('a', 'b'),
        patch(header) {
          header.write('ustar  \0', 257);
          numbers.forEach((n, i) => {
            header.write(octal(n), 386 + 12 * i);
          });
          header.write(octal(whole.length), 483);
        },
      },
    ],
  ];
  it.each(rows)('%s', async (_version, entry) => {
    const root = await open(tar([entry, { name: 'next', body: 'next' }]));
    expect(root.lstat('/sparse')?.size).toBe(whole.length);
    expect(text(root, '/sparse')).toBe(whole);
    const piece = root.read('/sparse' as RealPath, 1000, 1100);
    expect(new TextDecoder().decode(piece)).toBe(whole.slice(1000, 2100));
    expect(root.read('/sparse' as RealPath, whole.length, 10)).toHaveLength(0);
    expect(text(root, '/next')).toBe('next');
  });

  it.each([
    ['overlapping pieces', [0, 512, 100, 512]],
    ['a piece behind the end', [1e6, 512]],
    ['no numbers', [Number.NaN, 1]],
    ['more data than there are', [0, 512, 512, 4e9]],
    ['half a byte', [0, 0.5]],
    ['a negative length', [0, -1]],
  ])('damaged: %s', async (_what, listed) => {
    const pax = version(
      ['size', listed[0] === 0 ? '5000000000' : '2000'],
      ['map', listed.join(',')],
    );
    await expect(open(tar([{ name: 's', body: blocks('a'), pax }]))).rejects.toBeInstanceOf(
      ArchiveError,
    );
  });
});

it('links and attributes that no system takes are not there', async () => {
  const capability = (length: number): NonNullable<TarEntry['pax']> => [
    ['SCHILY.xattr.security.capability', 'c'.repeat(length)],
  ];
  const root = await open(
    tar([
      { name: 'long', type: '2', pax: [['linkpath', 'x'.repeat(4096)]] },
      { name: 'longer', type: '2', pax: [['linkpath', 'x'.repeat(4097)]] },
      { name: 'v3', pax: capability(24) },
      { name: 'v9', pax: capability(25) },
    ]),
  );
  expect(root.readdir('/')).toEqual(['long', 'v3', 'v9']);
  expect(root.lstat('/v3')?.capability).toHaveLength(24);
  expect(root.lstat('/v9')?.capability).toBeUndefined();
});

describe('maps of sparse files', () => {
  /** Every second byte is data. */
  const holey = (name: string, pieces: number): TarEntry => {
    const map = Array.from({ length: pieces }, (_, index) => `${2 * index}\n1\n`).join('');
    const text = `${pieces}\n${map}`;
    return {
      name,
      body: text.padEnd(Math.ceil(text.length / 512) * 512, '\0') + 'x'.repeat(pieces),
      pax: [
        ['GNU.sparse.major', '1'],
        ['GNU.sparse.realsize', `${2 * pieces}`],
      ],
    };
  };

  it('have an end, all those of an archive together', async () => {
    const two = [holey('a', 400_000), holey('b', 400_000)];
    expect((await open(tar(two))).readdir('/')).toEqual(['a', 'b']);
    await expect(open(tar([...two, holey('c', 400_000)]))).rejects.toThrow(
      /x\.tar: its sparse files have more than 1048576 pieces \(at byte 0x/,
    );
  });

  it('have an end, all those of an image together', async () => {
    const layers = ['a', 'b', 'c'].map((name) => tar([holey(name, 400_000)]));
    expect((await open(dockerArchive(layers.slice(1)))).readdir('/')).toEqual(['b', 'c']);
    await expect(open(dockerArchive(layers))).rejects.toThrow(/more than 1048576 pieces/);
  });

  it('are of the last header only, so headers in a row make no longer list', async () => {
    const map = (length: string) =>
      paxHeader('x', [
        ['GNU.sparse.size', '4'],
        ['GNU.sparse.map', `3,${length}`],
      ]);
    const file = tar([{ name: 'f', body: 'b' }]);
    const root = await open(Buffer.concat([map('0'), map('0'), map('1'), file]));
    expect(text(root, '/f')).toBe('\0\0\0b');
  });

  it('are not made by keys that GNU tar does not know', async () => {
    const header = paxHeader('x', [['GNU.sparse.other', 'x'.repeat(900_000)]]);
    const file = tar([{ name: 'f', body: 'b' }]);
    expect(text(await open(Buffer.concat([header, file])), '/f')).toBe('b');
  });

  it('are of one file: a global header has none', async () => {
    const header = paxHeader('g', [
      ['GNU.sparse.size', '4'],
      ['GNU.sparse.map', '3,1'],
    ]);
    const root = await open(Buffer.concat([header, tar([{ name: 'f', body: 'b' }])]));
    expect(text(root, '/f')).toBe('b');
  });

  it('cost a read the pieces that it touches', () => {
    const random = new Random(11);
    const whole = new Uint8Array(30_000);
    const at: number[] = [];
    const before = [0];
    const stored: number[] = [];
    for (let from = 7; from < 29_900; from += 2 + Math.floor(random.next() * 9)) {
      const length = 1 + Math.floor(random.next() * 6);
      at.push(from);
      for (let i = 0; i < length; i++, from++) {
        whole[from] = 1 + (from % 255);
        stored.push(whole[from] as number);
      }
      before.push(stored.length);
    }
    let reads = 0;
    const data = bytesSource(Uint8Array.from(stored));
    const source = sparseBytes(
      {
        ...data,
        read(offset, length) {
          reads++;
          return data.read(offset, length);
        },
      },
      {
        size: whole.length,
        start: 0,
        at: Float64Array.from(at),
        before: Float64Array.from(before),
      },
    );
    expect(source.read(0, whole.length)).toEqual(whole);
    expect(reads).toBe(at.length);
    for (let round = 0; round < 500; round++) {
      const offset = Math.floor(random.next() * (whole.length + 10));
      const length = Math.floor(random.next() * 40);
      reads = 0;
      expect(source.read(offset, length)).toEqual(whole.slice(offset, offset + length));
      expect(reads).toBeLessThanOrEqual(1 + length / 3);
    }
  });
});

describe('records of pax headers are counted', () => {
  const header = (records: number) =>
    paxHeader(
      'x',
      Array.from({ length: records }, () => ['a', ''] as const),
    );
  const members = (bytes: Uint8Array, records: number) => {
    const limits = { ...newArchiveLimits('x.tar', 0), records };
    return [...tarArchive.members(bytesSource(bytes), { path: 'x.tar', limits })];
  };

  it('in many headers together', () => {
    const bytes = Buffer.concat([header(40), header(40), header(40), tar([{ name: 'f' }])]);
    expect(members(bytes, 120)).toHaveLength(1);
    expect(() => members(bytes, 119)).toThrow(/^x\.tar: too many records in extended headers/);
  });

  it('and each member may have some more', () => {
    const one = Buffer.concat([header(16), tarEntry({ name: 'f' })]);
    expect(members(Buffer.concat(Array.from({ length: 50 }, () => one)), 16)).toHaveLength(50);
  });

  it('so that a megabyte of them ends before all are read', async () => {
    const bytes = Buffer.concat([
      ...Array.from({ length: 6 }, () => header(200_000)),
      tar([{ name: 'f' }]),
    ]);
    await expect(open(bytes)).rejects.toThrow(/^x\.tar: too many records in extended headers/);
  });
});

describe('what is no sound archive', () => {
  const good = tar([
    { name: 'first', body: 'x'.repeat(600) },
    { name: 'second', body: 'y'.repeat(600) },
  ]);
  const bad = Buffer.from(good);
  bad[1536] = 1;
  const gz = zlib.gzipSync(Buffer.concat([good, Buffer.alloc(1 << 16, 'noise')]));
  const damagedGz = Buffer.from(gz);
  const damagedZstd = zstdFrame(good);
  // A block of the type that does not exist.
  damagedZstd[9] = 6;
  damagedGz[20] = (damagedGz[20] as number) ^ 0xff;

  it.each([
    ['an empty file', Buffer.alloc(0), 'ROOT_UNSUPPORTED', 'x.tar: an empty file'],
    [
      'another file',
      Buffer.from('#!/bin/sh\n'.repeat(100)),
      'ROOT_UNSUPPORTED',
      'x.tar: no directory and no archive',
    ],
    [
      'something compressed',
      zlib.gzipSync('text'),
      'ROOT_UNSUPPORTED',
      'x.tar: gzip of something that is no archive',
    ],
    [
      'xz that ends in its first bytes',
      Buffer.from('fd377a585a0000', 'hex'),
      'ARCHIVE_DAMAGED',
      'x.tar: xz data end early (at byte 0x7)',
    ],
    [
      'a damaged header',
      bad,
      'ARCHIVE_DAMAGED',
      'x.tar: the checksum of a header is wrong (at byte 0x600)',
    ],
    [
      'cut off in a header',
      good.subarray(0, 1700),
      'ARCHIVE_DAMAGED',
      'x.tar: the archive ends within a header (at byte 0x600)',
    ],
    [
      'cut off in a file',
      good.subarray(0, 2100),
      'ARCHIVE_DAMAGED',
      'x.tar: the archive ends within second, which goes on to 0xa58 (at byte 0x834)',
    ],
    [
      'gzip cut off',
      gz.subarray(0, gz.length - 20),
      'ARCHIVE_DAMAGED',
      /^x\.tar: gzip data end early \(at byte 0x/,
    ],
    ['gzip damaged', damagedGz, 'ARCHIVE_DAMAGED', /^x\.tar: damaged gzip data \(at byte 0x/],
    [
      'zstd cut off',
      zstdFrame(good).subarray(0, 900),
      'ARCHIVE_DAMAGED',
      /^x\.tar: zstd data end early \(at byte 0x/,
    ],
    ['zstd damaged', damagedZstd, 'ARCHIVE_DAMAGED', /^x\.tar: damaged zstd data \(at byte 0x/],
    [
      'a pax header that lies',
      Buffer.concat([tarEntry({ name: 'p', type: 'x', body: '999 path=x\n' }), good]),
      'ARCHIVE_DAMAGED',
      'x.tar: an extended header is damaged (at byte 0x0)',
    ],
    [
      'a long name of 2 MB',
      Buffer.concat([tarEntry({ name: 'L', type: 'L', body: Buffer.alloc(2 << 20) }), good]),
      'ARCHIVE_DAMAGED',
      'x.tar: an extended header has 2097152 bytes (at byte 0x0)',
    ],
    [
      'a negative size',
      tar([{ name: 'f' }, { name: 'n', patch: (h) => h.fill(0xff, 124, 136) }]),
      'ARCHIVE_DAMAGED',
      /size/,
    ],
  ])('%s', async (_what, bytes, code, message) => {
    const error = await open(bytes).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ElfdepsError);
    expect((error as ElfdepsError).code).toBe(code);
    if (typeof message === 'string') expect((error as ElfdepsError).message).toBe(message);
    else expect((error as ElfdepsError).message).toMatch(message);
  });

  it.each([
    ['!<arch>\ndebian-binary   1', 'a Debian package', 'dpkg-deb --fsys-tarfile x.tar | elfdeps'],
    ['!<arch>\nlibx.o/', 'an archive of ar', 'unpack it'],
    ['\xed\xab\xee\xdb\x03', 'an RPM package', 'rpm2archive - < x.tar | elfdeps --root - PROGRAM'],
    ['PK\x03\x04', 'a zip archive', 'unpack it'],
    ['070701', 'a cpio archive', 'unpack it'],
    ['7z\xbc\xaf\x27\x1c', 'a 7z archive', 'unpack it'],
    ['hsqs', 'a squashfs image', 'sqfs2tar x.tar'],
    ['\x7fELF', 'an ELF file', 'elfdeps x.tar --root DIR'],
    ['\x04\x22\x4d\x18', 'lz4 data', 'lz4 -dc x.tar | elfdeps --root - PROGRAM'],
    ['LZIP\x01', 'lzip data', 'lzip -dc x.tar | elfdeps --root - PROGRAM'],
  ])('%j is %s', async (start, what, hint) => {
    const bytes = Buffer.from(start.padEnd(600, '\0'), 'latin1');
    const error = (await open(bytes).catch((e: unknown) => e)) as ElfdepsError;
    expect(error.code).toBe('ROOT_UNSUPPORTED');
    expect(error.message).toBe(`x.tar: ${what}`);
    expect(error.hint).toContain(hint);
    await expect(open(zlib.gzipSync(bytes))).rejects.toThrow(`x.tar: gzip of ${what}`);
  });

  it.each([
    ["it's a.deb", "dpkg-deb --fsys-tarfile 'it'\\''s a.deb' | elfdeps --root - PROGRAM"],
    ['-x.deb', 'dpkg-deb --fsys-tarfile ./-x.deb | elfdeps --root - PROGRAM'],
    ['-', 'dpkg-deb --fsys-tarfile FILE | elfdeps --root - PROGRAM'],
  ])('the hint for %j is a command line', async (path, hint) => {
    const bytes = Buffer.from('!<arch>\ndebian-binary'.padEnd(600, '\0'));
    await expect(openArchive(bytesSource(bytes), { path })).rejects.toMatchObject({ hint });
  });

  it('reads archives that end without blocks of zeros', async () => {
    expect(text(await open(good.subarray(0, good.length - 1024)), '/second')).toBe('y'.repeat(600));
  });

  it('has nothing to do with an archive without files, which never need end', async () => {
    const message = 'x.tar: an archive with no files';
    await expect(open(END)).rejects.toThrow(message);
    await expect(open(zlib.gzipSync(Buffer.alloc(1 << 26)))).rejects.toThrow(message);
  });

  it('random damage is an ElfdepsError or no failure at all', async () => {
    const random = new Random(7);
    const rich = tar([
      {
        name: 'a',
        body: 'x'.repeat(700),
        pax: [
          ['path', 'b/c'],
          ['size', '700'],
        ],
      },
      {
        name: 's',
        body: 'y'.repeat(512),
        pax: [
          ['GNU.sparse.size', '999'],
          ['GNU.sparse.map', '0,512'],
        ],
      },
      { name: 'l', type: '1', link: 'a' },
      { name: '././@LongLink', type: 'L', body: `${LONG}\0` },
      { name: 'd', type: '5' },
    ]);
    let failures = 0;
    for (let round = 0; round < 400; round++) {
      const bytes = Buffer.from(rich);
      for (let i = 0; i < 1 + (round % 4); i++)
        bytes[Math.floor(random.next() * bytes.length)] = Math.floor(random.next() * 256);
      // A right checksum lets the damage through to the other fields.
      if (round % 2)
        for (let at = 0; at + 512 <= bytes.length; at += 512) repairChecksum(bytes, at);
      const whole = round % 5 ? bytes : bytes.subarray(0, Math.floor(random.next() * bytes.length));
      try {
        const root = await open(whole);
        for (const name of root.readdir('/'))
          if (root.lstat(`/${name}`)?.kind === 'file') root.read(`/${name}` as RealPath, 0, 4096);
      } catch (error) {
        failures++;
        expect(error).toBeInstanceOf(ElfdepsError);
      }
    }
    expect(failures).toBeGreaterThan(50);
    expect(failures).toBeLessThan(400);
  });
});

function repairChecksum(bytes: Buffer, at: number): void {
  if (bytes.toString('latin1', at + 257, at + 262) !== 'ustar') return;
  const header = bytes.subarray(at, at + 512);
  header.fill(' ', 148, 156);
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
}
