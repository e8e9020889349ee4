/**
 * What is in directories that go into an image as a whole: libraries, which the program opens, and
 * programs, which it starts. A path is looked at once in a run, however many programs name it.
 */
import { isLibraryName } from '../elf/library-name.js';
import { findElfFiles } from '../files/find-elf-files.js';
import { madeOncePerPath } from '../files/made-once-per-path.js';
import type { RootFiles } from '../files/root-files.js';

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
    libraries: found.filter(isLibrary),
    programs: found.filter((path) => !isLibrary(path)),
  };
}
