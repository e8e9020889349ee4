/**
 * Where objects go when their program goes to another place than it has in the root.
 */
import type { Closure } from '../closure/closure.js';
import type { LoadedObject } from '../loader/loader.js';
import { normalize } from './plan-entries.js';

/**
 * New paths of moved programs and of the libraries that they find relative to themselves, by the
 * path in the trace. What was found by an absolute path stays where it is.
 */
export function placeObjects(
  closures: readonly Closure[],
  destinations: ReadonlyMap<string, string>,
): Map<string, string> {
  const places = new Map<string, string>();
  for (const { program, objects, libraries } of closures) {
    const destination = destinations.get(program.path);
    if (destination === undefined || destination === program.path) continue;
    places.set(program.path, destination);
    const byPath = new Map(objects.map((object) => [object.path, object]));
    for (const library of libraries) {
      const owner = byPath.get(library.tried.at(-1)?.from ?? '');
      const { object } = library;
      if (owner === undefined || object === undefined || !usesOrigin(owner)) continue;
      const ownerPlace = places.get(owner.path);
      if (ownerPlace === undefined || !object.path.startsWith(`${owner.origin}/`)) continue;
      const relative = object.path.slice(owner.origin.length);
      places.set(
        object.path,
        normalize(`${ownerPlace.slice(0, ownerPlace.lastIndexOf('/'))}${relative}`),
      );
    }
  }
  return places;
}

function usesOrigin({ elf }: LoadedObject): boolean {
  return /\$\{?ORIGIN/.test(`${elf.dynamic?.rpath ?? ''}${elf.dynamic?.runpath ?? ''}`);
}
