/**
 * What package databases tell: the packages of a root, whose files are whose, and what depends on what.
 * The same for every kind of database; where a kind says less, a field is empty.
 */

/** A package of the root, as its database describes it. */
export interface Package {
  /** As the package manager calls it, without version and architecture: `libc6`. */
  readonly name: string;
  /** As the database has it, with epoch and release; empty where it has none. */
  readonly version: string;
  /** In the words of the package manager (`amd64`, `x86_64`); empty where it has none. */
  readonly architecture: string;
  /** The source package that it was built from; the package's own name where none is stated. */
  readonly source: string;
  /** Paths that the package manager treats as configuration; not all of them need to exist. */
  readonly configurationFiles: readonly string[];
  /** The package was removed and only its configuration is left. Absent for installed packages. */
  readonly isRemoved?: boolean;
}

/**
 * The package database of one root. All answers are about what the database says, not about what is in
 * the root: a listed file may be gone. A database that is damaged says less; it never throws.
 */
export interface PackageDatabase {
  /** The kind: `dpkg`, `apk`, `rpm` or `pacman`. */
  readonly kind: string;
  /** Every installed package, in the order of the database. */
  readonly packages: readonly Package[];
  /** What could not be read so far; more may come with later questions. */
  readonly notes: readonly PackageNote[];
  /**
   * The installed package of that name, or of `NAME:ARCHITECTURE`. Where several have the name, it is that
   * of the architecture that most packages have; undefined where none has it.
   */
  package(name: string): Package | undefined;
  /**
   * The package that a file belongs to; the first where several have it. The last component is not
   * followed if it is a link. Undefined for files of no package.
   */
  ownerOf(path: string): Package | undefined;
  /** Whether a package is one that every system has, which no other names as its dependency. */
  isEssential(owner: Package): boolean;
  /** Whether a package was only installed since others need it; false where the package manager does not say. */
  isAutomatic(owner: Package): boolean;
  /** Every package that has the path, in the order of the database; directories have many. */
  ownersOf(path: string): readonly Package[];
  /**
   * Paths of a package as they are in the root, diversions applied. Directories are among them where the
   * database lists them.
   */
  filesOf(owner: Package): readonly string[];
  /**
   * The installed packages that meet its direct dependencies. Every package that meets one of several
   * alternatives counts. Versions are not compared.
   */
  dependenciesOf(dependent: Package): readonly Package[];
  /** The installed packages that it recommends or suggests, likewise; none where the database has no such field. */
  suggestionsOf(owner: Package): readonly Package[];
}

/** Why a part of a package database says nothing. */
export interface PackageNote {
  /**
   * `unreadable`: the file cannot be read. `damaged`: its bytes make no sense. `too-large`: it exceeds a
   * limit. `unsupported`: elfdeps does not know the format.
   */
  readonly code: 'unreadable' | 'damaged' | 'too-large' | 'unsupported';
  /** The kind of database. */
  readonly kind: string;
  readonly path: string;
  /** The format that is not supported, by name. */
  readonly format?: string;
}
