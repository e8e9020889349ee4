/**
 * What a dynamic loader is to the rest of elfdeps: a set of rules that turns a needed name into a
 * file, one request at a time, given what is loaded already. Each loader is one folder or file
 * here that makes a {@link Loader}; the closure walk drives it and knows none by name.
 */
import type { ElfFile } from '../elf/elf-file.js';
import type { Target } from '../elf/target.js';
import type { RootFiles } from '../files/root-files.js';
import type { SymlinkHop } from '../root/resolve-path.js';
import type { Entry, RealPath } from '../root/root.js';
import type { Refusal } from './refusal.js';
import type { LoaderTraits } from './traits.js';

/** The loaders whose rules are known. */
export type LoaderName = 'glibc' | 'musl' | 'uclibc' | 'freebsd';

/** Which of a loader's rules led to a candidate. */
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

/** One path that the loader tried. */
export interface Attempt {
  readonly rule: SearchRule;
  /** The candidate, as the loader would open it. */
  readonly path: string;
  readonly outcome: 'found' | 'missing' | 'wrong-target' | 'not-elf' | 'unreadable';
  /** Whose list it stood in: the path of the object that owns the rpath or runpath. */
  readonly from?: string;
}

/** An ELF file in the process. */
export interface LoadedObject {
  readonly role: 'program' | 'preload' | 'library' | 'interpreter';
  /** The name it was first requested by; of a program, its path. */
  readonly name: string;
  /** What the loader opens and ldd prints; may be relative or have links. */
  readonly path: string;
  readonly realPath: RealPath;
  /** The links between the two. */
  readonly links: readonly SymlinkHop[];
  readonly entry: Entry;
  /** What `$ORIGIN` means in it. */
  readonly origin: string;
  readonly elf: ElfFile;
  /** The object whose request loaded it; none for the program. */
  readonly requester?: LoadedObject;
  /** How it was found; none for the program. */
  readonly rule?: SearchRule;
}

/** A name to turn into a file. */
export interface Request {
  readonly name: string;
  /** `dlopen` is what a running program asks for: it lives on when that fails. */
  readonly kind: 'needed' | 'filter' | 'auxiliary' | 'preload' | 'dlopen';
  /** Where a preload comes from, for messages. */
  readonly source?: string;
  /** On a preload without which the program does not start; others are ignored when they fail. */
  readonly required?: boolean;
}

/** A path that was opened, and the links on the way to its file. */
export interface ReachedFile {
  readonly path: string;
  readonly realPath: RealPath;
  readonly links: readonly SymlinkHop[];
}

/** The loader's answer to a request. */
export type Location = Answer & {
  /** The name after its tokens were replaced, where that is another text. */
  readonly asked?: string;
};

type Answer =
  /** Satisfied by an object of the process, or by what is no file (the vDSO: no object). */
  | {
      readonly outcome: 'loaded';
      readonly object: LoadedObject | undefined;
      /** Set where the loader lists this name all the same, with the rule that holds. */
      readonly listedAs?: SearchRule;
      /** Where the name led to a file that is loaded: the path that was opened to see that. */
      readonly opened?: ReachedFile;
      readonly tried: readonly Attempt[];
    }
  | {
      readonly outcome: 'found';
      readonly object: LoadedObject;
      readonly rule: SearchRule;
      readonly tried: readonly Attempt[];
    }
  /** Not there; `error` is what the loader prints at run time after the name and a colon. */
  | {
      readonly outcome: 'missing';
      readonly refusal: Refusal;
      readonly error: string;
      readonly tried: readonly Attempt[];
    }
  /** The loader gives up at once, even when it only lists: `error` is its whole message. */
  | {
      readonly outcome: 'fatal';
      readonly refusal: Refusal;
      readonly error: string;
      readonly tried: readonly Attempt[];
      /** Set where it says nothing, but dies of this, and `error` is our word for why. */
      readonly signal?: FatalSignal;
    };

/** What kills a loader that reads a mapped page behind the end of its file; mmap(2). */
export type FatalSignal = 'SIGBUS';

/**
 * A fact about the root or the program that is worth telling, but stops nothing. `code` tells what it
 * is, the fields beside it of what, `message` and `hint` say it in words.
 */
export type Diagnostic = { readonly message: string; readonly hint?: string } & (
  | {
      /** A library that only a cache leads to: there is none, or it does not have this library. */
      readonly code: 'CACHE_MISSING' | 'CACHE_STALE';
      /** The name that was searched for. */
      readonly name: string;
      /** The file that a new cache would lead to. */
      readonly path: string;
    }
  | {
      /** The loader does not replace $ORIGIN in a list of directories of the program at `path`. */
      readonly code: 'ORIGIN_IGNORED';
      readonly path: string;
    }
  | {
      /** A preload that the loader passes over; `path` is as it was asked for. */
      readonly code: 'PRELOAD_IGNORED';
      readonly path: string;
    }
  | {
      /** Calls of dlopen() for a kind of need would fail. */
      readonly code: 'OPEN_FAILS';
      readonly need: string;
      readonly path?: undefined;
    }
  | {
      /** env finds no program of this name in PATH. */
      readonly code: 'SCRIPT_PROGRAM_MISSING';
      readonly name: string;
      readonly path?: undefined;
    }
);

/** One program's load, from the first request to the last. Holds the loader's state. */
export interface LoaderSession {
  /** Requests before the program's own: LD_PRELOAD and the like. */
  preloads(): readonly Request[];
  /** What an object asks for, in the order in which the loader looks at it. */
  requests(object: LoadedObject): readonly Request[];
  /** Turns a request of `requester` into a file. Preloads are requests of the program. */
  locate(request: Request, requester: LoadedObject): Location;
  /** Whether the loader is among the loaded objects even when nothing needs it. */
  readonly alwaysListsItself: boolean;
  /** The order in which the loader lists what was requested, from the order of the requests. */
  arrange<T extends { readonly object?: LoadedObject }>(rows: readonly T[]): readonly T[];
  /** What there is to say after the walk, given what was not found. */
  diagnose(missing: readonly string[]): readonly Diagnostic[];
}

/** Which variants of libraries for newer CPUs count: none, those of this machine, all, or a level. */
export type HwcapsChoice = 'none' | 'host' | 'all' | (string & {});

/** What the user decides about the search; absent means not set. */
export interface LoaderOptions {
  /** LD_LIBRARY_PATH. */
  readonly libraryPath?: string;
  /** LD_PRELOAD. */
  readonly preload?: string;
  readonly hwcaps: HwcapsChoice;
  /** Answer as after a run of ldconfig in the root. */
  readonly ldconfig: boolean;
  /** The working directory, in the root, that relative paths mean. */
  readonly cwd: string;
}

/** What a loader is configured from: the root, and the interpreter file that is the loader. */
export interface LoaderContext {
  readonly files: RootFiles;
  readonly target: Target;
  /** The loader's own file: its path as the program names it, and the file if it is there. */
  readonly interpreter: InterpreterFile;
  readonly options: LoaderOptions;
}

interface InterpreterFile {
  /** The text of PT_INTERP, or where the loader of a library was found. */
  readonly path: string;
  /** Absent when the file is not in the root, or is no ELF file of the program's target. */
  readonly object?: LoadedObject;
}

/** A loader with a root's configuration read, ready for any program of one target. */
export interface ConfiguredLoader {
  /** Files of the root that decide about the search, and that an image may need. */
  readonly files: readonly string[];
  /** Those of them that list the root's libraries: an image has one of its own, or none. */
  readonly caches?: readonly string[];
  start(program: LoadedObject): LoaderSession;
  /** Whether a library of this name works only with the loader of the same build. */
  own?(name: string): boolean;
  /**
   * A file that makes the loader find these libraries, where it has such a thing. `standing` reads
   * what an image has at a path so far, to which the libraries are added; undefined for nothing.
   */
  configurationFor?(
    libraries: readonly NamedLibrary[],
    standing: (path: string) => Uint8Array | undefined,
  ): ConfigurationFile;
}

/** A name that is searched for, and the path that shall be opened for it. */
export interface NamedLibrary {
  readonly name: string;
  readonly path: string;
}

/** A file that a loader reads, such as a cache. */
export interface ConfigurationFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The rules of one dynamic loader: which files are its own, and how it is configured for a root. */
export interface Loader {
  readonly name: LoaderName;
  /** The C library it belongs to. */
  readonly libc: string;
  /**
   * What it does after a search, and its words.
   * @internal
   */
  readonly traits: LoaderTraits;
  /** Whether one of the names of an interpreter (base names, soname) is this loader's. */
  recognizesInterpreter(names: readonly string[]): boolean;
  /** Whether needed names show that a library was linked for this loader. */
  recognizesNeeds(needed: readonly string[]): boolean;
  /** The directories that its files are usually in, for any target; absolute, without a last slash. */
  readonly directories: readonly string[];
  /** Where this loader's file usually is for a target, the most usual first. */
  interpreterPaths(target: Target): readonly string[];
  /**
   * Reads what a root says to the loader.
   * @internal
   */
  configure(context: LoaderContext): ConfiguredLoader;
  /** The name that the kernel's virtual library has among the target's loaded objects, if listed. */
  vdsoName(target: Target): string | undefined;
  /** Whether a failed request is listed in its place, each time; otherwise once, at the end. */
  readonly listsEveryMiss: boolean;
}
