/**
 * Directories in which programs keep what they make, as packages bring them empty. A program may end
 * where its own is missing, and a log of opened files rarely shows them.
 */
import type { RootFiles } from '../files/root-files.js';
import type { Package, PackageDatabase } from '../packages/package.js';
import { isOfOne, STATE } from './named-places.js';

/** The state directories that the packages list and the root has. */
export function stateDirectories(
  files: RootFiles,
  database: PackageDatabase,
  owners: Iterable<Package>,
): string[] {
  const listed = [...owners].flatMap((owner) => database.filesOf(owner));
  const paths = listed.filter((path) => STATE.test(path) && isOfOne(path));
  return [...new Set(paths)].filter((path) => files.kindAt(path) === 'directory');
}
