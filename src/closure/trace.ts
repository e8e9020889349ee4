/**
 * From paths to closures: opens each program, chooses the loader that will run it, has the walk
 * resolve its needs. A bad file among many becomes an entry in `errors`; the others are answered.
 */
import { describeErrno, ElfdepsError } from '../errors.js';
import { RootFiles } from '../files/root-files.js';
import type { ConfiguredLoader, Loader, LoaderName, LoaderOptions } from '../loader/loader.js';
import type { Root } from '../root/root.js';
import type { User } from '../root/user.js';
import { type Closure, isOptional } from './closure.js';
import { type DlopenCall, type DlopenCalls, mergeCalls } from './dlopen-call.js';
import type { Exclusions } from './exclusions.js';
import { ProgramTracer } from './program-tracer.js';

/** What to trace with; every field may be left out. */
export interface TraceOptions extends Partial<LoaderOptions> {
  /** The PATH in which env and shells look for commands; without it, that of a container. */
  readonly searchPath?: string;
  /** Use this loader for every program that has a loader, whatever its interpreter is. */
  readonly loader?: LoaderName;
  /**
   * Who starts the programs, and may read only what file modes allow. Without it, everyone may read
   * everything, and programs that give rights are started by a user who owns nothing. `trusted`: everyone
   * may read everything, and no program gives rights.
   */
  readonly startedBy?: User | 'trusted';
  /**
   * Libraries and files that something else provides: sonames, needed names, paths or patterns. They are
   * `excluded`, not missing, and what only they need is not loaded either.
   */
  readonly exclude?: readonly string[];
  /** Calls of dlopen() to walk after a program's start, by the program's path. */
  readonly opens?: ReadonlyMap<string, readonly DlopenCall[]>;
  /**
   * Whether a text without a `#!` line is a program that does not start, instead of an error: a script
   * without an interpreter.
   */
  readonly takesTexts?: boolean;
  /**
   * What is known already of files of this root, or of one that lends it files; none of them is read again.
   * @internal
   */
  readonly files?: RootFiles;
  /** Called before each program, with how many of `total` are done and the path that comes next. */
  readonly onProgress?: (done: number, total: number, path: string) => void;
}

/** What a trace can be asked for in addition. */
export interface TraceAddition {
  /** Absolute paths in the root. */
  readonly programs?: readonly string[];
  readonly opens?: DlopenCalls;
}

/** The answer for all programs of a run. */
export interface Trace {
  readonly root: Root;
  /** The paths that were given, whether or not they could be read. */
  readonly programs: readonly string[];
  /** In the order of the programs; interpreters of scripts follow their script. */
  readonly closures: readonly Closure[];
  /** Programs that could not be read, libraries that may be there but could not, and why. */
  readonly errors: readonly ElfdepsError[];
  /**
   * The root's files that were read; ask it for more of them.
   * @internal
   */
  readonly files: RootFiles;
  /**
   * What was left out, and what of it was met.
   * @internal
   */
  readonly exclusions: Exclusions;
  /** What was traced with. */
  readonly options: TraceOptions;
  /**
   * The rules that were traced with.
   * @internal
   */
  readonly loaders: readonly Loader[];
  /**
   * The loader of a program (by its path), configured; undefined where nothing is loaded.
   * @internal
   */
  loaderOf(program: string): ConfiguredLoader | undefined;
  /**
   * The same trace with more programs and calls. It goes on where this one ended.
   * @internal
   */
  again(more: TraceAddition): Trace;
  /**
   * The same trace with those calls of dlopen() that are accepted. By default there are none: what is loaded
   * when each program starts.
   * @internal
   */
  atStart(accept?: (call: DlopenCall) => boolean): Trace;
  /**
   * Traces programs in another root with the same loaders. A file that the other root lends from this
   * one is not read again.
   * @internal
   */
  inRoot(root: Root, programs: readonly string[], options: TraceOptions): Trace;
}

/**
 * Traces `programs` (absolute paths in `root`) with the rules of `loaders`. Does not read the
 * environment: `options` say what LD_LIBRARY_PATH and LD_PRELOAD are.
 */
export function trace(
  root: Root,
  programs: readonly string[],
  options: TraceOptions,
  loaders: readonly Loader[],
): Trace {
  // A repeated trace reports its own progress, if any.
  const { onProgress, files, ...given } = options;
  const known = files?.inRoot(root) ?? new RootFiles(root);
  const tracer = new ProgramTracer(known, given, loaders);
  return traceWith(tracer, programs, given, onProgress);
}

/** Asks the tracer for every program; it knows those that were asked for before. */
function traceWith(
  tracer: ProgramTracer,
  programs: readonly string[],
  options: TraceOptions,
  onProgress?: TraceOptions['onProgress'],
): Trace {
  const closures = new Map<string, Closure>();
  const errors: ElfdepsError[] = [];
  for (const [done, path] of programs.entries()) {
    onProgress?.(done, programs.length, path);
    try {
      addClosures(tracer, path, options.opens, closures);
    } catch (error) {
      if (!(error instanceof ElfdepsError)) throw error;
      errors.push(error);
    }
  }
  const all = [...closures.values()];
  const { files, loaders, exclusions } = tracer;
  return {
    root: files.root,
    programs,
    closures: all,
    errors: [...errors, ...unreadableLibraries(all)],
    files,
    exclusions,
    options,
    loaders,
    loaderOf: (program) => tracer.loaderOf(program),
    again(more) {
      const opens = mergeCalls(options.opens ?? new Map(), more.opens ?? new Map());
      const paths = [...new Set([...programs, ...(more.programs ?? [])])];
      return traceWith(tracer, paths, { ...options, opens });
    },
    atStart(accept = () => false) {
      const calls = [...(options.opens ?? [])].map(
        ([program, all]) => [program, all.filter(accept)] as const,
      );
      return traceWith(tracer, programs, { ...options, opens: new Map(calls) });
    },
    inRoot: (root, paths, other) =>
      trace(root, paths, { ...other, files: files.inRoot(root) }, loaders),
  };
}

/** A program, and after a script the programs that its first line starts, however many in a row. */
function addClosures(
  tracer: ProgramTracer,
  first: string,
  opens: DlopenCalls | undefined,
  closures: Map<string, Closure>,
): void {
  const pending = [first];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (closures.has(path)) continue;
    const program = tracer.program(path);
    closures.set(path, program.closure(opens?.get(path) ?? []));
    pending.push(...[...program.starts].reverse());
  }
}

/** Missing libraries that elfdeps has no permission to look at: without them no answer is whole. */
function unreadableLibraries(closures: readonly Closure[]): ElfdepsError[] {
  const paths = closures.flatMap(({ libraries }) =>
    libraries.flatMap((library) => {
      if (library.status !== 'missing' || isOptional(library)) return [];
      return library.tried.find(({ outcome }) => outcome === 'unreadable')?.path ?? [];
    }),
  );
  return [...new Set(paths)].map(
    (path) =>
      new ElfdepsError('FILE_UNREADABLE', describeErrno('EACCES'), {
        path,
        hint: 'run elfdeps as a user who may read it',
      }),
  );
}
