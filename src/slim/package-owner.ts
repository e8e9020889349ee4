/**
 * Whose a file is: of a package, of the package manager, or of neither, and then it may be the
 * application's. What maintainer scripts derive from the files of a package counts as the package's.
 */
import { byteCodeSource } from '../files/byte-code.js';
import type { RootFiles } from '../files/root-files.js';
import { findPackages } from '../packages/find-packages.js';
import type { Package, PackageDatabase } from '../packages/package.js';
import type { PackageDatabaseKind } from '../packages/package-kind.js';
import { packageKinds } from '../packages/package-kinds.js';
import type { Entry } from '../root/root.js';

/** What ldconfig and user databases make anew, and lock files; no program reads them. */
const DERIVED = /^\/(?:var\/cache\/ldconfig\/|etc\/\.pwd\.lock$|etc\/(?:passwd|group|g?shadow)-$)/;
/** Links that choose among the packages which provide one command: update-alternatives(1). */
const ALTERNATIVES = '/etc/alternatives/';

/** Answers for one root. */
export class PackageOwners {
  readonly database: PackageDatabase | undefined;
  /** Undefined where the root has no database. */
  readonly kind: PackageDatabaseKind | undefined;
  readonly #files: RootFiles;

  constructor(files: RootFiles) {
    this.database = findPackages(files).database;
    this.kind = packageKinds.find(({ name }) => name === this.database?.kind);
    this.#files = files;
  }

  /** The package of a file; undefined where none has it. */
  ownerOf(path: string): Package | undefined {
    const owner = this.database?.ownerOf(path);
    if (owner !== undefined || this.database === undefined) return owner;
    const source = byteCodeSource(path);
    return source === undefined ? undefined : this.database.ownerOf(source);
  }

  /** Whether the package manager made it for itself: its database, caches, logs and choices. */
  isState(path: string, entry: Entry): boolean {
    if (DERIVED.test(path)) return true;
    if (this.kind === undefined) return false;
    const { state } = this.kind;
    if (state.some((one) => path === one || path.startsWith(`${one}/`))) return true;
    if (entry.kind !== 'symlink') return false;
    return (
      path.startsWith(ALTERNATIVES) || this.#files.root.readlink(path).startsWith(ALTERNATIVES)
    );
  }
}
