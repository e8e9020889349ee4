/**
 * Which package of a root has a library: the one that the database lists it for, else the command that finds
 * it by the library's name.
 */
import type { Library } from '../closure/closure.js';
import type { RootFiles } from '../files/root-files.js';
import { findPackages } from '../packages/find-packages.js';

/**
 * `install the package that has liba.so.1 in the root`, with the package or a command that finds it; undefined
 * where the root has no packages.
 */
export function packageAdvice(
  libraries: readonly Library[],
  files: RootFiles,
  isWide: boolean,
): string | undefined {
  const { database, kind } = findPackages(files);
  const owners = libraries.map(
    ({ tried }) =>
      tried.flatMap(({ path }) => (path.startsWith('/') && database?.ownerOf(path)) || [])[0]?.name,
  );
  const [one] = libraries;
  const isOne = one !== undefined && libraries.length === 1;
  if (owners.length > 0 && owners.every((name) => name !== undefined)) {
    const names = [...new Set(owners)];
    return `install ${names.join(', ')} in the root again, which ${names.length === 1 ? 'has' : 'have'} ${isOne ? one.name : 'them'}`;
  }
  if (kind === undefined) return undefined;
  const names = libraries.map(({ name }) => name);
  const what = isOne ? `the package that has ${one.name}` : 'the packages that have them';
  return `install ${what} in the root (${kind.findsLibraries(names, isWide)})`;
}
