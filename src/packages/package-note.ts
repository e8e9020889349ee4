/**
 * The words for a part of a package database that says less than it could: for notes of image commands and
 * of slim, and for the advice of --package.
 */
import type { PackageNote } from './package.js';

/** Why a part of a package database says nothing, without its path. */
export function describePackageNote({ code, kind, format }: PackageNote): string {
  switch (code) {
    case 'unsupported':
      return `the package database of ${kind} is in ${format}, which elfdeps does not read`;
    case 'unreadable':
      return `missing or unreadable in the package database of ${kind}, so some owners are unknown`;
    case 'damaged':
      return `damaged in the package database of ${kind}, so some packages may be unknown`;
    case 'too-large':
      return `too large in the package database of ${kind}, so some packages are unknown`;
  }
}
