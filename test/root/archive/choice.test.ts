/**
 * Which image of an archive is meant: the only one, one by name, digest or platform, or an error that
 * lists them. Archives of all kinds, plain and compressed, whole or in a directory.
 */
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import zlib from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { ElfdepsError } from '../../../src/errors.js';
import { openRoot } from '../../../src/root/open-root.js';
import { type BuiltImage, dockerEntries, ociEntries } from '../../support/image-builder.js';
import { type TarEntry, tar } from '../../support/tar-builder.js';

const directory = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-choice-'));
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }));
let files = 0;

function write(entries: readonly TarEntry[], compress = (bytes: Buffer): Uint8Array => bytes) {
  const path = nodePath.join(directory, `archive${++files}`);
  fs.writeFileSync(path, compress(tar(entries)));
  return path;
}

function unpack(entries: readonly TarEntry[]): string {
  const path = nodePath.join(directory, `layout${++files}`);
  for (const { name, body } of entries) {
    fs.mkdirSync(nodePath.dirname(nodePath.join(path, name)), { recursive: true });
    fs.writeFileSync(nodePath.join(path, name), body ?? '');
  }
  return path;
}

/** An image whose only file says which one it is. */
const image = (marker: string, names?: string[], platform?: string): BuiltImage => ({
  layers: [tar([{ name: marker }])],
  ...(names === undefined ? {} : { names }),
  ...(platform === undefined ? {} : { platform }),
});
const chosen = async (path: string) => (await openRoot(path)).readdir('/').join();
const failure = async (path: string) => {
  const error = await openRoot(path).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(ElfdepsError);
  return error as ElfdepsError;
};

const two = [image('one', ['app:1', 'app:latest']), image('two', ['app:2'])];
const platforms = [
  image('amd', ['multi:1'], 'linux/amd64'),
  image('arm', ['multi:1'], 'linux/arm64'),
  image('arm7', ['multi:1'], 'linux/arm/v7'),
];

describe('several images', () => {
  const path = write(dockerEntries(two));

  it.each([
    ['app:1', 'one'],
    ['app', 'one'],
    ['docker.io/library/app:2', 'two'],
  ])('#%s', async (selector, marker) => {
    expect(await chosen(`${path}#${selector}`)).toBe(marker);
    expect((await openRoot(`${path}#${selector}`)).name).toBe(`${path}#${selector}`);
  });

  it('by the beginning of its digest', async () => {
    const { body } = dockerEntries(two).at(-1) as TarEntry;
    const digest = JSON.parse(String(body))[1].Config.slice(0, 12);
    // Both have one configuration here, so the digest alone is not enough.
    expect((await failure(`${path}#${digest}`)).code).toBe('ARCHIVE_AMBIGUOUS');
    expect(await chosen(`${path}#${digest},app:2`)).toBe('two');
  });

  it('are listed when none is chosen', async () => {
    const { code, fact, hint } = await failure(path);
    expect({ code, fact, hint }).toEqual({
      code: 'ARCHIVE_AMBIGUOUS',
      fact: '2 images: app:1, app:latest (linux/amd64); app:2 (linux/amd64)',
      hint: `choose one: --root '${path}#app:1'`,
    });
  });

  it('are listed when the chosen one is not there', async () => {
    expect((await failure(`${path}#other`)).fact).toMatch(
      /^no image has the name, digest or platform 'other'; there are: app:1, /,
    );
  });

  it('without names are told apart by their digests', async () => {
    const unnamed = write(ociEntries([image('one'), image('two')]));
    const { hint } = await failure(unnamed);
    const selector = /#([0-9a-f]{12})'$/.exec(hint ?? '')?.[1];
    expect(await chosen(`${unnamed}#${selector}`)).toBe('one');
  });
});

describe('an archive of Docker 25 and later has two lists of its images', () => {
  /** Its index.json names no image without a name; its manifest.json names all. */
  const docker25 = (named: readonly BuiltImage[], unnamed: readonly BuiltImage[]) => {
    const entries = new Map<string, TarEntry>();
    for (const entry of ociEntries([...named, ...unnamed])) entries.set(entry.name, entry);
    const listed = ociEntries(named).find(({ name }) => name === 'index.json') as TarEntry;
    const { manifests } = JSON.parse(String(listed.body));
    const index = { schemaVersion: 2, manifests: manifests.length === 0 ? null : manifests };
    entries.set('index.json', { name: 'index.json', body: JSON.stringify(index) });
    const list = [...named, ...unnamed].map((one) => {
      const own = ociEntries([one]);
      const { digest } = JSON.parse(String(own[1]?.body)).manifests[0];
      const manifest = own.find(({ name }) => name.endsWith(digest.slice(7)));
      const { config, layers } = JSON.parse(String(manifest?.body));
      const blob = (descriptor: { digest: string }) => `blobs/sha256/${descriptor.digest.slice(7)}`;
      return { Config: blob(config), RepoTags: one.names ?? null, Layers: layers.map(blob) };
    });
    return write([...entries.values(), { name: 'manifest.json', body: JSON.stringify(list) }]);
  };

  it('an image without a name alone', async () => {
    expect(await chosen(docker25([], [image('only')]))).toBe('only');
  });

  it('an image without a name beside others', async () => {
    const path = docker25([image('one', ['app:1'])], [image('two', undefined, 'linux/arm64')]);
    const { code, fact } = await failure(path);
    expect({ code, fact }).toEqual({
      code: 'ARCHIVE_AMBIGUOUS',
      fact: expect.stringMatching(
        /^2 images: app:1 \(linux\/amd64\); sha256:[0-9a-f]{12} \(linux\/arm64\)$/,
      ),
    });
    expect(await chosen(`${path}#linux/arm64`)).toBe('two');
    expect(await chosen(`${path}#app:1`)).toBe('one');
  });

  it('an image with a name is one image', async () => {
    expect(await chosen(docker25([image('one', ['app:1'])], []))).toBe('one');
  });

  it('in a directory, what its layers unpack to has a limit too', async () => {
    const layer = zlib.gzipSync(tar([{ name: 'zeros', body: Buffer.alloc(1 << 16) }]));
    const path = unpack(ociEntries([{ layers: [layer] }]));
    expect((await openRoot(path, { maxUnpacked: 70_000 })).readdir('/')).toEqual(['zeros']);
    await expect(openRoot(path, { maxUnpacked: 60_000 })).rejects.toMatchObject({
      code: 'ROOT_UNSUPPORTED',
      fact: 'this archive unpacks to more than it may',
    });
  });

  it('a damaged second list does not matter', async () => {
    const list = { name: 'manifest.json', body: '[{"Config":"none.json","Layers":[]}]' };
    expect(await chosen(write([...ociEntries([image('one')]), list]))).toBe('one');
  });
});

describe('names', () => {
  const other = image('other', ['quay.io/else:9']);
  const chooses = async (stored: string[], selector: string) => {
    const image1 = image('meant', stored);
    const archives = [write(dockerEntries([other, image1])), write(ociEntries([image1, other]))];
    for (const path of archives) expect(await chosen(`${path}#${selector}`)).toBe('meant');
  };

  it.each([
    ['docker.io/foo/bar:2', ['docker.io/foo/bar:2', 'foo/bar:2', 'index.docker.io/foo/bar:2']],
    ['foo/bar:2', ['docker.io/foo/bar:2', 'foo/bar:2']],
    ['docker.io/library/musl:1', ['musl:1', 'library/musl:1', 'docker.io/musl:1']],
    ['musl:1', ['musl:1', 'docker.io/library/musl:1', 'docker.io/musl:1']],
    ['musl:latest', ['musl', 'docker.io/library/musl']],
    ['docker.io/library/musl', ['musl', 'musl:latest']],
    ['localhost/musl:1', ['localhost/musl:1', 'musl:1']],
    ['localhost:5000/musl', ['localhost:5000/musl', 'localhost:5000/musl:latest']],
    ['ghcr.io/a/b:1', ['ghcr.io/a/b:1']],
    ['1', ['1']],
  ])('%s', async (stored, selectors) => {
    for (const selector of selectors) await chooses([stored], selector);
  });

  it.each([
    ['docker.io/foo/bar:2', ['bar:2', 'foo/bar', 'foo/bar:1', 'quay.io/foo/bar:2', 'o/bar:2']],
    ['quay.io/musl:1', ['musl:1', 'docker.io/library/musl:1']],
    ['docker.io/localhost/musl:1', ['localhost/musl:1']],
  ])('%s is not meant by %j', async (stored, selectors) => {
    const path = write(dockerEntries([image('meant', [stored])]));
    for (const selector of selectors)
      expect((await failure(`${path}#${selector}`)).fact).toBe(
        `no image has the name, digest or platform '${selector}'; there is only: ${stored.replace('docker.io/foo', 'foo')} (linux/amd64)`,
      );
  });

  it('what is spelled the same goes first', async () => {
    const path = write(
      dockerEntries([image('short', ['app:1']), image('pod', ['localhost/app:1'])]),
    );
    expect(await chosen(`${path}#app:1`)).toBe('short');
    expect(await chosen(`${path}#localhost/app:1`)).toBe('pod');
  });

  it('a tag alone beside the name of containerd', async () => {
    const entries = ociEntries([image('meant', ['1']), other]);
    const index = JSON.parse(String(entries[1]?.body));
    index.manifests[0].annotations['io.containerd.image.name'] = 'docker.io/library/hg:1';
    const path = write(
      entries.map((e) => (e.name === 'index.json' ? { ...e, body: JSON.stringify(index) } : e)),
    );
    for (const selector of ['1', 'hg:1', 'docker.io/library/hg:1'])
      expect(await chosen(`${path}#${selector}`)).toBe('meant');
    expect((await failure(path)).fact).toBe(
      '2 images: hg:1 (linux/amd64); quay.io/else:9 (linux/amd64)',
    );
  });
});

describe('several platforms', () => {
  it.each([
    ['an index', {}],
    ['an index in the index', { nested: true }],
    ['descriptors that name no platform', { quiet: true }],
  ])('%s', async (_how, options) => {
    const path = write(ociEntries(platforms, options));
    expect(await chosen(`${path}#linux/arm64`)).toBe('arm');
    expect(await chosen(`${path}#multi:1,linux/amd64`)).toBe('amd');
    expect(await chosen(`${path}#linux/arm`)).toBe('arm7');
    const { code, fact, hint } = await failure(path);
    expect({ code, fact }).toEqual({
      code: 'ARCHIVE_AMBIGUOUS',
      fact: '3 images: multi:1 (linux/amd64); multi:1 (linux/arm64); multi:1 (linux/arm/v7)',
    });
    expect(hint).toBe(`choose one: --root '${path}#linux/amd64'`);
  });

  it('passes over those whose data are not in the archive', async () => {
    const entries = ociEntries(platforms);
    const index = JSON.parse(String(entries[1]?.body));
    const absent = [0, 2].map((at) => index.manifests[at].digest.replace('sha256:', ''));
    const partial = entries.filter(({ name }) => !absent.some((digest) => name.endsWith(digest)));
    expect(await chosen(write(partial))).toBe('arm');
  });
});

describe('one image', () => {
  const entries = ociEntries([image('only', ['it:1'])]);
  const old = dockerEntries([image('only', ['it:1'])]);
  const gzip = (bytes: Buffer) => zlib.gzipSync(bytes);

  it.each([
    ['an OCI layout in a tar', () => write(entries)],
    ['the same compressed', () => write(entries, gzip)],
    ['an OCI layout as a directory', () => unpack(entries)],
    ['docker save until 2023', () => write(old)],
    ['the same compressed', () => write(old, gzip)],
    ['docker save since 2024, which is both', () => write([...entries, ...old])],
    [
      'a name with # in it',
      () => {
        const path = `${write(entries)}#odd`;
        fs.renameSync(path.slice(0, -4), path);
        return path;
      },
    ],
  ])('%s', async (_what, make) => expect(await chosen(make())).toBe('only'));

  it('an attestation beside it does not count', async () => {
    const both = ociEntries([
      image('only', ['it:1']),
      image('facts', undefined, 'unknown/unknown'),
    ]);
    const index = JSON.parse(String(both[1]?.body));
    index.manifests[1].annotations = { 'vnd.docker.reference.type': 'attestation-manifest' };
    const changed = both.map((e) =>
      e.name === 'index.json' ? { ...e, body: JSON.stringify(index) } : e,
    );
    expect(await chosen(write(changed))).toBe('only');
  });

  it('files called manifest.json or index.json do not make an image', async () => {
    const path = write([
      { name: 'manifest.json', body: '{"name": "web app"}' },
      { name: 'index.json', body: '[]' },
    ]);
    expect(await chosen(path)).toBe('manifest.json,index.json');
  });
});

describe('damaged images', () => {
  /** An index that names one thing often, and is long. */
  const indexOf = (next: number) =>
    JSON.stringify({
      manifests: Array.from({ length: 50 }, () => ({ digest: `sha256:${next}` })),
      annotations: { padding: ' '.repeat(1 << 20) },
    });
  const without = (all: TarEntry[], name: RegExp) => all.filter((entry) => !name.test(entry.name));
  it.each([
    ['no image', [...ociEntries([])], 'ROOT_UNSUPPORTED', /: no image in this archive$/],
    [
      'a layer is absent',
      without(dockerEntries(two.slice(0, 1)), /layer\.tar$/),
      'ROOT_UNSUPPORTED',
      /this layer of the image is not/,
    ],
    [
      'a configuration is absent',
      without(dockerEntries(two), /^[0-9a-f]{64}\.json$/),
      'ARCHIVE_DAMAGED',
      /not in the archive/,
    ],
    [
      'an index that is no JSON',
      [{ name: 'oci-layout' }, { name: 'index.json', body: '{' }],
      'ARCHIVE_DAMAGED',
      /index\.json: no JSON/,
    ],
    [
      'a digest that is a path',
      [
        { name: 'oci-layout' },
        { name: 'index.json', body: '{"manifests":[{"digest":"../../etc:passwd"}]}' },
      ],
      'ARCHIVE_DAMAGED',
      /no digest/,
    ],
    [
      'indexes that name the next one again and again',
      [
        { name: 'oci-layout' },
        { name: 'index.json', body: indexOf(0) },
        ...Array.from({ length: 7 }, (_, i) => ({
          name: `blobs/sha256/${i}`,
          body: indexOf(i + 1),
        })),
      ],
      'ARCHIVE_DAMAGED',
      /blobs\/sha256\/[0-9]: behind too much other JSON/,
    ],
    [
      'more layers than can be laid over each other',
      dockerEntries([{ layers: Array.from({ length: 501 }, () => tar([{ name: 'x' }])) }]),
      'ROOT_UNSUPPORTED',
      /: an image of 501 layers, and overlayfs takes no more than 500$/,
    ],
    [
      'a layer that is no tar',
      ociEntries([{ layers: [Buffer.from('text')] }]),
      'ROOT_UNSUPPORTED',
      /blobs\/sha256\/[0-9a-f]{64}: no directory and no archive/,
    ],
  ])('%s', async (_what, entries, code, message) => {
    const error = await failure(write(entries));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  it.each([
    [
      'a tar that is no image',
      () => write([{ name: 'x' }]),
      /this is no image archive, so it has no image 'a:1'$/,
    ],
    [
      'a directory that is none',
      () => unpack([{ name: 'x' }]),
      /this is no OCI layout, so it has no image 'a:1'$/,
    ],
    [
      'nothing at all',
      () => nodePath.join(directory, 'absent'),
      /absent: no such file or directory/,
    ],
  ])('a selector for %s', async (_what, make, message) => {
    expect((await failure(`${make()}#a:1`)).message).toMatch(message);
  });
});
