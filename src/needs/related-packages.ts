/**
 * Packages of a database by what connects them with a program's package, found once for all programs.
 */

import { PROGRAM_DIRECTORIES } from '../files/path-search.js';
import type { Package, PackageDatabase } from '../packages/package.js';
import { madeOnce } from '../root/made-once.js';
import { addTo } from '../root/multimap.js';
import { baseName } from '../root/path-text.js';

const bySource = madeOnce((packages: PackageDatabase) => {
  const found = new Map<string, Package[]>();
  for (const each of packages.packages) addTo(found, each.source, each);
  return found;
});

/** The packages that are built from the source of one of them, itself included. */
export function ofSameSource(packages: PackageDatabase, { source }: Package): readonly Package[] {
  return bySource(packages).get(source) ?? [];
}

/** Whether the packages of two files are built from one source; false where none has one of them. */
export function areOfOneSource(
  packages: PackageDatabase | undefined,
  path: string,
  other: string,
): boolean {
  const source = packages?.ownerOf(path)?.source;
  return source !== undefined && packages?.ownerOf(other)?.source === source;
}

/** The packages that every system has. */
export const essentialPackages = madeOnce((packages: PackageDatabase): readonly Package[] =>
  packages.packages.filter((each) => packages.isEssential(each)),
);

/** A package that needs more others than these is a system of its own: Java, TeX. */
const MANY = 64;

/** Whether a package depends on many others, directly or through those. */
export function needsMany(packages: PackageDatabase, start: Package): boolean {
  const found = new Set([start]);
  for (const each of found) {
    for (const next of packages.dependenciesOf(each)) found.add(next);
    if (found.size > MANY) return true;
  }
  return false;
}

/** What a package depends on, also through packages of the same source that have no programs of their own. */
export function neededBy(packages: PackageDatabase, own: Package): readonly Package[] {
  return neededIn(packages)(own);
}

const neededIn = madeOnce((packages: PackageDatabase) =>
  madeOnce((own: Package): readonly Package[] => {
    const direct = packages.dependenciesOf(own);
    const parts = direct
      .filter(({ source }) => source === own.source)
      .filter((part) => !hasPrograms(packages, part));
    return [...direct, ...parts.flatMap((part) => packages.dependenciesOf(part))];
  }),
);

/** Whether a package has programs in a directory of programs. */
export function hasPrograms(packages: PackageDatabase, owner: Package): boolean {
  return packages.filesOf(owner).some(isInPrograms);
}

/** Whether a path is directly in a directory of programs, wherever that is: `/usr/lib/app/bin/tool`. */
export function isInPrograms(path: string): boolean {
  return /\/s?bin\/[^/]+$/.test(path);
}

const COMMAND = new RegExp(`^(?:${PROGRAM_DIRECTORIES.join('|')})/[^/]+$`);

/** Names of the commands of a package. */
export const commandsIn = madeOnce((packages: PackageDatabase) =>
  madeOnce((owner: Package): readonly string[] =>
    packages
      .filesOf(owner)
      .filter((path) => COMMAND.test(path))
      .map(baseName),
  ),
);
