/**
 * Files and directories that bear the name of the program (or of its own library: libruby of ruby)
 * and that it names: configuration, data, helper programs.
 * Source: Filesystem Hierarchy Standard 3.0, chapters 3, 4 and 5.
 */

import type { LoadedObject } from '../loader/loader.js';
import { compareBytes } from '../root/byte-order.js';
import { baseName, directoryOf } from '../root/path-text.js';
import { loadableFiles } from './loadable-files.js';
import { defineNeed } from './need.js';
import type { ProgramFacts } from './program-facts.js';

/** Where data of programs is; what stands behind it may bear a name. */
const DATA = /^\/(?:usr\/(?:local\/)?(?:share|etc|lib(?:32|64|exec)?)|etc|opt)\/(.+)/;
/** Where programs write: only directories count, and they are empty in an image. */
const STATE = /^\/(?:var\/(?:lib|log|cache|spool|run)|run)\/(.+)/;
const DOCUMENTATION = /\/(?:doc|man|info|locale|debug)(?:\/|$)/;
const MOST_CONFIGURATION = 64;
const PATH = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.+@-]+)+$/;

export const data = defineNeed({
  kind: 'data',
  summary: 'files and directories of its own name that the program names',
  documentation: {
    evidence:
      'paths in the texts of the program (or of its own library: libruby of ruby) that bear its name, below `/usr/share`, `/usr/lib`, `/usr/libexec`, `/usr/local`, `/etc` and `/opt`',
    added:
      'those files and directories without what only their owner may read, the libraries and programs in them, and empty directories below `/var` and `/run` that it names',
    confidence: ['likely'],
  },
  detect(context) {
    const { program, files } = context;
    if (program === undefined) return undefined;
    const named = namedPaths(context, program);
    const found = new Map(
      pathsOfData(context, named).map((one) => [one.path, `${one.object.path} ${one.text}`]),
    );
    const paths = outermost([...found.keys()]);
    const [first] = paths;
    if (first === undefined) return undefined;
    const others = paths.length - 1;
    const { libraries, programs } = loadableFiles(files, paths);
    return {
      because: `${found.get(first)}${others === 0 ? '' : `, and ${others} more of its name`}`,
      confidence: 'likely',
      files: paths,
      opens: libraries.map((name) => ({ name, from: program.path })),
      starts: programs,
      directories: stateDirectories(context, named),
    };
  },
});

/** The texts of configuration files that bear a program's name and that it names; bounded. */
export function ownConfiguration(context: ProgramFacts): string[] {
  const { program } = context;
  if (program === undefined) return [];
  return pathsOfData(context, namedPaths(context, program))
    .filter(({ path }) => path.startsWith('/etc/'))
    .flatMap(({ path }) => [path, ...context.namesIn(path).map((name) => `${path}/${name}`)])
    .slice(0, MOST_CONFIGURATION)
    .flatMap((path) => context.readText(path) ?? []);
}

interface NamedPath {
  readonly path: string;
  readonly object: LoadedObject;
  /** Behind the object's path it is a sentence. */
  readonly text: string;
}

/** Paths in the texts of a program and its own libraries, whether they are there or not. */
function namedPaths(context: ProgramFacts, program: LoadedObject): NamedPath[] {
  return namesakes(context, program).flatMap(({ object, name }) =>
    pathsIn(context, object, name).map((path) => ({ path, object, text: `names ${path}` })),
  );
}

function pathsOfData({ files }: ProgramFacts, paths: readonly NamedPath[]): NamedPath[] {
  return paths.filter(({ path }) => DATA.test(path) && files.resolve(path).found);
}

/** Directories where state is, or the files that a program names there; they are there empty. */
function stateDirectories({ files }: ProgramFacts, paths: readonly NamedPath[]) {
  const directories = new Map<string, number>();
  for (const { path } of paths.filter((named) => STATE.test(named.path)))
    for (const directory of [directoryOf(path), path]) {
      const found = files.resolve(directory);
      if (found.found && found.entry.kind === 'directory')
        directories.set(directory, found.entry.mode);
    }
  return [...directories].map(([path, mode]) => ({ path, mode }));
}

/** `python3.11` is python, `vim.basic` vim, `gcc-12` gcc. */
function nameOf(path: string): string {
  return baseName(path)
    .replace(/\.[a-z]+$/, '')
    .replace(/[-.\d]+$/, '');
}

/** The program, and its own libraries, each with the name that its data would bear. */
function namesakes(context: ProgramFacts, program: LoadedObject) {
  const own = nameOf(program.realPath);
  if (own.length < 2) return [];
  const libraries = context.closure.objects.flatMap((object) => {
    const [, name = ''] = /^lib([a-z]+)/.exec(baseName(object.realPath)) ?? [];
    // libtcl8.6 is tclsh's own too, but libc is not of everything that begins with c.
    const isOwn = name.startsWith(own) || (name.length > 2 && own.startsWith(name));
    return isOwn ? [{ object, name: name.length < own.length ? name : own }] : [];
  });
  return [{ object: program, name: own }, ...libraries];
}

/** Paths of data and state in the texts of an object, one of whose components begins with a name. */
function pathsIn(context: ProgramFacts, object: LoadedObject, name: string): string[] {
  const above = directoryOf(directoryOf(object.realPath)).replace(/^\/$/, '');
  return context
    .findTexts(object, `/${name}`)
    .flatMap((text) => text.split(/[\s:;,]+/))
    .map((text) => text.replace(/[^/]*[?*%$].*$/, '').replace(/\/+$/, ''))
    .map((text) => (/^(?:share|etc|lib(?:exec)?)\//.test(text) ? `${above}/${text}` : text))
    .filter((path) => PATH.test(path) && !DOCUMENTATION.test(path))
    .filter((path) => {
      const [, own] = DATA.exec(path) ?? STATE.exec(path) ?? [];
      return own?.split('/').some((part) => bears(part, name));
    });
}

/** Of a name of two letters the whole word. */
function bears(part: string, name: string): boolean {
  return part.startsWith(name) && (name.length > 2 || !/^[a-z]/i.test(part.slice(name.length)));
}

/** Those that are not below another, in byte order. */
function outermost(paths: readonly string[]): string[] {
  return paths
    .filter((path) => !paths.some((other) => path.startsWith(`${other}/`)))
    .sort(compareBytes);
}
