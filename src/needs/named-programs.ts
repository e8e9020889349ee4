/**
 * Executables whose paths stand in the data of a program and its libraries, by whose they are.
 */
import { askedPackages } from '../packages/find-packages.js';
import { baseName } from '../root/path-text.js';
import { companionsOf } from './command-names.js';
import { isExecutableFile } from './executable-file.js';
import { bears, stemsOf } from './name-stems.js';
import { namedFiles } from './named-files.js';
import type { ProgramFacts } from './program-facts.js';
import { areOfOneSource, essentialPackages, isInPrograms } from './related-packages.js';
import { MOST_COMMANDS } from './script-commands.js';
import { isShellName } from './shells.js';

/** Paths of executables in the program's data but the shell. */
export interface NamedPrograms {
  /** Those that belong to the program. */
  readonly own: readonly string[];
  /** Of its source package, or of a package that its own needs or every system has; all where the root does not tell. */
  readonly companions: readonly string[];
  readonly others: readonly string[];
}

/** Empty lists for a program that names none. */
export function namedPrograms(facts: ProgramFacts): NamedPrograms {
  const { closure, files } = facts;
  const own = namedFiles(facts)
    .filter(({ path }) => isExecutableFile(facts, path))
    .map(({ path }) => path);
  // Only other questions read the package database, which is large.
  const read = askedPackages(files)?.database;
  const stems = stemsOf(closure.program.realPath);
  const isOwn = (path: string) => bears(baseName(path), stems);
  // A library of another source names the programs of others too.
  const paths = facts.outsideOfLibc.flatMap((object) => {
    const named = files.texts.paths(object).filter(isInPrograms);
    if (object.role === 'program' || named.length === 0) return named;
    const isOfSource =
      named.every(isOwn) || areOfOneSource(read, closure.program.realPath, object.realPath);
    return isOfSource ? named : named.filter(isOwn);
  });
  const others = [...new Set(paths)]
    .filter((path) => !isShellName(baseName(path)))
    .filter((path) => !own.includes(path) && isExecutableFile(facts, path))
    .slice(0, MOST_COMMANDS);
  const strangers = others.filter((path) => !isOwn(path));
  const companions = strangers.length > 0 && hasEssential(facts) ? companionsOf(facts) : undefined;
  return {
    own: [...own, ...others.filter(isOwn)],
    companions: strangers.filter((path) => companions?.has(baseName(path)) !== false),
    others: strangers,
  };
}

/** Whether the root tells what every system has: only dpkg marks such packages. */
function hasEssential({ packages }: ProgramFacts): boolean {
  return packages !== undefined && essentialPackages(packages).length > 0;
}
