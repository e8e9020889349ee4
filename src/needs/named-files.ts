/**
 * Files and directories of the root that a program and its libraries name in their data, where names
 * or the package database say that they belong together. What other needs copy, documentation, and
 * directories of the whole system are left out.
 */

import { isLibraryName } from '../elf/library-name.js';
import { errnoOf } from '../errors.js';
import { madeOncePerPath } from '../files/made-once-per-path.js';
import { namedPaths } from '../files/named-paths.js';
import type { RootFiles } from '../files/root-files.js';
import type { LoadedObject } from '../loader/loader.js';
import { findPackages } from '../packages/find-packages.js';
import type { Package, PackageDatabase } from '../packages/package.js';
import { madeOnce } from '../root/made-once.js';
import { addTo } from '../root/multimap.js';
import { baseName, directoryOf } from '../root/path-text.js';
import { moduleTexts } from './languages/module-texts.js';
import { bears, libraryStems, pathBears, stemsOf } from './name-stems.js';
import { isOfOne, ownPart, prefixOf, STATE } from './named-places.js';
import type { ProgramFacts } from './program-facts.js';
import { filesPutTogether } from './shell-script.js';

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
  /**
   * `name`: it bears the name of what names it. `package`: the package database connects them. `text`:
   * no database knows either of them, and only the text speaks for it.
   */
  readonly relation: 'name' | 'package' | 'text';
}

/** What may name files: a loaded object, or a script. */
interface Source {
  readonly path: string;
  readonly realPath: string;
  readonly isProgram: boolean;
  /** The object; absent for a script. */
  readonly object?: LoadedObject;
  readonly paths: Iterable<string>;
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

/** The file is there, and only this script has all of its parts. */
function* putTogether(facts: ProgramFacts): Generator<NamedFile> {
  for (const path of filesPutTogether(facts)) {
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
      if ((kind !== 'file' && kind !== 'directory') || !isTogether(facts.files, module, path))
        continue;
      yield { path, realPath: file.path, kind, mode, by: module, relation: 'package' };
    }
}

/** Whether packages connect a path with a module, or have neither; false in a root without a database. */
export function isTogether(files: RootFiles, module: string, path: string): boolean {
  const { database: packages } = findPackages(files);
  if (packages === undefined) return false;
  const source = { path: module, realPath: module, isProgram: false, paths: [] };
  return isOfPackage(packages, source, path) || isOfNone(packages, source, path);
}

/** What a library names, by its path: an object is another one in each closure. */
const namedByLibrary = madeOnce((files: RootFiles) => {
  const known = new Map<string, readonly NamedFile[]>();
  return (source: Source): readonly NamedFile[] => {
    const key = `${source.path}\0${source.realPath}`;
    const found = known.get(key) ?? [...find(files, source)];
    known.set(key, found);
    return found;
  };
});

function* find(files: RootFiles, source: Source): Generator<NamedFile> {
  const seen = new Set<string>();
  for (const path of pathsOf(files, source)) {
    if (seen.has(path) || !(isOfOne(path) || isOwnDirectory(source, path))) continue;
    const found = namedFile(files, source, path) ?? stateAround(files, source, path, seen);
    if (found === undefined) continue;
    seen.add(found.path);
    yield found;
  }
}

/** `/etc/cron.d`, in which others have files, is that of cron. */
function isOwnDirectory({ isProgram, realPath }: Source, path: string): boolean {
  return isProgram && /^\/etc\/[\w-]+\.d$/.test(path) && bears(baseName(path), stemsOf(realPath));
}

/** A file or directory at a path that has to do with its source. */
function namedFile(files: RootFiles, source: Source, path: string): NamedFile | undefined {
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
  source: Source,
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

function sourcesOf(facts: ProgramFacts): Source[] {
  const { program } = facts.closure;
  if (program.kind === 'script') {
    const { path, realPath } = program;
    const text = facts.readText(realPath) ?? '';
    const paths = [
      ...namedPaths(text),
      ...pathsAround(realPath, text),
      ...pathsOfName(facts, text),
      ...erlangPaths(facts.files, text),
    ];
    return [{ path, realPath, isProgram: true, paths }];
  }
  return facts.outsideOfLibc.map((object) => ({
    path: object.path,
    realPath: object.realPath,
    isProgram: object.role === 'program',
    object,
    paths: facts.files.texts.paths(object),
  }));
}

/** Directories of a script's own name or of its package's, which it also has as a word: `$libdir/$PACKAGE`. */
function pathsOfName(facts: ProgramFacts, text: string): string[] {
  const { realPath } = facts.closure.program;
  const [, prefix, own] = /^(.*)\/(?:s?bin|games)\/([^/]+)$/.exec(realPath) ?? [];
  if (prefix === undefined) return [];
  return [...text.matchAll(NAME_IN_VARIABLE)].flatMap(([, name = '']) => {
    const paths = hubsOf(prefix).flatMap((hub) => facts.existing(`${hub}/${name}`));
    const isOwn = paths.length > 0 && (name === own || name === packageOf(facts));
    return isOwn ? paths : [];
  });
}

/** `PACKAGE=app`, `my $package = 'app';` */
const NAME_IN_VARIABLE = /^[ \t]*(?:my )?\$?\w+ ?= ?["']?([\w.+-]+)["']?;?[ \t]*$/gm;

function packageOf({ packages, closure }: ProgramFacts): string | undefined {
  return packages?.ownerOf(closure.program.realPath)?.name;
}

/** The directories below a prefix in which each program has one of its own. */
function hubsOf(prefix: string): string[] {
  return ['share', 'lib', 'lib64', 'libexec'].map((name) => `${prefix}/${name}`);
}

/** What a script names from a home of its own: `"$HERE"/../lib/app`, `$APP_HOME/plugins`. */
function pathsAround(realPath: string, text: string): string[] {
  const home = directoryOf(directoryOf(realPath));
  const named = /(?:\/\.\.|\$\w+|\$\{\w+\})["']?\/([A-Za-z][\w.+-]*(?:\/[\w.+-]+)*)/g;
  return [...text.matchAll(named)].map(([, path]) => `${home}/${path}`);
}

/**
 * The home of a program that stands beside `share`: it finds all by its own place. In a directory of programs
 * the others are of no use to it.
 */
function homeOf(files: RootFiles, { realPath, object }: Source): string[] {
  const directory = directoryOf(realPath);
  const home = directoryOf(directory);
  if (object?.role !== 'program' || !isOfOne(home)) return [];
  const share = files.resolve(`${home}/share`);
  if (!share.found || share.entry.kind !== 'directory') return [];
  return [/\/s?bin$/.test(directory) ? `${home}/share` : home];
}

/** Where `ERL_LIBS` of a script leads: each application is a directory there. Source: code(3erl). */
function erlangPaths(files: RootFiles, text: string): string[] {
  const values = [...text.matchAll(/\bERL_LIBS=["']?([^\s"';]+)/g)];
  return values
    .flatMap(([, value = '']) => value.split(':'))
    .flatMap((path) => files.namesIn(path).map((name) => `${path}/${name}`))
    .filter((path) => files.resolve(`${path}/ebin`).found);
}

/** The paths of a source, absolute or from its prefix, with those that it only names in parts. */
function* pathsOf(files: RootFiles, source: Source): Generator<string> {
  const prefix = prefixOf(source.realPath);
  if (prefix !== undefined)
    for (const hub of new Set([directoryOf(source.realPath), ...hubsOf(prefix)]))
      yield* partsBelow(files, source, hub);
  const { object, isProgram } = source;
  if (object !== undefined && (isProgram || files.texts.among(object, ['/etc']).size > 0))
    yield* partsBelow(files, source, '/etc');
  yield* homeOf(files, source);
  for (const text of source.paths) {
    if (!text.startsWith('/')) {
      if (prefix !== undefined) yield `${prefix}/${text}`;
      continue;
    }
    // `"/usr/share/app-" . $VERSION`
    const start = /^(.+?)\*$|^(.+-)$/.exec(text);
    if (start !== null) {
      yield* completed(files, (start[1] ?? start[2]) as string);
      continue;
    }
    yield* absolutePaths(files, source, text);
  }
}

function* absolutePaths(files: RootFiles, source: Source, text: string): Generator<string> {
  yield text;
  if (source.object !== undefined && files.code.goProgram(source.object) !== undefined)
    yield* beginning(files, text);
  yield* withEnding(files, text);
  yield* partsBelow(files, source, text);
  const release = RELEASE.exec(text)?.[0];
  if (release !== undefined && release !== text) yield release;
}

/** `/usr/share/ghostscript/10.00.0`: a directory of one release, whose parts belong together. */
const RELEASE =
  /^\/usr\/(?:local\/)?(?:share|lib(?:32|64|x32|exec)?(?:\/\w+-linux-\w+)?)\/[a-z][\w+-]*\/\d+(?:\.\d+)+(?=\/)/i;

/** The few paths that begin so: `/usr/lib/csv%v` has a name of which only the beginning is known. */
function completed(files: RootFiles, start: string, accept = (_: string) => true): string[] {
  const directory = directoryOf(start);
  const begin = baseName(start);
  const names = sortedNames(files, directory);
  const paths: string[] = [];
  for (let at = firstFrom(names, begin); names[at]?.startsWith(begin); at++) {
    const path = `${directory}/${names[at]}`;
    if (accept(path)) paths.push(path);
    if (paths.length > MOST_ENDINGS) return [];
  }
  return paths;
}

const sortedNames = madeOncePerPath((files, directory) => [...files.namesIn(directory)].sort());

/** The place of the first of sorted names that is not before a text. */
function firstFrom(names: readonly string[], text: string): number {
  let low = 0;
  for (let high = names.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if ((names[middle] as string) < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Texts of Go have no end: the longest path of a file in the root with which one begins. */
function* beginning(files: RootFiles, text: string): Generator<string> {
  let path = '';
  for (const part of text.split('/').slice(1)) {
    const names = files.namesIn(path === '' ? '/' : path);
    const found = names.includes(part)
      ? part
      : names
          .filter((name) => part.startsWith(name))
          .reduce((longest, name) => (name.length > longest.length ? name : longest), '');
    if (found === '') return;
    path = `${path}/${found}`;
    const file = files.resolve(path);
    if (file.found && file.entry.kind === 'file') yield path;
    if (found !== part) return;
  }
}

/** More files than these that begin alike are no endings of one name. */
const MOST_ENDINGS = 4;

/** `/usr/share/misc/magic` is `/usr/share/misc/magic.mgc` too, `/usr/share/app` is `/usr/share/app-1.2`. */
function withEnding(files: RootFiles, path: string): string[] {
  if (!isOfOne(path) || STATE.test(path)) return [];
  const isLonger = (each: string) => /^(?:\.|-\d[\d.]*$)/.test(each.slice(path.length));
  return completed(files, path, isLonger);
}

/** In a directory of many packages, what the source names apart from it: `%s/espeak-ng-data`. */
function partsBelow(files: RootFiles, { object, ...source }: Source, path: string): string[] {
  const isShared = path === '/etc' || (ownPart(`${path}/x`) === 'x' && path.startsWith('/usr/'));
  if (object === undefined || !isShared) return [];
  const stems = source.isProgram ? stemsOf(source.realPath) : libraryStems(source.realPath);
  return files
    .namesIn(path)
    .filter((name) => bears(name, stems) && !isLibraryName(name))
    .filter((name) => {
      // Linkers let a text stand at the end of a longer one: `/usr/lib/app-1.0` for `app-1.0`.
      const whole = new RegExp(`(?:^|%s|[})])/${escapeRegExp(name)}(?:/|$)`);
      const isLost = (text: string) =>
        /^\/[\w./-]+$/.test(text) && text.endsWith(`/${name}`) && !files.resolve(text).found;
      return (
        files.texts.find(object, `/${name}`).some((text) => whole.test(text) || isLost(text)) ||
        (/[-.]/.test(name) && isEndOfText(files, object, name))
      );
    })
    .map((name) => `${path}/${name}`);
}

/** Whether a name is a text of its own, or stands behind the dot of a hidden file: `.app.ini` for `app.ini`. */
function isEndOfText({ texts }: RootFiles, object: LoadedObject, name: string): boolean {
  return texts.find(object, name).some((text) => text === name || text === `.${name}`);
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function relationOf(
  files: RootFiles,
  source: Source,
  path: string,
): NamedFile['relation'] | undefined {
  const stems = source.isProgram ? stemsOf(source.realPath) : libraryStems(source.realPath);
  if (pathBears(ownPart(path) ?? '', stems)) return 'name';
  // The database is large: it is asked where names say nothing.
  const { database: packages } = findPackages(files);
  // Without a database, a library's own word has to do. Programs name files of others more often.
  const [, , , , project = ''] = PARTS.exec(path) ?? [];
  if (packages === undefined && projectsIn(source.paths).has(project)) return 'name';
  if (packages === undefined) return source.isProgram ? undefined : 'text';
  if (isOfNone(packages, source, path) || isAlternative(files, path)) return 'text';
  return isOfPackage(packages, source, path) ? 'package' : undefined;
}

/** Where the parts of a project are, each with its name: `/usr/share/pgsql`, `/usr/lib64/pgsql`, `/etc/ldap`. */
const PARTS =
  /^\/(?:usr\/(?:local\/)?(share|include)|usr\/(?:local\/)?(lib)(?:32|64|exec)?(?:\/\w+-linux-\w+)?|(etc))\/([\w+-]{3,})/;

/** Names that texts of a program have among libraries and elsewhere: it was built for these projects. */
const projectsIn = madeOnce((paths: Iterable<string>): ReadonlySet<string> => {
  const places = new Map<string, string[]>();
  for (const path of paths) {
    const [, share, lib, etc, name] = PARTS.exec(path) ?? [];
    if (name !== undefined) addTo(places, name, share ?? lib ?? etc ?? '');
  }
  const isInBoth = (kinds: readonly string[]) =>
    kinds.includes('lib') && kinds.some((kind) => kind !== 'lib');
  return new Set([...places].flatMap(([name, kinds]) => (isInBoth(kinds) ? [name] : [])));
});

/** Whether a path belongs to the program by its name, or by the package database. */
export function isRelated(facts: ProgramFacts, path: string): boolean {
  const { program, files } = facts;
  const paths = program === undefined ? [] : files.texts.paths(program);
  const source = { ...facts.closure.program, isProgram: true, paths };
  return relationOf(files, source, path) !== undefined;
}

/**
 * Whether a path is of packages that have nothing to do with the program, or only make use of it: squid
 * depends on logrotate. False without a package database, and for what no package owns.
 */
export function isOfStrangers(facts: ProgramFacts, path: string): boolean {
  const { packages, closure } = facts;
  const { realPath } = closure.program;
  const owners = packages?.ownersOf(path) ?? [];
  const own = owners.length === 0 ? undefined : packages?.ownerOf(realPath);
  if (packages === undefined || own === undefined) return false;
  if (pathBears(path, stemsOf(realPath))) return false;
  const known = [own, ...packages.dependenciesOf(own)];
  return owners.every(
    (owner) =>
      owner.source !== own.source && !known.includes(owner) && !packages.isEssential(owner),
  );
}

/** Whether an administrator chooses what is there: several packages provide it, and none has the path. */
export function isAlternative(files: RootFiles, path: string): boolean {
  try {
    return files.root.readlink(path)?.startsWith('/etc/alternatives/') === true;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false;
  }
}

/** Whether someone put both there without a package. */
function isOfNone(packages: PackageDatabase, { realPath }: Source, path: string): boolean {
  return packages.ownerOf(realPath) === undefined && packages.ownersOf(path).length === 0;
}

/** What a package depends on, also through packages of the same source that have no programs of their own. */
export function neededBy(packages: PackageDatabase, own: Package): readonly Package[] {
  return neededIn(packages)(own);
}

const neededIn = madeOnce((packages: PackageDatabase) =>
  madeOnce((own: Package): readonly Package[] => {
    const direct = packages.dependenciesOf(own);
    const parts = direct
      .filter(({ source }) => source === own.source)
      .filter((part) => !packages.filesOf(part).some((path) => /\/s?bin\/[^/]+$/.test(path)));
    return [...direct, ...parts.flatMap((part) => packages.dependenciesOf(part))];
  }),
);

/** Directories of more packages than these belong to a whole system. */
const MOST_OWNERS = 4;

/**
 * Whether the path is of the source's package, of one from the same source package, of one that it
 * depends on, of one that a program's recommends or suggests, or of one that depends on it (plug-ins). One stranger among several owners is allowed.
 */
function isOfPackage(
  packages: PackageDatabase,
  { realPath, isProgram }: Source,
  path: string,
): boolean {
  const owners = packages.ownersOf(path);
  const own = packages.ownerOf(realPath);
  if (owners.length === 0 || own === undefined) return false;
  if (owners.every(({ source }) => source === own.source)) return true;
  if (owners.length > MOST_OWNERS) return false;
  const known = [...neededBy(packages, own), ...(isProgram ? packages.suggestionsOf(own) : [])];
  const isRelated = (owner: Package) =>
    owner.source === own.source ||
    known.includes(owner) ||
    packages.dependenciesOf(owner).includes(own);
  const strangers = owners.filter((owner) => !isRelated(owner)).length;
  return strangers === 0 || (strangers === 1 && owners.length > 1);
}
