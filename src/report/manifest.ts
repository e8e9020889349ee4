/**
 * The manifest of images: every entry with its reason, the evidence for it, its owner and the package of
 * the root that it comes from, as JSON of schema/elfdeps-manifest-1.schema.json.
 */

import type { Library } from '../closure/closure.js';
import { isExcluded } from '../closure/exclusions.js';
import type { Trace } from '../closure/trace.js';
import type { RootFiles } from '../files/root-files.js';
import type { ImagePlan, PlanEntry, PlannedOwner } from '../image/image-plan.js';
import { filesBelow } from '../needs/files-below.js';
import type { RuntimeNeed } from '../needs/need.js';
import { findPackages } from '../packages/find-packages.js';
import { addTo } from '../root/multimap.js';
import { directoryOf } from '../root/path-text.js';

/** One image: its plan, and what that was made from. */
export interface ManifestImage {
  readonly plan: ImagePlan;
  readonly trace: Trace;
  /** The needs that count. */
  readonly chosen: readonly RuntimeNeed[];
}

/** Why an entry is there. */
interface Reason {
  readonly kind:
    | 'program'
    | 'interpreter'
    | 'library'
    | 'preload'
    | 'configuration'
    | 'need'
    | 'link'
    | 'directory';
  /** The kind of need. */
  readonly need?: string;
  /** Paths in the root of what needs it. */
  readonly neededBy?: readonly string[];
  /** It is of the standard library of a language. */
  readonly standardLibrary?: true;
}

/** The text of the manifest; one image for each platform. */
export function formatManifest(images: readonly ManifestImage[]): string {
  const document = { schema: 'elfdeps-manifest/1', images: images.map(imageObject) };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function imageObject({ plan, trace, chosen }: ManifestImage) {
  const { platform, programs, entrypoint, complete } = plan;
  const rows = trace.closures.flatMap(({ libraries }) => libraries.filter(isExcluded));
  const evidence = new Evidence(trace, chosen);
  const { database } = findPackages(trace.files);
  const packageOf = (source: string | undefined, isDirectory: boolean) => {
    const owners = (source === undefined ? undefined : database?.ownersOf(source)) ?? [];
    // A directory such as /etc belongs to no package in particular.
    const owner = isDirectory && owners.length > 1 ? undefined : owners[0];
    return owner === undefined ? null : { name: owner.name, version: owner.version };
  };
  return {
    root: trace.root.name,
    platform,
    programs,
    entrypoint,
    complete,
    packages: database?.kind ?? null,
    excluded: rows.length === 0 ? undefined : [...new Set(rows.map(({ name }) => name))],
    entries: plan.entries.map((entry) => {
      const source = sourceOf(entry);
      const { reason, evidence: because } = evidence.of(entry);
      const isStandard = source !== undefined && evidence.isStandard(source);
      return {
        path: entry.path,
        ...contentsOf(entry, trace),
        owner: ownerOf(entry),
        source: source === entry.path ? undefined : source,
        reason: isStandard ? { ...reason, standardLibrary: true } : reason,
        evidence: because,
        package: packageOf(source, entry.kind === 'directory'),
      };
    }),
  };
}

/** Where an entry stands in the root; undefined for what elfdeps makes. */
function sourceOf(entry: PlanEntry): string | undefined {
  if (entry.kind === 'generated') return undefined;
  return 'source' in entry ? entry.source : entry.path;
}

/** As the writers have it: root where the plan says nothing else. */
function ownerOf(entry: PlanEntry): { readonly uid: number; readonly gid: number } {
  const { uid = 0, gid = 0 } = entry as PlannedOwner;
  return { uid, gid };
}

/** Type, size in bytes, mode, and what there is only for some types. */
function contentsOf(entry: PlanEntry, trace: Trace) {
  const type = entry.kind;
  switch (entry.kind) {
    case 'file':
      return {
        type,
        size: entry.size,
        mode: octal(entry.mode),
        hardLinkTo: entry.hardLinkTo,
        capability: entry.capability && Buffer.from(entry.capability).toString('hex'),
      };
    case 'generated':
      return { type, size: entry.bytes.length, mode: octal(entry.mode) };
    case 'directory':
      return { type, size: 0, mode: octal(entry.mode) };
    case 'symlink':
      return { type, size: 0, mode: octal(0o777), target: entry.target };
    case 'tree': {
      const below = filesBelow(trace.files, entry.source);
      const files = below.filter((file) => file.entry.kind === 'file');
      const mode = trace.root.lstat(entry.source)?.mode ?? 0o755;
      return {
        type,
        size: files.reduce((sum, file) => sum + file.entry.size, 0),
        mode: octal(mode),
        files: files.length,
      };
    }
  }
}

function octal(mode: number): string {
  return `0${(mode & 0o7777).toString(8).padStart(3, '0')}`;
}

const ROLES = ['program', 'interpreter', 'library', 'preload', 'configuration'] as const;

/** Finds the reason of an entry; looked up by path, since images have many entries. */
class Evidence {
  readonly #needers = new Map<string, Set<string>>();
  readonly #found = new Map<string, Set<string>>();
  /** Needs by the paths that they name, in the root and in the image. */
  readonly #needs = new Map<string, RuntimeNeed[]>();
  readonly #opening = new Map<string, RuntimeNeed[]>();
  /** Trees of modules, and whether they are a standard library. */
  readonly #modules = new Map<string, boolean>();

  constructor({ closures, files }: Trace, chosen: readonly RuntimeNeed[]) {
    const rows = closures.flatMap(({ libraries }) => libraries);
    for (const row of rows) this.#addNeeders(row);
    for (const need of chosen) this.#addNeed(need, files);
    for (const { object, kind, needed } of rows)
      if (object !== undefined && kind === 'dlopen')
        for (const need of this.#opening.get(needed) ?? []) this.#note(object.realPath, need);
  }

  #addNeeders({ object, name, rule, neededBy }: Library): void {
    if (object === undefined) return;
    for (const by of neededBy) {
      add(this.#needers, object.realPath, by);
      add(this.#found, object.realPath, `${by} needs ${name} (${rule})`);
    }
  }

  #addNeed(need: RuntimeNeed, files: RootFiles): void {
    const made = [...need.directories.map(({ path }) => path), ...Object.keys(need.generated)];
    for (const path of new Set([...need.files, ...need.starts, ...made])) {
      const file = files.resolve(path);
      for (const at of new Set(file.found ? [path, file.path] : [path])) {
        this.#note(at, need);
        if (need.standard !== undefined && need.files.includes(path))
          this.#modules.set(at, need.standard.includes(path) || this.#modules.get(at) === true);
      }
    }
    for (const { name } of need.opens) addTo(this.#opening, name, need);
  }

  of(entry: PlanEntry): { readonly reason: Reason; readonly evidence: readonly string[] } {
    const source = sourceOf(entry) ?? entry.path;
    if (entry.kind === 'symlink') return { reason: { kind: 'link' }, evidence: [] };
    const needs = this.#needsOf(entry, source);
    const because = needs.map((need) => need.because);
    if (entry.kind === 'directory')
      return needs.length > 0 && this.#needs.has(source)
        ? { reason: { kind: 'need', need: needs[0]?.kind }, evidence: unique(because) }
        : { reason: { kind: 'directory' }, evidence: [] };
    const role = ROLES.find((name) => name === entry.because);
    if (role === undefined)
      return { reason: { kind: 'need', need: entry.because }, evidence: unique(because) };
    const neededBy = this.#needers.get(source);
    const found = [...(this.#found.get(source) ?? [])];
    return {
      reason: { kind: role, neededBy: neededBy && [...neededBy] },
      evidence: unique([...found, ...because]),
    };
  }

  /** Whether the innermost tree of modules around a real path is a standard library. */
  isStandard(path: string): boolean {
    for (let at = path; at !== '/'; at = directoryOf(at)) {
      const isStandard = this.#modules.get(at);
      if (isStandard !== undefined) return isStandard;
    }
    return false;
  }

  /** The needs that name the entry or a directory above it; of its own kind where there are any. */
  #needsOf(entry: PlanEntry, source: string): readonly RuntimeNeed[] {
    const all = [...this.#above(source), ...(source === entry.path ? [] : this.#above(entry.path))];
    const kind = 'because' in entry ? entry.because : undefined;
    const own = all.filter((need) => need.kind === kind);
    return own.length > 0 ? own : all;
  }

  #above(path: string): readonly RuntimeNeed[] {
    for (let at = path; at !== '/'; at = directoryOf(at)) {
      const needs = this.#needs.get(at);
      if (needs !== undefined) return needs;
    }
    return [];
  }

  #note(path: string, need: RuntimeNeed): void {
    if (!this.#needs.get(path)?.includes(need)) addTo(this.#needs, path, need);
  }
}

function add(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([value]));
  else set.add(value);
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
