/**
 * Directories in which programs keep what they make: those below /var, /run and /srv that a package
 * brings empty. A program may end where its own is missing, and a log of opened files rarely shows them.
 */
import type { RootFiles } from '../files/root-files.js';
import { findPackages } from '../packages/find-packages.js';
import type { Package } from '../packages/package.js';
import type { RealPath } from '../root/root.js';

const OF_STATE = /^\/(?:var|run|srv)\/[^/]+\//;
/** Documentation of Debian's packages, and what package managers keep. */
const NO_STATE = /^\/var\/(?:cache\/(?:apt|man)|lib\/(?:dpkg|apt|pacman|rpm|apk))(?:\/|$)/;

/** The state directories of the packages that own the files; none in a root without a database. */
export function stateDirectories(files: RootFiles, owned: readonly RealPath[]): string[] {
  const { database } = findPackages(files);
  if (database === undefined) return [];
  const owners = new Set<Package>();
  for (const path of owned) {
    const owner = database.ownerOf(path);
    if (owner !== undefined) owners.add(owner);
  }
  const directories = new Set<string>();
  for (const owner of owners)
    for (const path of database.filesOf(owner))
      if (OF_STATE.test(path) && !NO_STATE.test(path) && isDirectory(files, path))
        directories.add(path);
  return [...directories];
}

function isDirectory(files: RootFiles, path: string): boolean {
  const file = files.resolve(path);
  return file.found && file.entry.kind === 'directory';
}
