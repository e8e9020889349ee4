/**
 * Which modules that are installed for the whole system belong to an image: those that no package owns,
 * since someone put them there (pip, gem, cpan), those of packages that someone asked for by name, and
 * those that these depend on. What came along with another program is not among them.
 */
import { byteCodeSource } from '../../files/byte-code.js';
import type { RootFiles } from '../../files/root-files.js';
import { findPackages } from '../../packages/find-packages.js';
import type { Package, PackageDatabase } from '../../packages/package.js';
import { compareBytes } from '../../root/byte-order.js';
import { baseName } from '../../root/path-text.js';
import { type FileBelow, filesBelow } from '../files-below.js';
import type { ProgramFacts } from '../program-facts.js';
import { commandsIn } from '../related-packages.js';
import { languages } from './module-files.js';
import type { ModuleTree } from './module-tree.js';
import { addedCode, ownCode, packagesNamed, wordsOf } from './named-modules.js';
import { requiredMetadata } from './required-metadata.js';

/** Paths of installed modules, of which each is a file, or a directory with all below it. */
export interface InstalledModules {
  readonly wanted: readonly string[];
  /**
   * Those of the packages of the scripts, and of what these depend on; what no package owns too, where none
   * owns a script. None without a package database.
   */
  readonly ofScripts: readonly string[];
  readonly others: readonly string[];
  /** Packages that `others` are from, for the evidence. */
  readonly packages: readonly string[];
  /** All that is run belongs to packages, whose dependencies are known, or is code that names its modules. */
  readonly isForPackages: boolean;
}

/** What runs the modules. */
interface Interpreted extends Pick<ModuleTree, 'isEmbedded' | 'isInLibrary'> {
  /** Modules of the application. */
  readonly application: readonly string[];
  /** Each module is at the top by the name that code loads it by, as in Python; others may be deeper. */
  readonly areNamed: boolean;
}

/** Splits the trees; without a package database all is wanted. */
export function splitInstalled(
  facts: ProgramFacts,
  trees: readonly string[],
  standard: readonly string[],
  { isEmbedded, isInLibrary, application, areNamed }: Interpreted,
): InstalledModules {
  const { files } = facts;
  const database = findPackages(files).database;
  if (database === undefined)
    return { wanted: trees, ofScripts: [], others: [], packages: [], isForPackages: false };
  const owners = new Map<string, Package | undefined>();
  const found = trees
    .flatMap((tree) => filesBelow(files, tree))
    .filter(({ entry }) => entry.kind !== 'directory');
  // Byte code is made when a package is installed, and none owns it.
  for (const { path } of found) owners.set(path, database.ownerOf(byteCodeSource(path) ?? path));
  const present = new Set([...owners.values()].flatMap((owner) => owner ?? []));
  const host = isInLibrary ? hostPackage(facts, database, standard) : undefined;
  const scripts = [
    ...facts.scripts.map((script) => ownerOfFile(facts, database, script)),
    ...(host === undefined ? [] : [host]),
  ];
  // An interpreter inside of another program runs scripts for that one.
  const isOfPackages = host !== undefined || isForPackages(facts, scripts);
  const code = isOfPackages ? addedCode(facts, database) : ownCode(facts, application, present);
  // What no package owns may load any module.
  const isNamedAlone = isOfPackages || (areNamed && ![...owners.values()].includes(undefined));
  const isForOthers = isEmbedded === true || (isOfPackages && code.length === 0);
  const words = wordsOf(facts, code);
  const plugins = isInLibrary ? pluginPackages(facts, database) : [];
  const added = extensions(facts, database, scripts);
  const ofScripts = withModules(database, present, [...scripts, ...plugins, ...added], []);
  const wanted = new Set<Package | undefined>([
    undefined,
    ...ofScripts,
    ...wantedPackages(facts, database, {
      present,
      standard,
      isForOthers,
      isNamedAlone,
      named: words && packagesNamed(facts, trees, found, owners, words),
    }),
  ]);
  const isWanted = ({ path }: FileBelow) => wanted.has(owners.get(path));
  const metadata = requiredMetadata(files, found, isWanted);
  const those = (isOne: (owner: Package | undefined) => boolean, more?: ReadonlySet<string>) =>
    gather(
      trees,
      files,
      found.filter(({ path }) => isOne(owners.get(path)) || more?.has(path)),
    );
  return {
    wanted: those((owner) => wanted.has(owner), metadata),
    ofScripts: those((owner) =>
      owner === undefined ? scripts.includes(undefined) : ofScripts.has(owner),
    ),
    others: those((owner) => !wanted.has(owner)),
    packages: [...present]
      .filter((each) => !wanted.has(each))
      .map(({ name }) => name)
      .sort(compareBytes),
    isForPackages: isForOthers || (isNamedAlone && words !== undefined),
  };
}

/** Whether only scripts of packages are run. */
function isForPackages(
  { isNamed }: ProgramFacts,
  scripts: readonly (Package | undefined)[],
): boolean {
  return !isNamed && scripts.length > 0 && !scripts.includes(undefined);
}

/** Files as directories where a directory has no other files. */
function gather(
  trees: readonly string[],
  files: RootFiles,
  chosen: readonly FileBelow[],
): string[] {
  const paths = new Set(chosen.map(({ path }) => path as string));
  const result: string[] = [];
  const visit = (shown: string, real: string): readonly string[] | 'all' => {
    const names = files.namesIn(real);
    const below = names.map((name) => {
      const next = `${real}/${name}`;
      if (paths.has(next)) return { name, part: 'all' as const };
      const isDirectory = directories.has(next);
      return { name, part: isDirectory ? visit(`${shown}/${name}`, next) : ([] as const) };
    });
    if (below.length > 0 && below.every(({ part }) => part === 'all')) return 'all';
    return below.flatMap(({ name, part }) => (part === 'all' ? [`${shown}/${name}`] : part));
  };
  const directories = new Set<string>();
  for (const tree of trees)
    for (const { path, entry } of filesBelow(files, tree))
      if (entry.kind === 'directory') directories.add(path);
  for (const tree of trees) {
    const start = files.resolve(tree);
    if (!start.found) continue;
    const part = start.entry.kind === 'directory' ? visit(tree, start.path) : [tree];
    result.push(...(part === 'all' ? [tree] : part));
  }
  return [...new Set(result)];
}

interface Installed {
  /** Packages with modules. */
  readonly present: ReadonlySet<Package>;
  readonly standard: readonly string[];
  /** Whether the interpreter runs nothing but what packages have. */
  readonly isForOthers: boolean;
  /** The packages that its user's code names; undefined where that is not known. */
  readonly named?: ReadonlySet<Package>;
  /** Whether it names all that it loads. */
  readonly isNamedAlone: boolean;
}

/**
 * Packages with modules that are wanted whatever the scripts depend on: by name, or by the interpreter's
 * own; and what those depend on.
 */
function wantedPackages(
  facts: ProgramFacts,
  database: PackageDatabase,
  { present, standard, isForOthers, named: byCode, isNamedAlone }: Installed,
): ReadonlySet<Package> {
  const asked = isForOthers ? [] : [...present].filter((each) => !database.isAutomatic(each));
  // A module that is named may need one that its package only suggests: Django and its databases.
  const suggested = new Set([...(byCode ?? [])].flatMap((each) => database.suggestionsOf(each)));
  const named =
    byCode === undefined || isForOthers
      ? asked
      : [...byCode, ...asked.filter((each) => !isNamedAlone || suggested.has(each))];
  const own = interpreterPackages(facts, database, standard);
  return withModules(database, present, [], [...named, ...own]);
}

/**
 * The packages with modules among these and what they depend on. Those of scripts may depend on modules
 * through packages that have none.
 */
function withModules(
  database: PackageDatabase,
  present: ReadonlySet<Package>,
  scripts: readonly (Package | undefined)[],
  others: readonly Package[],
): Set<Package> {
  const found = new Set<Package>();
  const pending = [...others, ...scripts.flatMap((owner) => owner ?? [])];
  const seen = new Set(pending);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (present.has(next)) found.add(next);
    for (const dependency of database.dependenciesOf(next))
      if (!seen.has(dependency) && (present.has(dependency) || scripts.includes(next))) {
        seen.add(dependency);
        pending.push(dependency);
      }
  }
  return found;
}

/**
 * The package of a program of another source than the interpreter in it: its modules are those that it
 * depends on, as for a script. Undefined of interpreters, and where no package owns both.
 */
function hostPackage(
  facts: ProgramFacts,
  database: PackageDatabase,
  standard: readonly string[],
): Package | undefined {
  const program = facts.program && database.ownerOf(facts.program.realPath);
  const others = interpreterPackages(facts, database, standard).filter((each) => each !== program);
  const isHost = (interpreters: readonly Package[]) =>
    interpreters.length > 0 && interpreters.every(({ source }) => source !== program?.source);
  // Plug-ins of its own have modules for it, so that its directory looks like a standard library.
  const libraries = facts.libraries.filter(({ realPath }) => isInterpreter(baseName(realPath)));
  const owners = libraries.flatMap(({ realPath }) => database.ownerOf(realPath) ?? []);
  return isHost(others) || isHost(owners) ? program : undefined;
}

/** More packages that need one are those of a language. */
const MOST_EXTENSIONS = 16;

/**
 * What someone installed by name for a script: packages that depend on that of the script, but for programs of
 * other names, which only use its modules.
 */
function extensions(
  { scripts: paths, files }: ProgramFacts,
  database: PackageDatabase,
  scripts: readonly (Package | undefined)[],
): readonly Package[] {
  if (scripts.every((owner) => owner === undefined)) return [];
  const words = paths.flatMap(
    (path) => /^\w+/.exec(baseName(files.realPathOf(path) ?? path)) ?? [],
  );
  const isForScript = (each: Package) => {
    const names = commandsIn(database)(each);
    return names.length === 0 || names.some((name) => words.some((word) => name.startsWith(word)));
  };
  const found = database.packages.filter(
    (each) =>
      !database.isAutomatic(each) &&
      database.dependenciesOf(each).some((needed) => scripts.includes(needed)) &&
      isForScript(each),
  );
  const isFew = found.length > 0 && found.length <= MOST_EXTENSIONS;
  return isFew && database.packages.some((each) => database.isAutomatic(each)) ? found : [];
}

/** Whether a library is an interpreter, by its name. */
function isInterpreter(name: string): boolean {
  return name.startsWith('libpython') || languages.some(({ library }) => library.test(name));
}

/** The packages of libraries that need an interpreter: what they run is a part of them. */
function pluginPackages(facts: ProgramFacts, database: PackageDatabase): Package[] {
  return facts.libraries
    .filter(({ elf }) => elf.dynamic?.needed.some(isInterpreter))
    .flatMap(({ realPath }) => database.ownerOf(realPath) ?? []);
}

/** The packages of the interpreter itself, and of its standard library. */
function interpreterPackages(
  facts: ProgramFacts,
  database: PackageDatabase,
  standard: readonly string[],
): Package[] {
  const files = [
    facts.program?.realPath ?? facts.closure.program.realPath,
    ...standard.flatMap((path) =>
      filesBelow(facts.files, path)
        .filter(({ entry }) => entry.kind === 'file')
        .slice(0, 1)
        .map((file) => file.path),
    ),
  ];
  return files.flatMap((path) => database.ownerOf(path) ?? []);
}

function ownerOfFile({ files }: ProgramFacts, database: PackageDatabase, path: string) {
  const file = files.resolve(path);
  return file.found ? database.ownerOf(file.path) : undefined;
}
