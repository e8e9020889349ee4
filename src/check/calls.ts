/**
 * Which functions the objects of a closure call, and which of them calls first: the evidence that a
 * program needs something at run time that no DT_NEEDED shows.
 */
import type { Closure } from '../closure/closure.js';
import type { ObjectSymbols } from '../closure/object-symbols.js';
import type { DynamicSymbols } from '../elf/symbols.js';
import type { LoadedObject } from '../loader/loader.js';

/** A call, and the object that makes it. */
export interface Call {
  readonly name: string;
  readonly object: LoadedObject;
}

/** What belongs to the C library calls itself, whatever the program does. */
const OF_LIBC =
  /^(?:lib(?:c|m|pthread|dl|rt|resolv|nsl|util|anl|nss_\w+|gcc_s)\.so|ld-|libc\.musl-)/;

const known = new WeakMap<DynamicSymbols, ReadonlySet<string>>();

/** The first object that imports one of `names`, the program before its libraries. */
export function findCall(
  closure: Pick<Closure, 'objects'>,
  symbols: ObjectSymbols,
  names: ReadonlySet<string>,
): Call | undefined {
  for (const object of closure.objects) {
    const file = object.path.slice(object.path.lastIndexOf('/') + 1);
    const isLibc = object.role === 'interpreter' || OF_LIBC.test(file);
    if (isLibc && object.role !== 'program') continue;
    const imports = importedNames(symbols.of(object));
    for (const name of names) if (imports.has(name)) return { name, object };
  }
  return undefined;
}

/** Remembered by file: most libraries are in many closures. */
function importedNames(table: DynamicSymbols | undefined): ReadonlySet<string> {
  if (table === undefined) return new Set();
  let names = known.get(table);
  if (names === undefined) {
    names = table.importedNames();
    known.set(table, names);
  }
  return names;
}
