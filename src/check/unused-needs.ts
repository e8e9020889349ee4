/**
 * Direct needs of a program that none of its own symbols binds to: what `ldd -u` prints, and what
 * `-Wl,--as-needed` would not have written.
 * Source: glibc elf/rtld.c (DL_DEBUG_UNUSED).
 */
import type { Closure } from '../closure/closure.js';
import { printable } from '../errors.js';
import type { LoadedObject } from '../loader/loader.js';
import type { Check } from './check.js';
import { factsOfSymbols, type ObjectSymbols } from './object-symbols.js';
import { SymbolScope } from './symbol-scope.js';
import { listUndefinedSymbols } from './undefined-symbols.js';

/** A needed name that is not used. */
export interface UnusedNeed {
  readonly needed: string;
  /** The path that was loaded for it, or the name itself when it is missing. */
  readonly path: string;
}

/** The direct needs of the program that its relocations never lead to, in their order. */
export function listUnusedNeeds(closure: Closure, files: ObjectSymbols): UnusedNeed[] {
  const [program] = closure.objects;
  if (program?.elf.dynamic === undefined || closure.loader === null) return [];
  const used = usedObjects(closure, program, files);
  return directNeeds(closure, program).flatMap(({ needed, object, path }) =>
    object !== undefined && used.has(object) ? [] : [{ needed, path }],
  );
}

/** The output of `ldd -u`; nothing when all needs are used. */
export function formatUnusedNeeds(unused: readonly UnusedNeed[]): string[] {
  if (unused.length === 0) return [];
  return ['Unused direct dependencies:', ...unused.map(({ path }) => `\t${printable(path)}`)];
}

/** All of them are notes: the program runs, but carries libraries around that it never calls. */
export const checkUnusedNeeds: Check = ({ closure, symbols }) => {
  const { path, kind } = closure.program;
  if (kind !== 'executable' || !closure.complete) return [];
  return factsOfSymbols(path, () => {
    // What defines a missing symbol cannot be told: it may be any of the needs.
    const [program] = closure.objects;
    if (listUndefinedSymbols(closure, symbols).some(({ object }) => object === program)) return [];
    return listUnusedNeeds(closure, symbols).map(({ needed }) => ({
      code: 'NEED_UNUSED',
      severity: 'note',
      path,
      message: printable(`${path}: needs ${needed}, but uses none of its symbols`),
      cause: 'it was linked without --as-needed',
      remedy: printable(
        `link with -Wl,--as-needed, or: patchelf --remove-needed ${needed} ${path}`,
      ),
    }));
  });
};

/** Every object that some relocation of the program is bound to. */
function usedObjects(
  closure: Closure,
  program: LoadedObject,
  files: ObjectSymbols,
): ReadonlySet<LoadedObject> {
  const scope = new SymbolScope(closure, files);
  const used = new Set<LoadedObject>();
  const { symbols, classes } = files.relocations(program);
  symbols.forEach((index, at) => {
    const found = scope.lookUp({ from: program, index, lookupClass: classes[at] as number });
    if (found !== undefined) used.add(found.object);
  });
  return used;
}

interface DirectNeed {
  readonly needed: string;
  readonly path: string;
  readonly object?: LoadedObject;
}

/** DT_NEEDED of the program. The loader takes as many of the first objects for them. */
function directNeeds({ libraries }: Closure, program: LoadedObject): DirectNeed[] {
  const needed = program.elf.dynamic?.needed ?? [];
  return needed.flatMap((name) => {
    const row = libraries.find(
      (library) => library.needed === name && library.neededBy.includes(program.path),
    );
    if (row === undefined) return [];
    const { object } = row;
    return [
      { needed: name, path: object?.path ?? row.name, ...(object === undefined ? {} : { object }) },
    ];
  });
}
