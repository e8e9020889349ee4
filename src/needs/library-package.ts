/**
 * Which package of a root has a library: the one that the database lists it for, else the command that finds
 * it by the library's name.
 */
import type { Library } from '../closure/closure.js';
import type { RootFiles } from '../files/root-files.js';
import { findPackages } from '../packages/find-packages.js';

/** `install the package that has liba.so.1 in the root`, with the package or a command where they are known. */
export function packageAdvice(
  libraries: readonly Library[],
  files: RootFiles,
  isWide: boolean,
): string {
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
  const how = kind?.findsLibraries(
    libraries.map(({ name }) => name),
    isWide,
  );
  const what = isOne ? `the package that has ${one.name}` : 'the packages that have them';
  return `install ${what} in the root${how === undefined ? '' : ` (${how})`}`;
}
