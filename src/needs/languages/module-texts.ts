/**
 * What the modules of a script name in their texts: paths, and sonames of libraries that they open. Only
 * modules count that the script's own package or its dependencies bring, and those of its application (also
 * what no package has, for a script of none); what they name belongs to the script where the package database
 * connects both.
 */

import { madeOncePerPath } from '../../files/made-once-per-path.js';
import { namedPaths } from '../../files/named-paths.js';
import { madeOnce } from '../../root/made-once.js';
import { filesAt } from '../files-below.js';
import type { ProgramFacts } from '../program-facts.js';
import { environmentOf } from './environment.js';

/** What one module names. */
export interface ModuleText {
  readonly module: string;
  readonly paths: readonly string[];
  /** Sonames with a release: `libpango-1.0.so.0`. */
  readonly libraries: readonly string[];
}

const TEXT = /\.(?:py|rb|p[lm]|lua|tcl)$/;
/** Code that only tests and examples have names paths of other systems. */
const ASIDE = /\/(?:tests?|examples?|docs?)\//;
/** No name of a file is longer: in a text without an end each soname would be looked through again. */
const LIBRARY = /["'](lib[\w+.-]{1,252})["']/g;
/** `"/usr/lib/#{arch}/libsass.#{ending}"` */
const ENDED = /\/(lib[\w+-]{1,64})\.#\{\w{1,64}\}["']/g;
const SONAME = /.\.so\.\d[\w.]*$/;
/** `"$prefix/share/app/templates"` */
const PREFIXED = /\$\{?\w+\}?\/((?:share|lib)(?:\/[\w+-][\w.+-]*){1,8})(?=["'])/g;
const SIGNS = ['/share/', '/usr/lib', '/etc/', '/var/', '.so.'];
/** Bytes of a module that people write, and of all that are read. */
const MOST_BYTES = 1 << 18;
const MOST_IN_ALL = 1 << 26;

/** What a module names; undefined where it names nothing, or cannot be read. Most have no such name at all. */
const namesIn = madeOncePerPath((files, module): ModuleText | undefined => {
  const bytes = files.readBytes(module, MOST_BYTES);
  if (bytes === undefined) return undefined;
  if (!SIGNS.some((sign) => bytes.includes(sign))) return undefined;
  const text = bytes.toString('latin1');
  const prefixed = [...text.matchAll(PREFIXED)].map(([, path]) => `/usr/${path}`);
  const paths = [...new Set([...namedPaths(text), ...prefixed])].filter((each) =>
    each.startsWith('/'),
  );
  const quoted = [...text.matchAll(LIBRARY)].map(([, name = '']) => name);
  const ended = [...text.matchAll(ENDED)].map(([, name]) => `${name}.so`);
  const libraries = new Set([...quoted.filter((name) => SONAME.test(name)), ...ended]);
  return paths.length + libraries.size === 0
    ? undefined
    : { module, paths, libraries: [...libraries] };
});

/** In the order of the modules. An interpreter that the user names runs what is installed for all. */
export const moduleTexts = madeOnce((facts: ProgramFacts): readonly ModuleText[] => {
  const { ofScripts = [], own = [] } = environmentOf(facts) ?? {};
  const trees = facts.scripts.length > 0 ? ofScripts : facts.isNamed ? own : [];
  let left = MOST_IN_ALL;
  const found: ModuleText[] = [];
  for (const { path, name, entry } of trees.flatMap((tree) => filesAt(facts.files, tree))) {
    if (entry.kind !== 'file' || !TEXT.test(name) || ASIDE.test(path)) continue;
    if (entry.size > MOST_BYTES || entry.size > left) continue;
    left -= entry.size;
    const names = namesIn(facts.files, path);
    if (names !== undefined) found.push(names);
  }
  return found;
});
