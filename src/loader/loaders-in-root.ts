/**
 * Finds the loaders of a root in the directories that usually have them, and tells which loader a file
 * is. Names and directories come from the loaders themselves.
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
 * Which loader the file at a path is: by its soname, else by the name that links lead to, else by the
 * path. A musl root may have its loader under glibc's name too (libc6-compat). If there is no file, the
 * path decides. Undefined if no loader has such a name.
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
 * The loaders in their usual directories. A file that has several paths is there once, with the path
 * that programs name if it has that one. Empty for a root without loaders.
 */
export function findLoaders(files: RootFiles, loaders: readonly Loader[]): LoaderFile[] {
  const found = new Map<RealPath, LoaderFile>();
  for (const path of namedAsLoaders(files, loaders)) {
    const file = loaderFile(files, loaders, path);
    if (file === undefined) continue;
    const isUsual = file.loader.interpreterPaths(file.elf.target).includes(path);
    if (isUsual || !found.has(file.realPath)) found.set(file.realPath, file);
  }
  return [...found.values()];
}

/** The paths in the loaders' directories whose names are names of loaders. */
function namedAsLoaders(files: RootFiles, loaders: readonly Loader[]): string[] {
  const directories = new Set(loaders.flatMap((loader) => loader.directories));
  return [...directories].flatMap((directory) =>
    namesIn(files.root, directory)
      .filter((name) => loaders.some((loader) => loader.recognizesInterpreter([name])))
      .map((name) => `${directory}/${name}`),
  );
}

function loaderFile(
  files: RootFiles,
  loaders: readonly Loader[],
  path: string,
): LoaderFile | undefined {
  const file = files.resolve(path);
  if (!file.found || file.entry.kind !== 'file') return undefined;
  const elf = files.findElf(file);
  const loader = loaderAt(files, loaders, path);
  if (elf === undefined || loader === undefined) return undefined;
  return { loader, path, realPath: file.path, elf };
}
