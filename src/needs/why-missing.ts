/**
 * Why the loader does not find a library, and what helps: one answer for `check` and `why`. The root
 * has it under another name, in a directory that is not searched, or where `$ORIGIN` and relative paths
 * do not lead. A remedy is what makes this search succeed, so it follows from the paths that were tried.
 */
import type { Closure, Library } from '../closure/closure.js';
import type { RootFiles } from '../files/root-files.js';
import { namesIn } from '../root/list-directory.js';
import { baseName, directoryOf, pathFrom } from '../root/path-text.js';
import { shellCommand, shellWord } from '../root/shell-word.js';
import { modeText } from '../root/user.js';
import { isBrokenName, whyBroken } from './broken-name.js';
import { hostProvider } from './host-provided.js';
import { packageAdvice } from './library-package.js';
import { interpreterLink, isLostInterpreter } from './lost-interpreter.js';
import type { MissContext, MissReason, Reason, SharedReason } from './miss-reason.js';
import { relativeSearch, slashName } from './missing-path.js';
import { movedOrigin } from './moved-origin.js';

/** Directories where people put libraries, and which not every loader searches. */
const ELSEWHERE = ['/usr/local/lib', '/usr/local/lib64', '/opt/lib', '/lib', '/usr/lib', '/lib64'];

/** At most so many entries of a directory are looked at. */
const MAX_NAMES = 20_000;

/** The most telling reason; always gives one. */
export function whyMissing(library: Library, context: MissContext): MissReason {
  const { name, tried } = library;
  const foreign = tried.find(({ outcome }) => outcome === 'wrong-target');
  if (foreign !== undefined)
    return {
      code: 'LIBRARY_WRONG_TARGET',
      cause: `${foreign.path} is for another CPU or class than the program`,
      remedy: `put the ${name} of the program's CPU into the root, at ${foreign.path}`,
    };
  const host = hostProvider(name);
  if (host !== undefined) return { code: 'HOST_PROVIDED', ...host };
  const reason =
    lostInterpreter(library, context) ??
    brokenName(library) ??
    unreadable(library) ??
    denied(library, context) ??
    danglingLink(library, context) ??
    slashName(library, context) ??
    muslLibc(library) ??
    otherName(library, context) ??
    otherDirectory(library, context) ??
    movedOrigin(library, context) ??
    relativeSearch(library, context) ??
    nowhere(library, context);
  return { code: 'LIBRARY_NOT_FOUND', ...reason };
}

function nowhere(library: Library, { closure, files }: MissContext): SharedReason {
  const place = bestPlace(library, files);
  const install = (libraries: readonly Library[]) => {
    const advice = packageAdvice(libraries, files, closure.target?.class === 64);
    return advice === undefined ? '' : `${advice}, or `;
  };
  const to = (path: string | undefined) => (path === undefined ? '' : ` to ${path}`);
  return {
    cause: 'no directory that the loader searches has a file of this name',
    remedy: `${install([library])}copy the file${to(place)} with what it needs (${copyCommand([library], closure)})`,
    alike: {
      key: `nowhere\0${place && directoryOf(place)}`,
      words: (libraries) => ({
        cause: 'no directory that the loader searches has files of these names',
        remedy: `${install(libraries)}copy the files${to(place && directoryOf(place))} with what they need (${copyCommand(libraries, closure)})`,
      }),
    },
  };
}

/**
 * Where the library belongs: the first system directory that the root has, else the first of all. Without
 * such directories, the last one of another rule.
 */
function bestPlace({ tried }: Library, files: RootFiles): string | undefined {
  const places = tried.filter(({ path, rule }) => path.startsWith('/') && rule !== 'cache');
  const system = places.filter(({ rule }) => rule === 'default');
  const isThere = ({ path }: (typeof tried)[number]) => files.resolve(directoryOf(path)).found;
  return (system.find(isThere) ?? system[0] ?? places.at(-1))?.path;
}

/** So many libraries are named in a command; more of them are those of the program. */
const MOST_NAMED = 3;

/** What gathers the libraries where they are installed. */
function copyCommand(libraries: readonly Library[], { program }: Closure): string {
  const names = [...new Set(libraries.map(({ name }) => name))];
  const words = names.length > MOST_NAMED ? [program.path] : names;
  const what = names.length === 1 ? 'it' : 'them';
  return `on a system that has ${what}: ${shellCommand('elfdeps', 'copy', ...words, '--to', 'DIR')}`;
}

/** The loader, which no search finds: it loads itself. */
function lostInterpreter(library: Library, context: MissContext): Reason | undefined {
  const { closure, cwd } = context;
  if (closure.interpreter === null || !isLostInterpreter(closure, library)) return undefined;
  const place = pathFrom(cwd, closure.interpreter.path);
  return {
    cause: `it is the interpreter, and ${place} is missing`,
    remedy:
      interpreterLink(closure, context)?.command ?? `copy ${place} into the root (elfdeps copy)`,
  };
}

/** A name that no library has. */
function brokenName({ name, needed, neededBy }: Library): Reason | undefined {
  return isBrokenName(needed) ? whyBroken(needed, neededBy[0] ?? name) : undefined;
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
    remedy: `run elfdeps as a user who may, or let everyone read it: ${shellCommand('chmod', 'a+r', path)}`,
  };
}

/** The user who starts the program may not read the file, or not search a directory on the way. */
function denied({ tried }: Library, { files, cwd }: MissContext): Reason | undefined {
  const path = tried.find(({ outcome }) => outcome === 'denied')?.path;
  if (path === undefined) return undefined;
  const file = files.resolve(pathFrom(cwd, path));
  const mode = file.found ? `, whose mode is ${modeText(file.entry)}` : '';
  return {
    cause: `the user who starts the program may not read ${path}${mode}`,
    remedy: `${shellCommand('chmod', 'o+r', path)}, and chmod o+x for the directories that lead to it`,
  };
}

/** A path that the loader tries is a link, and nothing is where it leads. */
function danglingLink({ tried }: Library, { files, cwd }: MissContext): Reason | undefined {
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

/** A searched directory has the file, but not by the name that is needed: its link was not copied. */
function otherName(library: Library, { files, closure, cwd }: MissContext): Reason | undefined {
  const stem = /^(lib[\w+-]+?)(?:-[\d.]+)?\.so/.exec(library.name)?.[1];
  if (stem === undefined) return undefined;
  const directories = new Set(library.tried.map(({ path }) => directoryOf(path)));
  for (const directory of directories) {
    const names = namesIn(files.root, pathFrom(cwd, directory))
      .slice(0, MAX_NAMES)
      .filter((name) => name.startsWith(stem));
    for (const name of names) {
      const path = pathFrom(cwd, pathFrom(directory, name));
      const file = files.resolve(path);
      if (!file.found || file.entry.kind !== 'file') continue;
      if (files.findElf(file)?.dynamic?.soname !== library.name) continue;
      return {
        cause: `${path} is this library, but ${closure.loader ?? 'the loader'} searches by file name, and no file or link has this one`,
        remedy: shellCommand('ln', '-s', name, `${directoryOf(path)}/${library.name}`),
      };
    }
  }
  return undefined;
}

/** The file is there by its name, in a directory that the loader does not search by itself. */
function otherDirectory(
  library: Library,
  { files, closure }: MissContext,
): SharedReason | undefined {
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
  const remedy = `set LD_LIBRARY_PATH=${shellWord(directory)}${always === undefined ? '' : `, or ${always}`}`;
  return {
    cause: `${path} is there, but the loader does not search ${directory}`,
    remedy,
    alike: {
      key: `elsewhere\0${directory}`,
      words: () => ({
        cause: `the files are in ${directory}, which the loader does not search`,
        remedy,
      }),
    },
  };
}

/** A cache that ldconfig would write now has the file. */
function inRenewedCache(name: string, { diagnostics }: Closure): SharedReason | undefined {
  for (const diagnostic of diagnostics) {
    const { code } = diagnostic;
    if ((code !== 'CACHE_MISSING' && code !== 'CACHE_STALE') || diagnostic.name !== name) continue;
    const { path } = diagnostic;
    const directory = directoryOf(path);
    const isMissing = code === 'CACHE_MISSING';
    const remedy = `run ldconfig in the root, or set LD_LIBRARY_PATH=${shellWord(directory)}`;
    return {
      cause: `${path} is there, but its directory is found only through ld.so.cache, which ${isMissing ? 'is missing' : 'does not have it'}`,
      remedy,
      alike: {
        key: `cache\0${directory}`,
        words: () => ({
          cause: `the files are in ${directory}, which is found only through ld.so.cache, which ${isMissing ? 'is missing' : 'does not have them'}`,
          remedy,
        }),
      },
    };
  }
  return undefined;
}
