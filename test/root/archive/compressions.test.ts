/**
 * Compressed archives: which compressions are read, what is said about damaged data and about others,
 * and how much an archive may unpack to. The samples are a tar with the file `greeting`, compressed
 * by xz and bzip2.
 */
import zlib from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { bytesSource } from '../../../src/elf/byte-source.js';
import type { ElfdepsError } from '../../../src/errors.js';
import { bzip2 } from '../../../src/root/archive/bzip2.js';
import { openArchive } from '../../../src/root/archive/open-archive.js';
import { type RealPath, readFile } from '../../../src/root/root.js';
import { dockerArchive } from '../../support/image-builder.js';
import { tar } from '../../support/tar-builder.js';
import { zstdFrame } from '../../support/zstd-frame.js';

const base64 = (text: string) => Buffer.from(text, 'base64');
const XZ = base64(
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4Cf/AGxdADOciODt+zRlZZV/WkBxzBaxS2R7hXwIcKg+xkYugZtgEXyv/pB5jCMwPSVpDZDicH5AM47ksMiA51/cpM+QG03GIrvL7ddKoqMsRN17MVJzZHjjRamqG4h9u5CpowmlR2ebVLjNE2G+kJHLAAC7EaZamLG9XAABiAGAUAAAU/MzjbHEZ/sCAAAAAARZWg==',
);
const XZ_SHA256 = base64(
  '/Td6WFoAAArh+wyhAgAhARYAAAB0L+Wj4Cf/AGxdADOciODt+zRlZZV/WkBxzBaxS2R7hXwIcKg+xkYugZtgEXyv/pB5jCMwPSVpDZDicH5AM47ksMiA51/cpM+QG03GIrvL7ddKoqMsRN17MVJzZHjjRamqG4h9u5CpowmlR2ebVLjNE2G+kJHLAADs+wERx4Mtlj2enxeUCBP1XJsNsimtnn3QcWJc4qhtOgABoAGAUAAACHTMZrbp3xwCAAAAAApZWg==',
);
/** The first 512 bytes, and the rest, as two streams with different checks. */
const XZ_PARTS = [
  base64(
    '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AH/AD9dADOciODt+zRlZZV/WkBxzBaxS2R7hXwIcKg+xkYugZtgEXyv/pB5jCMwPSVpDZDicH5AM47ksMiA51/co6EaAAAAz+6IVr6CI98AAVuABAAAACwLmJuxxGf7AgAAAAAEWVo=',
  ),
  base64(
    '/Td6WFoAAAFpIt42AgAhARYAAAB0L+Wj4CX/ADFdADQZSe6N3PVszQ5LNjJGursSN9Uc7W49fRCdoyCsNaeYyaV5fJedr0Qrqxes66MP/AAAAAAARVVDSQABSYBMAAAAbtgmiz4wDYsCAAAAAAFZWg==',
  ),
];
const BZIP2 = base64(
  'QlpoOTFBWSZTWXwvLDsAAHp7kMmQAERAAHcAAEBi5Z4ABAAACCAAVDKRkA0MajRtT1BJSMTRpoAD1Ax9tOFaEEopCQ9+DjJpwigQ4TVBjJ6Eav4cDeJQprSeJnvWtu2wequyCBbIjQDaNIkgfi7kinChIPheWHY=',
);
const BZIP2_PARTS = [
  base64(
    'QlpoOTFBWSZTWUMAniQAACr7kEmAAEBAAHcAAEBioZ4ABAAgAFREDQAAyaDJGk0NPU/VAZFxzm7gGUrMI90pkWBY2rMghPswMxFFqlUqN9RxCBgZa0gglUv8XckU4UJBDAJ4kA==',
  ),
  base64('QlpoOTFBWSZTWVCxqLsAAE/hAMAQAAQCRIAIIAAxDAgRU0xpBQqkRZ7c2Fihwu5IpwoSChY1F2A='),
];
const ZEROS = (length: number) => Buffer.alloc(length);
/** A frame that decoders of zstd and lz4 skip. */
const SKIPPED = (size: number) => {
  const frame = Buffer.alloc(8 + size, 'x');
  frame.writeUInt32LE(0x184d2a5a, 0);
  frame.writeUInt32LE(size, 4);
  return frame;
};
const GOOD = tar([{ name: 'greeting', body: 'hello\n' }]);
const LZ4 = Buffer.from('04224d18644000'.padEnd(80, '0'), 'hex');

const open = (bytes: Uint8Array, maxUnpacked?: number) =>
  openArchive(bytesSource(bytes), { path: 'x.tar', maxUnpacked });
const failure = async (bytes: Uint8Array, maxUnpacked?: number) =>
  (await open(bytes, maxUnpacked).catch((error: unknown) => error)) as ElfdepsError;
const damaged = (bytes: Buffer, at: number) => {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] as number) ^ 0xff;
  return copy;
};

describe('are read', () => {
  it.each([
    ['gzip', zlib.gzipSync(GOOD)],
    ['gzip with zeros behind it', Buffer.concat([zlib.gzipSync(GOOD), ZEROS(512)])],
    ['zstd', zstdFrame(GOOD)],
    ['zstd behind frames to skip', Buffer.concat([SKIPPED(4), SKIPPED(9000), zstdFrame(GOOD)])],
    ['xz', XZ],
    ['xz, several streams with padding', Buffer.concat([...XZ_PARTS, ZEROS(8)])],
    ['bzip2', BZIP2],
    ['bzip2, several streams', Buffer.concat(BZIP2_PARTS)],
    ['bzip2 with noise behind it', Buffer.concat([BZIP2, Buffer.from('noise')])],
  ])('%s', async (_what, bytes) => {
    const root = await open(bytes);
    expect(root.readdir('/')).toEqual(['greeting']);
    const text = readFile(root, '/greeting' as RealPath);
    expect(new TextDecoder().decode(text)).toBe('hello\n');
  });

  it('as layers of an image', async () => {
    const root = await open(dockerArchive([XZ, BZIP2, tar([{ name: 'last' }])]));
    expect(root.readdir('/')).toEqual(['greeting', 'last']);
  });
});

describe('are refused', () => {
  it.each([
    ['xz cut off', XZ.subarray(0, 100), /^x\.tar: xz data end early \(at byte 0x/],
    ['xz cut off in its index', XZ.subarray(0, -10), /^x\.tar: xz data end early/],
    ['xz damaged', damaged(XZ, 60), /^x\.tar: damaged xz data \(at byte 0x/],
    [
      'xz cut off in its second stream',
      Buffer.concat(XZ_PARTS).subarray(0, -20),
      /^x\.tar: xz data end early/,
    ],
    ['bzip2 cut off', BZIP2.subarray(0, 60), /^x\.tar: bzip2 data end early \(at byte 0x/],
    ['bzip2 damaged', damaged(BZIP2, 60), /^x\.tar: damaged bzip2 data \(at byte 0x/],
    [
      'bzip2 cut off in its second stream',
      Buffer.concat(BZIP2_PARTS).subarray(0, -5),
      /^x\.tar: bzip2 data end early/,
    ],
    [
      'text that looks like bzip2',
      Buffer.from('BZh9 text, and more of it'),
      /^x\.tar: damaged bzip2 data/,
    ],
  ])('%s', async (_what, bytes, message) => {
    const { code, message: actual } = await failure(bytes);
    expect(actual).toMatch(message);
    expect(code).toBe('ARCHIVE_DAMAGED');
  });

  it.each([
    ['lz4', LZ4],
    ['lz4 behind a frame to skip', Buffer.concat([SKIPPED(4), LZ4])],
    ['lz4 behind many long frames', Buffer.concat([SKIPPED(9000), SKIPPED(0), LZ4])],
  ])('%s, with the command that unpacks it', async (_what, bytes) => {
    const { code, message, hint } = await failure(bytes);
    expect({ code, message, hint }).toEqual({
      code: 'ROOT_UNSUPPORTED',
      message: 'x.tar: lz4 data',
      hint: 'lz4 -dc x.tar | elfdeps --root - PROGRAM',
    });
  });

  it.each([
    ['data of compress', [0x1f, 0x9d, 0x90], 'gzip -dc x.tar'],
    ['lzma data', [0x5d, 0, 0, 0x80, 0], 'xz --format=lzma -dc x.tar'],
  ])('%s, with the command that unpacks it', async (what, head, command) => {
    const { code, message, hint } = await failure(
      Buffer.concat([Buffer.from(head), Buffer.alloc(1024)]),
    );
    expect({ code, message, hint }).toEqual({
      code: 'ROOT_UNSUPPORTED',
      message: `x.tar: ${what}`,
      hint: `${command} | elfdeps --root - PROGRAM`,
    });
  });

  it('xz with a check that the decoder does not know, with a command that knows it', async () => {
    const { code, message, hint } = await failure(XZ_SHA256);
    expect({ code, message, hint }).toEqual({
      code: 'ROOT_UNSUPPORTED',
      message: 'x.tar: xz data with options that elfdeps cannot read',
      hint: 'xz -dc x.tar | elfdeps --root - PROGRAM',
    });
  });
});

it('bzip2 reads no more input than its next block needs, since few bytes may be many', async () => {
  let taken = 0;
  function* pieces() {
    for (let index = 0; index < 1000; index++) {
      taken++;
      yield BZIP2;
    }
  }
  const counts: number[] = [];
  for await (const piece of bzip2.decompress(pieces())) {
    expect(piece.length).toBeLessThanOrEqual(10_240);
    counts.push(taken);
    if (counts.length === 6) break;
  }
  // A piece with the block, and an empty one with the end of the stream.
  expect(counts).toEqual([1, 1, 2, 2, 3, 3]);
});

describe('what an archive unpacks to has a limit', () => {
  const large = tar([{ name: 'zeros', body: ZEROS(1 << 20) }]);
  const TOO_MUCH = {
    code: 'ROOT_UNSUPPORTED',
    message: 'x.tar: this archive unpacks to more than it may',
    hint: 'if you trust the archive, allow more with --max-unpacked SIZE, or maxUnpacked in the library',
  };

  it.each([
    ['gzip', zlib.gzipSync(large)],
    ['zstd', zstdFrame(large)],
    ['a plain tar', large],
  ])('%s: zeros count', async (_what, bytes) => {
    expect(await failure(bytes, large.length - 1)).toMatchObject(TOO_MUCH);
    expect((await open(bytes, large.length)).readdir('/')).toEqual(['zeros']);
  });

  it('the layers of an image count together', async () => {
    const layers = ['a', 'b', 'c'].map((name) =>
      zlib.gzipSync(tar([{ name, body: ZEROS(1 << 16) }])),
    );
    const archive = dockerArchive(layers);
    const each = (1 << 16) + 1536;
    const all = archive.length + 3 * each;
    expect(await failure(archive, all - 1)).toMatchObject(TOO_MUCH);
    expect((await open(archive, all)).readdir('/')).toEqual(['a', 'b', 'c']);
  });

  it('holes of sparse files do not count', async () => {
    const sparse = tar([
      {
        name: 'sparse',
        body: 'x'.repeat(512),
        pax: [
          ['GNU.sparse.size', '1500000000'],
          ['GNU.sparse.map', '0,512'],
        ],
      },
    ]);
    const root = await open(zlib.gzipSync(sparse), sparse.length);
    expect(root.lstat('/sparse')?.size).toBe(1_500_000_000);
  });
});

describe('windows of zstd', () => {
  it('of 128 MiB, more of them than fit into memory, each read in part', async () => {
    // Two blocks of zeros end a tar, so the rest is not read.
    const empty = Buffer.concat([zstdFrame(ZEROS(1024), 27), zstdFrame(ZEROS(1 << 18), 27)]);
    const first = await failure(empty);
    expect(first.message).toContain('no files');
    for (let round = 0; round < 40; round++)
      expect((await failure(empty)).message).toBe(first.message);
  });

  it('of 2 GiB: refused', async () => {
    expect((await failure(zstdFrame(GOOD, 31))).message).toContain('zstd data');
  });
});

it('many streams of bzip2 that are empty take the memory of one', async () => {
  // `bzip2 -9 </dev/null`
  const empty = Buffer.from('425a683917724538509000000000', 'hex');
  const sizes: number[] = [];
  const counted = new Proxy(Int32Array, {
    construct(target, [size]: [number]) {
      sizes.push(size);
      return new target(size);
    },
  });
  vi.stubGlobal('Int32Array', counted);
  try {
    const bytes = Buffer.concat([...Array.from({ length: 1000 }, () => empty), BZIP2]);
    const pieces: Uint8Array[] = [];
    for await (const piece of bzip2.decompress([bytes])) pieces.push(piece);
    expect(Buffer.concat(pieces).length).toBeGreaterThan(0);
  } finally {
    vi.unstubAllGlobals();
  }
  expect(sizes.filter((size) => size > 1000)).toEqual([900_000]);
});
