/**
 * What a dynamic loader is to the rest of elfdeps: rules that turn a needed name into a file, one
 * request at a time, from what is already loaded. Each loader has a folder here that exports a
 * {@link Loader}. The closure walk drives it, and knows no loader by name.
 */
import type { ElfFile } from '../elf/elf-file.js';
import type { Target } from '../elf/target.js';
import type { RootFiles } from '../files/root-files.js';
import type { SymlinkHop } from '../root/resolve-path.js';
import type { Entry, RealPath } from '../root/root.js';
import type { Diagnostic, NamedLibrary } from './diagnostic.js';
import type { ProcessRights } from './process-rights.js';
import type { Refusal } from './refusal.js';
import type { LoaderTraits } from './traits.js';

/** The loaders whose rules are known. */
export type LoaderName = 'glibc' | 'musl' | 'uclibc' | 'freebsd';

/** The search rule that led to a candidate. */
export type SearchRule =
  | 'path'
  | 'rpath'
  | 'library-path'
  | 'runpath'
  | 'cache'
  | 'configured'
  | 'default'
  | 'built-in'
  | 'preload'
  | 'interpreter'
  | 'already-loaded';

/**
 * What stood at a path. `unreadable`: elfdeps may not look at it. `denied`: the user who starts the
 * program may not read it. `untrusted`: in secure-execution mode, it is not marked for a preload.
 */
export type AttemptOutcome =
  | 'found'
  | 'missing'
  | 'wrong-target'
  | 'not-elf'
  | 'unreadable'
  | 'denied'
  | 'untrusted';

/** One path that the loader tried. */
export interface Attempt {
  readonly rule: SearchRule;
  /** The candidate, as the loader would open it. */
  readonly path: string;
  readonly outcome: AttemptOutcome;
  /** Of an rpath or runpath: the path of the object that has it. */
  readonly from?: string;
}

/** An ELF file in the process. */
export interface LoadedObject {
  readonly role: 'program' | 'preload' | 'library' | 'interpreter';
  /** The first name that it was requested by; of a program, its path. */
  readonly name: string;
  /** The path that the loader opens and ldd prints. It may be relative, and may have links. */
  readonly path: string;
  readonly realPath: RealPath;
  /** The links that lead from `path` to `realPath`. */
  readonly links: readonly SymlinkHop[];
  readonly entry: Entry;
  /** What `$ORIGIN` means in it. */
  readonly origin: string;
  readonly elf: ElfFile;
  /** The object whose request loaded it; none for the program. */
  readonly requester?: LoadedObject;
  /** The search rule that found it; none for the program. */
  readonly rule?: SearchRule;
}

/** A name to turn into a file. */
export interface Request {
  readonly name: string;
  /** `dlopen` is a call of dlopen() by the running program, which goes on if the call fails. */
  readonly kind: 'needed' | 'filter' | 'auxiliary' | 'preload' | 'audit' | 'dlopen';
  /** Of a preload or an audit module: the variable, the tag, or the path of the file that names it. */
  readonly source?: string;
  /** Set on a preload that the program cannot start without. Other preloads are ignored if missing. */
  readonly required?: boolean;
}

/** A path that was opened with open(2), and the links that lead from it to the file. */
export interface ReachedFile {
  readonly path: string;
  readonly realPath: RealPath;
  readonly links: readonly SymlinkHop[];
}

/** The loader's answer to a request. */
export type LoaderAnswer = Outcome & {
  /** The requested name after its tokens were replaced; absent if that changed nothing. */
  readonly asked?: string;
};

type Outcome =
  /** An object of the process answers to the name; for the vDSO, which is no file, no object does. */
  | {
      readonly outcome: 'loaded';
      readonly object: LoadedObject | undefined;
      /** Set if the loader's listing has a line for this name too: the search rule to print. */
      readonly listedAs?: SearchRule;
      /** Set if a file had to be opened to see that it is loaded: that file. */
      readonly opened?: ReachedFile;
      readonly tried: readonly Attempt[];
    }
  | {
      readonly outcome: 'found';
      readonly object: LoadedObject;
      readonly rule: SearchRule;
      readonly tried: readonly Attempt[];
    }
  /** No file was found. `error` is what the loader prints after the name and a colon. */
  | {
      readonly outcome: 'missing';
      readonly refusal: Refusal;
      readonly error: string;
      readonly tried: readonly Attempt[];
    }
  /** The loader ends at once, even if it only lists. `error` is its whole message. */
  | {
      readonly outcome: 'fatal';
      readonly refusal: Refusal;
      readonly error: string;
      readonly tried: readonly Attempt[];
      /** Set if a signal kills the loader before it prints anything. Then `error` is in our words. */
      readonly signal?: FatalSignal;
    };

/** The signal for reading a mapped page that lies behind the end of the file; mmap(2). */
export type FatalSignal = 'SIGBUS';

/** The load of one program, from the first request to the last. It holds the loader's state. */
export interface LoaderSession {
  /** Requests before the program's own: LD_PRELOAD and the like. */
  preloads(): readonly Request[];
  /** The names that an object asks for, in the order in which the loader searches for them. */
  requests(object: LoadedObject): readonly Request[];
  /** Finds the file for a request of `requester`. The program requests the preloads. */
  locate(request: Request, requester: LoadedObject): LoaderAnswer;
  /** Whether the loader lists itself even if no object needs it. */
  readonly alwaysListsItself: boolean;
  /** Sorts rows that are in the order of the requests into the order in which the loader lists them. */
  arrange<T extends { readonly object?: LoadedObject }>(rows: readonly T[]): readonly T[];
  /** Facts worth telling after the walk, given the names that were not found. */
  diagnose(missing: readonly string[]): readonly Diagnostic[];
  /**
   * What the loader ignores of the environment and of the program, since it runs in secure-execution
   * mode. Absent where a loader has no such rule for the program itself.
   */
  untrusted?(): readonly string[];
}

/** Which library variants for newer CPUs are used: none, this machine's, all, or up to a level. */
export type HwcapsChoice = 'none' | 'host' | 'all' | (string & {});

/** Settings of the user that change the search; an absent one is not set. */
export interface LoaderOptions {
  /** LD_LIBRARY_PATH. */
  readonly libraryPath?: string;
  /** LD_PRELOAD. */
  readonly preload?: string;
  /** LD_AUDIT. */
  readonly audit?: string;
  readonly hwcaps: HwcapsChoice;
  /** Whether to search as if ldconfig had just been run in the root. */
  readonly ldconfig: boolean;
  /** The working directory, in the root, which relative paths start from. */
  readonly cwd: string;
}

/** What a loader is configured from: the root, and the loader's own file in it. */
export interface LoaderContext {
  readonly files: RootFiles;
  readonly target: Target;
  /** The loader's own file: the path that the program names, and the file if there is one. */
  readonly interpreter: InterpreterFile;
  readonly options: LoaderOptions;
  /** Of the processes that it loads. */
  readonly rights: ProcessRights;
}

interface InterpreterFile {
  /** The text of PT_INTERP; for a library without one, the path of the loader that was chosen. */
  readonly path: string;
  /** Absent if the root does not have the file, or it is no ELF file for the program's target. */
  readonly object?: LoadedObject;
}

/** A loader that has read the root's configuration, for all programs of one target. */
export interface ConfiguredLoader {
  /** Files of the root that decide about the search, and that an image may need. */
  readonly files: readonly string[];
  /** Those of them that list the root's libraries: an image has one of its own, or none. */
  readonly caches?: readonly string[];
  start(program: LoadedObject): LoaderSession;
  /** The audit modules that a program asks for; absent where the loader has none. */
  auditRequests?(program: LoadedObject): readonly Request[];
  /** The load of one audit module of a program, in a namespace of its own. */
  startAudit?(program: LoadedObject): LoaderSession;
  /**
   * A shell command that makes the loader of the root search these directories for every program. Absent
   * if none is known.
   */
  searchCommand?(directories: readonly string[]): string;
  /**
   * Makes a file that lets the loader find these libraries; absent if the loader reads no such file.
   * `standing` gives the bytes that the image already has at a path, which the file keeps, or undefined.
   */
  configurationFor?(
    libraries: readonly NamedLibrary[],
    standing: (path: string) => Uint8Array | undefined,
  ): ConfigurationFile;
}

/** A file that a loader reads, such as a cache. */
export interface ConfigurationFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** One dynamic loader: how to recognize its files, how it behaves, and how to configure it for a root. */
export interface Loader {
  readonly name: LoaderName;
  /** The C library it belongs to. */
  readonly libc: string;
  /**
   * What it does after a search, and its words.
   * @internal
   */
  readonly traits: LoaderTraits;
  /** Whether this loader's file has one of these names (base names, or a soname). */
  recognizesInterpreter(names: readonly string[]): boolean;
  /** Whether one of these needed names is a name that only files linked for this loader need. */
  recognizesNeeds(needed: readonly string[]): boolean;
  /** The directories that usually have its file, for any target; absolute, without a final slash. */
  readonly directories: readonly string[];
  /** The usual paths of its file for a target, the most common first; empty for an unknown target. */
  interpreterPaths(target: Target): readonly string[];
  /**
   * Reads what a root says to the loader.
   * @internal
   */
  configure(context: LoaderContext): ConfiguredLoader;
  /** The name by which it lists the kernel's virtual library (vDSO); undefined if it does not. */
  vdsoName(target: Target): string | undefined;
  /** Whether a missing name is listed each time, in its place. If not, it is listed once, at the end. */
  readonly listsEveryMiss: boolean;
}
