/**
 * The images in an OCI layout or a docker-save archive, which may be a directory or lie in a tar: both
 * are read through a Root. Says what each is called, for which platform it is and where its layers are.
 * Source: OCI image specification 1.1 (image-layout.md, image-index.md, manifest.md); the manifest.json
 * of `docker save`, in moby image/tarexport.
 */
import { ArchiveError, RootError } from '../../errors.js';
import { resolvePath } from '../resolve-path.js';
import { type Root, readFile } from '../root.js';

export interface StoredImage {
  /** As the archive calls it, such as `alpine:3.20`, or a tag alone; an image may have none. */
  readonly names: readonly string[];
  /** Such as `linux/arm64/v8`; undefined when nothing says it. */
  readonly platform?: string;
  /** Of the manifest, or the name of the configuration in old archives. */
  readonly digest: string;
  /** Paths of the layers in the container, the lowest first. */
  readonly layers: readonly string[];
}

/** Bytes of the largest manifest or configuration that is read. */
const MAX_JSON = 1 << 24;
/** Bytes of all that are read; one that several others name is read for each. Small ones cost time. */
const MAX_ALL_JSON = 1 << 28;
const MIN_COST = 1 << 13;
/** An index of an index: more than a few are no image. */
const MAX_DEPTH = 8;

/**
 * The images in `container`, or undefined when it is an ordinary file system. Throws
 * {@link ArchiveError} when its manifests are damaged; `path` names the container.
 */
export function readImages(container: Root, path: string): StoredImage[] | undefined {
  const reader = new ManifestReader(container, path);
  if (isFile(container, '/oci-layout') && isFile(container, '/index.json'))
    return reader.ofLayout();
  return isFile(container, '/manifest.json') ? reader.ofDocker() : undefined;
}

function isFile(root: Root, path: string): boolean {
  const file = resolvePath(root, path);
  return file.found && file.entry.kind === 'file';
}

type Json = Readonly<Record<string, unknown>>;

class ManifestReader {
  readonly #container: Root;
  readonly #path: string;
  /** Bytes that may still be read. */
  #left = MAX_ALL_JSON;

  constructor(container: Root, path: string) {
    this.#container = container;
    this.#path = path;
  }

  ofLayout(): StoredImage[] {
    const images = new Map<string, StoredImage>();
    const visit = (index: Json, names: readonly string[], depth: number) => {
      if (depth > MAX_DEPTH)
        throw this.#damaged('index.json', 'indexes lie too deep in each other');
      for (const descriptor of objects(index.manifests)) {
        const digest = text(descriptor.digest) ?? '';
        const own = [...new Set([...names, ...namesOf(descriptor)])];
        if (isAttestation(descriptor)) continue;
        const known = images.get(digest);
        if (known !== undefined) {
          images.set(digest, { ...known, names: [...new Set([...known.names, ...own])] });
          continue;
        }
        const manifest = this.#blob(digest);
        // An archive of one platform may keep the index of all.
        if (manifest === undefined) continue;
        if (Array.isArray(manifest.manifests)) visit(manifest, own, depth + 1);
        else if (Array.isArray(manifest.layers))
          images.set(digest, this.#ofManifest(manifest, descriptor, digest, own));
      }
    };
    visit(this.#json('/index.json'), [], 0);
    return [...images.values()];
  }

  /** Undefined when the file is something else of the same name. */
  ofDocker(): StoredImage[] | undefined {
    let list: unknown;
    try {
      list = this.#parse('/manifest.json');
    } catch (error) {
      if (error instanceof ArchiveError) return undefined;
      throw error;
    }
    const entries = objects(list);
    const isManifest = (entry: Json) => text(entry.Config) !== undefined && isArray(entry.Layers);
    if (entries.length === 0 || !entries.every(isManifest)) return undefined;
    return entries.map((entry) => {
      const config = text(entry.Config) as string;
      const platform = platformOf(this.#json(`/${config}`));
      return {
        names: texts(entry.RepoTags),
        ...(platform === undefined ? {} : { platform }),
        digest: `sha256:${config.replace(/^blobs\/sha256\/|\.json$/g, '')}`,
        layers: texts(entry.Layers).map((layer) => `/${layer}`),
      };
    });
  }

  #ofManifest(
    manifest: Json,
    descriptor: Json,
    digest: string,
    names: readonly string[],
  ): StoredImage {
    const config = object(manifest.config);
    const platform =
      platformOf(object(descriptor.platform)) ??
      platformOf(this.#blob(text(config.digest) ?? '') ?? {});
    return {
      names,
      ...(platform === undefined ? {} : { platform }),
      digest,
      layers: objects(manifest.layers).map((layer) => this.#blobPath(text(layer.digest) ?? '')),
    };
  }

  #blob(digest: string): Json | undefined {
    const path = this.#blobPath(digest);
    return isFile(this.#container, path) ? this.#json(path) : undefined;
  }

  #blobPath(digest: string): string {
    const parts = /^([a-z0-9]+(?:[.+_-][a-z0-9]+)*):([A-Za-z0-9=_-]+)$/.exec(digest);
    if (parts === null) throw this.#damaged('index.json', `no digest: '${digest}'`);
    return `/blobs/${parts[1]}/${parts[2]}`;
  }

  #json(path: string): Json {
    return object(this.#parse(path));
  }

  #parse(path: string): unknown {
    const file = resolvePath(this.#container, path);
    if (!file.found || file.entry.kind !== 'file') throw this.#damaged(path, 'not in the archive');
    if (file.entry.size > MAX_JSON) throw this.#damaged(path, `${file.entry.size} bytes of JSON`);
    this.#left -= Math.max(file.entry.size, MIN_COST);
    if (this.#left < 0) throw this.#damaged(path, 'behind too much other JSON');
    try {
      return JSON.parse(new TextDecoder().decode(readFile(this.#container, file.path)));
    } catch (error) {
      if (error instanceof RootError) throw error;
      throw this.#damaged(path, 'no JSON', error);
    }
  }

  #damaged(member: string, fact: string, cause?: unknown): ArchiveError {
    const where = member.replace(/^\//, '');
    return new ArchiveError(`${where}: ${fact}`, 0, {
      path: this.#path,
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

/** Docker's full name comes first; the other annotation may be the same, or its tag alone. */
function namesOf(descriptor: Json): string[] {
  const annotations = object(descriptor.annotations);
  const keys = ['io.containerd.image.name', 'org.opencontainers.image.ref.name'];
  return [...new Set(texts(keys.map((key) => annotations[key])))];
}

/** Facts about how an image was built, which BuildKit stores beside it as another image. */
function isAttestation(descriptor: Json): boolean {
  const type = text(object(descriptor.annotations)['vnd.docker.reference.type']);
  return type === 'attestation-manifest';
}

/** Of a descriptor's platform or an image's configuration: `os/architecture[/variant]`. */
function platformOf(fields: Json): string | undefined {
  const parts = [text(fields.os), text(fields.architecture), text(fields.variant)];
  return parts[0] && parts[1] ? parts.filter(Boolean).join('/') : undefined;
}

function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !isArray(value) ? (value as Json) : {};
}

function objects(value: unknown): Json[] {
  return isArray(value) ? value.map(object) : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function texts(value: unknown): string[] {
  return isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
