/**
 * Maps that keep several values of a key, in the order in which they came.
 */

/** Adds a value to those of its key; the first makes the list. */
export function addTo<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
