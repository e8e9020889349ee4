/**
 * The paths that an object or a script may mean by its texts: as they stand, from its prefix, put together of
 * parts, or with an ending that only the root tells.
 */
import { isLibraryName } from '../elf/library-name.js';
import { madeOncePerPath } from '../files/made-once-per-path.js';
import type { RootFiles } from '../files/root-files.js';
import type { LoadedObject } from '../loader/loader.js';
import { findPackages } from '../packages/find-packages.js';
import { baseName, directoryOf } from '../root/path-text.js';
import { isExecutable } from '../root/user.js';
import { escapeRegExp } from './escape-reg-exp.js';
import { bears, stemsOfEither } from './name-stems.js';
import { hubsOf, isOfMany, isOfOne, prefixOf, STATE } from './named-places.js';
import type { NamingSource } from './naming-source.js';

/** The paths of a source, absolute or from its prefix, with those that it only names in parts. */
export function* pathsOf(files: RootFiles, source: NamingSource): Generator<string> {
  const prefix = prefixOf(source.realPath);
  if (prefix !== undefined)
    for (const hub of new Set([directoryOf(source.realPath), ...hubsOf(prefix)]))
      yield* partsBelow(files, source, hub);
  const { object, isProgram } = source;
  if (object !== undefined && (isProgram || files.texts.among(object, ['/etc']).size > 0))
    yield* partsBelow(files, source, '/etc');
  yield* homeOf(files, source);
  yield* ofOwnPackage(files, source);
  yield* besideLibrary(source);
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

/** Plug-ins of libbabl-0.1.so are in babl-0.1 beside it; a compiler may keep the path in pieces. */
function besideLibrary({ isProgram, realPath }: NamingSource): string[] {
  const release = /^lib(.*\d)\.so/.exec(baseName(realPath))?.[1];
  return isProgram || release === undefined ? [] : [`${directoryOf(realPath)}/${release}`];
}

/** Bytes that a compiler keeps together of a text that code puts together. */
const CHUNK = 16;

/**
 * Directories with the program's whole name that only packages of its source have: code may put the path
 * together. Beside plug-ins and helpers, others are those of which a part stands in the data.
 */
function* ofOwnPackage(files: RootFiles, { realPath, object }: NamingSource): Generator<string> {
  const prefix = object?.role === 'program' ? prefixOf(realPath) : undefined;
  if (object === undefined || prefix === undefined) return;
  for (const hub of hubsOf(prefix)) {
    const path = `${hub}/${baseName(realPath)}`;
    if (!isOfOne(path) || files.kindAt(path) !== 'directory') continue;
    const isLibrary = !hub.endsWith('/share');
    const chunk = path.slice(0, CHUNK);
    const isPart = chunk !== path && files.texts.find(object, chunk).length > 0;
    if ((isLibrary || isPart) && isOfItsSource(files, realPath, path)) yield path;
  }
}

function isOfItsSource(files: RootFiles, realPath: string, path: string): boolean {
  const { database } = findPackages(files);
  const source = database?.ownerOf(realPath)?.source;
  const owners = database?.ownersOf(path) ?? [];
  return owners.length > 0 && owners.every((owner) => owner.source === source);
}

/** A directory with more programs is one of helpers. */
const MOST_PROGRAMS = 8;

/** Whether a directory of one application has its name, and the program that stands in it: `app/app`. */
export function isHomeOf(files: RootFiles, realPath: string, path: string): boolean {
  if (path !== directoryOf(realPath) || !isOfOne(path)) return false;
  if (baseName(path).toLowerCase() !== baseName(realPath).toLowerCase()) return false;
  const programs = files.namesIn(path).filter((name) => {
    const file = files.resolve(`${path}/${name}`);
    return file.found && isExecutable(file) && !isLibraryName(name);
  });
  return programs.length <= MOST_PROGRAMS;
}

/**
 * The home of a program that bears its name, or that stands beside `share`: it finds all by its own place. In a
 * directory of programs the others are of no use to it.
 */
function homeOf(files: RootFiles, { realPath, object }: NamingSource): string[] {
  const directory = directoryOf(realPath);
  const home = directoryOf(directory);
  if (object?.role !== 'program') return [];
  if (isHomeOf(files, realPath, directory)) return [directory];
  if (!isOfOne(home)) return [];
  if (files.kindAt(`${home}/share`) !== 'directory') return [];
  return [/\/s?bin$/.test(directory) ? `${home}/share` : home];
}

function* absolutePaths(files: RootFiles, source: NamingSource, text: string): Generator<string> {
  yield text;
  if (source.object !== undefined && files.code.goProgram(source.object) !== undefined)
    yield* beginning(files, text);
  yield* withEnding(files, text);
  // What reads a compressed file reads a plain one too.
  yield text.replace(/\.(?:gz|bz2|xz|zst)$/, '');
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

/** Texts of Go have no end: the longest path in the root with which one begins. */
function* beginning(files: RootFiles, text: string): Generator<string> {
  let path = '';
  for (const part of text.split('/').slice(1)) {
    const names = files.namesIn(path === '' ? '/' : path);
    const found = names.includes(part)
      ? part
      : names
          .filter((name) => part.startsWith(name))
          .reduce((longest, name) => (name.length > longest.length ? name : longest), '');
    if (found === '') {
      yield path;
      return;
    }
    path = `${path}/${found}`;
    const file = files.resolve(path);
    if (file.found && (file.entry.kind === 'file' || found !== part)) yield path;
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
function partsBelow(files: RootFiles, { object, ...source }: NamingSource, path: string): string[] {
  if (object === undefined || !isOfMany(path)) return [];
  const stems = stemsOfEither(source);
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
