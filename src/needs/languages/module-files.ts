/**
 * Which language the files of a directory are written in, from their names. That a program names a
 * directory of Perl modules, or stands in one of Erlang's, is what shows that it is an interpreter;
 * there is no list of programs.
 */
import { errnoOf } from '../../errors.js';
import { madeOncePerPath } from '../../files/made-once-per-path.js';
import type { RootFiles } from '../../files/root-files.js';
import { entryAt } from '../../root/list-directory.js';

/** A language whose programs are files that an interpreter reads. */
export interface Language {
  readonly name: string;
  /** Names of its files. */
  readonly files: RegExp;
  /** Paths of the directories that come with the interpreter, as its own data has them. */
  readonly standard: RegExp;
  /** Paths of a standard library that does not come with the interpreter. */
  readonly apart?: RegExp;
  /** Files that only those directories have. */
  readonly landmarks: readonly string[];
  /** Sonames and file names of the library that is its interpreter. */
  readonly library: RegExp;
  /** An interpreter inside of another program does not start without its standard library. */
  readonly isNeededToStart?: boolean;
}

/** In the order in which a file that could be of several counts. */
export const languages: readonly Language[] = [
  {
    name: 'Perl',
    files: /\.(?:p[mlh]|al)$/,
    standard: /\/perl(?:-base|\/5(?:\.\d+)+|5\/core_perl)$/,
    landmarks: ['strict.pm', 'Config.pm'],
    library: /^libperl\b/,
  },
  {
    name: 'Ruby',
    files: /\.rb$/,
    standard: /\/ruby\/\d+\.\d+\.\d+(?:\/[\w-]+)?$/,
    landmarks: ['rbconfig.rb', 'set.rb'],
    library: /^lib(?:j?ruby)\b/,
  },
  {
    name: 'Tcl',
    files: /\.(?:tcl|tm)$/,
    standard: /\/t(?:cl|k)\d+(?:\.\d+)*$/,
    // The Tcl Standard Library.
    apart: /\/tcllib\d[\d.]*$/,
    landmarks: ['init.tcl', 'tk.tcl'],
    library: /^libt(?:cl|k)\d/,
    isNeededToStart: true,
  },
  {
    name: 'Lua',
    files: /\.luac?$/,
    standard: /^$/,
    landmarks: [],
    library: /^liblua(?:jit)?-?[\d.]*(?:-c\+\+)?\.so/,
  },
  {
    name: 'JavaScript',
    files: /\.[cm]?js$/,
    standard: /\.[cm]?js$/,
    landmarks: [],
    library: /^libnode\b/,
    isNeededToStart: true,
  },
  {
    name: 'R',
    files: /\.(?:[rR]|rd[bsx]|RData)$/,
    standard: /\/R(?:\/library)?$/,
    landmarks: [],
    library: /^libR\.so/,
    isNeededToStart: true,
  },
  {
    name: 'Erlang',
    files: /\.(?:beam|[eh]rl|appup|boot)$/,
    standard: /\/erlang$/,
    landmarks: [],
    library: /^liberl/,
  },
  {
    name: 'Scheme',
    files: /\.(?:scm|sld|sls|go|ss)$/,
    standard: /\/guile\/\d+\.\d+(?:\/ccache)?$/,
    landmarks: [],
    library: /^libguile/,
    isNeededToStart: true,
  },
  {
    name: 'Emacs Lisp',
    files: /\.(?:elc?(?:\.gz)?|eln|pdmp)$/,
    standard: /\/emacs\/\d[\d.]*(?:\/(?:lisp|etc|[\w-]+))?$/,
    landmarks: [],
    library: /^$/,
  },
  {
    name: 'Octave',
    files: /\.(?:m|oct)$/,
    standard: /\/octave\/\d[\w.]*(?:\/(?:m|oct\/.+|etc))?$/,
    landmarks: [],
    library: /^liboctinterp/,
    isNeededToStart: true,
  },
  { name: 'AWK', files: /\.awk$/, standard: /\/awk$/, landmarks: [], library: /^$/ },
  {
    name: 'OCaml',
    files: /\.(?:cm[aiox]|cmxa|mli?|cmti?)$/,
    standard: /\/ocaml(?:\/\d[\d.]*)?$/,
    landmarks: [],
    library: /^$/,
  },
  {
    name: 'Lisp',
    files: /\.(?:core|fasl|lisp|asd)$/,
    standard: /\/(?:sbcl|clisp|ecl|cmucl)(?:[-/]\d[\w.]*)?$/,
    landmarks: [],
    library: /^libecl/,
  },
  { name: 'Julia', files: /\.jl$/, standard: /\/julia$/, landmarks: [], library: /^libjulia/ },
  { name: 'PHP', files: /\.php$/, standard: /^$/, landmarks: [], library: /^libphp/ },
  {
    name: 'Vim script',
    files: /\.vim$/,
    standard: /\/vim(?:\/vim\d+)?$/,
    landmarks: [],
    library: /^$/,
  },
  {
    name: 'Zsh',
    files: /\.zwc$/,
    standard: /\/zsh\/functions$/,
    landmarks: [],
    library: /^$/,
  },
  {
    name: 'Prolog',
    files: /\.(?:qlf|prc|plt)$/,
    standard: /\/swi-?prolog$/,
    landmarks: [],
    library: /^libswipl/,
  },
];

/** Whether a path is of a standard library that is installed apart from its interpreter. */
export function isStandardApart(path: string): boolean {
  return languages.some(({ apart }) => apart?.test(path) === true);
}

/** Names that say nothing about the language: libraries, headers, documentation, data. */
const NEUTRAL =
  /\.(?:so|node|a|h|o|pod|txt|md|json|gz|html?|css|ix|packlist|bs|map|mo|po|exists|png|svg|gif|ico|enc|msg)(?:\.\d+)*$|^[^.]+$/;
/** What is looked at of a directory. */
const MOST_NAMES = 3000;
const MOST_DIRECTORIES = 200;

/**
 * The language of at least half of the files in and below a directory, among those whose names tell
 * one; undefined where there is none. Large directories are judged by their first files.
 */
export const languageOf = madeOncePerPath(judge);

function judge(files: RootFiles, directory: string): Language | undefined {
  const counts = new Map<Language | undefined, number>();
  for (const name of fileNames(files, directory)) {
    const language = languages.find((each) => each.files.test(name));
    if (language === undefined && NEUTRAL.test(name)) continue;
    counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  const telling = [...counts.values()].reduce((sum, count) => sum + count, 0);
  counts.delete(undefined);
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most !== undefined && most[1] * 2 >= telling ? most[0] : undefined;
}

/** Names of files in and below a directory, and of directories that are named like a module. */
function* fileNames(files: RootFiles, directory: string): Generator<string> {
  const pending = [directory];
  let seen = 0;
  for (let at = 0; at < Math.min(pending.length, MOST_DIRECTORIES); at++) {
    const above = pending[at] as string;
    const isDirectory = directoriesIn(files, above);
    for (const name of files.namesIn(above)) {
      if (++seen > MOST_NAMES) return;
      const isModule = languages.some((each) => each.files.test(name));
      if (!isModule && isDirectory(name)) pending.push(`${above}/${name}`);
      else yield name;
    }
  }
}

/** Which names in a directory are those of directories, and of no links, which may lead above; told by one listing where the root has such. */
function directoriesIn(files: RootFiles, above: string): (name: string) => boolean {
  const { root } = files;
  const directory = files.resolve(above);
  try {
    const listed = directory.found ? root.list?.(directory.path) : undefined;
    if (listed === undefined)
      return (name) => entryAt(root, `${above}/${name}`)?.kind === 'directory';
    const names = new Set(
      listed.filter(({ kind }) => kind === 'directory').map(({ name }) => name),
    );
    return (name) => names.has(name);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return () => false;
  }
}
