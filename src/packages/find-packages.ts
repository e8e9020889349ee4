/**
 * The package database of a root, found and read once in a run, when the first question needs it.
 */

import type { RootFiles } from '../files/root-files.js';
import { madeOnce } from '../root/made-once.js';
import type { PackageDatabase, PackageNote } from './package.js';
import { IndexedPackages } from './package-index.js';
import type { PackageDatabaseKind } from './package-kind.js';
import { packageKinds } from './package-kinds.js';

/** The answer for one root. */
export interface FoundPackages {
  /** Undefined where the root has no database that elfdeps can read, or only empty ones. */
  readonly database: PackageDatabase | undefined;
  /** The kind of the first database that the root has, even if it cannot be read; undefined without one. */
  readonly kind: PackageDatabaseKind | undefined;
  /** Why databases of the root say less than they could, or nothing. */
  readonly notes: readonly PackageNote[];
}

const known = new WeakSet<RootFiles>();
const packagesOf = madeOnce(readPackages);

/** The package database of the root; the same answer for the same `files`. */
export function findPackages(files: RootFiles): FoundPackages {
  known.add(files);
  return packagesOf(files);
}

/** What the run found; undefined where nothing in it has asked for packages. */
export function askedPackages(files: RootFiles): FoundPackages | undefined {
  return known.has(files) ? packagesOf(files) : undefined;
}

function readPackages(files: RootFiles): FoundPackages {
  const notes: PackageNote[] = [];
  let first: PackageDatabaseKind | undefined;
  for (const kind of packageKinds) {
    if (!kind.recognizes(files)) continue;
    first ??= kind;
    const records = kind.read(files);
    if (records.packages.length > 0) {
      const database = new IndexedPackages(kind.name, files, records);
      return {
        database,
        kind,
        // More come while lists are read.
        get notes() {
          return database.notes;
        },
      };
    }
    notes.push(...records.notes);
  }
  return { database: undefined, kind: first, notes };
}
