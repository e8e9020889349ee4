/**
 * Where objects go when their program goes to another place than it has in the root.
 */
import type { Closure } from '../closure/closure.js';
import type { LoadedObject } from '../loader/loader.js';
import { normalize } from './plan-entries.js';

/**
 * Where programs go: as the user says, and in a flat plan also to where they really are. There a
 * link becomes a file, in another directory than the one that `$ORIGIN` means.
 */
export function destinationsOf(
  closures: readonly Closure[],
  chosen: ReadonlyMap<string, string>,
  flat: boolean,
  notes: string[],
): ReadonlyMap<string, string> {
  const all = new Map(chosen);
  if (!flat) return all;
  for (const { program, objects } of closures) {
    const { path, realPath } = program;
    if (path === realPath || all.has(path) || !objects[0] || !usesOrigin(objects[0])) continue;
    all.set(path, realPath);
    notes.push(`${path}: goes to ${realPath}, where it looks for libraries beside itself`);
  }
  return all;
}

/**
 * New paths of a moved program and of the libraries that it finds relative to itself, by the path
 * in the trace. What was found by an absolute path stays where it is.
 */
export function placeObjects(
  { program, objects, libraries }: Closure,
  destinations: ReadonlyMap<string, string>,
): Map<string, string> {
  const places = new Map<string, string>();
  const destination = destinations.get(program.path);
  if (destination === undefined || destination === program.path) return places;
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
  return places;
}

function usesOrigin({ elf }: LoadedObject): boolean {
  return /\$\{?ORIGIN/.test(`${elf.dynamic?.rpath ?? ''}${elf.dynamic?.runpath ?? ''}`);
}
