/**
 * What there is to note about the files of a plan, whatever its environment is.
 */

import type { Closure } from '../closure/closure.js';
import { isExcluded } from '../closure/exclusions.js';
import { failingDlopens } from '../closure/failing-dlopens.js';
import type { Trace } from '../closure/trace.js';
import type { Shebang } from '../elf/script.js';
import { startPlace } from '../files/path-search.js';
import type { RuntimeNeed } from '../needs/need.js';
import { isShellScript } from '../needs/shells.js';
import { compareBytes } from '../root/byte-order.js';
import { addTo } from '../root/multimap.js';
import { directoryOf, isBelowAny } from '../root/path-text.js';
import { resolvePath } from '../root/resolve-path.js';
import type { Root } from '../root/root.js';
import type { ImageNote } from './image-note.js';
import type { PlanEntry } from './image-plan.js';
import { variantsOf } from './lower-variants.js';
import type { PlanOptions } from './plan-image.js';

/** The notes, in the order in which they are printed. */
export function notesOfPlan(
  trace: Trace,
  { layout, preload, audit, needs: served }: PlanOptions,
  entries: readonly PlanEntry[],
): ImageNote[] {
  const { closures, root } = trace;
  const needs = served ?? [];
  const notes: ImageNote[] = closures
    .flatMap(({ libraries }) => failingDlopens(libraries))
    .map((failing) => ({ code: 'DLOPEN_FAILS', ...failing }));
  notes.push(...variantsLeftOut(root, closures, entries));
  notes.push(...scripts(trace, served !== undefined));
  notes.push(...excluded(closures));
  notes.push(...secretsLeftOut(needs, entries), ...dataLeftOut(needs, entries));
  if (layout === 'flat') notes.push(...storedAgain(entries), ...capabilitiesAtRisk(entries));
  if (audit) notes.push({ code: 'VARIABLE_KEPT', name: 'LD_AUDIT', value: audit });
  if (preload) notes.push({ code: 'VARIABLE_KEPT', name: 'LD_PRELOAD', value: preload });
  return notes;
}

/** Images are for every CPU of the platform, so variants for newer ones stay behind. */
function variantsLeftOut(
  root: Root,
  closures: readonly Closure[],
  entries: readonly PlanEntry[],
): ImageNote[] {
  const added = new Set<string>(
    entries.flatMap((entry) => (entry.kind === 'file' ? entry.source : [])),
  );
  const objects = new Set(closures.flatMap((closure) => closure.objects.map(({ path }) => path)));
  const variants = [...objects].flatMap((path) => variantsOf(root, path));
  const paths = variants.filter((path) => {
    const file = resolvePath(root, path);
    return file.found && !added.has(file.path);
  });
  return [...new Set(paths)].sort(compareBytes).map((path) => ({ code: 'VARIANT_LEFT_OUT', path }));
}

/**
 * What a script starts or imports stands in its text, in a language of its own. A shell's is looked at with
 * the needs.
 */
function scripts({ closures, files, options }: Trace, hasNeeds: boolean): ImageNote[] {
  const isLookedAt = (shebang: Shebang | undefined) =>
    hasNeeds && shebang !== undefined && isShellScript(files, shebang, startPlace(options));
  return closures
    .filter(({ program: { kind, shebang } }) => kind === 'script' && !isLookedAt(shebang))
    .map(({ program: { path } }) => ({ code: 'SCRIPT', path }));
}

function excluded(closures: readonly Closure[]): ImageNote[] {
  const names = closures.flatMap(({ libraries }) =>
    libraries.filter(isExcluded).map(({ name }) => name),
  );
  return names.length === 0 ? [] : [{ code: 'EXCLUDED', paths: [...new Set(names)] }];
}

/** What needs would have copied, had it not looked like a secret. */
function secretsLeftOut(needs: readonly RuntimeNeed[], entries: readonly PlanEntry[]): ImageNote[] {
  const added = new Set<string>(
    entries.flatMap((entry) => (entry.kind === 'file' ? [entry.path, entry.source] : entry.path)),
  );
  const named = new Set<string>();
  const inside = new Set<string>();
  for (const { secrets = [], secretsInside = [] } of needs)
    for (const path of secrets)
      if (!added.has(path)) (secretsInside.includes(path) ? inside : named).add(path);
  const of = (paths: ReadonlySet<string>) =>
    [...paths].filter((path) => paths === named || !named.has(path)).sort(compareBytes);
  const notes = [
    { code: 'SECRET_LEFT_OUT', paths: of(named) },
    { code: 'SECRET_INSIDE', paths: of(inside) },
  ] as const;
  return notes.filter(({ paths }) => paths.length > 0);
}

/** Data that configuration names, as far as nothing of it is in the image. */
function dataLeftOut(needs: readonly RuntimeNeed[], entries: readonly PlanEntry[]): ImageNote[] {
  const named = [...new Set(needs.flatMap((need) => need.dataLeftOut ?? []))];
  if (named.length === 0) return [];
  const trees = new Set(entries.filter(({ kind }) => kind === 'tree').map(({ path }) => path));
  const around = new Set<string>();
  for (const { kind, path } of entries)
    if (kind !== 'directory')
      for (let at = directoryOf(path); !around.has(at); at = directoryOf(at)) around.add(at);
  const isAdded = (path: string) => trees.has(path) || isBelowAny(path, trees) || around.has(path);
  const paths = named.filter((path) => !isAdded(path)).sort(compareBytes);
  return paths.length === 0 ? [] : [{ code: 'DATA_LEFT_OUT', paths }];
}

/** COPY makes a file of its own of every name that is opened. */
function storedAgain(entries: readonly PlanEntry[]): ImageNote[] {
  const bySource = new Map<string, string[]>();
  for (const entry of entries) if (entry.kind === 'file') addTo(bySource, entry.source, entry.path);
  return [...bySource.values()]
    .filter((paths) => paths.length > 1)
    .map((paths) => ({ code: 'STORED_AGAIN', paths }));
}

/** Not every builder's COPY copies extended attributes. */
function capabilitiesAtRisk(entries: readonly PlanEntry[]): ImageNote[] {
  return entries
    .filter((entry) => entry.kind === 'file' && entry.capability !== undefined)
    .map(({ path }) => ({ code: 'CAPABILITY_AT_RISK', path }));
}
