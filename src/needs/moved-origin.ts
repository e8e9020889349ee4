/**
 * A search path with `$ORIGIN` that leads to another directory than where the libraries are. The
 * `$ORIGIN` of a program is where its file is, links followed; that of a library is the directory of
 * the path that it is opened by, links not followed.
 * Source: glibc elf/dl-object.c (_dl_new_object), elf/dl-origin.c.
 */
import type { Library } from '../closure/closure.js';
import type { LoadedObject } from '../loader/loader.js';
import { baseName, directoryOf, shortenedComponents } from '../root/path-text.js';
import { shellCommand } from '../root/shell-word.js';
import type { MissContext, Reason } from './miss-reason.js';

/** Undefined where no object on the way has such a search path, or it leads where it should. */
export function movedOrigin(library: Library, context: MissContext): Reason | undefined {
  const { closure } = context;
  const owners = new Set(library.tried.flatMap(({ from }) => from ?? []));
  const owner = closure.objects.find((object) => owners.has(object.path) && usesOrigin(object));
  if (owner === undefined) return undefined;
  const linked = atOtherEnd(owner, library, context);
  if (linked !== undefined) return linked;
  // An object that finds another library beside itself was not moved.
  if (closure.libraries.some((other) => isFoundBy(owner, other))) return undefined;
  const place = library.tried.find(({ from }) => from === owner.path)?.path;
  const link = owner.role === 'program' && owner.path !== owner.realPath;
  return {
    cause: `${pathText(owner)} of ${owner.path} starts at $ORIGIN, which is ${owner.origin} here${link ? ' (links are followed)' : ''}`,
    remedy: `put ${library.name} at ${place}, or move ${owner.path} back to where its libraries are beside it`,
  };
}

/** The library lies where `$ORIGIN` would lead from the other end of the link to its owner. */
function atOtherEnd(
  owner: LoadedObject,
  { name, tried }: Library,
  { files }: MissContext,
): Reason | undefined {
  const other = [directoryOf(owner.realPath), directoryOf(owner.path)].find(
    (directory) => directory !== owner.origin,
  );
  if (other === undefined || !other.startsWith('/')) return undefined;
  for (const { from, path } of tried) {
    if (from !== owner.path || !path.startsWith(`${owner.origin}/`)) continue;
    const found = files.resolve(other + path.slice(owner.origin.length));
    const directory = files.resolve(directoryOf(path));
    if (!found.found || !directory.found) continue;
    const target = relativePath(directory.path, found.path);
    return {
      cause: `${pathText(owner)} of ${owner.path} starts at $ORIGIN, which is ${owner.origin} ${how(owner)}, and ${name} is at ${found.path}`,
      remedy: `make a link to it where the loader looks: ${shellCommand('ln', '-s', target, path)}`,
    };
  }
  return undefined;
}

function how({ role }: LoadedObject): string {
  return role === 'program'
    ? '(for a program links are followed)'
    : '(for a library links are not followed)';
}

/** The way from a directory to a file, both without links. */
function relativePath(directory: string, file: string): string {
  const from = shortenedComponents(directory);
  const to = shortenedComponents(directoryOf(file));
  let same = 0;
  while (same < from.length && from[same] === to[same]) same++;
  return [...from.slice(same).map(() => '..'), ...to.slice(same), baseName(file)].join('/');
}

function isFoundBy(owner: LoadedObject, { object, tried }: Library): boolean {
  const last = tried.at(-1);
  return object !== undefined && last?.outcome === 'found' && last.from === owner.path;
}

function usesOrigin({ elf }: LoadedObject): boolean {
  return /\$\{?ORIGIN/.test(elf.dynamic?.runpath ?? elf.dynamic?.rpath ?? '');
}

function pathText({ elf }: LoadedObject): string {
  const { runpath, rpath } = elf.dynamic ?? {};
  return runpath === undefined ? `the RPATH ${rpath}` : `the RUNPATH ${runpath}`;
}
