/**
 * Which functions the objects of a closure call, and which of them calls first: the evidence that a
 * program needs something at run time that no DT_NEEDED shows.
 */
import type { Closure } from '../closure/closure.js';
import type { ObjectSymbols } from '../closure/object-symbols.js';
import type { LoadedObject } from '../loader/loader.js';

/** A call, and the object that makes it. */
export interface Call {
  readonly name: string;
  readonly object: LoadedObject;
}

/** What belongs to the C library calls itself, whatever the program does. */
const OF_LIBC =
  /^(?:lib(?:c|m|pthread|dl|rt|resolv|nsl|util|anl|nss_\w+|gcc_s)\.so|ld-|libc\.musl-)/;

const known = new WeakMap<Closure, ReadonlyMap<string, LoadedObject>>();

/** The first of `names` that some object imports: the program's own calls before its libraries'. */
export function findCall(
  closure: Closure,
  symbols: ObjectSymbols,
  names: ReadonlySet<string>,
): Call | undefined {
  for (const [name, object] of callsOf(closure, symbols))
    if (names.has(name)) return { name, object };
  return undefined;
}

function callsOf(closure: Closure, symbols: ObjectSymbols): ReadonlyMap<string, LoadedObject> {
  let calls = known.get(closure);
  if (calls === undefined) {
    const made = new Map<string, LoadedObject>();
    for (const object of closure.objects) {
      const name = object.path.slice(object.path.lastIndexOf('/') + 1);
      if (object.role === 'interpreter' || (object.role !== 'program' && OF_LIBC.test(name)))
        continue;
      for (const symbol of symbols.of(object)?.imports() ?? [])
        if (!made.has(symbol.name)) made.set(symbol.name, object);
    }
    calls = made;
    known.set(closure, calls);
  }
  return calls;
}
