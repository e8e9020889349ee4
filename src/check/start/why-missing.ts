/**
 * Why the loader does not find a library: the root has it under another name, in a directory that
 * is not searched, or where `$ORIGIN` no longer leads.
 */

import type { Closure, Library } from '../../closure/closure.js';
import type { LoadedObject } from '../../loader/loader.js';
import { namesIn } from '../../root/list-directory.js';
import { baseName, directoryOf, pathFrom } from '../../root/path-text.js';
import type { CheckedProgram } from '../check.js';

interface Reason {
  readonly cause: string;
  readonly remedy: string;
}

/** Directories where people put libraries, and which not every loader searches. */
const ELSEWHERE = ['/usr/local/lib', '/usr/local/lib64', '/opt/lib', '/lib', '/usr/lib', '/lib64'];

/** At most so many entries of a directory are looked at. */
const MAX_NAMES = 20_000;

/** The most telling reason; always gives one. */
export function whyMissing(library: Library, context: CheckedProgram): Reason {
  return (
    unreadable(library) ??
    danglingLink(library, context) ??
    pathName(library) ??
    muslLibc(library) ??
    otherName(library, context) ??
    otherDirectory(library, context) ??
    movedOrigin(library, context) ?? {
      cause: 'no directory that the loader searches has a file of this name',
      remedy: `install the package that has ${library.name} in the root, or copy it there with what it needs (elfdeps copy)`,
    }
  );
}

/** Musl's libc by the name that it is linked with, which elsewhere is a text for linkers. */
function muslLibc({ name }: Library): Reason | undefined {
  if (!/^libc\.(?:so$|musl-)/.test(name)) return undefined;
  return {
    cause: `${name} is musl's C library, and the loader finds no file of this name`,
    remedy: 'install musl in the root, or take a build of the file for the C library there',
  };
}

/** The file may be the library, but elfdeps must not read it. */
function unreadable({ tried }: Library): Reason | undefined {
  const path = tried.find(({ outcome }) => outcome === 'unreadable')?.path;
  if (path === undefined) return undefined;
  return {
    cause: `elfdeps may not read ${path}: permission denied`,
    remedy: `run elfdeps as a user who may, or let everyone read ${path}`,
  };
}

/** A path that the loader tries is a link, and nothing is where it leads. */
function danglingLink({ tried }: Library, { files, cwd }: CheckedProgram): Reason | undefined {
  for (const { path } of tried) {
    const file = files.resolve(pathFrom(cwd, path));
    if (file.found) continue;
    // A link to a directory on the way is not the library's own.
    const link = file.links.find((hop) => baseName(hop.path) === baseName(path));
    if (link === undefined) continue;
    return {
      cause: `${link.path} is a link to ${link.target}, and ${file.at} is not there`,
      remedy: `put ${file.at} into the root, or let ${link.path} lead to the library`,
    };
  }
  return undefined;
}

/** A name with a slash is a path, which no search path changes. */
function pathName({ name, neededBy }: Library): Reason | undefined {
  if (!name.includes('/')) return undefined;
  const rename = `patchelf --replace-needed ${name} ${baseName(name)} ${neededBy[0] ?? 'FILE'} and let a search path lead to it`;
  return name.startsWith('/')
    ? {
        cause: 'a needed name with a slash is a path, and is searched nowhere else',
        remedy: `put the file at ${name}, or: ${rename}`,
      }
    : {
        cause:
          'a needed name with a slash is a path from the working directory, and is searched nowhere else',
        remedy: `start the program in the directory from which ${name} leads to the library, or: ${rename}`,
      };
}

/** A searched directory has the file, but not by the name that is needed: its link was not copied. */
function otherName(library: Library, { files, closure, cwd }: CheckedProgram): Reason | undefined {
  const stem = /^(lib[\w+-]+?)(?:-[\d.]+)?\.so/.exec(library.name)?.[1];
  if (stem === undefined) return undefined;
  const directories = new Set(library.tried.map(({ path }) => directoryOf(path)));
  for (const directory of directories) {
    const names = namesIn(files.root, pathFrom(cwd, directory))
      .slice(0, MAX_NAMES)
      .filter((name) => name.startsWith(stem));
    for (const name of names) {
      const file = files.resolve(`${directory}/${name}`);
      if (!file.found || file.entry.kind !== 'file') continue;
      if (files.findElf(file)?.dynamic?.soname !== library.name) continue;
      return {
        cause: `${directory}/${name} is this library, but ${closure.loader ?? 'the loader'} searches by file name, and no file or link has this one`,
        remedy: `ln -s ${name} ${directory}/${library.name}`,
      };
    }
  }
  return undefined;
}

/** The file is there by its name, in a directory that the loader does not search by itself. */
function otherDirectory(library: Library, { files, closure }: CheckedProgram): Reason | undefined {
  const cached = inRenewedCache(library.name, closure);
  if (cached !== undefined) return cached;
  const tried = new Set(library.tried.map(({ path }) => path));
  const beside = directoryOf(closure.program.realPath);
  const path = [...ELSEWHERE, beside]
    .map((directory) => `${directory === '/' ? '' : directory}/${library.name}`)
    .find((candidate) => !tried.has(candidate) && files.resolve(candidate).found);
  if (path === undefined) return undefined;
  const directory = directoryOf(path);
  const always = closure.traits?.searchAlways?.(directory);
  return {
    cause: `${path} is there, but the loader does not search ${directory}`,
    remedy: `set LD_LIBRARY_PATH=${directory}${always === undefined ? '' : `, or ${always}`}`,
  };
}

/** A cache that ldconfig would write now has the file. */
function inRenewedCache(name: string, { diagnostics }: Closure): Reason | undefined {
  for (const diagnostic of diagnostics) {
    const { code } = diagnostic;
    if ((code !== 'CACHE_MISSING' && code !== 'CACHE_STALE') || diagnostic.name !== name) continue;
    const { path } = diagnostic;
    return {
      cause: `${path} is there, but its directory is found only through ld.so.cache, which ${code === 'CACHE_MISSING' ? 'is missing' : 'does not have it'}`,
      remedy: `run ldconfig in the root, or set LD_LIBRARY_PATH=${directoryOf(path)}`,
    };
  }
  return undefined;
}

/** A rpath or runpath with $ORIGIN was searched: it means another directory than where it was built. */
function movedOrigin(library: Library, { closure }: CheckedProgram): Reason | undefined {
  const owners = new Set(library.tried.flatMap(({ from }) => from ?? []));
  const owner = closure.objects.find((object) => owners.has(object.path) && usesOrigin(object));
  // An object that finds another library beside itself was not moved.
  if (owner === undefined || closure.libraries.some((other) => isFoundBy(owner, other)))
    return undefined;
  const link = owner.role === 'program' && owner.path !== owner.realPath;
  return {
    cause: `${pathText(owner)} of ${owner.path} starts at $ORIGIN, which is ${owner.origin} here${link ? ' (links are followed)' : ''}`,
    remedy: `keep ${owner.path} at the place where its libraries are beside it, and make a link to it elsewhere`,
  };
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
