/**
 * Where objects go when their program goes to another place than it has in the root.
 */

import { auditRows } from '../closure/audit-modules.js';
import type { Closure } from '../closure/closure.js';
import type { LoadedObject } from '../loader/loader.js';
import { directoryOf } from '../root/path-text.js';
import type { ImageNote } from './image-note.js';
import { normalize } from './plan-entries.js';

/**
 * Where programs go: as the user says, and in a flat plan also to where they really are. There a
 * link becomes a file, in another directory than the one that `$ORIGIN` means.
 */
export function destinationsOf(
  closures: readonly Closure[],
  chosen: ReadonlyMap<string, string>,
  flat: boolean,
  notes: ImageNote[],
): ReadonlyMap<string, string> {
  const all = new Map(chosen);
  if (!flat) return all;
  for (const { program, objects } of closures) {
    const { path, realPath } = program;
    if (path === realPath || all.has(path) || !objects[0] || !usesOrigin(objects[0])) continue;
    all.set(path, realPath);
    notes.push({ code: 'PROGRAM_MOVED', path, place: realPath });
  }
  return all;
}

/**
 * New paths of a moved program and of the libraries that it finds relative to itself, by the path
 * in the trace. What was found by an absolute path stays where it is.
 */
export function placeObjects(
  closure: Closure,
  destinations: ReadonlyMap<string, string>,
): Map<string, string> {
  const { program, auditModules } = closure;
  const objects = [closure.objects, ...auditModules.map((module) => module.objects)].flat();
  const places = new Map<string, string>();
  const destination = destinations.get(program.path);
  if (destination === undefined || destination === program.path) return places;
  places.set(program.path, destination);
  const byPath = new Map(objects.map((object) => [object.path, object]));
  for (const library of [...closure.libraries, ...auditRows(closure)]) {
    const owner = byPath.get(library.tried.at(-1)?.from ?? library.neededBy[0] ?? '');
    const path = library.opened?.path ?? library.object?.path;
    const ownerPlace = owner && places.get(owner.path);
    if (path === undefined || ownerPlace === undefined || places.has(path)) continue;
    const relative = relativeToOrigin(path, owner as LoadedObject, library.needed);
    if (relative !== undefined)
      places.set(path, normalize(`${directoryOf(ownerPlace)}/${relative}`));
  }
  return places;
}

/** `path` behind the owner's origin, where a list of the owner or a needed name of it led there. */
function relativeToOrigin(path: string, owner: LoadedObject, needed: string): string | undefined {
  const start = owner.origin === '/' ? '/' : `${owner.origin}/`;
  if (!path.startsWith(start)) return undefined;
  const lists = `${owner.elf.dynamic?.rpath ?? ''}:${owner.elf.dynamic?.runpath ?? ''}`;
  const texts = needed.includes('/') ? [needed] : lists.split(':');
  // An absolute element that leads there too; everything is below the origin `/`.
  if (texts.some((text) => text.replace(/(?<=.)\/+$/, '') === directoryOf(path))) return undefined;
  const isRelative = texts.some((text) => {
    const token = ORIGIN.exec(text);
    if (token === null) return false;
    // Up to the next token, which stands for what only the loader knows.
    const rest = text.slice(token[0].length).split('$', 1)[0] ?? '';
    return path.replace(/^\/+/, '/').startsWith(`${start.slice(0, -1)}${rest}`);
  });
  return isRelative ? path.slice(start.length) : undefined;
}

const ORIGIN = /^\$(?:\{ORIGIN\}|ORIGIN)/;

function usesOrigin({ elf }: LoadedObject): boolean {
  const { rpath, runpath, needed } = elf.dynamic ?? {};
  return /\$\{?ORIGIN/.test(`${rpath ?? ''}${runpath ?? ''}${needed?.join('') ?? ''}`);
}
