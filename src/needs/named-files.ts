/**
 * Files and directories of the root that a program and its libraries name in their data, where names
 * or the package database say that they belong together. What other needs copy, documentation, and
 * directories of the whole system are left out.
 */

import { isLibraryName } from '../elf/library-name.js';
import type { RootFiles } from '../files/root-files.js';
import { madeOnce } from '../root/made-once.js';
import { directoryOf } from '../root/path-text.js';
import { debugFiles } from './debug-files.js';
import { moduleTexts } from './languages/module-texts.js';
import { bears, stemsOf } from './name-stems.js';
import { isOfOne, STATE } from './named-places.js';
import { type NamingSource, sourcesOf } from './naming-source.js';
import type { ProgramFacts } from './program-facts.js';
import { type Relation, relationOf, relationOfModule } from './relation.js';
import { filesPutTogether } from './shell-script.js';
import { pathsOf } from './source-paths.js';

/** A path that an object or a script names, and that is there. */
export interface NamedFile {
  /** As it is named. */
  readonly path: string;
  readonly realPath: string;
  readonly kind: 'file' | 'directory';
  /** Permission bits. */
  readonly mode: number;
  /** Path of the object or script that names it. */
  readonly by: string;
  readonly relation: Relation;
}

/** Each path once, the program's own before those of libraries. */
export const namedFiles = madeOnce((facts: ProgramFacts): readonly NamedFile[] => {
  const found = new Map<string, NamedFile>();
  for (const source of sourcesOf(facts)) {
    // Programs share libraries, which name the same files for each.
    const named = source.isProgram
      ? find(facts.files, source)
      : namedByLibrary(facts.files)(source);
    for (const file of named) if (!found.has(file.path)) found.set(file.path, file);
  }
  for (const file of [...namedByModules(facts), ...putTogether(facts)])
    if (!found.has(file.path)) found.set(file.path, file);
  return [...found.values()];
});

/** The file is there, and only this script has all of its parts, or the program what leads to it. */
function* putTogether(facts: ProgramFacts): Generator<NamedFile> {
  for (const path of [...filesPutTogether(facts), ...debugFiles(facts)]) {
    const file = facts.files.resolve(path);
    if (!file.found || file.entry.kind !== 'file') continue;
    const { kind, mode } = file.entry;
    const by = facts.closure.program.path;
    yield { path, realPath: file.path, kind, mode, by, relation: 'name' };
  }
}

/** Modules of a script name much that they only know of: it counts where packages connect both. */
function* namedByModules(facts: ProgramFacts): Generator<NamedFile> {
  for (const { module, paths } of moduleTexts(facts))
    for (const path of paths) {
      const file = isOfOne(path) ? facts.files.resolve(path) : undefined;
      if (file?.found !== true || isLibraryName(path)) continue;
      const { kind, mode } = file.entry;
      const isHere = kind === 'file' || kind === 'directory';
      if (!isHere || relationOfModule(facts.files, module, path) === undefined) continue;
      yield { path, realPath: file.path, kind, mode, by: module, relation: 'package' };
    }
}

/** What a library names, by its path: an object is another one in each closure. */
const namedByLibrary = madeOnce((files: RootFiles) => {
  const known = new Map<string, readonly NamedFile[]>();
  return (source: NamingSource): readonly NamedFile[] => {
    const key = `${source.path}\0${source.realPath}`;
    const found = known.get(key) ?? [...find(files, source)];
    known.set(key, found);
    return found;
  };
});

function* find(files: RootFiles, source: NamingSource): Generator<NamedFile> {
  const seen = new Set<string>();
  for (const path of pathsOf(files, source)) {
    if (seen.has(path) || !(isOfOne(path) || isOwnDirectory(source, path))) continue;
    const found = namedFile(files, source, path) ?? stateAround(files, source, path, seen);
    if (found === undefined) continue;
    seen.add(found.path);
    yield found;
  }
}

/** `/etc/cron.d`, in which others have files, is that of cron; what `/usr/share/app/include` has is no C of app. */
function isOwnDirectory({ isProgram, realPath }: NamingSource, path: string): boolean {
  const name = /^\/etc\/([\w-]+\.d)$|^\/usr\/share\/([\w-]+)\/include$/.exec(path);
  return isProgram && name !== null && bears(name[1] ?? name[2] ?? '', stemsOf(realPath));
}

/** A file or directory at a path that has to do with its source. */
function namedFile(files: RootFiles, source: NamingSource, path: string): NamedFile | undefined {
  const file = files.resolve(path);
  if (!file.found) return undefined;
  const { kind, mode } = file.entry;
  // A library that is named itself is opened by dlopen(), see dlopen-texts.
  if (kind !== 'directory' && (kind !== 'file' || isLibraryName(path))) return undefined;
  const relation = relationOf(files, source, path);
  return relation && { path, realPath: file.path, kind, mode, by: source.path, relation };
}

/** The directory of a file that a program would write, where the root has only the directory. */
function stateAround(
  files: RootFiles,
  source: NamingSource,
  path: string,
  seen: ReadonlySet<string>,
): NamedFile | undefined {
  const directory = directoryOf(path);
  if (!STATE.test(path) || !isOfOne(directory) || seen.has(directory)) return undefined;
  if (files.resolve(path).found) return undefined;
  const file = files.resolve(directory);
  if (!file.found || file.entry.kind !== 'directory') return undefined;
  const relation = relationOf(files, source, path);
  const { kind, mode } = file.entry;
  return (
    relation && { path: directory, realPath: file.path, kind, mode, by: source.path, relation }
  );
}
