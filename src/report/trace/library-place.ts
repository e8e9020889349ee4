/**
 * The rule and the directory of most libraries of a program, which a report says once; a row then only
 * says what is different.
 */
import type { Library } from '../../closure/closure.js';
import type { LoadedObject, SearchRule } from '../../loader/loader.js';
import { baseName, directoryOf } from '../../root/path-text.js';
import { count, type Style } from '../style.js';

/** How each rule finds a library, in words. */
export const RULE_WORDS: Readonly<Record<SearchRule, string>> = {
  path: 'by path',
  rpath: 'by rpath',
  'library-path': 'by library path',
  runpath: 'by runpath',
  cache: 'from the cache',
  configured: 'from configured directories',
  default: 'from default directories',
  'built-in': 'built in',
  preload: 'preloaded',
  interpreter: 'as the interpreter',
  'already-loaded': 'loaded before',
};

/** A rule and a directory, and how many libraries it found there. */
export interface Place {
  readonly rule: SearchRule;
  readonly directory: string;
  readonly number: number;
}

/** The place of more than half of the libraries; undefined where there is none, or only one library. */
export function commonPlace(libraries: readonly Library[]): Place | undefined {
  const places = new Map<string, Place>();
  for (const library of libraries) {
    const { rule, object } = library;
    if (!isPlain(library) || rule === undefined || object === undefined) continue;
    const directory = directoryOf(object.path);
    const key = `${rule}\0${directory}`;
    places.set(key, { rule, directory, number: (places.get(key)?.number ?? 0) + 1 });
  }
  let best: Place | undefined;
  for (const place of places.values()) if (place.number > (best?.number ?? 1)) best = place;
  const total = libraries.filter(isFound).length;
  return best !== undefined && 2 * best.number > total ? best : undefined;
}

function isFound({ listed, object }: Library): boolean {
  return listed && object !== undefined;
}

/** Whether its place and its name tell the path of a needed library. */
function isPlain({ name, object, listed, kind }: Library): boolean {
  return kind === 'needed' && listed && object !== undefined && isNamed(object, name);
}

function isNamed({ path }: LoadedObject, name: string): boolean {
  return path.startsWith('/') && baseName(path) === name;
}

/** `214 libraries, 211 from the cache, in /lib/x86_64-linux-gnu`. */
export function placeTitle(
  libraries: readonly Library[],
  common: Place | undefined,
  style: Style,
): string {
  const total = libraries.filter(isFound).length;
  const title = total === 0 ? 'no library' : count(total, 'library', 'libraries');
  if (common === undefined) return title;
  const { number, rule, directory } = common;
  const share = number === total ? 'all' : number;
  return `${title}, ${share} ${RULE_WORDS[rule]}, in ${style.plain(directory)}`;
}

/** Whether the title tells how a library was found. */
export function isAtPlace(library: Library, common: Place | undefined): boolean {
  const { rule, object } = library;
  return (
    isPlain(library) &&
    rule === common?.rule &&
    directoryOf(object?.path ?? '') === common?.directory
  );
}

/** The rule that found a library, and the kind of need where it is no DT_NEEDED. */
export function ruleWords({ kind, rule }: Library): string {
  return kind === 'needed' ? `${rule}` : `${kind}, ${rule}`;
}
