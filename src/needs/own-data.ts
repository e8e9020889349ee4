/**
 * Data that a program and its libraries name: databases, plug-ins, configuration, helper programs. What is
 * small beside the program goes into images unasked.
 */

import { askedPackages } from '../packages/find-packages.js';
import type { Package } from '../packages/package.js';
import { madeOnce } from '../root/made-once.js';
import { baseName, directoryOf, outermost } from '../root/path-text.js';
import { isExecutable } from '../root/user.js';
import { absentNames } from './absent-names.js';
import { chooseData, type DataChoice, type DataLimits, limitOfLibrary } from './data-choice.js';
import { isExecutableFile, isScriptFile } from './executable-file.js';
import { bytesBelow, filesBelow } from './files-below.js';
import { classPathOf } from './jar-class-path.js';
import { isOfModules } from './languages/environment.js';
import { LibraryCosts } from './library-costs.js';
import { loadableFiles } from './loadable-files.js';
import { isMadeForReading } from './made-for-reading.js';
import { bears, pathBears, stemsOf } from './name-stems.js';
import { type NamedFile, namedFiles } from './named-files.js';
import { isUnused, ownPart, STATE } from './named-places.js';
import { namedTree } from './named-tree.js';
import { defineNeed, type FoundNeed } from './need.js';
import type { ProgramFacts } from './program-facts.js';
import { areOfOneSource, hasPrograms, ofSameSource } from './related-packages.js';
import { isPutThere } from './relation.js';
import { isHomeOf } from './source-paths.js';

/** Bytes of libraries that plug-ins of a program that the user names may need: libcrypto, drivers of databases. */
const USUAL = 24 << 20;

export const data = defineNeed({
  kind: 'data',
  values: ['all'],
  summary: 'files and directories that the program and its libraries name',
  documentation: {
    evidence:
      'paths in the texts of the program, its libraries, or a script that bear the name of what names them, or belong to its package or to one that is related to it (`/usr/share/misc/magic`, `--modules-path=/usr/lib/nginx/modules`); directories of plug-ins with its name that only packages of its source have',
    added:
      'those files and directories, without documentation and messages, with the libraries and programs in them; of directories what is small beside the program (the rest is likely, or possible where it is programs, or needs libraries that are larger than the program)',
    confidence: ['sure', 'likely', 'possible'],
  },
  detect(facts) {
    const { chosen, rest: all } = choiceOf(facts);
    const costs = new LibraryCosts(facts);
    // A program or library without any of its plug-ins does nothing: a note has to lead to them.
    const stems = stemsOf(facts.closure.program.realPath);
    const whole = treesOf(facts);
    const isOwn = (path: string) =>
      whole.includes(path) &&
      namedFiles(facts).some(
        (file) =>
          file.path === path &&
          file.kind === 'directory' &&
          (file.relation === 'name' || bears(baseName(path), stems)),
      );
    const isMuch = (path: string) =>
      !isOwn(path) &&
      !isNameMade(facts, path) &&
      costs.needMuch(namedTree(facts.files, path).files, facts.isNamed ? USUAL : undefined);
    const much = all.filter(isMuch);
    const rest = all.filter((path) => !much.includes(path));
    const needs: FoundNeed[] = [];
    if (chosen.length > 0) needs.push(needOf(facts, chosen));
    // Helpers that are large do what few have a use for, unless the program makes their names.
    const isOfHelpers = rest
      .flatMap((path) => namedTree(facts.files, path).files)
      .every(
        ({ path, isProgram }) =>
          isProgram && isExecutableFile(facts, path) && !isNameMade(facts, path),
      );
    const isPossible = isOfHelpers && facts.closure.program.kind !== 'script';
    // What a script names that another program starts is for those that call it themselves.
    const isHelperScript = facts.closure.program.kind === 'script' && !facts.isNamed;
    const likely = isPossible || isHelperScript ? [] : rest;
    const possible = isPossible || isHelperScript ? all : much;
    if (likely.length > 0) needs.push({ ...needOf(facts, likely), confidence: 'likely' });
    if (possible.length > 0) needs.push({ ...needOf(facts, possible), confidence: 'possible' });
    return needs;
  },
  absent: absentNames('data', {
    code: 'DATA_MISSING',
    levels: ['note'],
    summary: 'The root has none of the data that a program or library names by its own name.',
    cause: 'Databases, plug-ins and helpers are opened at run time, some only for what few use.',
    remedy: 'Put those that are used into the root; elfdeps copy adds them.',
  }),
});

/** Whether a program puts a name together: `remote-%s` of git, for git-remote-https. */
function isNameMade({ program, files }: ProgramFacts, path: string): boolean {
  if (program === undefined) return false;
  const name = baseName(path);
  return files.texts
    .find(program, '-%s')
    .some((text) => /^[\w-]+-%s$/.test(text) && name.includes(`-${text.slice(0, -2)}`));
}

/** What is chosen among. */
const treesOf = madeOnce((facts: ProgramFacts) => {
  const paths = dataFiles(facts).map(({ path }) => path);
  // What has the name of headers is left out of a directory around it.
  return [...new Set([...outermost(paths), ...paths.filter((path) => isUnused(baseName(path)))])];
});

const choiceOf = madeOnce((facts: ProgramFacts): DataChoice => {
  const files = dataFiles(facts);
  return chooseData(facts, treesOf(facts), (path) =>
    limitsOf(
      facts,
      files.find((file) => file.path === path),
    ),
  );
});

/**
 * What bears the program's or a library's name is its own, however large. Drivers are of a library's
 * package too, and only some machines have a use for them.
 */
function limitsOf(facts: ProgramFacts, file: NamedFile | undefined): DataLimits {
  const by = facts.outsideOfLibc.find(({ path }) => path === file?.by);
  if (
    by === undefined ||
    by.role === 'program' ||
    isPartOfProgram(facts, by.realPath, file?.path)
  ) {
    const path = file?.path ?? '';
    const isWhole =
      by === undefined
        ? file?.by === facts.closure.program.path && isOfModuleFiles(facts, path)
        : isHomeOf(facts.files, by.realPath, path);
    return { all: Number.POSITIVE_INFINITY, libraries: Number.POSITIVE_INFINITY, isWhole };
  }
  const libraries = limitOfLibrary(by.entry.size);
  return { all: file?.relation === 'name' ? Number.POSITIVE_INFINITY : libraries, libraries };
}

/** Whether a library of the program's source names a directory with the program's name: plug-ins of the program. */
function isPartOfProgram({ closure, files }: ProgramFacts, library: string, path = ''): boolean {
  const { realPath } = closure.program;
  if (!pathBears(ownPart(path) ?? '', stemsOf(realPath))) return false;
  return areOfOneSource(askedPackages(files)?.database, realPath, library);
}

const MODULE = /\.(?:pyc?|rb|p[lm]|[cm]?js|lua|tcl|php)$/;

/** Whether a directory has the modules of a script, which does nothing without them, rather than data. */
function isOfModuleFiles(facts: ProgramFacts, path: string): boolean {
  const { files } = namedTree(facts.files, path);
  return files.filter((each) => MODULE.test(each.path)).length * 2 > files.length;
}

/** What is read: no state, no program, which is started, and no modules of an interpreter. */
function dataFiles(facts: ProgramFacts): NamedFile[] {
  return namedFiles(facts).filter(
    (file) =>
      (!STATE.test(file.path) || isMadeForReading(facts, file)) &&
      !isOfModules(facts, file.path) &&
      !isExecutableFile(facts, file.path),
  );
}

/** Paths with what they hold, told by the first of them. */
function needOf(facts: ProgramFacts, all: readonly string[]): FoundNeed {
  const named = namedFiles(facts);
  const isAt = (path: string) => (file: NamedFile) =>
    file.path === path || path.startsWith(`${file.path}/`) || file.path.startsWith(`${path}/`);
  const passes = filesOfDriver(facts, all);
  const paths = all.filter((path) => !passes.includes(path));
  const [first = ''] = paths;
  const source = named.find(isAt(first));
  const by = source?.by ?? facts.closure.program.path;
  const others = paths.length - 1;
  const loadable = loadableFiles(facts.files, paths);
  const libraries = loadable.libraries.filter((path) => !passes.includes(path));
  const strangers = [...passes, ...helpersOfOthers(facts, paths, loadable.programs)];
  return {
    because: `${by} names ${first}${others > 0 ? `, and ${others} more` : ''}`,
    files: [...paths, ...namedUnused(facts, paths), ...classPathOf(facts.files, paths)],
    except: strangers,
    opens: libraries.map((name) => ({ name, from: named.find(isAt(name))?.by ?? by })),
    starts: helpers(facts, [
      ...loadable.programs.filter((path) => !strangers.includes(path)),
      ...enabledScripts(facts, paths),
    ]),
  };
}

/** A pass of GCC names the directory that it is in, where the driver starts the other passes and links with libraries. */
function filesOfDriver({ files, closure }: ProgramFacts, paths: readonly string[]): string[] {
  if (!/\/gcc\/.*\//.test(closure.program.realPath)) return [];
  const { libraries, programs } = loadableFiles(files, paths);
  return [...libraries, ...programs];
}

/** Scripts that someone put into directories of configuration for the program to run. */
function enabledScripts(facts: ProgramFacts, paths: readonly string[]): string[] {
  return paths
    .filter((path) => path.startsWith('/etc/'))
    .flatMap((path) => filesBelow(facts.files, path))
    .map(({ path }) => path)
    .filter((path) => isScriptFile(facts, path) && isPutThere(facts, path));
}

/** Bytes of documentation that a program reads itself. */
const MOST_READ = 1 << 22;

/** What has the name of documentation directly in its directories, and stands in the program's data: `examples`. */
function namedUnused(facts: ProgramFacts, paths: readonly string[]): string[] {
  const trees = namedFiles(facts)
    .filter(({ path, kind }) => kind === 'directory' && paths.some((each) => each.startsWith(path)))
    .map(({ path }) => path);
  const unused = trees.flatMap((path) =>
    namedTree(facts.files, path).unused.filter((each) => directoryOf(each) === path),
  );
  if (unused.length === 0) return [];
  const names = new Set(unused.map(baseName));
  const own = facts.outsideOfLibc.map((object) => facts.wordsAmong(object, names));
  return unused.filter(
    (path) =>
      own.some((words) => words.has(baseName(path))) && bytesBelow(facts.files, path) <= MOST_READ,
  );
}

/**
 * Programs in directories that several packages of one source fill, of those that have commands of their own
 * for them: of GnuPG's, that for LDAP is dirmngr's. None of what packages connect by their dependencies; a
 * helper has no use for what builds on it.
 */
function helpersOfOthers(
  { packages, closure, isNamed }: ProgramFacts,
  paths: readonly string[],
  programs: readonly string[],
): string[] {
  const own = programs.length === 0 ? undefined : packages?.ownerOf(closure.program.realPath);
  if (packages === undefined || own === undefined) return [];
  const isOfOther = (owner: Package) =>
    owner !== own &&
    owner.source === own.source &&
    !packages.dependenciesOf(own).includes(owner) &&
    !(isNamed && packages.dependenciesOf(owner).includes(own)) &&
    hasPrograms(packages, owner);
  // The owners of a path are found in the lists of all packages, which are large.
  if (!ofSameSource(packages, own).some(isOfOther)) return [];
  const shared = paths.filter((path) => packages.ownersOf(path).length > 1);
  return programs.filter(
    (path) =>
      shared.some((directory) => path.startsWith(`${directory}/`)) &&
      packages.ownersOf(path).some(isOfOther),
  );
}

/**
 * Programs to be traced: one path of each, and none that is the program itself by another name. A helper
 * that lacks a library does not keep the program from running.
 */
function helpers(facts: ProgramFacts, paths: readonly string[]): string[] {
  const costs = new LibraryCosts(facts);
  const seen = new Set<string>([facts.closure.program.entry.id]);
  return paths.filter((path) => {
    const file = facts.files.resolve(path);
    // What may not be executed is data: the files that tests of a linker read.
    if (!file.found || seen.has(file.entry.id) || !isExecutable(file)) return false;
    seen.add(file.entry.id);
    return costs.isWhole(file.path);
  });
}
