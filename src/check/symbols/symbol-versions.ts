/**
 * Whether every version that an object asks for is defined by the file that it asks: the check that
 * ends a program with "version `GLIBC_2.38' not found" before it starts.
 * Source: glibc elf/dl-version.c (_dl_check_map_versions, match_symbol). musl has no such check.
 */
import { type Closure, isOpened } from '../../closure/closure.js';
import {
  type NeededVersion,
  NO_VERSIONS,
  type SymbolVersions,
  type VersionDefinition,
  type VersionNeed,
} from '../../elf/versions.js';
import { ElfdepsError, printable } from '../../errors.js';
import type { ElfSymbols } from '../../files/elf-symbols.js';
import type { LoadedObject } from '../../loader/loader.js';
import type { VersionMissKind } from '../../loader/traits.js';
import { madeOnce } from '../../root/made-once.js';
import { NamedObjects } from './named-objects.js';

/** A version that the loader complains about. */
export interface VersionProblem {
  /**
   * `missing`: the program does not start. `weak`: asked for as weak. `no-information`: the file
   * has no versions at all. Both are only said. `unknown-file`: nothing loaded has the name that
   * the version shall come from, and the loader ends with a failed assertion.
   */
  readonly kind: VersionMissKind;
  /** The object that asks. */
  readonly object: LoadedObject;
  /** The needed name that is asked. */
  readonly file: string;
  readonly version: string;
  /** The object that the name means; absent for `unknown-file`. */
  readonly provider?: LoadedObject;
}

/**
 * What the loader says of versions, in its order. Objects that were not found are passed over: they
 * have messages of their own. Empty for loaders that know no versions or give up before that.
 */
export function listVersionProblems(closure: Closure, files: ElfSymbols): VersionProblem[] {
  // A loader that gives up on a file comes to no version of another one.
  if (closure.traits?.versionCheck === undefined || closure.fatal !== undefined) return [];
  const names = new NamedObjects(closure);
  const problems: VersionProblem[] = [];
  for (const object of closure.objects)
    for (const need of files.versions(object)?.needs ?? []) {
      const found = problemsOf(object, need, names, files);
      problems.push(...found);
      // Such a file ends the process at once, whatever else it asks for.
      if (found[0]?.kind === 'unknown-file') return problems;
    }
  return problems;
}

function problemsOf(
  object: LoadedObject,
  need: VersionNeed,
  names: NamedObjects,
  files: ElfSymbols,
): readonly VersionProblem[] {
  const { file, versions } = need;
  if (names.isMissing(file)) return [];
  const provider = names.find(file);
  if (provider === undefined)
    return [{ kind: 'unknown-file', object, file, version: versions[0]?.name ?? '' }];
  return missesOf(need)(files.versions(provider) ?? NO_VERSIONS).map(({ kind, version }) => {
    return { kind, object, file, version, provider };
  });
}

/** What a file misses in another one. Many programs load the same two files, which are compared once. */
const missesOf = madeOnce(({ versions }: VersionNeed) =>
  madeOnce(({ definitions }: SymbolVersions) =>
    versions.flatMap((wanted) => {
      const kind = missKind(wanted, definitions);
      return kind === undefined ? [] : [{ kind, version: wanted.name }];
    }),
  ),
);

/** How a version is missing among the definitions of a file; undefined when it is there. */
function missKind(
  { name, hash, weak }: NeededVersion,
  definitions: readonly VersionDefinition[] | undefined,
): VersionMissKind | undefined {
  if (definitions === undefined) return 'no-information';
  if (defines(definitions, name, hash)) return undefined;
  return weak ? 'weak' : 'missing';
}

function defines(definitions: readonly VersionDefinition[], name: string, hash: number): boolean {
  return definitions.some((definition) => definition.hash === hash && definition.name === name);
}

/** The message of the loader about one problem, as it stands before the list of ldd. */
export function formatVersionProblem(
  closure: Closure,
  { kind, object, version, provider }: VersionProblem,
): string {
  const { program, traits } = closure;
  const miss = { program: program.path, object: object.path, version, provider: provider?.path };
  const words = printable(traits?.versionCheck?.[kind](miss) ?? '');
  const start = printable(`${program.path}: `);
  // dlerror() does not name the program.
  return isOpened(closure, object) && words.startsWith(start) ? words.slice(start.length) : words;
}

/** What a loader prints before its list of libraries. */
export interface LoaderMessages {
  readonly lines: readonly string[];
  /** Whether the loader ends after these lines, by a failed assertion, and lists nothing. */
  readonly isEnd: boolean;
  /** Why the program does not start, although nothing is missing; absent where it does. */
  readonly refusal?: string;
}

/**
 * What glibc's loader says of versions before it starts a program or lists it, line for line. It dies
 * without a word of a table that cannot be read.
 */
function versionMessages(closure: Closure, files: ElfSymbols): LoaderMessages {
  try {
    const problems = listVersionProblems(closure, files);
    const stopping = problems.find(({ kind }) => kind === 'missing' || kind === 'unknown-file');
    return {
      lines: problems.map((problem) => formatVersionProblem(closure, problem)),
      isEnd: problems.at(-1)?.kind === 'unknown-file',
      refusal: stopping && formatVersionProblem(closure, stopping),
    };
  } catch (error) {
    if (!(error instanceof ElfdepsError)) throw error;
    return { lines: [], isEnd: true, refusal: error.message };
  }
}

/** {@link versionMessages} for each closure, by the path of its program. */
export function loaderMessages(
  closures: readonly Closure[],
  files: ElfSymbols,
): ReadonlyMap<string, LoaderMessages> {
  return new Map(
    closures.map((closure) => [closure.program.path, versionMessages(closure, files)]),
  );
}
