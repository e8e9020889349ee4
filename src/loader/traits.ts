/**
 * What a loader and its C library do after a search: how they bind symbols, what they say, and what
 * they open by themselves. Data for checks, needs and reports, which know no loader by name. Each
 * loader has its own in its folder; a closure carries those of its loader.
 */
import type { Refusal } from './refusal.js';

/** A reference that nothing in the process satisfies. */
export interface SymbolMiss {
  /** Path of the program. */
  readonly program: string;
  /** Path of the object that refers to the symbol. */
  readonly object: string;
  readonly name: string;
  /** The version that is wanted, for a loader that matches versions. */
  readonly version?: string;
}

/** A needed name that no file was found for. */
export interface LibraryMiss {
  /** Path of the program. */
  readonly program: string;
  readonly name: string;
  /** What the loader says about the name; see `Location` in loader.ts. */
  readonly error: string;
  /** Path of the object that needs it. */
  readonly neededBy: string;
}

/** A preload that could not be loaded. */
export interface PreloadMiss {
  readonly name: string;
  /** `LD_PRELOAD`, or the path of the file that asks for it. */
  readonly source: string;
  readonly refusal: Refusal;
}

/** A version of symbols that an object needs of a file. */
export interface VersionMiss {
  /** Path of the program. */
  readonly program: string;
  /** Path of the object that needs the version. */
  readonly object: string;
  /** Path of the file that should define it; absent where nothing loaded has the needed name. */
  readonly provider?: string;
  readonly version: string;
}

/**
 * How a needed version can be missing. `weak`: it is needed as weak. `no-information`: the file
 * defines no versions at all. `unknown-file`: nothing loaded has the name of the file.
 */
export type VersionMissKind = 'missing' | 'weak' | 'no-information' | 'unknown-file';

/** What a loader says about versions before a program starts. */
export type VersionWords = Readonly<Record<VersionMissKind, (miss: VersionMiss) => string>>;

/** The messages of a loader, whole lines as it prints them. Absent: it says nothing of the kind. */
export interface LoaderWords {
  libraryNotFound(miss: LibraryMiss): string;
  symbolNotFound(miss: SymbolMiss): string;
  /** It ends before the program starts; `error` is its whole message. */
  givesUp(program: string, error: string): string;
  preloadIgnored?(miss: PreloadMiss): string;
  /** It finds a symbol in the file of a wanted version, and that file has no versions. */
  readonly versionsLost?: string;
  /** It cannot make the stack executable, as the object of this name wants. */
  stackRefused?(name: string): string;
  /** An object (its path) says that it needs a newer CPU. */
  cpuRefused?(path: string): string;
  /** The loader itself needs an x86-64 CPU of this level. */
  cpuTooOld?(level: number): string;
  /** Its ldconfig finds a file (its path) where it makes a link. */
  notALink?(path: string): string;
}

/** The banners by which a loader and its C library tell the build that they come from. */
export interface BuildBanners {
  /** The soname of the C library. */
  readonly libc: RegExp;
  /** Matches build and release in the loader's file. */
  readonly inLoader: RegExp;
  /** Matches build and release in the C library's file. */
  readonly inLibc: RegExp;
  /** Matches the release in the real path of a loader that has no banner. */
  readonly inLoaderPath: RegExp;
}

/** What a C library opens by itself while a program runs; glibc's are those that are known. */
export type LibcPart = 'name-services' | 'locales' | 'character-sets' | 'unwinder';

/** What a loader does; each field is a question that another room asks. */
export interface LoaderTraits {
  /** Whether a symbol's version counts when it is looked up. Without, unique symbols do not count either. */
  readonly matchesVersions: boolean;
  /** Its check of needed versions before the start; absent for a loader that has none. */
  readonly versionCheck?: VersionWords;
  /** Whether functions are bound at their first call, unless an object wants them bound at once. */
  readonly bindsLazily: boolean;
  /** Whether objects are relocated as they were loaded, and not those first that others need. */
  readonly relocatesInLoadOrder: boolean;
  /**
   * From the bytes of the loader's own file: the name that it looks for in itself when nothing
   * defines a symbol, or undefined where it has none. Absent for a loader that has no such names.
   */
  otherNames?(bytes: Uint8Array): (name: string) => string | undefined;
  readonly words: LoaderWords;
  /**
   * Whether ldd is the loader that loads the program as if to run it, prints what it has mapped,
   * and then the errors of a start. Otherwise it lists each needed name in its place.
   */
  readonly listsByLoading: boolean;
  /** The ldd that takes `$ORIGIN` of a program for the directory of its link, in words. */
  readonly lddWithOriginOfLink?: string;
  /** What makes it search a directory for all programs, as a remedy; absent where nothing is known. */
  searchAlways?(directory: string): string;
  readonly banners?: BuildBanners;
  /** The name before the number in the symbol versions of its C library, where those are releases. */
  readonly versionFamily?: string;
  /** Bytes of static TLS for libraries that are opened later; absent where any amount will do. */
  readonly spareStaticTls?: number;
  readonly libcParts: ReadonlySet<LibcPart>;
  /** The package that makes programs for this loader run in a root of another C library. */
  readonly layer?: string;
}
