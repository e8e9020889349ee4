/**
 * Why a library is not found although it was thought to be there: it stands in the root under
 * another name, in a directory that is not searched, or where `$ORIGIN` no longer leads.
 */

import type { Library } from '../closure/closure.js';
import type { LoadedObject } from '../loader/loader.js';
import { namesIn } from '../root/list-directory.js';
import { directoryOf } from '../root/path-text.js';
import type { CheckContext } from './check.js';

interface Reason {
  readonly cause: string;
  readonly remedy: string;
}

/** Where people put libraries that no loader searches by itself. */
const ELSEWHERE = ['/usr/local/lib', '/usr/local/lib64', '/opt/lib', '/lib', '/usr/lib', '/lib64'];

/** At most so many entries of a directory are looked at. */
const MAX_NAMES = 20_000;

/** The most telling reason; always gives one. */
export function whyMissing(library: Library, context: CheckContext): Reason {
  return (
    otherName(library, context) ??
    otherDirectory(library, context) ??
    movedOrigin(library, context) ?? {
      cause: 'no directory that the loader searches has a file of this name',
      remedy: `install the package that has ${library.name} in the root, or copy it there with what it needs (elfdeps copy)`,
    }
  );
}

/** A searched directory has the file, but not by the name that is needed: its link was not copied. */
function otherName(library: Library, { files, closure }: CheckContext): Reason | undefined {
  const stem = /^(lib[\w+-]+?)(?:-[\d.]+)?\.so/.exec(library.name)?.[1];
  if (stem === undefined) return undefined;
  const directories = new Set(library.tried.map(({ path }) => directoryOf(path)));
  for (const directory of directories) {
    const names = namesIn(files.root, absolute(directory))
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

/** The file is there by its name, in a directory that nobody searches without a cache. */
function otherDirectory(library: Library, { files, closure }: CheckContext): Reason | undefined {
  const uncached = closure.diagnostics.find(
    ({ code, message }) => code.startsWith('CACHE_') && message.startsWith(`${library.name}: `),
  );
  if (uncached?.path !== undefined)
    return {
      cause: `${uncached.path} is there, but its directory is found only through ld.so.cache, which ${uncached.code === 'CACHE_MISSING' ? 'is missing' : 'does not have it'}`,
      remedy: `run ldconfig in the root, or set LD_LIBRARY_PATH=${directoryOf(uncached.path)}`,
    };
  const tried = new Set(library.tried.map(({ path }) => path));
  const beside = directoryOf(closure.program.realPath);
  const path = [...ELSEWHERE, beside]
    .map((directory) => `${directory === '/' ? '' : directory}/${library.name}`)
    .find((candidate) => !tried.has(candidate) && files.resolve(candidate).found);
  if (path === undefined) return undefined;
  const directory = directoryOf(path);
  return {
    cause: `${path} is there, but the loader does not search ${directory}`,
    remedy:
      closure.loader === 'glibc'
        ? `set LD_LIBRARY_PATH=${directory}, or put ${directory} into /etc/ld.so.conf and run ldconfig in the root`
        : `set LD_LIBRARY_PATH=${directory}`,
  };
}

/** A rpath or runpath with $ORIGIN was searched: it means another directory than where it was built. */
function movedOrigin(library: Library, { closure }: CheckContext): Reason | undefined {
  const owners = new Set(library.tried.flatMap(({ from }) => from ?? []));
  const owner = closure.objects.find((object) => owners.has(object.path) && usesOrigin(object));
  if (owner === undefined) return undefined;
  const link = owner.role === 'program' && owner.path !== owner.realPath;
  return {
    cause: `${pathText(owner)} of ${owner.path} starts at $ORIGIN, which is ${owner.origin} here${link ? ' (links are followed)' : ''}`,
    remedy: `keep ${owner.path} at the place where its libraries are beside it, and make a link to it elsewhere`,
  };
}

function usesOrigin({ elf }: LoadedObject): boolean {
  return /\$\{?ORIGIN/.test(elf.dynamic?.runpath ?? elf.dynamic?.rpath ?? '');
}

function pathText({ elf }: LoadedObject): string {
  const { runpath, rpath } = elf.dynamic ?? {};
  return runpath === undefined ? `the RPATH ${rpath}` : `the RUNPATH ${runpath}`;
}

function absolute(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}
