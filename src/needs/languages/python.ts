/**
 * The modules of Python, found as Python finds them: a virtual environment beside the program, the
 * standard library above it or where pyvenv.cfg leads, site-packages and what .pth files add.
 * Sources: CPython Modules/getpath.py, Lib/site.py; Debian's patch of getsitepackages().
 */
import type { LoadedObject } from '../../loader/loader.js';
import { baseName, directoryOf, pathFrom } from '../../root/path-text.js';
import type { ProgramFacts } from '../program-facts.js';
import type { ModuleTree } from './module-tree.js';

/** Where Python is built for, beside what is above the program. */
const PREFIXES = ['/usr', '/usr/local'];
const MOST_PATH_FILES = 256;
const MOST_LINES = 1000;

/** Python in a program: the object that it is in, and its version as in `3.11`, or `3.13t` without the GIL. */
interface Python {
  readonly object: LoadedObject;
  readonly version: string;
}

/** A virtual environment, from its pyvenv.cfg. */
interface VirtualEnvironment {
  readonly directory: string;
  readonly configuration: string;
  /** The directory of the Python that it was made by. */
  readonly home?: string;
  readonly hasSystemPackages: boolean;
}

/** All modules that a program with Python in itself finds; none of other programs. */
export function pythonTrees(facts: ProgramFacts): ModuleTree[] {
  const [python] = pythonsIn(facts);
  if (python === undefined) return [];
  const environment = virtualEnvironment(facts, python);
  const standard = standardLibrary(facts, python, environment);
  const prefix = standard && directoryOf(directoryOf(standard));
  const trees: ModuleTree[] = [];
  const { object, version } = python;
  const isInLibrary = object !== facts.program;
  const add = (use: ModuleTree['use'], path: string, because: string) => {
    if (facts.existing(path).length > 0)
      trees.push({ path, use, language: 'Python', because, isInLibrary });
  };
  if (standard !== undefined)
    add('standard', standard, `${object.path} has its modules in ${standard}`);
  for (const path of elsewhere(facts, python, standard))
    add('standard', path, `${object.path} has modules in ${path}`);
  if (environment !== undefined) {
    const { configuration, directory } = environment;
    const because = `${configuration} makes ${directory} a virtual environment`;
    for (const path of [configuration, ...sitePackages(directory, version)])
      add('application', path, because);
    for (const path of pathFileTrees(facts, sitePackages(directory, version)))
      add('application', path, because);
  }
  if (prefix !== undefined && environment?.hasSystemPackages !== false) {
    const installed = systemPackages(prefix, version);
    for (const path of [...installed, ...pathFileTrees(facts, installed)])
      add('installed', path, `${object.path} finds modules in ${path}`);
  }
  return trees;
}

/** Where the first module of a program that is Python would be; undefined of other programs. */
export function pythonLandmarks(facts: ProgramFacts): readonly string[] | undefined {
  const [python] = pythonsIn(facts);
  if (python === undefined || facts.closure.program.kind !== 'executable') return undefined;
  const environment = virtualEnvironment(facts, python);
  return homes(facts, python, environment).flatMap((home) => [
    `${home}/os.py`,
    `${home}/os.pyc`,
    zipBeside(home, python.version),
  ]);
}

/** Whether the program itself is called as Python is. */
export function isPython(facts: ProgramFacts): boolean {
  return facts.program !== undefined && pythonsIn(facts)[0]?.object === facts.program;
}

/** The program and libpython, where they are Python's. */
function pythonsIn(facts: ProgramFacts): Python[] {
  const { program } = facts;
  const library = facts.loaded(/^libpython\d\.\d+/);
  return [program, library].flatMap((object) => {
    const [, version] = /^(?:lib)?python(\d\.\d+t?)/.exec(baseName(object?.realPath ?? '')) ?? [];
    return object === undefined || version === undefined ? [] : [{ object, version }];
  });
}

/** pyvenv.cfg beside the program or one directory above, links of the program not followed. */
function virtualEnvironment(
  facts: ProgramFacts,
  { object }: Python,
): VirtualEnvironment | undefined {
  const { program } = facts;
  const started = object === program ? facts.closure.program.path : program?.path;
  if (started === undefined) return undefined;
  const beside = directoryOf(started);
  for (const directory of [beside, directoryOf(beside)]) {
    const configuration = pathFrom(directory, 'pyvenv.cfg');
    const text = facts.readText(configuration);
    if (text === undefined) continue;
    const value = (key: string) =>
      new RegExp(`^[ \\t]*${key}[ \\t]*=(.*)$`, 'im').exec(text)?.[1]?.trim();
    const home = value('home');
    const hasSystemPackages = value('include-system-site-packages')?.toLowerCase() === 'true';
    return { directory, configuration, home, hasSystemPackages };
  }
  return undefined;
}

/** Directories where the standard library may be, the one that Python takes first. */
function homes(
  facts: ProgramFacts,
  { version }: Python,
  environment: VirtualEnvironment | undefined,
): string[] {
  const { program } = facts;
  const starts = [
    ...(environment?.home === undefined ? [] : [`${environment.home}/python`]),
    ...pythonsIn(facts).map(({ object }) => object.realPath as string),
    ...(program === undefined ? [] : [program.realPath as string]),
  ];
  const above = starts.flatMap((path) => directoriesAbove(path));
  const prefixes = [...new Set([...above, ...PREFIXES])];
  return prefixes.flatMap((prefix) => [
    `${prefix}/lib/python${version}`,
    `${prefix}/lib64/python${version}`,
  ]);
}

/** Every directory above a file, the root as an empty text. */
function directoriesAbove(path: string): string[] {
  const directories: string[] = [];
  for (let at = path.lastIndexOf('/'); at >= 0; at = at === 0 ? -1 : path.lastIndexOf('/', at - 1))
    directories.push(path.slice(0, at));
  return directories;
}

function standardLibrary(
  facts: ProgramFacts,
  python: Python,
  environment: VirtualEnvironment | undefined,
): string | undefined {
  return homes(facts, python, environment).find(
    (home) =>
      facts.existing(`${home}/os.py`).length > 0 || facts.existing(`${home}/os.pyc`).length > 0,
  );
}

/** The extension modules, where they are not in the same directory, and the library in an archive. */
function elsewhere(facts: ProgramFacts, python: Python, standard: string | undefined): string[] {
  const environment = virtualEnvironment(facts, python);
  const found = homes(facts, python, environment);
  const dynamic = found.find((home) => facts.existing(`${home}/lib-dynload`).length > 0);
  const zip = found
    .map((home) => zipBeside(home, python.version))
    .find((path) => facts.existing(path).length > 0);
  return [
    ...(dynamic === undefined || dynamic === standard ? [] : [`${dynamic}/lib-dynload`]),
    ...(zip === undefined ? [] : [zip]),
  ];
}

function zipBeside(home: string, version: string): string {
  return `${directoryOf(home)}/python${version.replace('.', '')}.zip`;
}

function sitePackages(prefix: string, version: string): string[] {
  return ['lib', 'lib64'].map((lib) => `${prefix}/${lib}/python${version}/site-packages`);
}

/** Those of the whole system; Debian has directories of its own. */
function systemPackages(prefix: string, version: string): string[] {
  return [
    ...sitePackages(prefix, version),
    `${prefix}/local/lib/python${version}/dist-packages`,
    ...sitePackages(`${prefix}/local`, version),
    `${prefix}/lib/python3/dist-packages`,
    `${prefix}/lib/python${version}/dist-packages`,
  ];
}

/** What the lines of .pth files add to the path; modules of projects that are edited in place. */
function pathFileTrees(facts: ProgramFacts, directories: readonly string[]): string[] {
  return directories.flatMap((directory) =>
    facts
      .namesIn(directory)
      .filter((name) => name.endsWith('.pth'))
      .slice(0, MOST_PATH_FILES)
      .flatMap((name) => (facts.readText(`${directory}/${name}`) ?? '').split(/\r?\n/))
      .slice(0, MOST_LINES)
      .flatMap((line) => pathsOfLine(facts, directory, line.trim()))
      .filter((path) => path.split('/').length > 2),
  );
}

/** A line is a path, a comment, or an import; of those that pip writes the module has the paths. */
function pathsOfLine(facts: ProgramFacts, directory: string, line: string): string[] {
  if (line === '' || line.startsWith('#')) return [];
  const [, finder] = /^import\s+(__editable__\w+)/.exec(line) ?? [];
  if (finder !== undefined) {
    const text = facts.readText(`${directory}/${finder}.py`) ?? '';
    return [...text.matchAll(/:\s*'(\/[^'\n]+)'/g)].flatMap(([, path = '']) => path);
  }
  return /^import\s/.test(line) ? [] : [pathFrom(directory, line)];
}
