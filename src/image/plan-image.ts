/**
 * Closures into an image plan: which files, links and directories, where, and with what
 * environment; then the proof that everything resolves there, with nothing else visible.
 * No search rules here: the proof asks the loaders again.
 */
import type { Check } from '../check/check.js';
import type { Closure } from '../closure/closure.js';
import type { Trace } from '../closure/trace.js';
import { type PlanAdvice, PlanError } from '../errors.js';
import type { RuntimeNeed } from '../needs/need.js';
import { directoryOf } from '../root/path-text.js';
import type { Root } from '../root/root.js';
import { planOnBase } from './base-image.js';
import type { ImageNote } from './image-note.js';
import type { ImagePlan } from './image-plan.js';
import { makeFindable } from './lost-libraries.js';
import { type PlacedFiles, placeFiles } from './plan-files.js';
import { notesOfPlan } from './plan-notes.js';
import { describeProblems, incompleteProblems, type PlanProblem } from './plan-problem.js';
import { platformOf } from './platform.js';
import type { ProvenPlan } from './proof.js';
import { startProblems } from './start-problems.js';

/** What an image shall be like; only the layout must be said. */
export interface PlanOptions {
  /**
   * `links` keeps the root's symbolic links, for trees and archives. `flat` puts a plain file at
   * each path that is opened, for COPY, which follows links. `parents` is like `links`, but with
   * nothing that is not in the root, for COPY --parents.
   */
  readonly layout: 'links' | 'flat' | 'parents';
  /** Where programs go, by their path in the trace; those without an entry stay where they are. */
  readonly destinations?: ReadonlyMap<string, string>;
  /** Environment of the image, beside what the plan finds necessary. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Instead of the first program that can be started. */
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly user?: string;
  readonly workdir?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Plan even what will not run. */
  readonly allowIncomplete?: boolean;
  /**
   * The trace's LD_LIBRARY_PATH and LD_PRELOAD. The image gets the first only if something is not
   * found without it.
   */
  readonly libraryPath?: string;
  readonly preload?: string;
  /** LD_AUDIT of the trace, which the image gets too. */
  readonly audit?: string;
  /** What the programs need beside their libraries, and shall have. */
  readonly needs?: readonly RuntimeNeed[];
  /**
   * Real paths of files, links and directories that are kept as they stand, and why. Links are not
   * followed, and what is in a directory is not kept with it.
   */
  readonly kept?: ReadonlyMap<string, string>;
  /** What the image is built on, where that is known; for the layout `flat`. */
  readonly base?: Root;
}

/**
 * Plans an image of the traced programs. `startChecks` are what stops a program at its start. Throws
 * {@link PlanError}: PLAN_INCOMPLETE when something is missing, not found in the image or refused at
 * the start, PLAN_CONFLICT when two files want one place or the base image does not fit.
 */
export function planImage(
  trace: Trace,
  options: PlanOptions,
  startChecks: readonly Check[],
): Pick<ProvenPlan, 'plan' | 'image'> {
  const { allowIncomplete = false, base } = options;
  const require = (
    problems: readonly PlanProblem[],
    advise: (program: string) => PlanAdvice,
  ): readonly PlanProblem[] => {
    const [first] = problems;
    if (first === undefined || allowIncomplete) return problems;
    throw new PlanError('PLAN_INCOMPLETE', describeProblems(problems), {
      advice: advise(first.program),
    });
  };
  const missing = require(trace.closures.flatMap(incompleteProblems), (program) => ({
    code: 'SHOW_SEARCH',
    program,
  }));
  const placed = placeFiles(trace, options);
  const proven = proveFindable(trace, options, placed);
  const lost = require([
    ...leftBehind(trace.closures, placed.programs, options.needs ?? []),
    ...proven.problems,
  ], () => adviceOnLost(trace, proven));
  const refused = require(startProblems(proven.image, startChecks), (program) => ({
    code: 'CHECK',
    program: tracedPath(program, trace, placed),
  }));
  const problems = [...missing, ...lost, ...refused];
  const plan = {
    ...proven.plan,
    complete: problems.length === 0,
    notes: [
      ...proven.plan.notes,
      ...problems.map((problem): ImageNote => ({ code: 'PROBLEM', problem })),
    ],
  };
  const { image } = proven;
  if (base === undefined) return { plan, image };
  const request = { trace, plan, base, known: problems, allowIncomplete, startChecks };
  return { plan: planOnBase(request), image };
}

/** The plan with its environment and start, made so that every library is found. */
function proveFindable(trace: Trace, options: PlanOptions, placed: PlacedFiles): ProvenPlan {
  const { closures } = trace;
  const { layout, libraryPath, preload, audit } = options;
  const { entries, places, programs, lower } = placed;
  const starting = programs.filter((_, index) => isStarted(closures[index]));
  const plan: ImagePlan = {
    entries: layout === 'links' ? entries.linked() : entries.sorted(),
    platform: platformOf(closures.find((closure) => closure.target !== null)?.target),
    programs,
    entrypoint: options.entrypoint ?? starting.slice(0, 1),
    command: options.command ?? [],
    environment: {
      ...(libraryPath ? { LD_LIBRARY_PATH: libraryPath } : {}),
      ...(preload ? { LD_PRELOAD: preload } : {}),
      ...(audit ? { LD_AUDIT: audit } : {}),
      ...options.environment,
    },
    labels: options.labels ?? {},
    user: options.user,
    workdir: options.workdir,
    notes: [...placed.notes, ...notesOfPlan(trace, options, entries.sorted())],
    complete: true,
  };
  return makeFindable({
    trace,
    plan,
    entries,
    places,
    lower,
    canHoldMadeFiles: layout === 'links',
    isFlat: layout === 'flat',
    isLibraryPathOptional: options.environment?.LD_LIBRARY_PATH === undefined,
  });
}

/** Whether a kernel would start it. */
function isStarted(closure: Closure | undefined): boolean {
  return closure?.program.kind === 'executable' || closure?.program.kind === 'script';
}

/** What helps where libraries are not found in the image. */
function adviceOnLost(trace: Trace, { problems }: ProvenPlan): PlanAdvice {
  const command = secureCommand(trace, problems);
  if (command !== undefined) return { code: 'RUN_IN_ROOT', command };
  return trace.closures.some(needsWorkingDirectory)
    ? { code: 'SET_WORKDIR', workdir: trace.options.cwd ?? '/' }
    : { code: 'KEEP_PATHS' };
}

/** The path in the trace of a program of the image. */
function tracedPath(program: string, { closures }: Trace, { programs }: PlacedFiles): string {
  return closures[programs.indexOf(program)]?.program.path ?? program;
}

/** What makes the loader of the root find what programs lose in secure-execution mode. */
function secureCommand(trace: Trace, problems: readonly PlanProblem[]): string | undefined {
  const byProgram = new Map<string, Set<string>>();
  for (const problem of problems) {
    if (problem.code !== 'FOUND_ELSEWHERE' || problem.secure === undefined) continue;
    const directories = byProgram.get(problem.program) ?? new Set();
    byProgram.set(problem.program, directories.add(directoryOf(problem.wanted)));
  }
  const commands = [...byProgram].flatMap(
    ([program, directories]) => trace.loaderOf(program)?.searchCommand?.([...directories]) ?? [],
  );
  return commands.length === 0 ? undefined : [...new Set(commands)].join(' && ');
}

function needsWorkingDirectory({ libraries }: Closure): boolean {
  return libraries.some(({ name }) => name.includes('/') && !name.startsWith('/'));
}

/** Programs that would look for their files beside another directory than their own. */
function leftBehind(
  closures: readonly Closure[],
  places: readonly string[],
  needs: readonly RuntimeNeed[],
): PlanProblem[] {
  return closures.flatMap(({ program: { path, realPath } }, index) => {
    const need = needs.find((one) => one.isBesideProgram && one.program === path);
    const place = places[index];
    if (need === undefined || place === undefined || place === path) return [];
    if (directoryOf(place) === directoryOf(realPath)) return [];
    return [{ code: 'LEFT_BEHIND', program: path, need: need.kind, place }];
  });
}
