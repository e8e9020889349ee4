/**
 * The words of a configuration file that lead to something in the root, as absolute paths: absolute ones,
 * patterns, paths from one of several directories, names of modules in the program's directories of
 * plug-ins and of programs in its directories of helpers, and of directories that have the program it is called as.
 */
import { compilePattern } from '../root/glob-pattern.js';
import { baseName, directoryOf, shortenedComponents } from '../root/path-text.js';
import { isExecutableFile } from './executable-file.js';
import { namedFiles } from './named-files.js';
import { isOfOne } from './named-places.js';
import type { ProgramFacts } from './program-facts.js';

const COMMENT = /^[ \t]*(?:#|;|\/\/|<!--).*$/gm;
const SEPARATOR = /[\s"'<>=,;(){}|]+|(?<![*?])\[|\]/;
/** A path that is not absolute, or the name of a file that programs include. */
const RELATIVE =
  /^(?!\.\.)[\w.+@*?-]+(?:\/[\w.+@*?-]+)+$|^[\w.+@*?-]+\.(?:so|conf|cnf|ini|load|inc|ext|cfg)$/;
const NAME = /^[\w.+-]{2,64}$/;
const MOST_MATCHES = 256;
/** Names that patterns are compared with, times the length of a pattern: both may be those of a hostile root. */
const MOST_COMPARED = 1 << 22;
/** A directory of helpers, of which configuration chooses one: `driver = dummy` for /usr/lib/app/dummy. */
const OF_HELPERS = /^(?:\/usr)?(?:\/local)?\/lib(?:exec|32|64)?\//;
/** `Driver=libsqlite3odbc.so` */
const SONAME = /^lib[\w+.-]+\.so(?:\.\d+)*$/;
/** A table with its kind: `hash:/etc/aliases`. */
const TABLE = /^([a-z]+):(\/[\w./+-]*[\w+-])$/;
/**
 * What the files are called that each kind of database makes of a table and reads in its place.
 * Source: Postfix postmap(1); ndbm(3).
 */
const DATABASES: ReadonlyMap<string, readonly string[]> = new Map([
  ['hash', ['.db']],
  ['btree', ['.db']],
  ['dbm', ['.dir', '.pag']],
  ['sdbm', ['.dir', '.pag']],
  ['cdb', ['.cdb']],
  ['lmdb', ['.lmdb']],
]);

/** `/var/lock/apache2$SUFFIX` is /var/lock/apache2 for most. */
function withoutVariable(path: string): string {
  return path.replace(/\$\{?[A-Za-z_]\w*\}?$/, '');
}

export class ConfigurationWords {
  readonly #facts: ProgramFacts;
  readonly #bases: readonly string[];
  /** Modules by their name without an ending. */
  readonly #modules: ReadonlyMap<string, string>;
  /** Files that may be programs by their names. */
  readonly #helpers: ReadonlyMap<string, string>;
  #left = MOST_COMPARED;

  /** `directories` are those of the program's configuration. */
  constructor(facts: ProgramFacts, directories: readonly string[]) {
    this.#facts = facts;
    const named = namedFiles(facts).filter(({ kind }) => kind === 'directory');
    const own = named.map(({ path }) => path);
    const above = own.map(directoryOf).filter(isOfOne);
    this.#bases = [...new Set([...directories, ...own, ...above])];
    this.#modules = new Map(
      named.flatMap(({ path }) =>
        facts
          .namesIn(path)
          .filter((name) => name.endsWith('.so'))
          .map((name) => [name.slice(0, -3), `${path}/${name}`] as const),
      ),
    );
    this.#helpers = new Map(
      own
        .filter((path) => OF_HELPERS.test(path))
        .flatMap((path) => facts.namesIn(path).map((name) => [name, `${path}/${name}`] as const)),
    );
  }

  /** What the words of a file lead to, in their order. Paths of state need not be there. */
  *pathsIn(file: string, text: string): Generator<string> {
    const seen = new Set<string>();
    for (const word of new Set(text.replace(COMMENT, '').split(SEPARATOR))) {
      yield* this.#pathsOf(word, directoryOf(file), seen);
      const module = NAME.test(word) ? this.#modules.get(word.replace(/\.so$/, '')) : undefined;
      if (module !== undefined) yield module;
      const helper = this.#helpers.get(word);
      if (helper !== undefined && isExecutableFile(this.#facts, helper)) yield helper;
    }
  }

  /** `seen` are the absolute paths that other words had: `unix:/run/a` has the same as `/run/a`. */
  *#pathsOf(word: string, beside: string, seen: Set<string>): Generator<string> {
    const [, kind = '', table = ''] = TABLE.exec(word) ?? [];
    for (const ending of DATABASES.get(kind) ?? []) yield* this.#expand(`${table}${ending}`);
    // `unix:/run/a`, `file:///etc/a`, `-o/etc/a`
    const absolute = /^(?:[\w-]+:(?:\/\/)?|-\w|[<!@-])?(\/[^:]*)/.exec(word)?.[1];
    if (absolute !== undefined) {
      const isNew = !seen.has(absolute);
      seen.add(absolute);
      if (isNew) yield* this.#expand(withoutVariable(absolute));
      // A wrapper starts the program that it is called as: /usr/bin/tool is a link to it.
      const called = `${absolute}/${baseName(this.#facts.closure.program.path)}`;
      if (isNew && isExecutableFile(this.#facts, called)) yield called;
    } else if (SONAME.test(word)) yield* this.#library(word);
    else if (RELATIVE.test(word)) yield* this.#relative(word, beside);
  }

  /** Where the program would find a library, by its loader or in a directory that it names. */
  #library(name: string): string[] {
    const { program } = this.#facts;
    const found = program && this.#facts.pathOf(name, program);
    return found === undefined ? this.#relative(name, '/') : [found];
  }

  readonly #names = new Map<string, ReadonlySet<string>>();

  #namesIn(directory: string): ReadonlySet<string> {
    let names = this.#names.get(directory);
    if (names === undefined) {
      names = new Set(this.#facts.namesIn(directory));
      this.#names.set(directory, names);
    }
    return names;
  }

  #relative(word: string, beside: string): string[] {
    const [first = ''] = word.split('/');
    for (const base of new Set([beside, ...this.#bases])) {
      // Most words of a text are no paths: the names in a directory tell so at once.
      if (!/[*?]/.test(first) && !this.#namesIn(base).has(first)) continue;
      const found = this.#expand(`${base}/${word}`).filter(
        (path) => this.#facts.files.resolve(path).found,
      );
      if (found.length > 0) return found;
    }
    return [];
  }

  /** The path, or what a pattern matches; at most 256 of them. */
  #expand(pattern: string): string[] {
    if (/[\\^$%]/.test(pattern)) return [];
    let found = [''];
    for (const part of shortenedComponents(pattern)) {
      if (!/[*?]/.test(part)) {
        found = found.map((path) => `${path}/${part}`);
        continue;
      }
      const matches = compilePattern(part, false);
      found = found
        .flatMap((path) =>
          this.#namesFor(part, path)
            .filter((name) => !name.startsWith('.') && matches(name))
            .map((name) => `${path}/${name}`),
        )
        .slice(0, MOST_MATCHES);
    }
    return found.filter((path) => path !== '');
  }

  /** The names that a pattern is compared with; none where it would take too long. */
  #namesFor(pattern: string, directory: string): readonly string[] {
    const names = this.#facts.namesIn(directory);
    this.#left -= names.length * pattern.length;
    return this.#left < 0 ? [] : names;
  }
}
