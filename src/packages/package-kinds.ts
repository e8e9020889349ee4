/**
 * The kinds of package database that elfdeps reads, in the order in which a root is asked for them.
 */
import { apk } from './apk.js';
import { dpkg } from './dpkg.js';
import type { PackageDatabaseKind } from './package-kind.js';
import { pacman } from './pacman.js';
import { rpm } from './rpm.js';

/** Every kind. A root with several databases has the first one that knows a package. */
export const packageKinds: readonly PackageDatabaseKind[] = [dpkg, apk, pacman, rpm];
