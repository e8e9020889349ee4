/**
 * The files of closures and needs as entries of a plan, and where each program stands.
 */
import type { Closure } from '../closure/closure.js';
import { type ClosureFile, closureFiles } from '../closure/closure-files.js';
import type { Trace } from '../closure/trace.js';
import type { RuntimeNeed } from '../needs/need.js';
import { withoutSecrets } from '../needs/secrets.js';
import { pathFrom } from '../root/path-text.js';
import type { ImageNote } from './image-note.js';
import { lowerTraces, withoutBaseline } from './lower-variants.js';
import { addNeeds } from './need-entries.js';
import { destinationsOf, placeObjects } from './placement.js';
import { normalize, PlanEntries } from './plan-entries.js';
import type { PlanOptions } from './plan-image.js';

/** Everything that goes into an image, and where. */
export interface PlacedFiles {
  readonly entries: PlanEntries;
  /** New paths of moved files for each closure, by their path in the trace. */
  readonly places: readonly ReadonlyMap<string, string>[];
  /** Where the programs stand, in the order of the closures. */
  readonly programs: readonly string[];
  readonly notes: readonly ImageNote[];
  /** The same programs on lesser CPUs, whose libraries are among the entries too. */
  readonly lower: readonly Trace[];
}

/** Places the files. Throws PlanError PLAN_CONFLICT when two of them want one place. */
export function placeFiles(trace: Trace, options: PlanOptions): PlacedFiles {
  const { closures, root } = trace;
  const { layout, destinations = new Map(), needs = [], kept = new Map() } = options;
  const isFlat = layout === 'flat';
  const notes: ImageNote[] = [];
  const targets = destinationsOf(closures, destinations, isFlat, notes);
  // By closure: two moved programs may each want the same library beside them.
  const places = closures.map((closure) => placeObjects(closure, targets));
  const entries = new PlanEntries(root, layout !== 'parents');
  const files = closures.map(closureFiles);
  entries.expectPrograms(closures.map(({ program }) => program.realPath));
  closures.forEach((closure, index) => {
    const own = files[index]?.filter(({ path }) => !places[index]?.has(path)) ?? [];
    addStanding(entries, own, trace, isFlat);
    addConfiguration(entries, closure, trace, isFlat);
  });
  const lower = lowerTraces(trace);
  for (const one of lower)
    for (const closure of one.closures) {
      const moved = placeObjects(closure, targets);
      const own = closureFiles(closure).filter(
        ({ role }) => role === 'library' || role === 'preload',
      );
      addStanding(
        entries,
        own.filter(({ path }) => !moved.has(path)),
        one,
        isFlat,
      );
      addMoved(entries, own, moved, one);
    }
  notes.push(...withoutBaseline(closures, lower));
  // Last, when it is known which directories of their places are links.
  closures.forEach((_, index) => {
    addMoved(entries, files[index] ?? [], places[index] ?? new Map(), trace);
  });
  for (const [path, because] of kept) entries.addExact(path, because);
  const made = withoutMade(needs, new Set(kept.keys()));
  // COPY would take the root's own file.
  const secrets = layout === 'links' ? [] : withoutSecrets(trace.files, placesOfMade(made)).secrets;
  notes.push(...addNeeds(entries, withoutMade(made, new Set(secrets)), root, layout));
  if (secrets.length > 0) notes.push({ code: 'SECRET_LEFT_OUT', paths: secrets });
  const programs = closures.map(
    ({ program }, index) =>
      places[index]?.get(program.path) ?? (isFlat ? normalize(program.path) : program.path),
  );
  return { entries, places, programs, notes, lower };
}

/** The paths of small files that would be made, each once. */
function placesOfMade(needs: readonly RuntimeNeed[]): string[] {
  return [...new Set(needs.flatMap(({ generated }) => Object.keys(generated)))];
}

/** The needs without small files that would be made in the place of those that are kept. */
function withoutMade(
  needs: readonly RuntimeNeed[],
  kept: ReadonlySet<string>,
): readonly RuntimeNeed[] {
  if (kept.size === 0) return needs;
  return needs.map((need) => ({
    ...need,
    generated: Object.fromEntries(
      Object.entries(need.generated).filter(([path]) => !kept.has(path)),
    ),
  }));
}

/** Files that keep their paths. */
function addStanding(
  entries: PlanEntries,
  files: readonly ClosureFile[],
  { options }: Trace,
  isFlat: boolean,
): void {
  for (const file of files) {
    const opened = pathFrom(options.cwd ?? '/', file.path);
    if (isFlat) entries.addFile(normalize(opened), file.realPath, opened, file.role);
    else entries.addWithLinks(opened, file, file.role);
  }
}

/** Files that decide about the search, but for caches, which list what the image does not have. */
function addConfiguration(
  entries: PlanEntries,
  { configuration, program }: Closure,
  trace: Trace,
  isFlat: boolean,
): void {
  const caches = trace.loaderOf(program.path)?.caches ?? [];
  for (const path of configuration)
    if (!caches.includes(path)) entries.addConfiguration(path, isFlat);
}

function addMoved(
  entries: PlanEntries,
  files: readonly ClosureFile[],
  places: ReadonlyMap<string, string>,
  { options }: Trace,
): void {
  for (const { path, realPath, role } of files) {
    const place = places.get(path);
    if (place === undefined) continue;
    const opened = pathFrom(options.cwd ?? '/', path);
    entries.addFile(entries.throughLinks(place), realPath, opened, role);
  }
}
