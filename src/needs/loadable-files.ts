/**
 * What is in directories that go into an image as a whole: libraries, which the program opens, and
 * programs, which it starts. A path is looked at once in a run, however many programs name it.
 */
import { isLibraryName } from '../elf/library-name.js';
import { findElfFiles } from '../files/find-elf-files.js';
import { madeOncePerPath } from '../files/made-once-per-path.js';
import type { RootFiles } from '../files/root-files.js';
import { baseName } from '../root/path-text.js';

/** ELF files by what a program does with them; paths as they are named, in byte order. */
interface LoadableFiles {
  /** Shared libraries by their headers; damaged files by their names. */
  readonly libraries: readonly string[];
  readonly programs: readonly string[];
}

const elfFilesAt = madeOncePerPath((files, path) =>
  findElfFiles(files.root, path, { orFile: true, files }),
);

/** The ELF files among `paths` and below those that are directories. */
export function loadableFiles(files: RootFiles, paths: readonly string[]): LoadableFiles {
  const found = paths.flatMap((path) => elfFilesAt(files, path));
  const isLibrary = (path: string) => {
    const kind = files.elfAt(path)?.elf.kind;
    return kind === undefined ? isLibraryName(path) : kind === 'shared-library';
  };
  return {
    libraries: neededFirst(files, found.filter(isLibrary)),
    programs: found.filter((path) => !isLibrary(path)),
  };
}

/** Libraries after those among them that they need, which the loader does not find: it knows them once they are open. */
function neededFirst(files: RootFiles, libraries: readonly string[]): readonly string[] {
  const byName = new Map(libraries.map((path) => [baseName(path), path]));
  const sorted = new Set<string>();
  const seen = new Set<string>();
  const add = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const name of files.elfAt(path)?.elf.dynamic?.needed ?? []) {
      const needed = byName.get(name);
      if (needed !== undefined) add(needed);
    }
    sorted.add(path);
  };
  for (const path of libraries) add(path);
  return [...sorted];
}
