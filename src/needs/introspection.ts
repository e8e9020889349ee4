/**
 * Libraries that typelibs of GObject introspection name: a script that imports one calls its functions.
 * Source: girepository/gitypelib-internal.h (Header.shared_library: sonames in a list, as one text).
 */
import { filesBelow } from './files-below.js';
import { namedFiles } from './named-files.js';
import type { ProgramFacts } from './program-facts.js';

const DIRECTORY = /\/girepository-1\.0$/;
/** As long as the name of a file may be, and from the beginning of a word: a text may be nothing but `lib`. */
const SONAME = /(?<![\w+.-])lib[\w+.-]{1,240}\.so\.\d[\w.]*/g;
/** Bytes: the largest one that Debian has is smaller. */
const MOST_BYTES = 1 << 22;
const MOST_FILES = 512;

/** Sonames in the order of the files; none for a program that does not name a directory of typelibs. */
export function introspectedLibraries(facts: ProgramFacts): string[] {
  const typelibs = namedFiles(facts)
    .filter(({ kind, path }) => kind === 'directory' && DIRECTORY.test(path))
    .flatMap(({ path }) => filesBelow(facts.files, path))
    .filter(({ name, entry }) => entry.kind === 'file' && name.endsWith('.typelib'))
    .slice(0, MOST_FILES);
  const names = typelibs.flatMap(({ path }) => {
    const text = facts.files.readBytes(path, MOST_BYTES)?.toString('latin1') ?? '';
    return [...text.matchAll(SONAME)].map(([soname]) => soname);
  });
  return [...new Set(names)];
}
