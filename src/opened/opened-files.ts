/**
 * The events of a log as files of a root: which of them were opened, and where a process had called
 * chroot() before, the part of its paths that is in the root. What is not in the root is left out.
 */
import { byteCodeSource } from '../files/byte-code.js';
import type { RootFiles } from '../files/root-files.js';
import { baseName, directoryOf, pathFrom } from '../root/path-text.js';
import type { ResolvedPath } from '../root/resolve-path.js';
import type { Entry, RealPath } from '../root/root.js';
import type { OpenedEvent, OpenedLog, ShownPath } from './opened-log.js';

/** A file or directory of the root that was opened. */
export interface OpenedFile {
  /** Absolute, in the root, as it was named where the log tells that. */
  readonly path: string;
  readonly realPath: RealPath;
  readonly entry: Entry;
  /** Executed, and not only opened. */
  readonly isExecuted: boolean;
  /** The program that opened it, as it was executed; undefined where the log does not tell. */
  readonly program?: string;
}

/** What the log and the root tell together. */
export interface OpenedFiles {
  /** In the order of the log, each path once for each program. */
  readonly files: readonly OpenedFile[];
  /** Directories of the root in which the run made files, or wrote them without reading. */
  readonly directories: readonly string[];
}

/** Prefixes that are tried; a log of one run has one or two. */
const MOST_PREFIXES = 8;
/** What the kernel makes, or container engines. */
const OF_KERNEL = /^\/(?:proc|sys|dev)(?:\/|$)/;

/**
 * The files of the root that a log tells of. `programs` are paths in the root that the run is about: they
 * decide which of several directories that processes gave to chroot() is the root.
 */
export function openedFiles(
  files: RootFiles,
  { events }: OpenedLog,
  programs: readonly string[],
): OpenedFiles {
  const view = chooseView(files, events, programs);
  const found = new Map<string, OpenedFile>();
  const directories = new Set<string>();
  const made = new Set<string>();
  for (const event of events) {
    const path = insideOf(view, event);
    if (path === undefined) continue;
    const file = files.resolve(path);
    if (!file.found || event.writes !== undefined) {
      if (event.creates) addDirectory(files, path, directories);
      if (file.found && event.writes === 'anew') made.add(file.path);
    } else if (!made.has(file.path)) {
      addFile(file, path, event, found);
      addAsked(files, path, event, found);
    }
  }
  return { files: [...found.values()], directories: [...directories] };
}

/** Undefined also for what the kernel makes. */
function insideOf(view: View, event: OpenedEvent): string | undefined {
  const path = view.inside(event);
  return path !== undefined && OF_KERNEL.test(path) ? undefined : path;
}

function addFile(
  { path: realPath, entry }: ResolvedPath,
  path: string,
  { how, program }: OpenedEvent,
  found: Map<string, OpenedFile>,
): void {
  if (OF_KERNEL.test(realPath) || (entry.kind !== 'file' && entry.kind !== 'directory')) return;
  const isExecuted = how === 'executed';
  const key = `${path}\0${isExecuted}\0${program ?? ''}`;
  if (!found.has(key)) found.set(key, { path, realPath, entry, isExecuted, program });
}

/**
 * What a run asks only for the times of, and fails without: the source of byte code of Python, and the first
 * module of a namespace.
 */
function addAsked(
  files: RootFiles,
  path: string,
  event: OpenedEvent,
  found: Map<string, OpenedFile>,
): void {
  for (const asked of [byteCodeSource(path) ?? [], namespacesOf(files, path)].flat()) {
    const file = files.resolve(asked);
    if (file.found) addFile(file, asked, event, found);
  }
}

/** `*('zope',)`: the parts of the name of a namespace in a file that Python runs at each start. */
const NAMESPACE = /\*\(((?:'\w+', ?)*'\w+'),?\)/g;

/** The first modules of the namespaces of a `-nspkg.pth`. Source: setuptools/namespaces.py. */
function namespacesOf(files: RootFiles, path: string): string[] {
  const text = path.endsWith('-nspkg.pth') ? (files.readText(path) ?? '') : '';
  return [...text.matchAll(NAMESPACE)].map(([, parts = '']) =>
    [
      directoryOf(path),
      ...parts
        .replace(/[', ]+/g, '/')
        .split('/')
        .filter(Boolean),
      '__init__.py',
    ].join('/'),
  );
}

function addDirectory(files: RootFiles, path: string, directories: Set<string>): void {
  const directory = directoryOf(path);
  const file = files.resolve(directory);
  if (!file.found || file.entry.kind !== 'directory' || file.path === '/') return;
  if (!OF_KERNEL.test(file.path)) directories.add(directory);
}

/** How paths of a log are paths of the root: below `prefix`, a directory of the tracer. */
class View {
  readonly #files: RootFiles;
  readonly #prefix: string;
  /** Whether the log shows the call of chroot() that made the prefix. */
  readonly #isTraced: boolean;

  constructor(files: RootFiles, prefix: string, isTraced: boolean) {
    this.#files = files;
    this.#prefix = prefix;
    this.#isTraced = isTraced;
  }

  /** The path in the root; undefined for what is outside of it. */
  inside(event: OpenedEvent): string | undefined {
    const { path, isReal, real, chroot, witness } = event;
    if (isReal) return this.#named(this.#below(path), real);
    if (real !== undefined) return this.#shown({ path, real });
    if (witness !== undefined) return this.#isHere(witness) ? path : undefined;
    if (chroot !== '') return this.#below(chroot + path);
    return this.#isTraced ? undefined : path;
  }

  /** A path that the log has from the tracer; it may be a link to the other. */
  #named(path: string | undefined, real: string | undefined): string | undefined {
    if (real === undefined) return path;
    const shown = this.#below(real);
    return path !== undefined && this.#realOf(path) === shown ? path : shown;
  }

  #shown({ path, real }: ShownPath): string | undefined {
    const shown = this.#below(real);
    const own = this.#realOf(path);
    if (shown === undefined || shown === own) return shown && path;
    // Behind a second chroot() of the process, or of a run elsewhere, whose links lead to other files.
    return own === undefined || real.endsWith(own) ? shown : path;
  }

  #isHere({ path, real }: ShownPath): boolean {
    const shown = this.#below(real);
    const own = this.#realOf(path);
    return shown !== undefined && (own === undefined || own === shown || !real.endsWith(own));
  }

  #below(path: string): string | undefined {
    if (this.#prefix === '') return path;
    return path.startsWith(`${this.#prefix}/`) ? path.slice(this.#prefix.length) : undefined;
  }

  /** Where a path leads to; of a file that the root lacks, where it would be. */
  #realOf(path: string): string | undefined {
    const file = this.#files.resolve(path);
    if (file.found) return file.path;
    const directory = this.#files.resolve(directoryOf(path));
    return directory.found ? pathFrom(directory.path, baseName(path)) : undefined;
  }
}

/** The view in which a program of the run was executed, else the one with the most files of the root. */
function chooseView(
  files: RootFiles,
  events: readonly OpenedEvent[],
  programs: readonly string[],
): View {
  const traced = new Set(events.map(({ chroot }) => chroot));
  const wanted = new Set<string>(programs.flatMap((path) => realPathOf(files, path) ?? []));
  let best: { readonly view: View; readonly score: number } | undefined;
  for (const prefix of prefixesOf(files, events)) {
    const view = new View(files, prefix, prefix !== '' && traced.has(prefix));
    const score = scoreOf(view, files, events, wanted);
    if (best === undefined || score > best.score) best = { view, score };
  }
  return best?.view ?? new View(files, '', false);
}

/** How many events are about files of the root; one that executes a wanted program exceeds them all. */
function scoreOf(
  view: View,
  files: RootFiles,
  events: readonly OpenedEvent[],
  wanted: ReadonlySet<string>,
): number {
  let score = 0;
  for (const event of events) {
    const path = view.inside(event);
    const real = path === undefined ? undefined : realPathOf(files, path);
    if (real === undefined) continue;
    score += event.how === 'executed' && wanted.has(real) ? events.length + 1 : 1;
  }
  return score;
}

/** The directories that may be the root of the run, those that explain most first; `''` is the top. */
function prefixesOf(files: RootFiles, events: readonly OpenedEvent[]): string[] {
  const votes = new Map<string, number>([['', 1]]);
  const vote = (prefix: string) => votes.set(prefix, (votes.get(prefix) ?? 0) + 1);
  for (const { path, isReal, real, chroot, witness } of events) {
    if (chroot !== '') vote(chroot);
    const shown = isReal || real === undefined ? witness : { path, real };
    const prefix = shown && prefixOf(files, shown);
    if (prefix !== undefined) vote(prefix);
  }
  const most = [...votes].sort(([, a], [, b]) => b - a).slice(0, MOST_PREFIXES);
  return [...new Set(['', ...most.map(([prefix]) => prefix)])];
}

/** What stands before a path where the tracer sees it; undefined where the two have nothing in common. */
function prefixOf(files: RootFiles, { path, real }: ShownPath): string | undefined {
  const own = realPathOf(files, path);
  return own !== undefined && real.endsWith(own) ? real.slice(0, -own.length) : undefined;
}

function realPathOf(files: RootFiles, path: string): string | undefined {
  const file = files.resolve(path);
  return file.found ? file.path : undefined;
}
