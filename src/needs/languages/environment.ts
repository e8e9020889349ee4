/**
 * All modules that the interpreter in a program finds, from every rule of this directory, once for each
 * program.
 */

import { compareBytes } from '../../root/byte-order.js';
import { madeOnce } from '../../root/made-once.js';
import { isBelowAny } from '../../root/path-text.js';
import type { ProgramFacts } from '../program-facts.js';
import { programsOfCode } from './compressed-code.js';
import { splitInstalled } from './installed-modules.js';
import type { ModuleTree } from './module-tree.js';
import { launched, namedTrees } from './named-trees.js';
import { isPython, pythonTrees } from './python.js';
import { gemTrees } from './ruby.js';
import { scriptTrees } from './scripts.js';

/** Modules by whether an image gets them unasked; paths in byte order, none below another. */
export interface Environment {
  /** What comes with the interpreter; development files in it are left out. */
  readonly standard: readonly string[];
  /** Of the application, and those installed for it: complete. */
  readonly own: readonly string[];
  /** Of the application, and those of the packages of its scripts and of what these depend on. */
  readonly ofScripts: readonly string[];
  /** Installed for other programs of the system. */
  readonly others: readonly string[];
  /** Every place of modules, before it is decided what of it counts; may be below each other. */
  readonly places: readonly string[];
  /** Packages of {@link others}. */
  readonly packages: readonly string[];
  /** How the first one is found. */
  readonly because: string;
  readonly isEmbedded: boolean;
  /** Packages say which modules the scripts use, or the program has an interpreter inside. */
  readonly isForPackages: boolean;
  /** Programs of the interpreter that it starts by itself. */
  readonly starts: readonly string[];
}

/** The modules of one program; undefined where nothing in it is an interpreter. */
export const environmentOf = madeOnce(findEnvironment);

function findEnvironment(facts: ProgramFacts): Environment | undefined {
  const named = namedTrees(facts);
  const trees = [
    ...pythonTrees(facts),
    ...named,
    ...gemTrees(facts, named),
    ...variableTrees(facts),
    ...scriptTrees(facts),
  ];
  const first = trees.find(({ use }) => use === 'standard') ?? trees[0];
  if (first === undefined) return undefined;
  const pathsOf = (use: ModuleTree['use']) =>
    outermost(
      facts,
      trees.filter((tree) => tree.use === use).map(({ path }) => path),
    );
  const isEmbedded = trees.every((tree) => tree.isEmbedded === true);
  const all = trees.filter(({ use }) => use === 'standard');
  const standard = all.filter(({ isOnlyNamed }) => isOnlyNamed !== true);
  const isInLibrary =
    (standard.length > 0 || all.length === 0) &&
    standard.every((tree) => tree.isInLibrary === true);
  const installed = splitInstalled(facts, pathsOf('installed'), pathsOf('standard'), {
    isEmbedded,
    isInLibrary,
    application: pathsOf('application'),
    areNamed: isPython(facts),
  });
  return {
    standard: pathsOf('standard'),
    own: outermost(facts, [...pathsOf('application'), ...installed.wanted]),
    ofScripts: outermost(facts, [...pathsOf('application'), ...installed.ofScripts]),
    others: outermost(facts, installed.others),
    places: trees.map(({ path }) => path),
    packages: installed.packages,
    because: first.because,
    starts: [...launched(facts, named), ...programsOfCode(facts, named)],
    isEmbedded,
    isForPackages: installed.isForPackages,
  };
}

/**
 * Variables that add directories to the path of an interpreter. Sources: python(1); perlrun(1); ruby(1); RubyGems,
 * "gem environment"; Node.js, "Modules"; R, libPaths(); Tcl, library(n); code(3erl); Julia, "Environment Variables".
 */
const VARIABLES = [
  'PYTHONPATH',
  'PERL5LIB',
  'RUBYLIB',
  'GEM_HOME',
  'GEM_PATH',
  'NODE_PATH',
  'R_LIBS',
  'R_LIBS_SITE',
  'TCLLIBPATH',
  'ERL_LIBS',
  'JULIA_DEPOT_PATH',
];

/** Modules where a variable of the image leads an interpreter. */
function variableTrees({ options, files }: ProgramFacts): ModuleTree[] {
  return VARIABLES.flatMap((name) =>
    (options.environment?.[name] ?? '')
      .split(/[:\s]+/)
      .filter((path) => /^\/[^/]+\/./.test(path) && files.resolve(path).found)
      .map(
        (path): ModuleTree => ({
          path,
          use: 'application',
          language: name,
          because: `${name} has ${path}`,
        }),
      ),
  );
}

/**
 * Whether a path is of the modules that the interpreter in a program finds, or above them, whatever links
 * lead there.
 */
export function isOfModules(facts: ProgramFacts, path: string): boolean {
  const { standard = [], own = [], others = [] } = environmentOf(facts) ?? {};
  const place = facts.files.realPathOf(path);
  return [...standard, ...own, ...others]
    .map((tree) => facts.files.realPathOf(tree))
    .some((tree) => `${place}/`.startsWith(`${tree}/`) || tree.startsWith(`${place}/`));
}

/** Those that are not below another, links followed, in byte order. */
function outermost(facts: ProgramFacts, paths: readonly string[]): string[] {
  const byPlace = new Map<string, string>();
  for (const path of [...paths].sort(compareBytes)) {
    const place = facts.files.realPathOf(path);
    if (!byPlace.has(place)) byPlace.set(place, path);
  }
  return [...byPlace].flatMap(([place, path]) => (isBelowAny(place, byPlace) ? [] : [path]));
}
