/**
 * A call of dlopen() that a trace follows as if the running program had made it.
 */

/** Which file is opened, and for whom. */
export interface DlopenCall {
  /** A soname or an absolute path, as the call has it. */
  readonly name: string;
  /** Path of the object that calls, whose search paths count; the program without it. */
  readonly from?: string;
  /** The kind of need that it is for, for messages. */
  readonly need?: string;
  /** The user asked for this file, so everything that it needs must be found. */
  readonly required?: boolean;
}

/** Calls by the path of the program that makes them, in the order of the calls. */
export type DlopenCalls = ReadonlyMap<string, readonly DlopenCall[]>;

/** Two lists of calls as one: the first as it is, then what only the second has. */
export function mergeCalls(known: DlopenCalls, more: DlopenCalls): DlopenCalls {
  const merged = new Map(known);
  for (const [program, calls] of more) {
    const before = merged.get(program) ?? [];
    const seen = new Set(before.map(keyOf));
    const added = calls.filter((call) => {
      const key = keyOf(call);
      return !seen.has(key) && seen.add(key);
    });
    if (added.length > 0) merged.set(program, [...before, ...added]);
  }
  return merged;
}

function keyOf({ name, from = '', required = false }: DlopenCall): string {
  return `${name}\0${from}\0${required}`;
}

/** How many calls there are in all. */
export function countCalls(calls: DlopenCalls): number {
  let count = 0;
  for (const list of calls.values()) count += list.length;
  return count;
}
