/**
 * Closures into an image plan: which files, links and directories, where, and with what
 * environment; then the proof that everything resolves there, with nothing else visible.
 * No search rules here: the proof asks the loaders again.
 */
import type { Closure } from '../closure/closure.js';
import { requiredFiles } from '../closure/required-files.js';
import type { Trace, TraceOptions } from '../closure/trace.js';
import { PlanError } from '../errors.js';
import type { LoadedObject } from '../loader/loader.js';
import { compareBytes } from '../root/glob.js';
import { resolvePath, type SymlinkHop } from '../root/resolve-path.js';
import type { RealPath, Root } from '../root/root.js';
import type { ImagePlan, PlanEntry } from './image-plan.js';
import { planRoot } from './plan-root.js';
import { platformOf } from './platform.js';

export interface PlanOptions {
  /**
   * `links` keeps the root's symbolic links, for trees and archives. `flat` puts a plain file at
   * each path that is opened, for COPY, which follows links.
   */
  readonly layout: 'links' | 'flat';
  /** Where programs go, by their path in the trace; those without an entry stay where they are. */
  readonly destinations?: ReadonlyMap<string, string>;
  /** Environment of the image, beside what the plan finds necessary. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Plan even what will not run. */
  readonly allowIncomplete?: boolean;
  /** The trace's LD_LIBRARY_PATH and LD_PRELOAD, which the image needs too. */
  readonly libraryPath?: string;
  readonly preload?: string;
}

/** Traces programs in a root: traceDependencies with its loaders. */
export type TraceAgain = (root: Root, programs: readonly string[], options: TraceOptions) => Trace;

/**
 * Plans an image of the traced programs. Throws {@link PlanError}: PLAN_INCOMPLETE when something is
 * missing or would not be found in the image, PLAN_CONFLICT when two files want one place.
 */
export function planImage(trace: Trace, options: PlanOptions, traceAgain: TraceAgain): ImagePlan {
  const { closures, root } = trace;
  if (!options.allowIncomplete) requireComplete(closures);
  const places = placeObjects(closures, options.destinations ?? new Map());
  const entries = new EntrySet(root);
  for (const closure of closures) {
    for (const file of requiredFiles(closure)) {
      const moved = places.get(file.path);
      const opened = absolute(file.path);
      if (moved !== undefined) entries.addFile(moved, file.realPath, opened, file.role);
      else if (options.layout === 'flat')
        entries.addFile(normalize(opened), file.realPath, opened, file.role);
      else entries.addWithLinks(opened, file, file.role);
    }
    for (const path of closure.configuration)
      if (!path.endsWith('ld.so.cache')) entries.addConfiguration(path, options.layout === 'flat');
  }

  const programs = closures.map(({ program }) => places.get(program.path) ?? program.path);
  const environment: Record<string, string> = {
    ...(options.libraryPath ? { LD_LIBRARY_PATH: options.libraryPath } : {}),
    ...(options.preload ? { LD_PRELOAD: options.preload } : {}),
    ...options.environment,
  };
  const plan = {
    entries: entries.sorted(),
    platform: platformOf(closures.find((closure) => closure.target !== null)?.target),
    programs,
    entrypoint: programs.slice(0, 1),
    environment,
    notes: [] as string[],
  };
  if (options.allowIncomplete) return plan;
  return prove(trace, plan, places, traceAgain);
}

function requireComplete(closures: readonly Closure[]): void {
  const incomplete = closures.filter((closure) => !closure.complete);
  if (incomplete.length === 0) return;
  const facts = incomplete.flatMap((closure) => [
    ...(closure.interpreter?.status === 'missing'
      ? [`${closure.program.path} needs ${closure.interpreter.path}, which is missing`]
      : []),
    ...closure.libraries
      .filter(({ status, kind }) => status === 'missing' && kind !== 'auxiliary')
      .map(
        ({ name, neededBy }) =>
          `${neededBy[0] ?? closure.program.path} needs ${name}, which is missing`,
      ),
    ...(closure.fatal === undefined ? [] : [`${closure.program.path}: ${closure.fatal}`]),
  ]);
  throw new PlanError('PLAN_INCOMPLETE', [...new Set(facts)].join('; '), {
    hint: 'elfdeps FILE shows where it was looked for; --allow-incomplete goes on all the same',
  });
}

/**
 * New paths of moved programs and of the libraries that they find relative to themselves, by the
 * path in the trace. What was found by an absolute path stays where it is.
 */
function placeObjects(
  closures: readonly Closure[],
  destinations: ReadonlyMap<string, string>,
): Map<string, string> {
  const places = new Map<string, string>();
  for (const { program, objects, libraries } of closures) {
    const destination = destinations.get(program.path);
    if (destination === undefined || destination === program.path) continue;
    places.set(program.path, destination);
    const byPath = new Map(objects.map((object) => [object.path, object]));
    for (const library of libraries) {
      const owner = byPath.get(library.tried.at(-1)?.from ?? '');
      const { object } = library;
      if (owner === undefined || object === undefined || !usesOrigin(owner)) continue;
      const ownerPlace = places.get(owner.path);
      if (ownerPlace === undefined || !object.path.startsWith(`${owner.origin}/`)) continue;
      const relative = object.path.slice(owner.origin.length);
      places.set(
        object.path,
        normalize(`${ownerPlace.slice(0, ownerPlace.lastIndexOf('/'))}${relative}`),
      );
    }
  }
  return places;
}

function usesOrigin({ elf }: LoadedObject): boolean {
  return /\$\{?ORIGIN/.test(`${elf.dynamic?.rpath ?? ''}${elf.dynamic?.runpath ?? ''}`);
}

/** Walks the plan again, alone. A library that only the cache found gets LD_LIBRARY_PATH. */
function prove(
  trace: Trace,
  plan: ImagePlan & { notes: string[] },
  places: ReadonlyMap<string, string>,
  traceAgain: TraceAgain,
): ImagePlan {
  const problems = proofProblems(trace, plan, traceAgain);
  if (problems.length === 0) return plan;
  const directories = cacheOnlyDirectories(trace, places, problems);
  if (directories.length > 0) {
    const path = [plan.environment.LD_LIBRARY_PATH, ...directories].filter(Boolean).join(':');
    const second = {
      ...plan,
      environment: { ...plan.environment, LD_LIBRARY_PATH: path },
      notes: [
        ...plan.notes,
        `LD_LIBRARY_PATH=${path}: found through ld.so.cache, which the image has not`,
      ],
    };
    const left = proofProblems(trace, second, traceAgain);
    if (left.length === 0) return second;
    throw unproven(left);
  }
  throw unproven(problems);
}

function unproven(problems: readonly Problem[]): PlanError {
  const facts = problems.map(({ program, name, found, wanted }) =>
    found === undefined
      ? `${program} would not find ${name} (${wanted}) in the image`
      : `${program} would find ${found} for ${name}, not ${wanted}`,
  );
  return new PlanError('PLAN_INCOMPLETE', [...new Set(facts)].join('; '), {
    hint: 'keep the paths that the programs have in the root, or use --allow-incomplete',
  });
}

interface Problem {
  readonly program: string;
  readonly name: string;
  readonly wanted: RealPath;
  readonly found?: RealPath;
}

/** Every name that does not lead to the same file in the image as in the root. */
function proofProblems(trace: Trace, plan: ImagePlan, traceAgain: TraceAgain): Problem[] {
  const root = planRoot(plan, trace.root);
  const sources = new Map(
    plan.entries.flatMap((entry) =>
      entry.kind === 'file' ? [[entry.path, entry.source] as const] : [],
    ),
  );
  const again = traceAgain(root, plan.programs, {
    hwcaps: 'none',
    ...(plan.environment.LD_LIBRARY_PATH ? { libraryPath: plan.environment.LD_LIBRARY_PATH } : {}),
    ...(plan.environment.LD_PRELOAD ? { preload: plan.environment.LD_PRELOAD } : {}),
  });
  return trace.closures.flatMap((closure, index) => {
    const proof = again.closures[index];
    return closure.libraries.flatMap((library): Problem[] => {
      const wanted = library.object?.realPath;
      if (wanted === undefined) return [];
      const row = proof?.libraries.find((l) => l.name === library.name);
      const found = row?.object && sources.get(row.object.realPath);
      if (found === wanted) return [];
      const { path: program } = closure.program;
      return [{ program, name: library.name, wanted, ...(found === undefined ? {} : { found }) }];
    });
  });
}

/** Directories of what was not found in the image but through the cache in the root. */
function cacheOnlyDirectories(
  { closures }: Trace,
  places: ReadonlyMap<string, string>,
  problems: readonly Problem[],
): string[] {
  const wanted = new Set(problems.map((problem) => problem.wanted));
  const directories = new Set<string>();
  for (const { objects } of closures)
    for (const { rule, path, realPath } of objects)
      if (rule === 'cache' && wanted.has(realPath) && !places.has(path))
        directories.add(path.slice(0, path.lastIndexOf('/')));
  return [...directories];
}

/** Entries by path, with their parent directories. */
class EntrySet {
  readonly #root: Root;
  readonly #entries = new Map<string, PlanEntry>();

  constructor(root: Root) {
    this.#root = root;
  }

  /** A plain file at `path` with the bytes of `source`, which `opened` leads to. */
  addFile(path: string, source: RealPath, opened: string, because: string): void {
    const known = this.#entries.get(path);
    if (known !== undefined && (known.kind !== 'file' || known.source !== source))
      throw new PlanError(
        'PLAN_CONFLICT',
        `${known.kind === 'file' ? known.source : `a ${known.kind}`} and ${source} want this place`,
        { path },
      );
    const entry = this.#root.lstat(source);
    if (known !== undefined || entry === undefined) return;
    const { mode, size } = entry;
    // A builder shortens paths as text; where that leads elsewhere, only the real path is right.
    const shortened = normalize(opened);
    const leads = resolvePath(this.#root, shortened);
    const openedAs = leads.found && leads.path === source ? shortened : source;
    this.#add({ kind: 'file', path, source, openedAs, mode, size, because });
  }

  /** The file at its real path, and every link and directory on the way from `path`. */
  addWithLinks(
    path: string,
    file: { readonly realPath: RealPath; readonly links: readonly SymlinkHop[] },
    because: string,
  ): void {
    for (const link of file.links)
      this.#add({ kind: 'symlink', path: link.path, target: link.target });
    for (const text of [path, ...file.links.map(linkTarget)]) this.#addCrossed(text);
    this.addFile(file.realPath, file.realPath, file.realPath, because);
  }

  addConfiguration(path: string, flat: boolean): void {
    const file = resolvePath(this.#root, path);
    if (!file.found) return;
    if (flat) this.addFile(path, file.path, path, 'configuration');
    else this.addWithLinks(path, { realPath: file.path, links: file.links }, 'configuration');
  }

  sorted(): PlanEntry[] {
    return [...this.#entries.values()].sort((a, b) => compareBytes(a.path, b.path));
  }

  /** Directories that a path only passes, to come back by `..`. */
  #addCrossed(path: string): void {
    const parts = path.split('/');
    parts.forEach((part, index) => {
      if (part !== '..') return;
      const crossed = resolvePath(this.#root, parts.slice(0, index).join('/') || '/');
      if (!crossed.found || crossed.path === '/') return;
      for (const link of crossed.links)
        this.#add({ kind: 'symlink', path: link.path, target: link.target });
      this.#add({ kind: 'directory', path: crossed.path, mode: crossed.entry.mode });
    });
  }

  #add(entry: PlanEntry): void {
    if (this.#entries.has(entry.path)) return;
    this.#entries.set(entry.path, entry);
    const parent = entry.path.slice(0, entry.path.lastIndexOf('/'));
    if (parent === '' || this.#entries.has(parent)) return;
    const mode = this.#root.lstat(parent)?.mode ?? 0o755;
    this.#add({ kind: 'directory', path: parent, mode });
  }
}

function linkTarget({ path, target }: SymlinkHop): string {
  return target.startsWith('/') ? target : `${path.slice(0, path.lastIndexOf('/'))}/${target}`;
}

function absolute(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}

/** A path as COPY would write it: without `.`, `..` and repeated slashes, as text. */
export function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
