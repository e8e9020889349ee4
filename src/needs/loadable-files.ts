/**
 * What is in directories that go into an image as a whole: libraries, which the program opens, and
 * programs, which it starts; and files that only their owner may read.
 */
import { findElfFiles } from '../files/find-elf-files.js';
import type { RootFiles } from '../files/root-files.js';

/** ELF files by what a program does with them; paths as they are named, in byte order. */
interface LoadableFiles {
  /** Libraries: named like `a.so`, `a.so.1` or `a.node`. */
  readonly libraries: readonly string[];
  readonly programs: readonly string[];
}

/** The ELF files among `paths` and below those that are directories. */
export function loadableFiles(files: RootFiles, paths: readonly string[]): LoadableFiles {
  const found = paths.flatMap((path) => findElfFiles(files.root, path, { orFile: true, files }));
  const isLibrary = (path: string) => /\.(?:so|node)(?:\.|$)/.test(path);
  return {
    libraries: found.filter(isLibrary),
    programs: found.filter((path) => !isLibrary(path)),
  };
}
