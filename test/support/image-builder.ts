/**
 * Image archives in memory around layers that are tars: as `docker save` wrote them until 2023, and
 * OCI layouts, with as many images, platforms and indexes as a test wants.
 */
import { createHash } from 'node:crypto';
import { type TarEntry, tar } from './tar-builder.js';

export interface BuiltImage {
  readonly layers: readonly Uint8Array[];
  /** `name:tag`s. */
  readonly names?: readonly string[];
  /** Such as `linux/arm64`. */
  readonly platform?: string;
  /** `config` of its configuration, such as `{ Env: [...] }`. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly history?: readonly Readonly<Record<string, unknown>>[];
}

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const json = (value: unknown) => Buffer.from(JSON.stringify(value));

function configOf({ platform = 'linux/amd64', config, history }: BuiltImage): Buffer {
  const [os, architecture, variant] = platform.split('/');
  return json({ os, architecture, variant, config, history });
}

/** The members of an archive with a directory for each layer and a link where one comes again. */
export function dockerEntries(images: readonly BuiltImage[]): TarEntry[] {
  const entries = new Map<string, TarEntry>();
  const manifest = images.map((image) => {
    const config = configOf(image);
    const Config = `${digestOf(config)}.json`;
    entries.set(Config, { name: Config, body: config });
    const Layers = image.layers.map((layer, index) => {
      const digest = digestOf(layer);
      const name = `${digestOf(json([digest, index]))}/layer.tar`;
      const first = [...entries.values()].find(({ body }) => body === layer)?.name;
      if (first !== undefined && first !== name)
        entries.set(name, { name, type: '2', link: `../${first}` });
      else entries.set(name, { name, body: layer });
      return name;
    });
    return { Config, RepoTags: image.names ?? null, Layers };
  });
  return [...entries.values(), { name: 'manifest.json', body: json(manifest) }];
}

/** What `docker save` writes for one image without a name. */
export function dockerArchive(layers: readonly Uint8Array[]): Buffer {
  return tar(dockerEntries([{ layers }]));
}

export interface LayoutOptions {
  /** An index of the platforms of one name, below index.json. */
  readonly nested?: boolean;
  /** Descriptors do not name the platform; the configuration does. */
  readonly quiet?: boolean;
}

/** The members of an OCI layout. */
export function ociEntries(images: readonly BuiltImage[], options: LayoutOptions = {}): TarEntry[] {
  const blobs = new Map<string, TarEntry>();
  const blob = (body: Uint8Array, mediaType: string) => {
    const digest = digestOf(body);
    blobs.set(digest, { name: `blobs/sha256/${digest}`, body });
    return { mediaType, digest: `sha256:${digest}`, size: body.length };
  };
  const type = (name: string) => `application/vnd.oci.image.${name}`;
  const descriptors = images.map((image) => {
    const manifest = {
      schemaVersion: 2,
      config: blob(configOf(image), type('config.v1+json')),
      layers: image.layers.map((layer) => blob(layer, type('layer.v1.tar'))),
    };
    const [os, architecture, variant] = (image.platform ?? 'linux/amd64').split('/');
    return {
      name: image.names?.[0],
      descriptor: {
        ...blob(json(manifest), type('manifest.v1+json')),
        ...(options.quiet ? {} : { platform: { os, architecture, variant } }),
      },
    };
  });
  const named = (name: string | undefined, descriptor: object) =>
    name === undefined
      ? descriptor
      : { ...descriptor, annotations: { 'org.opencontainers.image.ref.name': name } };
  const manifests = options.nested
    ? [
        named(
          descriptors[0]?.name,
          blob(json({ manifests: descriptors.map((d) => d.descriptor) }), type('index.v1+json')),
        ),
      ]
    : descriptors.map(({ name, descriptor }) => named(name, descriptor));
  return [
    { name: 'oci-layout', body: json({ imageLayoutVersion: '1.0.0' }) },
    { name: 'index.json', body: json({ schemaVersion: 2, manifests }) },
    ...blobs.values(),
  ];
}

/** An OCI layout of one image, in a tar. */
export function ociArchive(layers: readonly Uint8Array[]): Buffer {
  return tar(ociEntries([{ layers }]));
}
