/**
 * A tree on disk → its bytes, and those of them that are standard libraries of languages: elfdeps
 * copies these whole, so what one job opens of them says nothing.
 */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where languages of Debian have what comes with the language itself, as patterns of paths. */
const STANDARD_LIBRARIES: readonly RegExp[] = [
  /^\/usr\/lib\/python3\.\d+\//,
  /^\/usr\/(?:share\/perl|lib\/[^/]+\/perl(?:-base)?)(?:\/|$)/,
  /^\/usr\/lib(?:\/[^/]+)?\/ruby\/(?:vendor_ruby\/|gems\/)?\d/,
  /^\/usr\/lib\/R\//,
  /^\/usr\/lib\/erlang\//,
  /^\/usr\/(?:share\/guile|lib\/[^/]+\/guile)\//,
  /^\/usr\/(?:share|lib|libexec)\/emacs\//,
  // Also tcllib, the Tcl Standard Library, and the scripts that Vim comes with.
  /^\/usr\/share\/tcltk\/tcl(?:8\.|lib)\d+/,
  /^\/usr\/share\/vim\//,
  /^\/usr\/lib\/sbcl\//,
  /^\/usr\/lib\/swi-prolog\//,
  /^\/usr\/lib\/jvm\//,
];

export function isStandardLibrary(path: string): boolean {
  return STANDARD_LIBRARIES.some((pattern) => pattern.test(path));
}

export interface TreeBytes {
  /** All regular files, each once, and the texts of links. */
  readonly all: number;
  readonly standardLibraries: number;
}

export function treeBytes(tree: string): TreeBytes {
  let all = 0;
  let standardLibraries = 0;
  const seen = new Set<number>();
  const visit = (directory: string) => {
    for (const entry of readdirSync(join(tree, directory), { withFileTypes: true })) {
      const path = `${directory}/${entry.name}`;
      if (entry.isDirectory()) visit(path);
      else {
        const { ino, size } = lstatSync(join(tree, path));
        if (seen.has(ino)) continue;
        seen.add(ino);
        all += size;
        if (isStandardLibrary(path)) standardLibraries += size;
      }
    }
  };
  visit('');
  return { all, standardLibraries };
}
