/**
 * What a program and its libraries name as their own, and a root has nothing of. This counts in roots that
 * someone put together: where a package database is, packages brought what they have, and the rest is
 * optional.
 */
import { listed } from '../errors.js';
import type { FindingRule } from '../finding.js';
import type { LoadedObject } from '../loader/loader.js';
import { baseName, directoryOf, outermost } from '../root/path-text.js';
import { environmentOf } from './languages/environment.js';
import { bears, pathBears, stemsOfEither } from './name-stems.js';
import { isOfOne, ownPart, STATE } from './named-places.js';
import type { NeedAbsence } from './need.js';
import type { ProgramFacts } from './program-facts.js';

/** Which paths are of a kind of need. */
type Place = 'config' | 'data' | 'state';

/** So many paths are told. */
const MOST_TOLD = 3;

/** Finds objects that name paths of a place, none of which is in the root. */
export function absentNames<const Code extends string>(
  place: Place,
  rule: FindingRule<Code>,
): NeedAbsence<Code> {
  return {
    rules: [rule],
    check: (facts) =>
      absentPaths(facts, place).map(({ object: { path }, paths }) => ({
        code: rule.code,
        severity: 'note',
        path,
        message: `${path}: names ${namesOf(paths)}, and the root has ${paths.length > 1 ? 'none of them' : 'nothing there'}`,
        remedy: `put what it uses of ${namesOf(paths)} into the root (elfdeps copy adds it as ${place})`,
      })),
  };
}

function namesOf(paths: readonly string[]): string {
  return listed(paths, 'and', MOST_TOLD);
}

function absentPaths(
  facts: ProgramFacts,
  place: Place,
): { readonly object: LoadedObject; readonly paths: readonly string[] }[] {
  if (facts.packages !== undefined) return [];
  return facts.outsideOfLibc.flatMap((object) => {
    const isProgram = object.role === 'program';
    if (!isTelling(facts, isProgram, place)) return [];
    const stems = stemsOfEither({ ...object, isProgram });
    const all = facts.files.texts
      .paths(object)
      .filter((path) => isOfOne(path) && pathBears(ownPart(path) ?? '', stems));
    const named = all.filter((path) => placeOf(path) === place);
    const first = place === 'config' ? named.filter((path) => isMain(path, stems)) : [];
    const paths = first.length > 0 ? first : named;
    // A library that has its configuration has others of its places too.
    const instead = isProgram ? paths : all;
    if (paths.length === 0 || instead.some((path) => isThere(facts, path, place))) return [];
    return [{ object, paths: outermost(paths) }];
  });
}

/**
 * Whether it matters that the paths are missing. Libraries have configuration that is optional, and no state of their
 * own; an interpreter that has its modules names many other places where they may be.
 */
function isTelling(facts: ProgramFacts, isProgram: boolean, place: Place): boolean {
  if (place !== 'data') return isProgram;
  return !isProgram || environmentOf(facts) === undefined;
}

/** `/etc/app/app.conf` and not what stands beside it. */
function isMain(path: string, stems: readonly string[]): boolean {
  return bears(baseName(path), stems) && /(?:\.\w+|config|rc)$/.test(path);
}

/** Texts of source files stand in assertions; `/etc/default` is for scripts that start a program. */
const NOT_OPENED = /\*$|\.(?:c|cc|cpp|cxx|h|hpp|rs|go|y)$|^\/etc\/(?:default|sysconfig)\//;

function placeOf(path: string): Place | undefined {
  if (!path.startsWith('/') || NOT_OPENED.test(path)) return undefined;
  if (STATE.test(path))
    return isOfOne(directoryOf(path)) || !baseName(path).includes('.') ? 'state' : undefined;
  return path.startsWith('/etc/') ? 'config' : 'data';
}

/** Of state the directory is enough: the program makes its files there. */
function isThere({ files }: ProgramFacts, path: string, place: Place): boolean {
  if (files.resolve(path).found) return true;
  const directory = directoryOf(path);
  return place === 'state' && isOfOne(directory) && files.resolve(directory).found;
}
