/**
 * Direct needs of a program that none of its own symbols binds to: what `ldd -u` prints, and what
 * `-Wl,--as-needed` would not have written.
 * Source: glibc elf/rtld.c (DL_DEBUG_UNUSED).
 */

import type { Closure } from '../../closure/closure.js';
import { STB_WEAK } from '../../elf/constants.js';
import { printable } from '../../errors.js';
import type { ElfSymbols } from '../../files/elf-symbols.js';
import type { LoadedObject } from '../../loader/loader.js';
import { shellCommand } from '../../root/shell-word.js';
import { defineCheck } from '../check.js';
import { factsOfSymbols, symbolsUnreadable } from './symbol-facts.js';
import { SymbolScope } from './symbol-scope.js';

/** A needed name that is not used. */
export interface UnusedNeed {
  readonly needed: string;
  /** The path that was loaded for it, or the name itself when it is missing. */
  readonly path: string;
}

/** The direct needs of the program that its relocations never lead to, in their order. */
export function listUnusedNeeds(closure: Closure, files: ElfSymbols): UnusedNeed[] {
  const [program] = closure.objects;
  if (program?.elf.dynamic === undefined || closure.loader === null) return [];
  return needsWithoutUse(closure, program, usesOf(closure, program, files));
}

/** The output of `ldd -u`; nothing when all needs are used. */
export function formatUnusedNeeds(unused: readonly UnusedNeed[]): string[] {
  if (unused.length === 0) return [];
  return ['Unused direct dependencies:', ...unused.map(({ path }) => `\t${printable(path)}`)];
}

/** All of them are notes: the program runs, but carries libraries around that it never calls. */
export const unusedNeeds = defineCheck({
  rules: [
    {
      code: 'NEED_UNUSED',
      levels: ['note'],
      summary: 'A library is needed, but none of its symbols is used.',
      cause: 'The program was linked without --as-needed.',
      remedy: 'Link it with -Wl,--as-needed.',
    },
    symbolsUnreadable,
  ],
  check({ closure, symbols }) {
    const { path, kind } = closure.program;
    if (kind !== 'executable' || !closure.complete) return [];
    return factsOfSymbols(path, () => {
      const [program] = closure.objects;
      if (program === undefined) return [];
      const uses = usesOf(closure, program, symbols);
      // Any of the needs may be the one that should define a missing symbol.
      if (uses.isOpen) return [];
      return needsWithoutUse(closure, program, uses).map(({ needed }) => ({
        code: 'NEED_UNUSED',
        severity: 'note',
        path,
        message: printable(`${path}: needs ${needed}, but uses none of its symbols`),
        cause: 'it was linked without --as-needed',
        remedy: printable(
          `link with -Wl,--as-needed, or: ${shellCommand('patchelf', '--remove-needed', needed, path)}`,
        ),
      }));
    });
  },
});

interface Uses {
  /** Every object that some relocation of the program is bound to. */
  readonly objects: ReadonlySet<LoadedObject>;
  /** Whether some symbol is nowhere to be found. */
  readonly isOpen: boolean;
}

function usesOf(closure: Closure, program: LoadedObject, files: ElfSymbols): Uses {
  const scope = new SymbolScope(closure, files);
  const objects = new Set<LoadedObject>();
  let isOpen = false;
  const symbols = scope.symbolsOf(program);
  const { symbols: indexes, classes } = files.relocations(program);
  indexes.forEach((index, at) => {
    const found = scope.lookUp({ from: program, index, lookupClass: classes[at] as number });
    if (found !== undefined) objects.add(found.object);
    else if ((symbols?.info(index) ?? 0) >> 4 !== STB_WEAK) isOpen = true;
  });
  return { objects, isOpen };
}

function needsWithoutUse(closure: Closure, program: LoadedObject, uses: Uses): UnusedNeed[] {
  return directNeeds(closure, program).flatMap(({ needed, object, path }) =>
    object !== undefined && uses.objects.has(object) ? [] : [{ needed, path }],
  );
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
    return [{ needed: name, path: object?.path ?? row.name, object }];
  });
}
