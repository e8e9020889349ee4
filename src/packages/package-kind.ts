/**
 * What a kind of package database has to provide: whether a root has one, and its packages with their
 * paths and relations. What all kinds share (owners, links, dependencies) is in package-index.ts.
 */
import type { RootFiles } from '../files/root-files.js';
import type { Package, PackageNote } from './package.js';

/** A package with what it needs and offers, in the words of its package manager. */
export interface PackageRecord extends Package {
  /**
   * Each dependency as its alternatives, one of which must be there: names of packages, of what packages
   * provide, or absolute paths. Without versions.
   */
  readonly requires: readonly (readonly string[])[];
  /** Names of what it recommends or suggests, without versions; absent where the kind has no such field. */
  readonly suggests?: readonly string[];
  /** Every system has it, so that others do not name it as a dependency; absent where it is not. */
  readonly isEssential?: boolean;
  /** It was only installed since others need it; undefined where the package manager does not say. */
  readonly isAutomatic?: boolean;
  /** What it provides beside its own name. Without versions. */
  readonly provides: readonly string[];
}

/** What a database says, read as far as it can be read. */
export interface PackageRecords {
  readonly packages: readonly PackageRecord[];
  /** What could not be read; grows while paths are read. */
  readonly notes: readonly PackageNote[];
  /** Absolute paths of a package, as they are in the root. Reads the database where it has to. */
  pathsOf(owner: PackageRecord): Iterable<string>;
  /**
   * The packages that list a path as it stands, for a few questions without an index of all paths. Absent
   * where the database is in memory anyway.
   */
  search?(path: string): readonly PackageRecord[];
  /**
   * The package that lists a file, if it is one of those whose names are in the path or whose lists are read
   * already, and no other can have the file; undefined where a search has to tell.
   */
  guess?(path: string): PackageRecord | undefined;
}

/** A kind of package database. */
export interface PackageDatabaseKind {
  readonly name: string;
  /**
   * Files that a system has as soon as it has packages, and directories whose every file is one package.
   * The image layer that brings them first installs the system.
   */
  readonly installed: readonly string[];
  /** Files and directories in which the package manager keeps what it needs itself, and nothing else does. */
  readonly state: readonly string[];
  /** Whether the root has such a database. Looks at paths only. */
  recognizes(files: RootFiles): boolean;
  /** The command by which its package manager finds or installs what has libraries, by their sonames. */
  findsLibraries(sonames: readonly string[], is64Bit: boolean): string;
  /** Its packages. Damage is told in the notes, never thrown. */
  read(files: RootFiles): PackageRecords;
}
