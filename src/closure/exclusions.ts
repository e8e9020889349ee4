/**
 * Libraries and files that the user leaves out, since something else provides them: by soname, needed
 * name, path or pattern. A program and its interpreter always stay.
 */
import { listed, UsageError } from '../errors.js';
import type { LoadedObject } from '../loader/loader.js';
import { closest } from '../root/edit-distance.js';
import { hasWildcard } from '../root/glob.js';
import { compilePattern } from '../root/glob-pattern.js';
import { baseName } from '../root/path-text.js';
import type { Closure, Library } from './closure.js';

/** Asks for the library that a name without its end or with a typing error may mean. */
function similarLibrary(text: string, closures: readonly Closure[]): string | undefined {
  const names = new Set(closures.flatMap(({ libraries }) => libraries.map(({ name }) => name)));
  const begun = [...names].filter((name) => name.startsWith(`${text}.`));
  const similar = begun.length > 0 ? begun : closest(text, [...names]);
  return similar.length === 0 ? undefined : `did you mean ${listed(similar.slice(0, 3), 'or')}?`;
}

interface Exclusion {
  readonly text: string;
  /** Whether it is about paths, and not about names of files. */
  readonly isPath: boolean;
  readonly fits: (name: string) => boolean;
}

/** What is left out, and which of it was met. One trace and the traces in its image share it. */
export class Exclusions {
  readonly #exclusions: readonly Exclusion[];
  readonly #met = new Set<string>();

  /** Patterns with a slash are about absolute paths in the root, the others about names. */
  constructor(patterns: readonly string[] = []) {
    this.#exclusions = [...new Set(patterns)].map((text) => ({
      text,
      isPath: text.includes('/'),
      fits: testOf(text),
    }));
  }

  get isEmpty(): boolean {
    return this.#exclusions.length === 0;
  }

  /** Whether a needed name is left out, wherever it leads to. */
  hasName(name: string): boolean {
    if (this.isEmpty) return false;
    return this.#meets((exclusion) =>
      exclusion.isPath
        ? name.startsWith('/') && exclusion.fits(name)
        : exclusion.fits(name) || exclusion.fits(baseName(name)),
    );
  }

  /** Whether a file that was found for a needed name is left out; the interpreter never is. */
  hasObject({ role, path, realPath, elf }: LoadedObject): boolean {
    if (this.isEmpty || role === 'interpreter' || role === 'program') return false;
    const { soname } = elf.dynamic ?? {};
    return (
      this.hasPath(path, realPath) ||
      (soname !== undefined && this.#meets(({ isPath, fits }) => !isPath && fits(soname)))
    );
  }

  /** Whether a file or directory is left out that is at these paths. */
  hasPath(...paths: readonly string[]): boolean {
    return this.#meets(({ isPath, fits }) =>
      paths.some((path) => fits(isPath ? path : baseName(path))),
    );
  }

  /**
   * Throws {@link UsageError} for a name that means a program or its interpreter, and for what was not
   * met, which is known only when everything is traced that a command asks for.
   */
  requireMet(closures: readonly Closure[], programs: readonly string[]): void {
    const interpreters = closures.flatMap(({ interpreter: own }) =>
      own === null ? [] : [own.path, own.realPath ?? own.path],
    );
    const named = closures.filter(({ program }) => programs.includes(program.path));
    const files = named.flatMap(({ program }) => [program.path, program.realPath]);
    for (const { text, isPath, fits } of this.#exclusions) {
      const means = (path: string) => fits(isPath ? path : baseName(path));
      const isExact = !hasWildcard(text) || !this.#met.has(text);
      if (isExact && files.some(means))
        throw new UsageError(`--exclude '${text}': a program that is named cannot be left out`);
      if (isExact && interpreters.some(means))
        throw new UsageError(`--exclude '${text}': an interpreter cannot be left out`);
      if (!this.#met.has(text))
        throw new UsageError(`--exclude '${text}': nothing has that name`, {
          hint: similarLibrary(text, closures),
        });
    }
  }

  #meets(test: (exclusion: Exclusion) => boolean): boolean {
    let isMet = false;
    // Each one counts as met, also where another one is enough.
    for (const exclusion of this.#exclusions)
      if (test(exclusion)) {
        this.#met.add(exclusion.text);
        isMet = true;
      }
    return isMet;
  }
}

/** A path leaves out what is below it too. */
function testOf(text: string): (name: string) => boolean {
  if (hasWildcard(text)) return compilePattern(text, true);
  const path = text.replace(/(?<=.)\/+$/, '');
  return (name) => name === path || name.startsWith(`${path}/`);
}

/** The names that the closures do without, as patterns that fit these names alone. */
export function excludedNames(closures: readonly Closure[]): string[] {
  const names = closures.flatMap(({ libraries }) =>
    libraries.filter(isExcluded).map(({ name, needed }) => [name, needed]),
  );
  return [...new Set(names.flat())].map(exactPattern);
}

/** The pattern that fits one name or path alone. */
export function exactPattern(name: string): string {
  return name.replaceAll(/[*?[\\]/g, '\\$&');
}

/** Whether something else is said to provide the library. */
export function isExcluded({ status }: Library): boolean {
  return status === 'excluded';
}
