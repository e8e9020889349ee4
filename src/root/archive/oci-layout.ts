/**
 * An OCI layout as a layout kind: index.json and the indexes below it name manifests, which name the
 * configuration and the layers of an image.
 * Source: OCI image specification 1.1 (image-layout.md, image-index.md, manifest.md).
 */
import type { Root } from '../root.js';
import type { LayoutKind, StoredImage } from './archive-kind.js';
import {
  ContainerJson,
  type Json,
  object,
  objects,
  platformOf,
  text,
  textFields,
  texts,
} from './container-json.js';

/** An index of an index: more than a few are no image. */
const MAX_DEPTH = 8;
const INDEX = '/index.json';

export const ociLayout: LayoutKind = {
  name: 'an OCI layout',
  layout: 'oci',
  images(container: Root, path: string): readonly StoredImage[] | undefined {
    const json = new ContainerJson(container, path);
    if (!json.hasFile('/oci-layout') || !json.hasFile(INDEX)) return undefined;
    return new LayoutReader(json).images();
  },
};

class LayoutReader {
  readonly #json: ContainerJson;
  readonly #images = new Map<string, StoredImage>();

  constructor(json: ContainerJson) {
    this.#json = json;
  }

  images(): readonly StoredImage[] {
    this.#visit(this.#json.read(INDEX), [], 0);
    return [...this.#images.values()];
  }

  #visit(index: Json, names: readonly string[], depth: number): void {
    if (depth > MAX_DEPTH) throw this.#json.damaged(INDEX, 'indexes lie too deep in each other');
    for (const descriptor of objects(index.manifests)) {
      this.#add(descriptor, unique([...names, ...namesOf(descriptor)]), depth);
    }
  }

  #add(descriptor: Json, names: readonly string[], depth: number): void {
    const digest = text(descriptor.digest) ?? '';
    const known = this.#images.get(digest);
    if (known !== undefined) {
      this.#images.set(digest, { ...known, names: unique([...known.names, ...names]) });
      return;
    }
    const companion = companionOf(descriptor);
    if (companion !== undefined) {
      this.#images.set(digest, { names, digest, layers: [], companion });
      return;
    }
    // An archive with one platform may keep the index of all platforms.
    const manifest = this.#blob(digest) ?? {};
    if (Array.isArray(manifest.manifests)) this.#visit(manifest, names, depth + 1);
    else if (Array.isArray(manifest.layers)) {
      const config = text(object(manifest.config).digest);
      const configuration = this.#blob(config ?? '');
      this.#images.set(digest, {
        names,
        platform: platformOf(object(descriptor.platform)) ?? platformOf(configuration ?? {}),
        digest,
        config,
        configuration,
        annotations: textFields(manifest.annotations),
        layers: objects(manifest.layers).map((layer) => this.#blobPath(text(layer.digest) ?? '')),
      });
    }
  }

  /** The JSON of a blob; undefined when the layout does not have it. */
  #blob(digest: string): Json | undefined {
    const path = this.#blobPath(digest);
    return this.#json.hasFile(path) ? this.#json.read(path) : undefined;
  }

  #blobPath(digest: string): string {
    const parts = /^([a-z0-9]+(?:[.+_-][a-z0-9]+)*):([A-Za-z0-9=_-]+)$/.exec(digest);
    if (parts === null) throw this.#json.damaged(INDEX, `no digest: '${digest}'`);
    return `/blobs/${parts[1]}/${parts[2]}`;
  }
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

/** Docker's full name comes first; the other annotation may be the same, or its tag alone. */
function namesOf(descriptor: Json): string[] {
  const annotations = object(descriptor.annotations);
  const keys = ['io.containerd.image.name', 'org.opencontainers.image.ref.name'];
  return unique(texts(keys.map((key) => annotations[key])));
}

/** The tags that cosign stores what it knows of an image by. */
const COSIGN_TAG = /^sha256-[0-9a-f]{64}\.(sig|att|sbom)$/;
const SIGNATURE = /signature|cosign\.artifact\.sig|sigstore\.bundle/;

/**
 * Facts about how an image was built, and signatures, which BuildKit and cosign store beside it like
 * another image.
 */
function companionOf(descriptor: Json): StoredImage['companion'] {
  const type = text(object(descriptor.annotations)['vnd.docker.reference.type']);
  if (type === 'attestation-manifest') return 'attestation';
  const [, kind] = namesOf(descriptor).flatMap((name) => [...(COSIGN_TAG.exec(name) ?? [])]);
  if (kind !== undefined) return kind === 'sig' ? 'signature' : 'attestation';
  const artifact = text(descriptor.artifactType);
  if (artifact === undefined) return undefined;
  return SIGNATURE.test(artifact) ? 'signature' : 'attestation';
}
