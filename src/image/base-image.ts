/**
 * A plan for an image that is built on another one: what the base has already is left out, its links
 * are respected, and its C library stays what it is. The programs are traced and checked once more
 * in the base with the plan's files laid over it.
 */

import type { Trace } from '../closure/trace.js';
import { PlanError } from '../errors.js';
import { compareBytes } from '../root/byte-order.js';
import { throughLinks } from '../root/overlay-root.js';
import { resolvePath } from '../root/resolve-path.js';
import { type Placed, placeInBase } from './base-places.js';
import { type BaseRequest, type Run, traceOnBase } from './base-run.js';
import type { ImageNote } from './image-note.js';
import type { ImagePlan, PlanEntry, PlannedFile } from './image-plan.js';
import { describeProblems } from './plan-problem.js';

/**
 * The plan with what must be added to the base. Throws {@link PlanError} PLAN_CONFLICT when the
 * programs would not run there, or when a file would have to replace what must stay.
 */
export function planOnBase(request: BaseRequest): ImagePlan {
  const { trace, plan, base, allowIncomplete } = request;
  const placed = plan.entries.flatMap((entry) =>
    entry.kind === 'file' ? [placeInBase(entry, trace.root, base)] : [],
  );
  const { added, run } = bestChoice(request, placed);
  if (run.problems.length > 0 && !allowIncomplete)
    throw new PlanError('PLAN_CONFLICT', `on this base, ${describeProblems(run.problems)}`, {
      advice: { code: 'OTHER_BASE' },
    });
  const needed = added.filter(({ file, path }) => !isLibrary(file) || run.used.has(path));
  const trees = plan.entries.filter(
    (entry) => entry.kind === 'tree' && !resolvePath(base, entry.path).found,
  );
  return {
    ...plan,
    entries: needed
      .map(({ file, path }): PlanEntry => ({ ...file, path }))
      .concat(trees)
      .sort((a, b) => compareBytes(a.path, b.path)),
    programs: plan.programs.map((path) => throughLinks(base, path)),
    complete: plan.complete && run.problems.length === 0,
    notes: [
      ...plan.notes,
      ...notesOf(placed, needed, run),
      ...run.problems.map((problem): ImageNote => ({ code: 'PROBLEM', problem, onBase: true })),
    ],
  };
}

/** The last choice with the fewest problems; none is tried after one without. */
function bestChoice(
  request: BaseRequest,
  placed: readonly Placed[],
): { readonly added: readonly Placed[]; readonly run: Run } {
  let best: { readonly added: readonly Placed[]; readonly run: Run } | undefined;
  for (const added of choicesOf(placed, request)) {
    const run = traceOnBase(request, added, placed);
    if (best === undefined || run.problems.length <= best.run.problems.length)
      best = { added, run };
    if (run.problems.length === 0) break;
  }
  return best ?? { added: [], run: { problems: [], used: new Set() } };
}

/**
 * Sets of files to add, the best first: what the base lacks, with its own C library if it has that
 * loader. Where that does not run, our builds of other libraries replace the base's; where the
 * loader is the same build, also the parts of the C library that the base lacks.
 */
function choicesOf(placed: readonly Placed[], { trace, plan }: BaseRequest): Placed[][] {
  const named = namedPrograms(plan, trace);
  const isAbsent = ({ file, there }: Placed) => there === 'nothing' || named.has(file.path);
  const hasLoader = placed.some(({ file, there }) => isLoader(file, trace) && there !== 'nothing');
  const mine = placed.filter(({ there }) => there !== 'same');
  const theirs = mine.filter((p) => !isOwn(p.file, trace));
  const all: Placed[][] = [
    mine.filter((p) => isAbsent(p) || !isOwn(p.file, trace)),
    mine.filter(isAbsent),
  ];
  if (hasLoader) all.push(theirs, theirs.filter(isAbsent));
  return all.reverse();
}

/**
 * Places of the programs that the user names and that these start. The base's own does for what only the
 * first line of a script starts.
 */
function namedPrograms(plan: ImagePlan, { closures, programs }: Trace): ReadonlySet<string> {
  const named = new Set(programs);
  return new Set(
    closures.flatMap(({ program }, at) =>
      named.has(program.path) ? (plan.programs[at] ?? []) : [],
    ),
  );
}

/** Whether a file is the loader of one of the programs. */
function isLoader(file: PlannedFile, { closures }: Trace): boolean {
  return closures.some(
    ({ loader, interpreter, objects }) =>
      (loader !== null && interpreter?.realPath === file.source) ||
      objects.some(({ role, realPath }) => role === 'interpreter' && realPath === file.source),
  );
}

function isLibrary({ because }: PlannedFile): boolean {
  return because === 'library' || because === 'interpreter' || because === 'preload';
}

/** Whether a file is the loader, or a library that only works with the loader it came with. */
function isOwn(file: PlannedFile, trace: Trace): boolean {
  if (isLoader(file, trace)) return true;
  return trace.closures.some(({ traits, objects }) =>
    objects.some((o) => o.realPath === file.source && traits?.isOwn(o.name)),
  );
}

function notesOf(placed: readonly Placed[], added: readonly Placed[], run: Run): ImageNote[] {
  const isAdded = new Set(added);
  const pathsOf = (which: (p: Placed) => boolean) => placed.filter(which).map(({ path }) => path);
  const notes = [
    { code: 'BASE_HAS', paths: pathsOf(({ there }) => there === 'same') },
    {
      code: 'BASE_BUILDS_USED',
      paths: pathsOf((p) => p.there === 'other' && !isAdded.has(p)),
    },
    {
      code: 'NOT_USED_ON_BASE',
      paths: pathsOf((p) => p.there === 'nothing' && !isAdded.has(p) && !run.used.has(p.path)),
    },
    { code: 'BASE_REPLACED', paths: pathsOf((p) => p.there === 'other' && isAdded.has(p)) },
  ] as const;
  return notes.filter(({ paths }) => paths.length > 0);
}
