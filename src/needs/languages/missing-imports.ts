/**
 * Modules that scripts import at their start, and that the root lacks. Only imports count that no condition
 * stands before, in scripts that do not change where their interpreter looks for modules; a name that stands in the
 * interpreter's own data may be built in.
 * Sources: CPython's import system; perldoc -f use; Ruby's Kernel#require; Node.js "Modules: CommonJS modules".
 */
import type { RootElf } from '../../files/root-elf.js';
import { baseName, directoryOf } from '../../root/path-text.js';
import { endsText } from '../command-names.js';
import { filesAt } from '../files-below.js';
import type { ProgramFacts } from '../program-facts.js';
import { environmentOf } from './environment.js';

/** How scripts of a language name modules. */
interface Imports {
  /** The names of its interpreters. */
  readonly interpreter: RegExp;
  /** An import in a line that is not indented; the last group that is there has the name, or names with commas. */
  readonly line: RegExp;
  /** Text that is no code. */
  readonly noCode: RegExp;
  /** What changes where modules are. */
  readonly changesPath: RegExp;
  /** The part of an import that names a file or directory; without it the whole. */
  readonly nameOf?: (text: string) => string;
  /** Ends of the paths of a module; a directory has a slash at its end. */
  readonly ends: (name: string) => readonly string[];
  /** Where modules are beside those of the environment. */
  readonly places?: readonly string[];
}

const LANGUAGES: readonly Imports[] = [
  {
    interpreter: /^python[\d.]*t?$/,
    line: /^(?:from[ \t]+([A-Za-z_]\w*)(?:\.\w+)*[ \t]+import[ \t]|import[ \t]+([\w.]+(?:[ \t]+as[ \t]+\w+)?(?:,[ \t]*[\w.]+)*)[ \t\r]*(?:#.*|;.*)?$)/gm,
    noCode: /(?:"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$))/g,
    changesPath: /\bsys\.(?:path|meta_path|modules)\b|\baddsitedir\b/,
    nameOf: (name) => name.replace(/[. ].*$/, ''),
    ends: (name) => [`${name}.py`, `${name}.pyc`, `${name}.so`, `${name}/`],
  },
  {
    interpreter: /^perl[\d.]*$/,
    line: /^use[ \t]+([A-Z]\w*(?:::\w+)*)[^\n]*;/gm,
    noCode: /^=\w[\s\S]*?(?:^=cut\b|$(?![\s\S]))|^__(?:END|DATA)__[\s\S]*/gm,
    changesPath: /^[ \t]*(?:use|no|require)[ \t]+lib\b|@INC\b|^[ \t]*package[ \t]/m,
    ends: (name) => [`${name.replaceAll('::', '/')}.pm`],
  },
  {
    interpreter: /^ruby[\d.]*$/,
    line: /^require[ \t(]+["']([\w/-]+)(?:\.rb)?["']\)?[ \t\r]*(?:#.*)?$/gm,
    noCode: /^=begin\b[\s\S]*?^=end\b|^__END__[\s\S]*/gm,
    changesPath: /\$:|\$LOAD_PATH|\bbundler\b|\brequire\b.*\brescue\b|^begin\b/m,
    ends: (name) => [`${name}.rb`, `${name}.so`],
  },
  {
    interpreter: /^node(?:js)?[\d.-]*$/,
    line: /^(?:(?:const|let|var)[ \t]+[^=\n]+=[ \t]*)?(?:require\([ \t]*["']([^"'./:][^"':]*)["']\)|import[ \t]+(?:[^"'\n]+[ \t]from[ \t]+)?["']([^"'./:][^"':]*)["'])/gm,
    noCode: /\/\*[\s\S]*?(?:\*\/|$(?![\s\S]))/g,
    changesPath: /\bmodule\.paths\b|\b_resolveFilename\b/,
    ends: (name) => [`${name}/`, `${name}.js`],
    nameOf: (name) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name,
    // Where Debian's build of Node.js looks.
    places: ['/usr/share/nodejs', '/usr/lib/nodejs', '/usr/share/node_modules'],
  },
];

/** A script, and modules that it imports and the root does not have. */
export interface MissingImports {
  readonly script: string;
  /** As the script has them; never empty. */
  readonly names: readonly string[];
}

/** Of each script that the program runs; none for programs that are no interpreter of a language known here. */
export function missingImports(facts: ProgramFacts): MissingImports[] {
  const { program, scripts } = facts;
  if (program === undefined || scripts.length === 0) return [];
  const { path, realPath } = facts.closure.program;
  const language = LANGUAGES.find(({ interpreter }) =>
    [path, realPath].some((each) => interpreter.test(baseName(each))),
  );
  if (language === undefined) return [];
  return scripts.flatMap((script) => {
    const imported = importsOf(facts.readText(script) ?? '', language);
    const lost = imported.length === 0 ? imported : absent(facts, script, imported, language);
    // A module that is built in has its name in the data of the interpreter.
    const objects = facts.closure.objects.filter(({ role }) => role !== 'interpreter');
    const names = lost.filter((name) => !objects.some((object) => has(facts, object, name)));
    return names.length === 0 ? [] : [{ script, names }];
  });
}

function has(facts: ProgramFacts, object: RootElf, name: string): boolean {
  return ['', '.so', '.rb'].some((end) => endsText(facts, object, `${name}${end}`));
}

/** The names of modules, each once; none where the script changes where modules are. */
function importsOf(text: string, { line, noCode, changesPath, nameOf }: Imports): string[] {
  const code = text.replaceAll(noCode, '');
  if (changesPath.test(code)) return [];
  const names = [...code.matchAll(line)]
    .flatMap(([, a, b]) => (a ?? b ?? '').split(','))
    .map((name) => nameOf?.(name.trim()) ?? name.trim());
  return [...new Set(names)].filter((name) => name !== '');
}

/** Those of the names for which no file is where the interpreter may look. */
function absent(
  facts: ProgramFacts,
  script: string,
  names: readonly string[],
  { ends, places }: Imports,
): string[] {
  const { standard = [], places: known = [] } = environmentOf(facts) ?? {};
  const place = facts.files.resolve(script);
  const directory = directoryOf(place.found ? place.path : script);
  const trees = [...known, ...(places ?? [])];
  // Modules in archives are not looked at; without any, another finding tells that.
  if (
    places === undefined &&
    (standard.length === 0 || trees.some((tree) => /\.(?:zip|egg)$/.test(tree)))
  )
    return [];
  let left = new Map(names.map((name) => [name, ends(name).map((end) => `/${end}`)]));
  const beside = facts.namesIn(directory).map((name) => `${directory}/${name}`);
  const isDirectory = (path: string) => facts.namesIn(path).length > 0;
  const besides = beside.map((path) => (isDirectory(path) ? `${path}/` : path));
  const keep = (paths: readonly string[]) => {
    left = new Map(
      [...left].filter(([, all]) => !paths.some((path) => all.some((end) => isAt(path, end)))),
    );
  };
  keep(besides);
  for (const tree of trees) {
    if (left.size === 0) break;
    keep(
      filesAt(facts.files, tree).map(({ path, entry }) =>
        entry.kind === 'directory' ? `${path}/` : path,
      ),
    );
  }
  return [...left.keys()];
}

/** Whether a path ends so; extension modules have the version and the machine before `.so`. */
function isAt(path: string, end: string): boolean {
  if (path.endsWith(end)) return true;
  return end.endsWith('.so') && path.endsWith('.so') && path.includes(end.slice(0, -2));
}
