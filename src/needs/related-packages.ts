/**
 * Packages of a database by what connects them with a program's package, found once for all programs.
 */

import type { Package, PackageDatabase } from '../packages/package.js';
import { madeOnce } from '../root/made-once.js';
import { addTo } from '../root/multimap.js';

const bySource = madeOnce((packages: PackageDatabase) => {
  const found = new Map<string, Package[]>();
  for (const each of packages.packages) addTo(found, each.source, each);
  return found;
});

/** The packages that are built from the source of one of them, itself included. */
export function ofSameSource(packages: PackageDatabase, { source }: Package): readonly Package[] {
  return bySource(packages).get(source) ?? [];
}

/** The packages that every system has. */
export const essentialPackages = madeOnce((packages: PackageDatabase): readonly Package[] =>
  packages.packages.filter((each) => packages.isEssential(each)),
);
