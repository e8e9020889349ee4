/**
 * Notes about a slim image, as data: what is not known of its base, what was left out, and what was
 * dropped from its labels and annotations.
 */
import type { RootFiles } from '../files/root-files.js';
import type { ImagePlan } from '../image/image-plan.js';
import { findPackages } from '../packages/find-packages.js';
import type { OpenedImage } from '../root/open-root.js';
import type { Application } from '../slim/application.js';
import type { LayerHistory } from '../slim/layer-history.js';
import type { PackageOwners } from '../slim/package-owner.js';
import type { HealthCheck } from '../slim/slim-programs.js';
import type { SlimNote } from '../slim/slim-result.js';

/** Annotations and labels about the image that this one was built on. */
const BASE_NAMES = /^org\.opencontainers\.image\.base\./;

/**
 * Notes about files of the application that no start needs, about scripts, which are read here, and about
 * secrets and data, which have notes of slim's own.
 */
const OF_OTHERS: ReadonlySet<string> = new Set([
  ...['PROBLEM', 'DLOPEN_FAILS', 'SCRIPT', 'SECRET_LEFT_OUT', 'SECRET_INSIDE'],
  'DATA_LEFT_OUT',
]);

/** Labels or annotations that are true of the result too. */
export function withoutBaseNames(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([name]) => !BASE_NAMES.test(name)));
}

/** What the plan notes, without what is about files that no start needs. */
export function planNotes({ notes }: ImagePlan): SlimNote[] {
  return notes.filter(({ code }) => !OF_OTHERS.has(code)).map((note) => ({ code: 'PLAN', note }));
}

/** What is not known of the base and of the packages. */
export function baseNotes(
  history: LayerHistory,
  owners: PackageOwners,
  files: RootFiles,
): SlimNote[] {
  const { base } = history;
  const { notes } = findPackages(files);
  return [
    ...(base.layers === undefined ? [{ code: 'BASE_UNKNOWN', why: base.why } as const] : []),
    ...(owners.database === undefined ? [{ code: 'NO_PACKAGES' } as const] : []),
    ...notes.map((note) => ({ code: 'PACKAGES_UNREADABLE', note }) as const),
  ];
}

/** Names of the base in labels and annotations, and what was stored about the image. */
export function droppedNotes(opened: OpenedImage, companions: readonly string[]): SlimNote[] {
  const texts = { ...opened.annotations, ...opened.root.image?.labels };
  const names = Object.keys(texts).filter((name) => BASE_NAMES.test(name));
  return [
    ...(names.length > 0 ? [{ code: 'BASE_NAMES_DROPPED', names } as const] : []),
    ...(companions.length > 0 ? [{ code: 'COMPANIONS_DROPPED', kinds: companions } as const] : []),
  ];
}

/** Secrets of the application, and of what programs need. */
function secretNotes(secrets: readonly string[], { notes }: ImagePlan): SlimNote[] {
  const paths = new Set(secrets);
  for (const note of notes)
    if (note.code === 'SECRET_LEFT_OUT' || note.code === 'SECRET_INSIDE')
      for (const path of note.paths) paths.add(path);
  return paths.size > 0 ? [{ code: 'SECRETS_LEFT_OUT', paths: [...paths] }] : [];
}

/** What of the application is left out, and a health check that cannot be read. */
export function contentNotes(
  { kept, all }: Application,
  healthCheck: HealthCheck | undefined,
  plan: ImagePlan,
): SlimNote[] {
  const special = all
    .filter(({ path, entry }) => entry.kind === 'other' && kept.has(path))
    .map(({ path }) => path);
  const isUnknown = healthCheck !== undefined && healthCheck.start === undefined;
  return [
    ...secretNotes(kept.secrets, plan),
    ...(special.length > 0 ? [{ code: 'SPECIAL_FILES_LEFT_OUT', paths: special } as const] : []),
    ...(isUnknown ? [{ code: 'HEALTHCHECK_UNKNOWN', words: healthCheck.words } as const] : []),
  ];
}
