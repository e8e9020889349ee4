/**
 * The loaders that a root has: their files in the directories where loaders usually are, and which
 * loader a file is. Names and directories come from the loaders themselves.
 */
import type { ElfFile } from '../elf/elf-file.js';
import type { RootFiles } from '../files/root-files.js';
import { namesIn } from '../root/list-directory.js';
import { baseName } from '../root/path-text.js';
import type { RealPath } from '../root/root.js';
import type { Loader } from './loader.js';

/** A loader's own file. */
export interface LoaderFile {
  readonly loader: Loader;
  readonly path: string;
  readonly realPath: RealPath;
  readonly elf: ElfFile;
}

/**
 * Which loader the file at a path is: by its soname, by the name that links lead to, or by the path
 * itself. A musl root may have its loader under glibc's name too (libc6-compat). A file that is not
 * there is told by its path alone; undefined where no loader has such a name.
 */
export function loaderAt(
  files: RootFiles,
  loaders: readonly Loader[],
  path: string,
): Loader | undefined {
  const file = files.resolve(path);
  const names = [baseName(path)];
  if (file.found) {
    names.unshift(baseName(file.path));
    const elf = file.entry.kind === 'file' ? files.findElf(file) : undefined;
    if (elf?.dynamic?.soname !== undefined) names.unshift(elf.dynamic.soname);
  }
  for (const name of names) {
    const loader = loaders.find((each) => each.recognizesInterpreter([name]));
    if (loader !== undefined) return loader;
  }
  return undefined;
}

/**
 * The loaders in their usual directories, each file once: by the path that programs ask for, where
 * it has that. Empty for a root without any.
 */
export function findLoaders(files: RootFiles, loaders: readonly Loader[]): LoaderFile[] {
  const found = new Map<RealPath, LoaderFile>();
  for (const directory of new Set(loaders.flatMap((loader) => loader.directories)))
    for (const name of namesIn(files.root, directory)) {
      if (!loaders.some((each) => each.recognizesInterpreter([name]))) continue;
      const path = `${directory}/${name}`;
      const file = files.resolve(path);
      const elf = file.found && file.entry.kind === 'file' ? files.findElf(file) : undefined;
      const loader = loaderAt(files, loaders, path);
      if (!file.found || elf === undefined || loader === undefined) continue;
      const isUsual = loader.interpreterPaths(elf.target).includes(path);
      if (isUsual || !found.has(file.path))
        found.set(file.path, { loader, path, realPath: file.path, elf });
    }
  return [...found.values()];
}
