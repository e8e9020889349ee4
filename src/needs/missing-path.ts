/**
 * Needed names with a slash, which are paths, and search paths that are relative: both depend on the
 * working directory or on links to directories, and not on where libraries are installed.
 * Source: glibc elf/dl-load.c (_dl_map_object); musl ldso/dynlink.c (load_library).
 */
import type { Library } from '../closure/closure.js';
import type { RootFiles } from '../files/root-files.js';
import { baseName, directoryOf, pathFrom } from '../root/path-text.js';
import { shellCommand } from '../root/shell-word.js';
import type { MissContext, Reason } from './miss-reason.js';

/** A name with a slash is opened as a path, and no search path changes it; undefined for others. */
export function slashName(library: Library, context: MissContext): Reason | undefined {
  const { name, needed, neededBy } = library;
  if (!name.includes('/')) return undefined;
  const file = neededBy[0] ?? 'FILE';
  const rename = `${shellCommand('patchelf', '--replace-needed', needed, baseName(name), file)} and let a search path lead to it`;
  if (!name.startsWith('/')) return relativeName(name, rename, context);
  const place = placeOf(name, context.files);
  return {
    cause:
      place === name
        ? 'a needed name with a slash is a path, and is searched nowhere else'
        : `a needed name with a slash is a path, and this one leads through a link to ${place}`,
    remedy: `put the file at ${place}, or: ${rename}`,
  };
}

function relativeName(name: string, rename: string, context: MissContext): Reason {
  const start = startingDirectory(name, context);
  return {
    cause:
      'a needed name with a slash is a path from the working directory, and is searched nowhere else',
    remedy:
      start === undefined
        ? `put the file at ${pathFrom(context.cwd, name)}, or: ${rename}`
        : `${startIn(start)}, or: ${rename}`,
  };
}

/** A search path has relative directories, and they lead to the library from another directory. */
export function relativeSearch({ tried }: Library, context: MissContext): Reason | undefined {
  for (const { path, rule, from } of tried) {
    if (path.startsWith('/')) continue;
    const start = startingDirectory(path, context);
    if (start === undefined) continue;
    return {
      cause: `${ofRule(rule, from)} has directories that start from the working directory, which is ${context.cwd}`,
      remedy: startIn(start),
    };
  }
  return undefined;
}

function ofRule(rule: string, from: string | undefined): string {
  return from === undefined ? 'the search path' : `the ${rule.toUpperCase()} of ${from}`;
}

/** What to do for a program that must start in a directory. */
export function startIn(directory: string): string {
  return `start the program in ${directory} (${shellCommand('--workdir', directory)}; in a Dockerfile WORKDIR)`;
}

/** The directory of the program, or one above it, from which a relative path leads to a file. */
export function startingDirectory(
  path: string,
  { closure, files }: Pick<MissContext, 'closure' | 'files'>,
): string | undefined {
  const { path: named, realPath } = closure.program;
  for (const program of new Set([named, realPath])) {
    let directory = program;
    do {
      directory = directoryOf(directory);
      const file = files.resolve(pathFrom(directory, path));
      if (file.found && file.entry.kind === 'file') return directory;
    } while (directory !== '/');
  }
  return undefined;
}

/** Where the file of an absolute path would be: its directory without links, if that is there. */
function placeOf(path: string, files: RootFiles): string {
  const directory = files.resolve(directoryOf(path));
  if (!directory.found) return path;
  return pathFrom(directory.path, baseName(path));
}
