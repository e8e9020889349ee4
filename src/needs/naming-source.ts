/**
 * What may name files: the loaded objects of a program, or the text of a script with the paths that it puts
 * together.
 */
import { namedPaths } from '../files/named-paths.js';
import type { RootFiles } from '../files/root-files.js';
import type { LoadedObject } from '../loader/loader.js';
import { directoryOf } from '../root/path-text.js';
import { pathBears, stemsOf } from './name-stems.js';
import { hubsOf, isOfOne } from './named-places.js';
import type { ProgramFacts } from './program-facts.js';
import { wholeScript } from './shell-script.js';

/** A loaded object, or a script. */
export interface NamingSource {
  readonly path: string;
  readonly realPath: string;
  readonly isProgram: boolean;
  /** The object; absent for a script. */
  readonly object?: LoadedObject;
  /** Paths in its text, absolute or from its prefix. */
  readonly paths: Iterable<string>;
}

/** The program or script, then its libraries without those of the C library. */
export function sourcesOf(facts: ProgramFacts): NamingSource[] {
  const { program } = facts.closure;
  if (program.kind === 'script') {
    const { path, realPath } = program;
    // What it reads of its own names files for it too: `CLASSPATH=/usr/share/java/app.jar`.
    const stems = stemsOf(realPath);
    const read = (wholeScript(facts)?.sources ?? []).filter(
      (each) => directoryOf(each) === directoryOf(realPath) || pathBears(each, stems),
    );
    const parts = [realPath, ...read];
    const text = parts.map((part) => facts.readText(part) ?? '').join('\n');
    const paths = [
      ...namedPaths(text),
      ...pathsAround(realPath, text),
      ...pathsOfName(facts, text),
      ...erlangPaths(facts.files, text),
    ];
    return [{ path, realPath, isProgram: true, paths }];
  }
  return facts.outsideOfLibc.map((object) => ({
    path: object.path,
    realPath: object.realPath,
    isProgram: object.role === 'program',
    object,
    paths: facts.files.texts.paths(object),
  }));
}

/** Directories of a script's own name or of its package's, which it also has as a word: `$libdir/$PACKAGE`. */
function pathsOfName(facts: ProgramFacts, text: string): string[] {
  const { realPath } = facts.closure.program;
  const [, prefix, own] = /^(.*)\/(?:s?bin|games)\/([^/]+)$/.exec(realPath) ?? [];
  if (prefix === undefined) return [];
  return [...text.matchAll(NAME_IN_VARIABLE)].flatMap(([, name = '']) => {
    const paths = hubsOf(prefix).flatMap((hub) => facts.existing(`${hub}/${name}`));
    const isOwn = paths.length > 0 && (name === own || name === packageOf(facts));
    return isOwn ? paths : [];
  });
}

/** `PACKAGE=app`, `my $package = 'app';` */
const NAME_IN_VARIABLE = /^[ \t]*(?:my )?\$?\w+ ?= ?["']?([\w.+-]+)["']?;?[ \t]*$/gm;

function packageOf({ packages, closure }: ProgramFacts): string | undefined {
  return packages?.ownerOf(closure.program.realPath)?.name;
}

/** What a script names from a home of its own: `"$HERE"/../lib/app`, `$APP_HOME/plugins`. */
function pathsAround(realPath: string, text: string): string[] {
  const home = directoryOf(directoryOf(realPath));
  const isHome = /\/bin\/[^/]+$/.test(realPath) && isOfOne(home) && OWN_HOME.test(text);
  const named = /(?:\/\.\.|\$\w+|\$\{\w+\})["']?\/([A-Za-z][\w.+-]*(?:\/[\w.+-]+)*)/g;
  const inside = [...text.matchAll(named)].map(([, path]) => `${home}/${path}`);
  return isHome ? [home, ...inside] : inside;
}

// APP_HOME=`dirname "$0"`/.., cd "$HERE/..", ${0%/*/*}
const OWN_HOME =
  /(?:\$\w+|\$\{\w+\}|`dirname [^`\n]{1,99}`|\$\(dirname [^)\n]{1,99}\))["']?\/\.\.(?![\w./])|%\/\*\/\*\}/;

/** Where `ERL_LIBS` of a script leads: each application is a directory there. Source: code(3erl). */
function erlangPaths(files: RootFiles, text: string): string[] {
  const values = [...text.matchAll(/\bERL_LIBS=["']?([^\s"';]+)/g)];
  return values
    .flatMap(([, value = '']) => value.split(':'))
    .flatMap((path) => files.namesIn(path).map((name) => `${path}/${name}`))
    .filter((path) => files.resolve(`${path}/ebin`).found);
}
