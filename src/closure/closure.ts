/**
 * What a program needs, as plain data: every object in load order, every needed name with how it
 * was resolved, and what is wrong. Made by walk.ts, turned into text by the reports.
 */
import type { ElfFile, ElfKind, Linkage } from '../elf/elf-file.js';
import type { Shebang } from '../elf/script.js';
import type { Target } from '../elf/target.js';
import type { Diagnostic, NamedLibrary } from '../loader/diagnostic.js';
import type {
  Attempt,
  FatalSignal,
  LoadedObject,
  LoaderName,
  ReachedFile,
  Request,
  SearchRule,
} from '../loader/loader.js';
import type { SecureCause } from '../loader/process-rights.js';
import type { Refusal } from '../loader/refusal.js';
import type { LoaderTraits } from '../loader/traits.js';
import type { SymlinkHop } from '../root/resolve-path.js';
import type { Entry, RealPath } from '../root/root.js';
import type { DlopenCall } from './dlopen-call.js';

/** A file that the user named, found and read. */
export interface Program {
  /** Absolute, in the root, as it was named. */
  readonly path: string;
  readonly realPath: RealPath;
  readonly links: readonly SymlinkHop[];
  readonly entry: Entry;
  readonly kind: ElfKind | 'script';
  /** Of a script: of the interpreter that runs it, where that was found. */
  readonly elf?: ElfFile;
  /** Of a script; absent in a text that is none, which the kernel does not start. */
  readonly shebang?: Shebang;
}

/** `excluded`: the user leaves it out, and something else provides it where the program runs. */
export type LibraryStatus = 'found' | 'missing' | 'excluded';

/** One row of the answer: a needed name, and the file it means. */
export interface Library {
  /** The name that the loader looks for: the needed name, its tokens replaced. */
  readonly name: string;
  /** The needed name as it stands in the file. */
  readonly needed: string;
  /** The tag that asks for it, or a call; see `isOptional`. */
  readonly kind: Request['kind'];
  readonly status: LibraryStatus;
  /** Absent when missing or excluded. */
  readonly object?: LoadedObject;
  /** Where this name leads to a loaded file by another path than the object's: that path. */
  readonly opened?: ReachedFile;
  /** How the name was resolved; absent when there is no object. */
  readonly rule?: SearchRule;
  /** Whether the loader's own listing has a line for it: not for a second name of a loaded file. */
  readonly listed: boolean;
  /** Paths of the objects that need this name, in load order; empty for preloads. */
  readonly neededBy: readonly string[];
  readonly tried: readonly Attempt[];
  /** When missing: what the loader says after the name. */
  readonly error?: string;
  /** When missing: why, as a code. */
  readonly refusal?: Refusal;
  /** When missing: the call of dlopen() that fails for it; absent where the program does not start. */
  readonly opening?: DlopenCall;
}

/** Whether all that was asked for works without it: a filtee, or what may be opened later. */
export function isOptional({ kind, opening, needed }: Library): boolean {
  if (kind !== 'dlopen') return kind === 'auxiliary';
  // If the file itself is unsuitable, the call is ignored. If a library that it needs is missing, it fails.
  return !opening?.required || opening.name === needed;
}

/** Whether an object is in the process only because of a call of dlopen(). */
export function isOpened({ libraries }: Pick<Closure, 'libraries'>, object: LoadedObject): boolean {
  const rows = libraries.filter((row) => row.object === object);
  return rows.length > 0 && rows.every(({ kind }) => kind === 'dlopen');
}

/** The file that PT_INTERP (or a script's first line) names. */
export interface Interpreter {
  readonly path: string;
  readonly status: 'found' | 'missing';
  readonly realPath?: RealPath;
  readonly links: readonly SymlinkHop[];
  readonly entry?: Entry;
}

/** A preload that the loader passed over; the program runs without it. */
export interface IgnoredPreload {
  readonly name: string;
  /** `LD_PRELOAD` or the path of the file that asked for it. */
  readonly source: string;
  readonly refusal: Refusal;
  /** The refusal in the loader's words. */
  readonly error: string;
}

/**
 * A program that gives the user who starts it more rights, so that its loader ignores what the user
 * could change: variables of the environment, and `$ORIGIN`.
 */
export interface SecureExecution {
  readonly because: SecureCause;
  /** What the loader ignores: names of variables, and elements of the program's search path. */
  readonly ignored: readonly string[];
  /** Needed names that are missing, and the files that the loader would find otherwise. */
  readonly lost: readonly NamedLibrary[];
}

/** A library that watches the loader of a program; it is no library of the program. */
export interface AuditModule {
  /** The name in the list that asks for it. */
  readonly name: string;
  /** `LD_AUDIT`, `DT_AUDIT` or `DT_DEPAUDIT`. */
  readonly source: string;
  readonly tried: readonly Attempt[];
  /** The module, then what it loads, in load order; empty where it is not found. */
  readonly objects: readonly LoadedObject[];
  /** What the module needs: one row for each name, in load order. */
  readonly libraries: readonly Library[];
  /** Why the loader passes over the module; absent where it loads it. */
  readonly refusal?: Refusal;
}

/** Everything one program needs. */
export interface Closure {
  readonly program: Program;
  readonly linkage: Linkage;
  readonly target: Target | null;
  /** Whose rules were used; null when nothing is loaded. */
  readonly loader: LoaderName | null;
  readonly libc: string | null;
  /**
   * What that loader does and says; null when nothing is loaded.
   * @internal
   */
  readonly traits: LoaderTraits | null;
  /**
   * Why it runs in secure-execution mode, and what that takes; absent where it does not. The program was
   * then resolved as in that mode.
   */
  readonly secureExecution?: SecureExecution;
  /** The loader's own file as it is named, where there is a loader: PT_INTERP, or the usual path. */
  readonly loaderPath?: string;
  readonly interpreter: Interpreter | null;
  /** The program first, then everything that is mapped, in load order. */
  readonly objects: readonly LoadedObject[];
  /** One row for each needed name, in load order. */
  readonly libraries: readonly Library[];
  /** Files that decide about the search (a cache, a path file). */
  readonly configuration: readonly string[];
  /** The kernel's virtual library, where the loader lists it. */
  readonly vdso?: string;
  readonly ignoredPreloads: readonly IgnoredPreload[];
  /** In the order in which they are loaded; empty for most programs. */
  readonly auditModules: readonly AuditModule[];
  readonly diagnostics: readonly Diagnostic[];
  /** What the loader says when it gives up before the program starts, even when only listing. */
  readonly fatal?: string;
  /** What it dies of instead of saying that; then `fatal` is our word for why. */
  readonly fatalSignal?: FatalSignal;
  /** Nothing is missing. */
  readonly complete: boolean;
}
