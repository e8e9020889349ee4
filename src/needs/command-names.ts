/**
 * Names of commands as whole texts in the data of a program that starts others, or in the smallest files of
 * its data, if they are of its own package, or of a package that it depends on or suggests. Other names are
 * options or words more often than not.
 */

import { madeOncePerPath } from '../files/made-once-per-path.js';
import type { RootElf } from '../files/root-elf.js';
import type { RootFiles } from '../files/root-files.js';
import { askedPackages } from '../packages/find-packages.js';
import type { Package } from '../packages/package.js';
import { madeOnce } from '../root/made-once.js';
import { baseName } from '../root/path-text.js';
import { isExecutable } from '../root/user.js';
import { escapeRegExp } from './escape-reg-exp.js';
import { isExecutableFile } from './executable-file.js';
import { filesBelow } from './files-below.js';
import { languages } from './languages/module-files.js';
import { shellCalls, startCalls } from './libc-functions.js';
import { bears, stemsOf } from './name-stems.js';
import { namedFiles } from './named-files.js';
import type { ProgramFacts } from './program-facts.js';
import {
  areOfOneSource,
  commandsIn,
  essentialPackages,
  hasPrograms,
  neededBy,
  ofSameSource,
} from './related-packages.js';
import { isRelated } from './relation.js';
import { isShellName, isShellScript } from './shells.js';

/** These look for a program by its name. */
const SEARCHING = ['execvp', 'execlp', 'execvpe', 'posix_spawnp', ...shellCalls];

/** Paths of programs. */
export interface NamedCommands {
  readonly own: readonly string[];
  /** Of packages that its own only recommends or suggests. */
  readonly suggested: readonly string[];
  /** The same, where a name stands only at the end of a longer text, or the package needs many others. */
  readonly others: readonly string[];
  /** Of packages that its own needs, for an interpreter: a small text of its data names them. */
  readonly interpreted: readonly string[];
}

const NONE: NamedCommands = { own: [], suggested: [], others: [], interpreted: [] };

/** Empty lists for a program that starts nothing by name. */
export function namedCommands(facts: ProgramFacts): NamedCommands {
  if (facts.findImport(SEARCHING) === undefined) return NONE;
  const commands = allCommands(facts.files, facts.place.searchPath);
  const words = [...wordsOfData(facts)].flatMap((word) => commands.get(word) ?? []);
  const named = [...new Set([...among(facts, commands), ...words])];
  if (named.length === 0) return NONE;
  const isStarted = (path: string) =>
    isExecutableFile(facts, path) && !isForInterpreter(facts, path);
  // The package database is large: it is asked about few names.
  if (facts.packages === undefined)
    return { ...NONE, own: named.filter((path) => isStarted(path) && isOfProject(facts, path)) };
  const { program } = facts;
  const { own, suggested, systems } = helpersOf(facts);
  const ending = (names: readonly string[], before?: number) =>
    names
      .filter((name) => program !== undefined && endsText(facts, program, name, before))
      .flatMap((name) => commands.get(name) ?? [])
      .filter(isStarted);
  const whole = ending([...suggested], 1);
  return {
    own: named.filter((path) => own.has(baseName(path)) && isStarted(path)),
    interpreted: words.filter((path) => own.has(baseName(path)) && isForInterpreter(facts, path)),
    suggested: whole,
    others: [
      ...ending([...suggested]).filter((path) => !whole.includes(path)),
      ...named.filter((path) => systems.has(baseName(path)) && isStarted(path)),
    ],
  };
}

/** A list of alternatives: `ssh : rsh` */
const LIST = /^[\w.+-]+(?:[ :,|]+[\w.+-]+){1,3}$/;

/** Commands of packages that a program's own depends on, of which a library of its source has a list, and starts one. */
export function listedCommands(facts: ProgramFacts): string[] {
  const { closure, files } = facts;
  const starting = facts.libraries.filter((each) => facts.findImportOf(each, SEARCHING));
  const packages = starting.length === 0 ? undefined : askedPackages(files)?.database;
  const owner = packages?.ownerOf(closure.program.realPath);
  if (packages === undefined || owner === undefined) return [];
  const names = packages.dependenciesOf(owner).flatMap(commandsIn(packages));
  const found = starting
    .filter(({ realPath }) => areOfOneSource(packages, closure.program.realPath, realPath))
    .flatMap((library) =>
      names.filter((name) =>
        facts
          .findTexts(library, name)
          .some((text) => LIST.test(text) && text.split(/[ :,|]+/).includes(name)),
      ),
    );
  return commandsNamed(facts, found);
}

/**
 * Commands that are words in the texts of a library of another project, of the packages that the library's own
 * needs and of others of their sources: GnuPG's, of GPGME.
 */
export function commandsOfLibraries(facts: ProgramFacts): string[] {
  const { closure, files } = facts;
  const starting = facts.libraries.filter((each) => facts.findImportOf(each, startCalls));
  const packages = starting.length === 0 ? undefined : askedPackages(files)?.database;
  if (packages === undefined) return [];
  const own = packages.ownerOf(closure.program.realPath);
  const found = starting.flatMap((library) => {
    const owner = packages.ownerOf(library.realPath);
    if (owner === undefined || owner.source === own?.source) return [];
    const sources = packages
      .dependenciesOf(owner)
      .filter((each) => each.source !== owner.source && hasPrograms(packages, each))
      .flatMap((each) => ofSameSource(packages, each));
    const names = [...new Set(sources)].flatMap(commandsIn(packages));
    return names.filter((name) => {
      const word = new RegExp(`(?<![\\w./+-])${escapeRegExp(name)}(?![\\w./+-])`);
      return facts.findTexts(library, name).some((text) => word.test(text));
    });
  });
  return commandsNamed(facts, found);
}

/** The programs that a search finds by these names, each once. */
function commandsNamed(facts: ProgramFacts, names: readonly string[]): string[] {
  const commands = allCommands(facts.files, facts.place.searchPath);
  return [...new Set(names)]
    .flatMap((name) => commands.get(name) ?? [])
    .filter((path) => isExecutableFile(facts, path));
}

/** Names of commands of the program's source package, of packages that its own needs, and that every system has. */
export function companionsOf({ packages, closure }: ProgramFacts): ReadonlySet<string> {
  const owner = packages?.ownerOf(closure.program.realPath);
  if (packages === undefined || owner === undefined) return new Set();
  const related = [
    ...ofSameSource(packages, owner),
    ...neededBy(packages, owner),
    ...essentialPackages(packages),
  ];
  return new Set(related.flatMap(commandsIn(packages)));
}

/**
 * Whether a command belongs to the program: by its name, or by the lists of the packages that are its own,
 * of one source with it, or needed by it. The lists of all others are many.
 */
export function isOwnCommand(facts: ProgramFacts, path: string): boolean {
  const { packages, closure } = facts;
  const { realPath } = closure.program;
  if (bears(baseName(path), stemsOf(realPath))) return true;
  const owner = packages?.ownerOf(realPath);
  if (packages === undefined || owner === undefined) return isRelated(facts, path);
  const related = [owner, ...neededBy(packages, owner), ...ofSameSource(packages, owner)];
  return related.some((each) => commandsIn(packages)(each).includes(baseName(path)));
}

/** Whether a program names a file or directory that the program has as its own: programs of one project do. */
function isOfProject(facts: ProgramFacts, path: string): boolean {
  const other = facts.fileAt(path);
  if (other === undefined || other.elf.kind === 'shared-library') return false;
  const paths = new Set(facts.files.texts.paths(other));
  return namedFiles(facts).some(
    (file) => file.by === facts.closure.program.path && paths.has(file.path),
  );
}

/**
 * Whether a text of an object ends with a name, behind so many characters at most: linkers let a text stand at
 * the end of a longer one (`xz` of `txz`).
 */
export function endsText(
  facts: ProgramFacts,
  object: RootElf,
  name: string,
  before = Number.POSITIVE_INFINITY,
): boolean {
  const ends = (text: string) => text.endsWith(name) && text.length <= name.length + before;
  return facts.findText(object, name, ends) !== undefined;
}

/** Scripts in a language of its own are for administrators: what a program starts itself is small. */
export function isForInterpreter({ files, place }: ProgramFacts, path: string): boolean {
  const shebang = files.shebangAt(path);
  return shebang !== undefined && !isShellScript(files, shebang, place);
}

/** Bytes of a file of data that says little more than what to start: `postpro grotty`. */
const MOST_BYTES = 256;
const MOST_FILES = 64;

/** Words of the smallest files in the program's directories of data. */
function wordsOfData(facts: ProgramFacts): ReadonlySet<string> {
  const small = namedFiles(facts)
    .filter(({ kind, by }) => kind === 'directory' && by === facts.closure.program.path)
    .flatMap(({ path }) => filesBelow(facts.files, path))
    .filter(({ entry }) => entry.kind === 'file' && entry.size <= MOST_BYTES)
    .slice(0, MOST_FILES);
  return new Set(small.flatMap(({ path }) => facts.readText(path)?.split(/\s+/) ?? []));
}

/** Bytes of a text that says what to start, of code of people, and of all that are read. */
const MOST_TEXT = 1 << 12;
const MOST_CODE = 1 << 18;
const MOST_IN_ALL = 1 << 22;
/** A word in quotes of its own, or one that begins a command: `"gs"`, `lt-proc -g | lrx-proc`. */
const STARTED = /["']([\w.+-]+)["']|(?:^|\|)[ \t]*([\w.+-]+)(?![\w.+-])(?=[ \t]*(?:[-'"$|]|$))/gm;

/**
 * Commands in the code and the small texts of a program's data that are of packages that its own needs; for a
 * script, also those of its own package and of those that have some of the data.
 */
export function commandsOfData(facts: ProgramFacts): string[] {
  const { closure, files, place } = facts;
  const trees = namedFiles(facts)
    .filter(({ kind, by }) => kind === 'directory' && by === closure.program.path)
    .map(({ path }) => path);
  const commands = allCommands(files, place.searchPath);
  const named = [...startedWords(files, trees)].filter((word) => commands.has(word));
  if (named.length === 0) return [];
  const { packages } = facts;
  const owner = packages?.ownerOf(closure.program.realPath);
  if (packages === undefined || owner === undefined) return [];
  // Scripts mean all that their data says, and the lists of all packages tell whose that is.
  const isScript = facts.program === undefined;
  const owners = isScript
    ? new Set([owner, ...trees.flatMap((path) => packages.ownersOf(path))])
    : [];
  const needed = [owner, ...owners].flatMap((each) => neededBy(packages, each));
  const related = new Set([...owners, ...needed].filter((each) => isScript || each !== owner));
  const known = new Set([...related].flatMap(commandsIn(packages)));
  return named
    .filter((word) => known.has(word))
    .map((name) => commands.get(name) as string)
    .filter((path) => isExecutableFile(facts, path) && !isForInterpreter(facts, path));
}

/** Words that may be commands, in what is no program below directories. */
function startedWords(files: RootFiles, trees: readonly string[]): ReadonlySet<string> {
  const words = new Set<string>();
  let left = MOST_IN_ALL;
  for (const { path, name, entry } of trees.flatMap((tree) => filesBelow(files, tree))) {
    const isCode = languages.some((each) => each.files.test(name));
    if (entry.kind !== 'file' || isExecutable({ entry })) continue;
    if (entry.size > (isCode ? MOST_CODE : MOST_TEXT)) continue;
    left -= entry.size;
    if (left < 0) break;
    for (const [, quoted, first = ''] of (files.readText(path) ?? '').matchAll(STARTED))
      words.add(quoted ?? first);
  }
  return words;
}

/** Those whose names stand in the program's data. */
function among(facts: ProgramFacts, paths: ReadonlyMap<string, string>): string[] {
  const { program } = facts;
  if (program === undefined || paths.size === 0) return [];
  return [...facts.wordsAmong(program, namesOfCommands(paths))].map(
    (name) => paths.get(name) as string,
  );
}

/** Installed packages that a helper depends on. */
const MOST_DEPENDENCIES = 8;
/** The programs of a package with more commands have no more to do with each other than those of two. */
const MOST_OF_PACKAGE = 64;

/** Names of commands of the program's package and of those that it depends on; of those that it suggests. */
export function helpersOf({ packages, closure }: ProgramFacts) {
  const owner = packages?.ownerOf(closure.program.realPath);
  if (packages === undefined || owner === undefined)
    return { own: new Set<string>(), suggested: new Set<string>(), systems: new Set<string>() };
  const namesOf = (all: readonly Package[]) => new Set(all.flatMap(commandsIn(packages)));
  const isOfOneKind = (each: Package) =>
    each !== owner || commandsIn(packages)(each).length <= MOST_OF_PACKAGE;
  const all = packages.suggestionsOf(owner);
  // What needs much else is a system of its own, and no helper: R for pandoc.
  const isHelper = (each: Package) => packages.dependenciesOf(each).length <= MOST_DEPENDENCIES;
  return {
    own: namesOf([owner, ...neededBy(packages, owner)].filter(isOfOneKind)),
    suggested: namesOf(all.filter(isHelper)),
    systems: namesOf(all.filter((each) => !isHelper(each))),
  };
}

/** The first of each name, as a search finds it in the directories of a PATH. */
const allCommands = madeOncePerPath((files, searchPath): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  for (const place of searchPath.split(':'))
    for (const name of files.namesIn(place))
      if (!found.has(name) && !isShellName(name)) found.set(name, `${place}/${name}`);
  return found;
});

const namesOfCommands = madeOnce(
  (commands: ReadonlyMap<string, string>): ReadonlySet<string> => new Set(commands.keys()),
);
