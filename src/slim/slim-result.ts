/**
 * What slim did to one image, as data: sizes, and what was kept and dropped by package and by layer, with
 * the reasons. src/report/slim words it.
 */
import type { Finding } from '../finding.js';
import type { ImageNote } from '../image/image-note.js';
import type { ImagePlan } from '../image/image-plan.js';
import type { PackageNote } from '../packages/package.js';
import { compareBytes } from '../root/byte-order.js';
import type { Application } from './application.js';
import type { Base, LayerHistory } from './layer-history.js';

/** Files and their bytes; a file with several names counts once. */
export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

/** What was kept and dropped of a package, of a layer, or of the files that no package owns. */
export interface SlimPart {
  readonly kept: Amount;
  readonly dropped: Amount;
  /** Why its files were kept, in byte order: kinds of needs, roles in a closure, and {@link KeptBecause}. */
  readonly because: readonly string[];
}

/** The files of one package. Without a name: the files that no package owns. */
export interface SlimPackage extends SlimPart {
  readonly name?: string;
  readonly version?: string;
}

/** One layer of the image that was read. */
export interface SlimLayer extends SlimPart {
  /** From 0, the lowest first. */
  readonly index: number;
  readonly isBase: boolean;
  /** The instruction that made it, as the history has it; undefined where it does not say. */
  readonly instruction?: string;
  readonly storedBytes: number;
}

/** A note about the whole of it. */
export type SlimNote =
  | {
      readonly code: 'BASE_UNKNOWN';
      readonly why: NonNullable<(Base & { layers?: undefined })['why']>;
    }
  | { readonly code: 'NO_PACKAGES' }
  | { readonly code: 'PACKAGES_UNREADABLE'; readonly note: PackageNote }
  /** Annotations and labels about the base image. */
  | { readonly code: 'BASE_NAMES_DROPPED'; readonly names: readonly string[] }
  | { readonly code: 'COMPANIONS_DROPPED'; readonly kinds: readonly string[] }
  | { readonly code: 'SECRETS_LEFT_OUT'; readonly paths: readonly string[] }
  | { readonly code: 'SPECIAL_FILES_LEFT_OUT'; readonly paths: readonly string[] }
  | { readonly code: 'HEALTHCHECK_UNKNOWN'; readonly words: readonly string[] }
  /** A warning about the result that the image that was read does not get. */
  | { readonly code: 'FINDING'; readonly finding: Finding }
  | { readonly code: 'PLAN'; readonly note: ImageNote }
  | { readonly code: 'NOT_SMALLER' };

/** The answer for one image. */
export interface SlimResult {
  /** As errors call the image. */
  readonly image: string;
  readonly platform: string;
  /** Undefined for an image without a name. */
  readonly reference?: string;
  readonly base: Base;
  readonly before: Amount;
  readonly after: Amount;
  /** The largest first. */
  readonly packages: readonly SlimPackage[];
  readonly layers: readonly SlimLayer[];
  readonly notes: readonly SlimNote[];
}

/** Counts. */
class Tally {
  kept = { files: 0, bytes: 0 };
  dropped = { files: 0, bytes: 0 };
  readonly #because = new Set<string>();

  add(size: number, because: string | undefined): void {
    const side = because === undefined ? this.dropped : this.kept;
    side.files++;
    side.bytes += size;
    if (because !== undefined) this.#because.add(because);
  }

  part(): SlimPart {
    const { kept, dropped } = this;
    return { kept, dropped, because: [...this.#because].sort(compareBytes) };
  }
}

/**
 * Sums over every file and link of the image.
 * @internal
 */
export function sumUp(
  { all }: Application,
  plan: ImagePlan,
  history: LayerHistory,
): Pick<SlimResult, 'before' | 'after' | 'packages' | 'layers'> {
  const reasons = reasonsOf(plan);
  const packages = new Map<string, { name?: string; version?: string; tally: Tally }>();
  const layers = history.layers.map(() => new Tally());
  const total = new Tally();
  const seen = new Set<string>();
  for (const { path, entry, owner } of all) {
    if (entry.kind !== 'file' && entry.kind !== 'symlink') continue;
    const because = reasons.get(path);
    const size = seen.has(entry.id) ? 0 : entry.size;
    seen.add(entry.id);
    const key = owner === undefined ? '' : `${owner.name}\0${owner.architecture}`;
    const known = packages.get(key) ?? {
      name: owner?.name,
      version: owner?.version,
      tally: new Tally(),
    };
    packages.set(key, known);
    known.tally.add(size, because);
    layers[history.last(path) ?? 0]?.add(size, because);
    total.add(size, because);
  }
  const { kept, dropped } = total;
  return {
    before: { files: kept.files + dropped.files, bytes: kept.bytes + dropped.bytes },
    after: sizeOfPlan(plan),
    packages: [...packages.values()]
      .map(({ name, version, tally }) => ({ name, version, ...tally.part() }))
      .sort((a, b) => b.kept.bytes + b.dropped.bytes - a.kept.bytes - a.dropped.bytes),
    layers: layers.map((tally, index) => ({
      index,
      isBase: index < (history.base.layers ?? 0),
      instruction: history.instructions[index],
      storedBytes: history.layers[index]?.storedBytes ?? 0,
      ...tally.part(),
    })),
  };
}

/** Why each path is in the plan; links are there for what they lead to. */
function reasonsOf({ entries }: ImagePlan): ReadonlyMap<string, string> {
  return new Map(
    entries.flatMap((entry) => {
      if (entry.kind === 'symlink') return [[entry.path, 'link'] as const];
      return 'because' in entry ? [[entry.path, entry.because] as const] : [];
    }),
  );
}

function sizeOfPlan({ entries }: ImagePlan): Amount {
  let [files, bytes] = [0, 0];
  for (const entry of entries) {
    if (entry.kind === 'directory') continue;
    files++;
    if (entry.kind === 'generated') bytes += entry.bytes.length;
    else if (entry.kind === 'file' && entry.hardLinkTo === undefined) bytes += entry.size;
  }
  return { files, bytes };
}
