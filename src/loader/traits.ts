/**
 * What a loader and its C library do after a search: how they bind symbols, which messages they print,
 * and what they open by themselves. Checks, needs and reports use these traits, and know no loader by
 * name. Each loader's folder has its traits, and each closure has those of its loader.
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
  /** The file that the version is asked of. */
  readonly file?: string;
  /** {@link LoaderAbilities.endsAtVersionFile}, where the look-up ended at that file. */
  readonly endedBy?: string;
  /** The object was opened with dlopen(), whose dlerror() gives the message. */
  readonly isOpened?: boolean;
}

/** A needed name that no file was found for. */
export interface LibraryMiss {
  /** Path of the program. */
  readonly program: string;
  readonly name: string;
  /** What the loader says about the name; see `LoaderAnswer` in loader.ts. */
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

/** The messages of a loader, each a whole line. One that is absent is never printed by it. */
export interface LoaderWords {
  libraryNotFound(miss: LibraryMiss): string;
  /** What dlerror() gives for a library that a call of dlopen() misses; as above if absent. */
  openFails?(miss: LibraryMiss): string;
  symbolNotFound(miss: SymbolMiss): string;
  /** It ends before the program starts. `error` is the message without what stands before it. */
  givesUp(program: string, error: string): string;
  preloadIgnored?(miss: PreloadMiss): string;
  /** An audit module is passed over; `fact` is what is said instead of a refusal. */
  auditIgnored?(name: string, why: Refusal | { readonly fact: string }): string;
  /** The file that should define a version of a symbol defines the symbol, but no versions. */
  readonly versionsLost?: string;
  /** The object of this name needs an executable stack, and the kernel refuses one. */
  stackRefused?(name: string): string;
  /** The object at this path is marked as needing a newer CPU. */
  cpuRefused?(path: string): string;
  /** The loader itself needs an x86-64 CPU of this level. */
  cpuTooOld?(level: number): string;
  /** Its C library's getopt does not know an option of a program; {@link usualOptionRefused} if absent. */
  optionRefused?(
    program: string,
    option: { readonly short?: string; readonly long?: string },
  ): string;
  /** ldconfig finds a file at this path, where it would make a link. */
  notALink?(path: string): string;
}

/** getopt of glibc, and what others took from it. */
export function usualOptionRefused(
  program: string,
  { short, long }: { readonly short?: string; readonly long?: string },
): string {
  return short === undefined
    ? `${program}: unrecognized option '--${long}'`
    : `${program}: invalid option -- '${short}'`;
}

/** Texts in the files of a loader and its C library that tell which build they are from. */
export interface BuildBanners {
  /** Matches build and release in the loader's file. */
  readonly inLoader: RegExp;
  /** Matches build and release in the C library's file. */
  readonly inLibc: RegExp;
  /** Matches the release in the real path of a loader that has no banner. */
  readonly inLoaderPath: RegExp;
}

/** What stands in each banner. */
export const RELEASE_TEXT = ' release version 2.';

/** What a C library opens by itself while a program runs. Only glibc's are modelled. */
export type LibcPart = 'name-services' | 'locales' | 'character-sets' | 'unwinder';

/** What differs between the releases of one loader, read from its own file. */
export interface LoaderAbilities {
  /** Whether it applies DT_RELR; undefined where its file does not tell. */
  readonly packsRelocations?: boolean;
  /**
   * Whether a look-up of a version ends at the file that the version is asked of, although another file
   * may have it. Then these are the words between the symbol and the version.
   */
  readonly endsAtVersionFile?: string;
}

/** What a loader does. Each field answers a question of another room. */
export interface LoaderTraits {
  /** The names of its C library: the soname, and those of its file. */
  readonly libc: RegExp;
  /**
   * Whether a library of this name is a part of the C library: it comes from the same build as the loader,
   * shares private data with it, and is no evidence of what a program does.
   */
  isOwn(name: string): boolean;
  /** Whether look-ups compare symbol versions. A loader that does not has no unique symbols either. */
  readonly matchesVersions: boolean;
  /** The levels of CPUs that it has variants of libraries for, of all ports; absent if it has none. */
  readonly cpuLevels?: readonly string[];
  /** Whether needed names are compared with the sonames of loaded objects. */
  readonly comparesSonames: boolean;
  /** The messages of its check of needed versions before the start; absent if it has no such check. */
  readonly versionCheck?: VersionWords;
  /** Whether functions are bound at their first call, unless the object asks for BIND_NOW. */
  readonly bindsLazily: boolean;
  /** Whether objects are relocated in load order. If not, an object comes after those that it needs. */
  readonly relocatesInLoadOrder: boolean;
  /**
   * Reads the loader's own bytes. The returned function gives the name that the loader looks up in itself
   * if no object defines a symbol, or undefined for none. Absent if the loader has no such names.
   */
  otherNames?(bytes: Uint8Array): (name: string) => string | undefined;
  /** What its release does; `match` gives the first match of a pattern in the loader's own file. */
  abilities?(match: (pattern: RegExp) => RegExpExecArray | undefined): LoaderAbilities;
  /** Relocations that it applies, by machine (EM_*); it refuses others. Absent where all are known. */
  readonly relocationTypes?: Readonly<Record<number, ReadonlySet<number>>>;
  /** Whether it can write to the code of a program that the kernel has mapped. */
  readonly relocatesProgramCode: boolean;
  /** Whether a start goes on without a missing library, up to the relocations. */
  readonly relocatesIncomplete: boolean;
  readonly words: LoaderWords;
  /**
   * Whether ldd loads the program as if to run it, prints the objects that it has mapped, and then the
   * errors of a start. If not, it prints a line for each needed name, in order.
   */
  readonly listsByLoading: boolean;
  /** The ldd that resolves a program's `$ORIGIN` from its link instead of its file, as text. */
  readonly lddWithOriginOfLink?: string;
  /** A remedy that makes it search a directory for all programs; absent if none is known. */
  searchAlways?(directory: string): string;
  readonly banners?: BuildBanners;
  /** The prefix of the symbol versions that are releases of its C library; absent if it has none. */
  readonly versionFamily?: string;
  /** Bytes of static TLS for libraries that dlopen() loads; absent if there is no such limit. */
  readonly spareStaticTls?: number;
  readonly libcParts: ReadonlySet<LibcPart>;
  /** A package that lets programs for this loader run in a root with another C library, if any. */
  readonly layer?: string;
}
