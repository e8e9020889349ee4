/**
 * Archives: tar, images in a docker-save archive and an OCI layout, and each of them in a compression.
 * What an archive opens to is read through.
 */
import { createHash } from 'node:crypto';
import zlib from 'node:zlib';
import { bytesSource } from '../src/elf/byte-source.js';
import { ArchiveError, ElfdepsError } from '../src/errors.js';
import { newArchiveLimits, withinLimit } from '../src/root/archive/archive-limits.js';
import { spill } from '../src/root/archive/disk-bytes.js';
import { openArchive, openContainer } from '../src/root/archive/open-archive.js';
import { readImages } from '../src/root/archive/read-images.js';
import { isWorthReading } from '../src/root/archive/read-tree.js';
import type { RealPath, Root } from '../src/root/root.js';
import { dockerEntries, ociEntries } from '../test/support/image-builder.js';
import { entriesOf, paxHeader, tar, tarEntry } from '../test/support/tar-builder.js';
import { glibcSystem, memoryWorld, program } from '../test/support/world.js';
import { zstdFrame } from '../test/support/zstd-frame.js';
import type { Format } from './format.js';
import { mutateBytes } from './mutate-bytes.js';
import { mutateTar } from './mutate-tar.js';

/** Fuzzing never needs more of an input that is 128 KiB at most. */
const MAX_UNPACKED = 1 << 26;

async function open(input: Uint8Array): Promise<boolean> {
  return recognized(() => walkArchive(input), 1);
}

async function walkArchive(input: Uint8Array): Promise<void> {
  walk(await openArchive(bytesSource(input), { path: 'x', maxUnpacked: MAX_UNPACKED }));
}

/**
 * Whether the archive was taken for one of its kind, which is its first check; it may be damaged further on.
 * `first` is the first byte where damage is not of that check: 0 where a magic is all of it.
 */
async function recognized(action: () => Promise<void>, first: 0 | 1): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (error) {
    if (!(error instanceof ElfdepsError)) throw error;
    return (
      error.code !== 'ROOT_UNSUPPORTED' && !(error instanceof ArchiveError && error.offset < first)
    );
  }
}

/** Lists every directory, and reads the beginning and the end of every file. */
function walk(root: Root): void {
  const pending = ['/'];
  let left = 2000;
  for (let path = pending.pop(); path !== undefined && left-- > 0; path = pending.pop()) {
    const entry = root.lstat(path);
    if (entry?.kind === 'symlink') root.readlink(path);
    else if (entry?.kind === 'file') {
      root.read(path as RealPath, 0, 100);
      root.read(path as RealPath, Math.max(0, entry.size - 50), 100);
      root.capability?.(path as RealPath);
    } else if (entry?.kind === 'directory')
      for (const name of root.readdir(path))
        pending.push(path === '/' ? `/${name}` : `${path}/${name}`);
  }
  root.close?.();
}

const hole = (records: readonly (readonly [string, string])[], body: string) =>
  tarEntry({ name: 'GNUSparseFile.0/x', pax: records, body });

function tars(): Uint8Array[] {
  const world = memoryWorld({ ...glibcSystem(36), '/app/main': program({ needed: ['liba.so'] }) });
  const small = Object.fromEntries(
    Object.entries(world).filter(([, node]) => !(node instanceof Uint8Array) || node.length < 4096),
  );
  const long = 'long-name/'.repeat(14);
  const end = Buffer.alloc(1024);
  const sparse = Buffer.concat([
    hole(
      [
        ['GNU.sparse.major', '1'],
        ['GNU.sparse.minor', '0'],
        ['GNU.sparse.name', 'sparse'],
        ['GNU.sparse.realsize', '4096'],
      ],
      `1\n100\n4\n${'\0'.repeat(504)}data`,
    ),
    hole(
      [
        ['GNU.sparse.map', '0,4,100,4'],
        ['GNU.sparse.numblocks', '2'],
        ['GNU.sparse.size', '4096'],
      ],
      'datadata',
    ),
    hole(
      [
        ['GNU.sparse.offset', '0'],
        ['GNU.sparse.numbytes', '4'],
        ['GNU.sparse.numblocks', '1'],
        ['GNU.sparse.size', '10'],
      ],
      'data',
    ),
    end,
  ]);
  const odd = Buffer.concat([
    paxHeader('g', [
      ['mtime', '1'],
      ['uid', '7'],
    ]),
    tarEntry({
      name: 'x',
      pax: [
        ['path', 'lib/ünï'],
        [
          'SCHILY.xattr.security.capability',
          Buffer.from('0100000200040000000000000000000000000000', 'hex'),
        ],
      ],
      body: 'b',
    }),
    tarEntry({ name: '././@LongLink', type: 'L', body: `${long}\0` }),
    tarEntry({ name: 'short', body: 'long' }),
    tarEntry({ name: '././@LongLink', type: 'K', body: `${long}\0` }),
    tarEntry({ name: 'link', type: '2', link: 'short' }),
    tarEntry({ name: 'hard', type: '1', link: 'x' }),
    tarEntry({ name: 'dev', type: '3', body: '' }),
    tarEntry({ name: 'd/', type: '5' }),
    tarEntry({ name: 'gnu', uid: 1000, patch: (header) => header.write('ustar  \0', 257) }),
    tarEntry({
      name: 'big',
      patch: (header) => {
        header.fill(0, 124, 136);
        header[124] = 0x80;
      },
    }),
    end,
  ]);
  return [tar(entriesOf(small)), sparse, odd];
}

const layer = (...entries: Parameters<typeof tar>[0]) => tar(entries);
const layers = () => [
  layer(
    { name: 'a/', type: '5' },
    { name: 'a/b', body: 'b' },
    { name: 'etc/passwd', body: 'root:x:0:0::/:/bin/sh\n' },
  ),
  layer({ name: 'a/.wh.b' }, { name: 'c/.wh..wh..opq' }, { name: 'd', type: '2', link: 'a' }),
];

const CONFIG = {
  User: 'app:1',
  Env: ['PATH=/bin', 'X'],
  Entrypoint: ['/a/b'],
  Cmd: ['x'],
  WorkingDir: '/',
  ExposedPorts: { '80/tcp': {} },
  Labels: { a: 'b' },
};
const images = () => {
  const [one, two] = layers() as [Buffer, Buffer];
  const history = [{ created_by: 'ADD x' }, { created_by: 'RUN y', empty_layer: false }];
  return [
    { layers: [one, zlib.gzipSync(two)], names: ['a:1'], config: CONFIG, history },
    { layers: [one], platform: 'linux/arm64/v8', names: ['b:2'] },
  ];
};

const JSON_WORDS = [
  'null',
  '{}',
  '[]',
  '""',
  '-1',
  '1e999',
  '"sha256:',
  '"../../x"',
  '"linux"',
  'true',
  '"application/vnd.oci.image.index.v1+json"',
  '"layers"',
  '"config"',
  '"platform"',
  '"manifests"',
  ',',
  '{"a":',
];

/** The blobs of an OCI layout are named by their digests; changed ones get the right name, mostly. */
function renamed(bytes: Uint8Array): Uint8Array {
  const archive = Buffer.from(bytes);
  let text: Buffer = archive;
  for (let at = 0; at + 512 <= archive.length; ) {
    const name = archive.toString('latin1', at, at + 100).replace(/\0.*$/s, '');
    const size = Number.parseInt(archive.toString('latin1', at + 124, at + 135), 8) || 0;
    const digest = /^blobs\/sha256\/([0-9a-f]{64})$/.exec(name)?.[1];
    if (digest !== undefined && at + 512 + size <= archive.length) {
      const actual = createHash('sha256')
        .update(archive.subarray(at + 512, at + 512 + size))
        .digest('hex');
      if (actual !== digest)
        text = Buffer.from(text.toString('latin1').replaceAll(digest, actual), 'latin1');
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return text;
}

async function openAll(input: Uint8Array): Promise<boolean> {
  const name = { path: 'x', maxUnpacked: MAX_UNPACKED };
  const isOpen = await open(input);
  for (const selector of [undefined, 'a:1', 'linux/arm64'])
    await recognized(async () => {
      const { container, inside } = await openContainer(bytesSource(input), name);
      for (const { root } of (await readImages(container, { ...inside, selector })).images)
        walk(root);
    }, 1);
  return isOpen;
}

const tarFormat: Format = {
  name: 'tar',
  seeds: tars,
  mutate: (random, input, other) => mutateTar(random, input, other),
  run: open,
};

const docker: Format = {
  name: 'docker-save',
  words: undefined,
  seeds: () => [tar(dockerEntries(images())), tar(dockerEntries(images().slice(0, 1)))],
  mutate: (random, input, other) => mutateTar(random, input, other, JSON_WORDS),
  run: openAll,
};

const oci: Format = {
  name: 'OCI layout',
  seeds: () => [
    tar(ociEntries(images())),
    tar(ociEntries(images(), { nested: true, quiet: true })),
  ],
  mutate(random, input, other) {
    const changed = mutateTar(random, input, other, JSON_WORDS);
    return random.chance(0.8) ? renamed(changed) : changed;
  },
  run: openAll,
};

/** An archive that comes through a pipe, in pieces, and is kept in a temporary file. */
const stream: Format = {
  name: 'archive as a stream',
  seeds: () => tars().flatMap((bytes) => [bytes, zlib.gzipSync(bytes), zstdFrame(bytes)]),
  mutate: (random, input, other) => mutateTar(random, input, other),
  run: (input) =>
    recognized(async () => {
      const pieces = inPieces(input, (input.length % 700) + 1);
      const whole = await spill(withinLimit(pieces, newArchiveLimits('x', MAX_UNPACKED)), (head) =>
        isWorthReading(head, 'x'),
      );
      walk(await openArchive(whole, { path: 'x', maxUnpacked: MAX_UNPACKED, onRead: () => {} }));
    }, 1),
};

async function* inPieces(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

/** A compression of which the tar inside is changed too, where a compressor is at hand. */
function compression(
  name: string,
  pack: ((bytes: Uint8Array) => Uint8Array) | undefined,
  unpack: ((bytes: Uint8Array) => Uint8Array) | undefined,
  magic: number,
): Format {
  return {
    name,
    // Node.js cannot pack by xz and bzip2: their first inputs are in the corpus, packed by their own tools.
    seeds: () => (pack === undefined ? [] : tars().map((bytes) => pack(bytes))),
    mutate(random, input, other) {
      if (pack === undefined || unpack === undefined || random.chance(0.5))
        return mutateBytes(random, input, random.chance(0.9) ? magic : 0);
      try {
        return pack(mutateTar(random, unpack(input), unpack(other)));
      } catch {
        return mutateBytes(random, input, magic);
      }
    },
    run: (input) => recognized(() => walkArchive(input), 0),
  };
}

const LIMIT = { maxOutputLength: 1 << 22 };

export const archiveFormats: readonly Format[] = [
  tarFormat,
  docker,
  oci,
  stream,
  compression(
    'gzip',
    (bytes) => zlib.gzipSync(bytes, { level: 1 }),
    (bytes) => zlib.gunzipSync(bytes, LIMIT),
    10,
  ),
  compression('xz', undefined, undefined, 12),
  compression('bzip2', undefined, undefined, 10),
  compression('zstd', zstdFrame, undefined, 4),
];
