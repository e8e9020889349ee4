/**
 * writeImage: the archive's digests, sizes and names are those of its contents, for both layouts and
 * each compression; and it is complete or absent.
 */
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import zlib from 'node:zlib';
import { Parser } from 'tar';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ImageArchiveOptions, writeImage } from '../../src/output/image-archive.js';
import { memoryRoot } from '../../src/root/memory-root.js';
import type { Root } from '../../src/root/root.js';
import { directory, file, planOf } from './plans.js';

const root = memoryRoot({ '/bin/tool': { bytes: Buffer.from('tool'), mode: 0o755 } });
const plan = planOf([directory('/bin'), file('/bin/tool', { size: 4 })], {
  entrypoint: ['/bin/tool', 'a b'],
  command: ['--help'],
  user: '1000:1000',
  workdir: '/bin',
  labels: { who: 'me' },
  environment: { LD_LIBRARY_PATH: '/opt' },
});

let base: string;
beforeEach(() => {
  base = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-image-'));
});
afterEach(() => fs.rmSync(base, { recursive: true, force: true }));

const sha256 = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

async function image(options: Partial<ImageArchiveOptions> = {}, plans = [plan]) {
  const path = nodePath.join(base, 'image.tar');
  const images = plans.map((one) => ({ plan: one, root }));
  await writeImage(images, path, { layout: 'oci', compression: 'gzip', force: true, ...options });
  return path;
}

async function contents(path: string): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      const pieces: Buffer[] = [];
      entry.on('data', (piece) => pieces.push(piece));
      entry.on('end', () => files.set(entry.path, Buffer.concat(pieces)));
    },
  });
  parser.end(fs.readFileSync(path));
  await new Promise((resolve) => parser.on('close', resolve).on('end', resolve));
  return files;
}

const json = (files: ReadonlyMap<string, Buffer>, path: string) =>
  JSON.parse(files.get(path)?.toString() ?? 'null');

const hasZstd = 'createZstdCompress' in zlib;

describe.each([
  ['oci', 'gzip'],
  ['oci', 'none'],
  ['docker', 'gzip'],
  ...(hasZstd ? ([['oci', 'zstd']] as const) : []),
] as const)('%s, %s', (layout, compression) => {
  it('every descriptor is true', async () => {
    const files = await contents(await image({ layout, compression, reference: 'tool:1' }));
    for (const [path, bytes] of files)
      if (path.startsWith('blobs/sha256/') && !path.endsWith('/'))
        expect(path).toBe(`blobs/${sha256(bytes).replace(':', '/')}`);
    expect(json(files, 'oci-layout')).toEqual({ imageLayoutVersion: '1.0.0' });
    const [named] = json(files, 'index.json').manifests;
    expect(named.annotations['org.opencontainers.image.ref.name']).toBe('1');
    const at = (digest: string) => `blobs/${digest.replace(':', '/')}`;
    const manifest = json(files, at(named.digest));
    for (const one of [named, manifest.config, manifest.layers[0]])
      expect(files.get(at(one.digest))?.length).toBe(one.size);
    const packed = files.get(at(manifest.layers[0].digest)) as Buffer;
    const unpack = { gzip: zlib.gunzipSync, none: (b: Buffer) => b, zstd: zstdDecompress };
    const layer = unpack[compression](packed);
    const config = json(files, at(manifest.config.digest));
    expect(config).toEqual({
      created: '1970-01-01T00:00:00.000Z',
      architecture: 'amd64',
      os: 'linux',
      config: {
        User: '1000:1000',
        Env: ['LD_LIBRARY_PATH=/opt'],
        Entrypoint: ['/bin/tool', 'a b'],
        Cmd: ['--help'],
        WorkingDir: '/bin',
        Labels: { who: 'me' },
      },
      rootfs: { type: 'layers', diff_ids: [sha256(layer)] },
      history: [{ created: '1970-01-01T00:00:00.000Z', created_by: 'elfdeps image' }],
    });
    expect(json(files, 'manifest.json')).toEqual(
      layout === 'docker'
        ? [
            {
              Config: at(manifest.config.digest),
              RepoTags: ['tool:1'],
              Layers: [at(manifest.layers[0].digest)],
            },
          ]
        : null,
    );
  });

  it('is the same bytes every time', async () => {
    const first = sha256(fs.readFileSync(await image({ layout, compression })));
    expect(sha256(fs.readFileSync(await image({ layout, compression })))).toBe(first);
  });
});

function zstdDecompress(bytes: Buffer): Buffer {
  return (zlib as unknown as { zstdDecompressSync(b: Buffer): Buffer }).zstdDecompressSync(bytes);
}

it('several platforms are one named index', async () => {
  const arm = { ...plan, platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } as const };
  const files = await contents(await image({ reference: 'tool:1' }, [plan, arm]));
  const [named, ...more] = json(files, 'index.json').manifests;
  expect(more).toEqual([]);
  const inner = json(files, `blobs/${named.digest.replace(':', '/')}`);
  expect(inner.manifests.map((one: { platform: object }) => one.platform)).toEqual([
    { os: 'linux', architecture: 'amd64' },
    { os: 'linux', architecture: 'arm64', variant: 'v8' },
  ]);
  await expect(image({ layout: 'docker' }, [plan, arm])).rejects.toThrow('one platform');
});

describe('what fails leaves nothing', () => {
  const changed = planOf([file('/bin/tool', { size: 5 })]);

  it('a source that changes', async () => {
    await expect(image({}, [changed])).rejects.toThrow('changed while it was being copied');
    expect(fs.readdirSync(base)).toEqual([]);
  });

  it('a file that is there stays as it was', async () => {
    const path = nodePath.join(base, 'image.tar');
    fs.writeFileSync(path, 'old');
    await expect(image({ force: false })).rejects.toThrow('the file exists');
    await expect(image({}, [changed])).rejects.toThrow('changed');
    expect(fs.readFileSync(path, 'utf8')).toBe('old');
    expect(fs.readdirSync(base)).toEqual(['image.tar']);
  });

  it('a signal', async () => {
    const signal = AbortSignal.abort();
    await expect(image({ signal })).rejects.toThrow('interrupted');
    expect(fs.readdirSync(base)).toEqual([]);
  });

  it.each(['gzip', 'none'] as const)('a signal while a %s layer is made', async (compression) => {
    const large = planOf([file('/large', { source: '/bin/tool', size: 2 ** 40 })]);
    const endless: Root = {
      ...root,
      read: (_path, offset, length) => {
        if (offset > 2 ** 28) throw new Error('nobody saw the signal');
        return new Uint8Array(length);
      },
    };
    const abort = new AbortController();
    setImmediate(() => abort.abort());
    await expect(
      writeImage([{ plan: large, root: endless }], nodePath.join(base, 'image.tar'), {
        layout: 'oci',
        compression,
        force: true,
        signal: abort.signal,
      }),
    ).rejects.toThrow('interrupted');
    expect(fs.readdirSync(base)).toEqual([]);
  });

  it('a signal while a compressor holds pieces: they are not written', async () => {
    const large = planOf([file('/large', { source: '/bin/tool', size: 2 ** 40 })]);
    const noise = randomBytes(2 ** 20);
    const endless: Root = { ...root, read: (_path, _offset, length) => noise.subarray(0, length) };
    const abort = new AbortController();
    const write = vi.spyOn(fs, 'writeFileSync');
    let before = 0;
    let pieces = 0;
    const onBytes = () => {
      if (++pieces !== 20) return;
      before = write.mock.calls.length;
      abort.abort();
    };
    const options = { layout: 'oci', compression: 'gzip', force: true, onBytes } as const;
    await expect(
      writeImage([{ plan: large, root: endless }], nodePath.join(base, 'image.tar'), {
        ...options,
        signal: abort.signal,
      }),
    ).rejects.toThrow('interrupted');
    expect(before).toBeGreaterThan(0);
    expect(write.mock.calls.length - before).toBeLessThan(2);
    write.mockRestore();
  });

  it.skipIf(process.platform === 'win32')('a signal while a pipe has no room', async () => {
    const pipe = nodePath.join(base, 'pipe');
    spawnSync('mkfifo', [pipe]);
    // It is open, and nothing reads it.
    const reader = fs.openSync(pipe, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    const noise = randomBytes(2 ** 20);
    const large = planOf([file('/large', { source: '/bin/tool', size: noise.length })]);
    const source: Root = { ...root, read: (_path, at, length) => noise.subarray(at, at + length) };
    const abort = new AbortController();
    const write = vi.spyOn(fs, 'write');
    const writing = writeImage([{ plan: large, root: source }], pipe, {
      layout: 'oci',
      compression: 'none',
      force: true,
      signal: abort.signal,
    });
    await vi.waitUntil(() => write.mock.calls.some(([, bytes]) => bytes.length > 2 ** 16), {
      timeout: 60_000,
    });
    abort.abort();
    await expect(writing).rejects.toThrow('interrupted');
    // The call that waits ends with the reader.
    fs.closeSync(reader);
    write.mockRestore();
  });

  it.skipIf(hasZstd)('zstd where Node.js has none', async () => {
    await expect(image({ compression: 'zstd' })).rejects.toThrow('this Node.js has no zstd');
    expect(fs.readdirSync(base)).toEqual([]);
  });
});
