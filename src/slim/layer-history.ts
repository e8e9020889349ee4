/**
 * How an image was built, as far as its layers and its history tell: which layers are the base, which one
 * brought a path, and which ones a package manager wrote.
 * Source: OCI image specification 1.1, config.md (history) and annotations.md (base.digest, base.name).
 */
import type { PackageDatabaseKind } from '../packages/package-kind.js';
import type { ImageLayer, Root } from '../root/root.js';

/** Why the base of an image is not known. */
export type NoBase = 'one-layer' | 'no-history' | 'no-database' | 'nothing-after';

/** The layers that an application is built on. */
export type Base =
  /** How many layers, and what says so. */
  | { readonly layers: number; readonly by: 'database' | 'annotation' }
  | { readonly layers?: undefined; readonly why: NoBase };

const BASE_NAME = 'org.opencontainers.image.base.name';

/** What the layers of one image tell. */
export class LayerHistory {
  readonly base: Base;
  readonly layers: readonly ImageLayer[];
  /** The instruction that made each layer; undefined where the history does not say it. */
  readonly instructions: readonly (string | undefined)[];
  readonly #packaged: readonly boolean[];

  /** `kind` is that of the package database, `annotations` those of the image's manifest. */
  constructor(
    root: Root,
    kind: PackageDatabaseKind | undefined,
    annotations: Readonly<Record<string, string>>,
  ) {
    this.layers = root.layers ?? [];
    const made = layerEntries(root);
    const isTold = made.length === this.layers.length;
    this.instructions = this.layers.map((_, index) =>
      isTold ? made[index]?.createdBy || undefined : undefined,
    );
    const installed = installedPaths(this.layers, kind?.installed ?? []);
    this.#packaged = this.layers.map(({ paths }) => installed.some((path) => paths.has(path)));
    this.base = this.#findBase(isTold ? made : [], installed, annotations[BASE_NAME]);
  }

  /** The last layer that has the path, from 0; undefined for a path of no layer. */
  last(path: string): number | undefined {
    const found = this.layers.findLastIndex(({ paths }) => paths.has(path));
    return found < 0 ? undefined : found;
  }

  /** The first layer that has the path. */
  first(path: string): number | undefined {
    const found = this.layers.findIndex(({ paths }) => paths.has(path));
    return found < 0 ? undefined : found;
  }

  /** Whether the path came, or came again, after the base. False where the base is not known. */
  isAfterBase(path: string): boolean {
    const { layers } = this.base;
    return layers !== undefined && (this.last(path) ?? 0) >= layers;
  }

  /** Whether a layer after the base replaced the file of a package without the package manager. */
  isReplaced(path: string): boolean {
    const [first, last] = [this.first(path), this.last(path)];
    if (first === undefined || last === undefined || first === last) return false;
    return this.isAfterBase(path) && this.#packaged[last] === false;
  }

  #findBase(
    made: readonly LayerEntry[],
    installed: readonly string[],
    name: string | undefined,
  ): Base {
    if (this.layers.length < 2) return { why: 'one-layer' };
    if (made.length === 0) return { why: 'no-history' };
    const firsts = installed.flatMap((path) => this.first(path) ?? []);
    const layers = firsts.reduce((most, first) => Math.max(most, first + 1), 0);
    if (layers > 0 && layers < this.layers.length) return { layers, by: 'database' };
    // buildah names the image of each FROM; its own images between two steps have numbers.
    const named = name ? made.findLastIndex(({ comment }) => comment === `FROM ${name}`) : -1;
    if (named > 0) return { layers: named, by: 'annotation' };
    return { why: layers === 0 ? 'no-database' : 'nothing-after' };
  }
}

interface LayerEntry {
  readonly createdBy: string;
  readonly comment: string;
}

/** The entries of the history that made a layer, the oldest first. */
function layerEntries({ image }: Root): readonly LayerEntry[] {
  const fields = image?.fields.history;
  const comments = Array.isArray(fields) ? fields.map(commentOf) : [];
  return (image?.history ?? []).flatMap(({ createdBy, isEmpty }, index) =>
    isEmpty ? [] : [{ createdBy, comment: comments[index] ?? '' }],
  );
}

function commentOf(entry: unknown): string {
  const { comment } = (entry ?? {}) as { comment?: unknown };
  return typeof comment === 'string' ? comment : '';
}

/** The paths of layers that are `installed`, or below it. */
function installedPaths(layers: readonly ImageLayer[], installed: readonly string[]): string[] {
  const found = new Set<string>();
  for (const { paths } of layers)
    for (const path of paths)
      if (installed.some((one) => path === one || path.startsWith(`${one}/`))) found.add(path);
  // A directory comes again in every layer that has something below it.
  for (const one of installed)
    if ([...found].some((path) => path.startsWith(`${one}/`))) found.delete(one);
  return [...found];
}
