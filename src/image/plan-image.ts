/**
 * Closures into an image plan: which files, links and directories, where, and with what
 * environment; then the proof that everything resolves there, with nothing else visible.
 * No search rules here: the proof asks the loaders again.
 */
import type { Closure } from '../closure/closure.js';
import { closureFiles } from '../closure/closure-files.js';
import type { Trace, TraceAgain } from '../closure/trace.js';
import { PlanError } from '../errors.js';
import type { RuntimeNeed } from '../needs/need.js';
import { compareBytes } from '../root/glob.js';
import { namesIn } from '../root/list-directory.js';
import { directoryOf, pathFrom } from '../root/path-text.js';
import { resolvePath } from '../root/resolve-path.js';
import type { Root } from '../root/root.js';
import { type CheckAgain, planOnBase } from './base-image.js';
import type { ImagePlan, PlanEntry } from './image-plan.js';
import { incompleteFacts, several } from './incomplete-facts.js';
import { makeFindable } from './lost-libraries.js';
import { addNeeds } from './need-entries.js';
import { destinationsOf, placeObjects } from './placement.js';
import { normalize, PlanEntries } from './plan-entries.js';
import { platformOf } from './platform.js';

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
  /** What the programs need beside their libraries, and shall have. */
  readonly needs?: readonly RuntimeNeed[];
  /** What the image is built on, where that is known; for the layout `flat`. */
  readonly base?: Root;
}

/** What a plan asks of the checks. */
interface PlanChecks {
  /** Only what the loader does when a program starts. */
  readonly atStart: CheckAgain;
  readonly all: CheckAgain;
}

/**
 * Plans an image of the traced programs. Throws {@link PlanError}: PLAN_INCOMPLETE when something is
 * missing, not found in the image or refused by the loader, PLAN_CONFLICT when two files want one place.
 */
export function planImage(
  trace: Trace,
  options: PlanOptions,
  traceAgain: TraceAgain,
  check: PlanChecks,
): ImagePlan {
  const { closures, root } = trace;
  const lost = [...new Set(closures.flatMap(incompleteFacts))];
  if (lost.length > 0 && !options.allowIncomplete)
    throw new PlanError('PLAN_INCOMPLETE', several(lost), {
      hint: 'elfdeps FILE shows where it was looked for; --allow-incomplete goes on all the same',
    });
  const refused = refusedAtStart(trace, traceAgain, check.atStart);
  if (refused.length > 0 && !options.allowIncomplete)
    throw new PlanError('PLAN_INCOMPLETE', several(refused), {
      hint: 'elfdeps check FILE tells more; --allow-incomplete goes on all the same',
    });
  const missing = [...lost, ...refused];
  const flat = options.layout === 'flat';
  const cwd = trace.options.cwd ?? '/';
  const notes: string[] = [];
  const destinations = destinationsOf(closures, options.destinations ?? new Map(), flat, notes);
  // By closure: two moved programs may each want the same library beside them.
  const places = closures.map((closure) => placeObjects(closure, destinations));
  const entries = new PlanEntries(root, options.layout !== 'parents');
  closures.forEach((closure, index) => {
    for (const file of closureFiles(closure)) {
      if (places[index]?.has(file.path)) continue;
      const opened = pathFrom(cwd, file.path);
      if (flat) entries.addFile(normalize(opened), file.realPath, opened, file.role);
      else entries.addWithLinks(opened, file, file.role);
    }
    for (const path of closure.configuration)
      if (!path.endsWith('ld.so.cache')) entries.addConfiguration(path, flat);
  });
  // Last, when it is known which directories of their places are links.
  closures.forEach((closure, index) => {
    for (const file of closureFiles(closure)) {
      const place = places[index]?.get(file.path);
      if (place !== undefined)
        entries.addFile(
          entries.throughLinks(place),
          file.realPath,
          pathFrom(cwd, file.path),
          file.role,
        );
    }
  });

  for (const { diagnostics } of closures)
    notes.push(...diagnostics.filter(({ code }) => code === 'OPEN_FAILS').map((d) => d.message));
  notes.push(...addNeeds(entries, options.needs ?? [], root, options.layout !== 'links'));

  const programs = closures.map(
    ({ program }, index) =>
      places[index]?.get(program.path) ?? (flat ? normalize(program.path) : program.path),
  );
  // As many as there are programs, which are more than a call takes arguments.
  for (const note of [
    ...variantsLeftOut(root, closures),
    ...notExecutable(closures),
    ...scripts(closures),
    ...(flat ? [...storedTwice(entries.sorted()), ...capabilitiesAtRisk(entries.sorted())] : []),
  ])
    notes.push(note);
  const environment: Record<string, string> = {
    ...(options.libraryPath ? { LD_LIBRARY_PATH: options.libraryPath } : {}),
    ...(options.preload ? { LD_PRELOAD: options.preload } : {}),
    ...options.environment,
  };
  if (options.preload) notes.push(`LD_PRELOAD=${options.preload}: yours, kept for the image`);
  const { plan, problems } = makeFindable({
    trace,
    plan: {
      entries: options.layout === 'links' ? entries.linked() : entries.sorted(),
      platform: platformOf(closures.find((closure) => closure.target !== null)?.target),
      programs,
      entrypoint:
        options.entrypoint ?? programs.filter((_, index) => canStart(closures[index])).slice(0, 1),
      command: options.command ?? [],
      environment,
      labels: options.labels ?? {},
      ...(options.user === undefined ? {} : { user: options.user }),
      ...(options.workdir === undefined ? {} : { workdir: options.workdir }),
      notes,
      complete: missing.length === 0,
    },
    entries,
    places,
    canHoldMadeFiles: options.layout === 'links',
    isLibraryPathOptional: options.environment?.LD_LIBRARY_PATH === undefined,
    traceAgain,
  });
  const facts = [
    ...leftBehind(closures, programs, options.needs ?? []),
    ...problems.map(({ fact }) => fact),
  ];
  if (facts.length > 0 && !options.allowIncomplete)
    throw new PlanError('PLAN_INCOMPLETE', several(facts), {
      hint: closures.some(needsWorkingDirectory)
        ? `a needed name with a slash leads from the working directory: try --workdir ${cwd}`
        : 'keep the paths that the programs have in the root, or use --allow-incomplete',
    });
  const known = {
    ...plan,
    complete: facts.length === 0 && missing.length === 0,
    notes: [...plan.notes, ...missing, ...facts],
  };
  const { base, allowIncomplete = false } = options;
  if (base === undefined) return known;
  return planOnBase({
    trace,
    plan: known,
    base,
    allowIncomplete,
    traceAgain,
    checkAgain: check.all,
  });
}

/** What the loader would refuse though every file is there; what is opened later has no say in it. */
function refusedAtStart(
  trace: Trace,
  traceAgain: TraceAgain,
  checkStart: CheckAgain,
): readonly string[] {
  const { opens, ...options } = trace.options;
  const { root, programs, files } = trace;
  const started = opens === undefined ? trace : traceAgain(root, programs, { ...options, files });
  const errors = checkStart(started).flatMap(({ findings }) =>
    findings.filter(({ severity }) => severity === 'error').map(({ message }) => message),
  );
  return [...new Set(errors)];
}

function needsWorkingDirectory({ libraries }: Closure): boolean {
  return libraries.some(({ name }) => name.includes('/') && !name.startsWith('/'));
}

/** Whether a kernel would start it. */
function canStart(closure: Closure | undefined): boolean {
  return closure?.program.kind === 'executable' || closure?.program.kind === 'script';
}

/** Programs that would look for their files beside another directory than their own. */
function leftBehind(
  closures: readonly Closure[],
  places: readonly string[],
  needs: readonly RuntimeNeed[],
): string[] {
  return closures.flatMap(({ program: { path, realPath } }, index) => {
    const need = needs.find((one) => one.isBesideProgram && one.program === path);
    const place = places[index];
    if (need === undefined || place === undefined || place === path) return [];
    if (directoryOf(place) === directoryOf(realPath)) return [];
    const fact = `${path} finds the files of ${need.kind} from its own directory, not from ${place}`;
    return [fact];
  });
}

/** COPY makes a file of its own of every name that is opened. */
function storedTwice(entries: readonly PlanEntry[]): string[] {
  const bySource = new Map<string, string[]>();
  for (const entry of entries)
    if (entry.kind === 'file')
      bySource.set(entry.source, [...(bySource.get(entry.source) ?? []), entry.path]);
  return [...bySource.values()]
    .filter((paths) => paths.length > 1)
    .map((paths) => `${paths.join(' and ')}: one file, stored again as COPY follows links`);
}

/** COPY is the builder's, and not every builder copies extended attributes. */
function capabilitiesAtRisk(entries: readonly PlanEntry[]): string[] {
  return entries
    .filter((entry) => entry.kind === 'file' && entry.capability !== undefined)
    .map(({ path }) => `${path}: has file capabilities, which not every builder's COPY keeps`);
}

function notExecutable(closures: readonly Closure[]): string[] {
  return closures
    .filter((closure) => canStart(closure) && (closure.program.entry.mode & 0o111) === 0)
    .map(({ program }) => `${program.path}: nobody may execute it, here and in the image`);
}

/** What a script starts or imports stands in its text, in a language of its own. */
function scripts(closures: readonly Closure[]): string[] {
  return closures
    .filter(({ program }) => program.kind === 'script')
    .map(({ program: { path } }) => `${path}: a script, whose own commands are not looked at`);
}

/** Images are for every CPU of the platform, so glibc-hwcaps variants of libraries stay behind. */
function variantsLeftOut(root: Root, closures: readonly Closure[]): string[] {
  const paths = new Set<string>();
  for (const { path } of closures.flatMap(({ objects }) => objects)) {
    const cut = path.lastIndexOf('/');
    const variants = `${path.slice(0, cut)}/glibc-hwcaps`;
    for (const level of namesIn(root, variants)) {
      const variant = `${variants}/${level}${path.slice(cut)}`;
      if (resolvePath(root, variant).found) paths.add(variant);
    }
  }
  return [...paths]
    .sort(compareBytes)
    .map((path) => `${path}: left out, it is for newer CPUs only (--hwcaps takes it)`);
}
