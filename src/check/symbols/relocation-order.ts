/**
 * The order in which objects are relocated: what is needed before what needs it, the program last.
 * Source: glibc elf/dl-sort-maps.c (_dl_sort_maps_dfs, since 2.35); musl ldso/dynlink.c.
 */
import type { Closure } from '../../closure/closure.js';
import type { LoadedObject } from '../../loader/loader.js';

/** The objects of a closure but for the loader's own file, which has relocated itself. */
export function relocationOrder(closure: Closure): readonly LoadedObject[] {
  const objects = closure.objects.filter(({ role }) => role !== 'interpreter');
  if (closure.traits?.relocatesInLoadOrder) return [...objects.slice(1), ...objects.slice(0, 1)];
  const needs = needsOf(closure);
  const visited = new Set<LoadedObject>();
  const order: LoadedObject[] = [];
  // A stack of our own: a hostile chain of needs is deeper than the engine's.
  for (const start of objects.slice(1).reverse()) {
    const stack = [{ object: start, next: 0 }];
    if (visited.has(start)) continue;
    visited.add(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const need = needs.get(top.object)?.[top.next++];
      if (need === undefined) {
        order.push(top.object);
        stack.pop();
      } else if (!visited.has(need) && need !== objects[0]) {
        visited.add(need);
        stack.push({ object: need, next: 0 });
      }
    }
  }
  return [...order.filter(({ role }) => role !== 'interpreter'), ...objects.slice(0, 1)];
}

/** What each object needs directly, in the order of its dynamic section. */
function needsOf({
  objects,
  libraries,
}: Closure): ReadonlyMap<LoadedObject, readonly LoadedObject[]> {
  const byNeeder = new Map<string, Map<string, LoadedObject>>();
  for (const { needed, neededBy, object } of libraries) {
    if (object === undefined) continue;
    for (const path of neededBy) {
      const row = byNeeder.get(path) ?? new Map<string, LoadedObject>();
      row.set(needed, object);
      byNeeder.set(path, row);
    }
  }
  return new Map(
    objects.map((object) => {
      const row = byNeeder.get(object.path);
      const names = object.elf.dynamic?.needs ?? [];
      return [object, names.flatMap(({ name }) => row?.get(name) ?? [])];
    }),
  );
}
