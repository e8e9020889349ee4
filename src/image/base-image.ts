/**
 * A plan for an image that is built on another one: what the base has already is left out, its links
 * are respected, and its C library stays what it is. The programs are traced and checked once more
 * in the base with the plan's files laid over it.
 */

import type { Check } from '../check/check.js';
import { closureFiles } from '../closure/closure-files.js';
import type { Trace } from '../closure/trace.js';
import { PlanError } from '../errors.js';
import { compareBytes } from '../root/byte-order.js';
import { entryAt } from '../root/list-directory.js';
import { overlayRoot, throughLinks } from '../root/overlay-root.js';
import { baseName, directoryOf } from '../root/path-text.js';
import { resolvePath } from '../root/resolve-path.js';
import type { Root } from '../root/root.js';
import type { ImageNote } from './image-note.js';
import type { ImagePlan, PlanEntry, PlannedFile } from './image-plan.js';
import {
  describeProblems,
  incompleteProblems,
  type PlanProblem,
  problemKey,
} from './plan-problem.js';
import { sameBytes } from './same-bytes.js';
import { startProblems } from './start-problems.js';
import { traceInImage } from './trace-in-image.js';

interface BaseRequest {
  readonly trace: Trace;
  /** A flat plan that is proven on its own. */
  readonly plan: ImagePlan;
  readonly base: Root;
  /** What is wrong in the build image too, which says nothing about the base. */
  readonly known: readonly PlanProblem[];
  /** Plan even what would not run there. */
  readonly allowIncomplete: boolean;
  /** What stops a program at its start. */
  readonly startChecks: readonly Check[];
}

/** A file of the plan, and what the base has at its place. */
interface Placed {
  readonly file: PlannedFile;
  /** The real place, whatever links of the base the planned path has. */
  readonly path: string;
  readonly there: 'nothing' | 'same' | 'other';
}

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

/** Where a file goes in the base. A place that is no place for a file is a conflict. */
function placeInBase(file: PlannedFile, root: Root, base: Root): Placed {
  const path = throughLinks(base, file.path);
  // A file of the base stays, even a link that leads nowhere.
  if (isData(file) && entryAt(base, path) !== undefined) return { file, path, there: 'same' };
  const conflict = (fact: string) => new PlanError('PLAN_CONFLICT', fact, { path });
  const parent = resolvePath(base, directoryOf(path));
  if (parent.found ? parent.entry.kind !== 'directory' : parent.problem !== 'ENOENT')
    throw conflict('in the base that is below something else than a directory');
  const standing = resolvePath(base, path);
  // A link that leads nowhere ends at another path.
  const isNothing = !standing.found && standing.problem === 'ENOENT' && isAt(standing.at, path);
  if (isNothing) return { file, path, there: 'nothing' };
  if (!standing.found || standing.entry.kind !== 'file')
    throw conflict('the base has something else than a file there');
  if (sameBytes(root, file.source, base, standing.path)) return { file, path, there: 'same' };
  // COPY into the directory replaces a link; COPY to another name writes through it.
  if (standing.path !== path && baseName(file.openedAs) !== baseName(path))
    throw conflict('a link of the base, which COPY would write through');
  return { file, path, there: 'other' };
}

interface Run {
  /** Why the programs would not run. */
  readonly problems: readonly PlanProblem[];
  /** Real paths of the files that are mapped. */
  readonly used: ReadonlySet<string>;
}

function traceOnBase(
  { trace, plan, base, known, startChecks }: BaseRequest,
  added: readonly Placed[],
  placed: readonly Placed[],
): Run {
  const root = overlayRoot(
    base,
    added.map(({ file, path }) => ({ path, root: trace.root, source: file.source })),
  );
  const image = traceInImage(trace, plan, { root });
  const used = image.closures.flatMap(closureFiles).map(({ realPath }) => realPath as string);
  const found = [
    ...image.errors.map(
      (error): PlanProblem => ({ code: 'NOT_READABLE', program: error.path ?? '', error }),
    ),
    ...image.closures.flatMap(incompleteProblems),
    ...image.closures.flatMap((closure) => mixedLibc(closure, added, placed)),
    ...startProblems(image, startChecks),
  ];
  const keys = new Set(known.map(problemKey));
  // Programs have their paths in the root among the known ones.
  const places = new Map(
    plan.programs.map((place, index) => [place, trace.closures[index]?.program.path]),
  );
  const problems = found.filter(
    (problem) =>
      !keys.has(
        problemKey({ ...problem, program: places.get(problem.program) ?? problem.program }),
      ),
  );
  return { problems, used: new Set(used) };
}

/** A C library and a loader of two builds do not work together. */
function mixedLibc(
  { program, interpreter, objects, traits }: Trace['closures'][number],
  added: readonly Placed[],
  placed: readonly Placed[],
): PlanProblem[] {
  const mine = new Set<string>(added.map(({ path }) => path));
  if (traits === null || interpreter?.realPath === undefined) return [];
  // Then the base's C library is the build image's, whatever files of it are there.
  if (placed.some(({ file, there }) => there === 'same' && file.path === interpreter.path))
    return [];
  const isMine = mine.has(interpreter.realPath);
  return objects
    .filter(({ name, realPath }) => traits.isOwn(name) && mine.has(realPath) !== isMine)
    .map(({ path }) => ({
      code: 'MIXED_LIBC',
      program: program.path,
      interpreter: interpreter.path,
      library: path,
      interpreterIsOurs: isMine,
    }));
}

/** A file that is read, not mapped: users, certificates, time zones. */
function isData({ because }: PlannedFile): boolean {
  return !MAPPED.has(because);
}

const MAPPED: ReadonlySet<string> = new Set(['program', 'interpreter', 'library', 'preload']);

/** Whether `at`, where resolvePath ended, is the path or a directory above it that is not there. */
function isAt(at: string, path: string): boolean {
  return path === at || path.startsWith(`${at}/`);
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
