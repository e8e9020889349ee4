/**
 * What is in directories that go into an image as a whole: libraries, which the program opens, and
 * programs, which it starts; and files that only their owner may read.
 */
import { findElfFiles } from '../files/find-elf-files.js';
import type { RootFiles } from '../files/root-files.js';
import { entryAt, namesIn } from '../root/list-directory.js';
import { resolvePath } from '../root/resolve-path.js';

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

/**
 * A path that stands for all below it, or what is below it without the files that only their owner
 * may read (keys, passwords), and so on for its directories.
 */
export function withoutSecrets({ root }: RootFiles, path: string): string[] {
  const start = resolvePath(root, path);
  if (!start.found) return [];
  const publicPaths = (shown: string, real: string): readonly string[] | 'all' => {
    const entry = entryAt(root, real);
    if (entry?.kind === 'file') return (entry.mode & 0o044) === 0 ? [] : 'all';
    if (entry?.kind !== 'directory') return 'all';
    const below = namesIn(root, real).map((name) => {
      const next = `${shown}/${name}`;
      return { next, paths: publicPaths(next, `${real}/${name}`) };
    });
    if (below.every(({ paths }) => paths === 'all')) return 'all';
    return below.flatMap(({ next, paths }) => (paths === 'all' ? [next] : paths));
  };
  const paths = publicPaths(path, start.path);
  return paths === 'all' ? [path] : [...paths];
}
