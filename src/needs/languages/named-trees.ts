/**
 * Modules at the paths that an interpreter was built with: @INC of Perl, the load path of Ruby,
 * TCL_LIBRARY, package.path of Lua and their like are texts in its data. What it stands in counts too:
 * Erlang and R start their programs from inside of their own directory.
 */

import type { LoadedObject } from '../../loader/loader.js';
import { baseName, directoryOf, pathFrom, shortenedComponents } from '../../root/path-text.js';
import { isExecutable } from '../../root/user.js';
import { filesBelow } from '../files-below.js';
import { prefixOf } from '../named-places.js';
import type { ProgramFacts } from '../program-facts.js';
import { type Language, languageOf, languages } from './module-files.js';
import type { ModuleTree } from './module-tree.js';

/** Directories that belong to nothing in particular. */
const HUB =
  /^(?:\/(?:usr|local|opt|srv|home|root|tmp|var|app|nix|run|mnt))*(?:\/(?:s?bin|lib(?:32|64|x32|exec)?|share|include|etc|src|games|lib(?:32|64)?\/[\w]+-linux-[\w]+|var\/lib))?\/?$/;
/** Where modules are that did not come with the interpreter. */
const INSTALLED =
  /\/(?:site|vendor|dist|addons?|contrib)(?:[-_.]\w+)?(?:\/|$)|\/perl5(?:\/|$)|\/gems(?:\/|$)|\/lua\/\d/;
/** How far an interpreter may stand below the directory that it belongs to. */
const MOST_LEVELS = 4;

/** The modules at paths that a program or its interpreter's library names, and around the program. */
export function namedTrees(facts: ProgramFacts): ModuleTree[] {
  const { program, closure } = facts;
  const trees: ModuleTree[] = [];
  const around = treeAround(facts, closure.program.realPath);
  if (around !== undefined) trees.push(around);
  if (program !== undefined && closure.linkage === 'dynamic')
    for (const object of interpreters(facts, program))
      trees.push(...treesNamedBy(facts, object, program));
  return [...trees, ...trees.flatMap((tree) => treesOfRelease(facts, tree))];
}

function treesNamedBy(
  facts: ProgramFacts,
  object: LoadedObject,
  program: LoadedObject,
): ModuleTree[] {
  return namedPaths(facts, object, program).flatMap(({ path, isSearched }) => {
    const tree = treeAt(facts, object, path, program);
    return tree ?? (isSearched ? searched(facts, object, path) : undefined) ?? [];
  });
}

/**
 * Programs in the directories of an interpreter that its launcher names from there on: `%s/bin/R` of
 * Rscript, below /usr/lib/R.
 */
export function launched(facts: ProgramFacts, trees: readonly ModuleTree[]): string[] {
  const { program } = facts;
  if (program === undefined) return [];
  const names = facts
    .findTexts(program, '/bin/')
    .flatMap((text) => /^(?:%s)?((?:\/[\w.+-]+){2,})$/.exec(text)?.[1] ?? []);
  return trees.flatMap(({ path, use }) =>
    names.flatMap((name) => {
      const file = facts.files.resolve(`${path}${name}`);
      return use === 'standard' && file.found && isExecutable(file) ? [`${path}${name}`] : [];
    }),
  );
}

/** Paths of standard libraries that a program of its own language names, whether they are there or not. */
export function standardPaths(facts: ProgramFacts): { object: LoadedObject; paths: string[] }[] {
  const { program } = facts;
  if (program === undefined || facts.closure.linkage !== 'dynamic') return [];
  return interpreters(facts, program).flatMap((object) => {
    const language = libraryLanguage(object);
    if (language === undefined) return [];
    const paths = namedPaths(facts, object, program).flatMap(({ path }) =>
      language.standard.test(path) ? [path] : [],
    );
    return paths.length === 0 ? [] : [{ object, paths }];
  });
}

/** The program, and the loaded libraries that are an interpreter. */
function interpreters(facts: ProgramFacts, program: LoadedObject): LoadedObject[] {
  return [program, ...facts.libraries.filter((object) => libraryLanguage(object) !== undefined)];
}

function libraryLanguage({ realPath, elf }: LoadedObject): Language | undefined {
  const names = [baseName(realPath), elf.dynamic?.soname ?? ''];
  return languages.find(({ library }) => names.some((name) => name !== '' && library.test(name)));
}

interface NamedModules {
  readonly path: string;
  /** It stands in a pattern for names of extension modules, such as `/usr/lib/lua/5.4/?.so`. */
  readonly isSearched: boolean;
}

/** Thousands of files, none of them a module: manuals and messages. */
const NO_MODULES = /^\/usr\/(?:local\/)?share\/(?:man|doc|info|locale)(?:\/|$)/;

/** Of larger objects only the paths are looked for, which other needs ask for too. */
const MOST_SEARCHED = 1 << 25;

/**
 * Paths in the texts of an object, wildcards and what follows them cut off; relative ones start at the
 * directory of the program.
 */
function namedPaths(
  facts: ProgramFacts,
  object: LoadedObject,
  program: LoadedObject,
): NamedModules[] {
  const isSmall = object.entry.size <= MOST_SEARCHED;
  const patterns = isSmall ? facts.findTexts(object, '?.so') : [];
  const searched = new Set(
    patterns.flatMap((text) => text.split(/[;:]/)).map((text) => text.replace(/\/\?\.so$/, '')),
  );
  const relative = isSmall ? facts.findTexts(object, '../') : [];
  const beside = directoryOf(program.realPath);
  const prefix = prefixOf(object.realPath);
  const paths = new Set([
    ...facts.files.texts
      .paths(object)
      .map((path) => (path.startsWith('/') || prefix === undefined ? path : `${prefix}/${path}`)),
    ...relative
      .filter((text) => /^\.\.\/[\w./+-]+$/.test(text))
      .map((text) => `/${shortenedComponents(pathFrom(beside, text)).join('/')}`),
  ]);
  return [...paths]
    .filter((path) => path.startsWith('/') && !HUB.test(path) && !NO_MODULES.test(path))
    .map((path) => ({ path, isSearched: searched.has(path) }));
}

/** A directory of extension modules alone, which have no language in their names. */
function searched(facts: ProgramFacts, object: LoadedObject, path: string): ModuleTree | undefined {
  if (!filesBelow(facts.files, path).some(({ name }) => name.endsWith('.so'))) return undefined;
  return {
    path,
    use: 'installed',
    language: 'any',
    because: `${object.path} looks for modules in ${path}`,
  };
}

/** `emacs/28.2` in a path of data or programs of one release; other directories have it too. */
const RELEASE =
  /^(\/usr(?:\/local)?)\/(?:share|lib(?:64|exec)?(?:\/\w+-linux-\w+)?)\/([\w+.-]+\/\d[\w.]*)(?=\/|$)/;

/** Where the same release of an interpreter has other parts of itself. */
function treesOfRelease(facts: ProgramFacts, tree: ModuleTree): ModuleTree[] {
  const [, prefix, release] = RELEASE.exec(tree.path) ?? [];
  if (tree.use !== 'standard' || prefix === undefined) return [];
  return ['share', 'lib', 'lib64', 'libexec'].flatMap((directory) => {
    const path = `${prefix}/${directory}/${release}`;
    if (facts.existing(path).length === 0) return [];
    return [{ ...tree, path, because: `${path} is of the same release` }];
  });
}

function treeAt(
  facts: ProgramFacts,
  object: LoadedObject,
  path: string,
  program: LoadedObject,
): ModuleTree | undefined {
  const file = facts.files.resolve(path);
  if (!file.found) return undefined;
  const isFile = file.entry.kind === 'file';
  const language = isFile
    ? languages.find((each) => each.standard.test(path) && each.files.test(path))
    : (languageOf(facts.files, file.path) ?? standardOf(facts, path));
  if (language === undefined) return undefined;
  const isLocal = path.startsWith('/usr/local/') && !program.realPath.startsWith('/usr/local/');
  const comesAlong =
    language.standard.test(path) ||
    language.landmarks.some((name) => facts.existing(`${path}/${name}`).length > 0);
  const isInstalled = isLocal || (INSTALLED.test(path) && !comesAlong);
  const isStandard = !isInstalled && (comesAlong || object === program);
  return {
    path,
    use: isStandard ? 'standard' : 'installed',
    language: language.name,
    because: `${object.path} names ${path}`,
    isInLibrary: object !== program,
    isOnlyNamed: object === program && !comesAlong,
    isEmbedded: object !== program && !isOwn(object, program) && !language.isNeededToStart,
  };
}

/** The language whose standard library has a path like this, if there is a file of it. */
function standardOf({ files }: ProgramFacts, path: string): Language | undefined {
  return languages.find(
    (each) =>
      each.standard.test(path) && filesBelow(files, path).some(({ name }) => each.files.test(name)),
  );
}

/** Whether a library is only there for this program: libruby for ruby, libtcl8.6 for tclsh. */
function isOwn(library: LoadedObject, program: LoadedObject): boolean {
  const letters = (path: string) => /^[a-z]+/i.exec(baseName(path).replace(/^lib/, ''))?.[0] ?? '';
  const [name, own] = [letters(library.realPath), letters(program.realPath)];
  return name.length > 1 && own.length > 1 && (own.startsWith(name) || name.startsWith(own));
}

/** The directory above a program or script that has files of one language, such as /usr/lib/erlang. */
function treeAround(facts: ProgramFacts, program: string): ModuleTree | undefined {
  let directory = directoryOf(program);
  for (let level = 0; level < MOST_LEVELS && !HUB.test(directory); level++) {
    const language = languageOf(facts.files, directory);
    if (language?.standard.test(directory))
      return {
        path: directory,
        use: 'standard',
        language: language.name,
        because: `${facts.closure.program.path} stands in ${directory}`,
      };
    directory = directoryOf(directory);
  }
  return undefined;
}
