/**
 * What a script brings for its interpreter: modules beside it that it names; a script of JavaScript the
 * directory of its application (a package.json above it), and node_modules beside and above it.
 * Sources: Node.js "Modules: Loading from node_modules folders"; CPython's sys.path[0].
 */

import type { RootFiles } from '../../files/root-files.js';
import { addTo } from '../../root/multimap.js';
import { baseName, directoryOf, pathFrom } from '../../root/path-text.js';
import type { ProgramFacts } from '../program-facts.js';
import type { ModuleTree } from './module-tree.js';

/** Directories of many programs: what is beside a script there is not its own. */
const SHARED =
  /^\/?$|\/s?bin$|^\/(?:root|tmp|etc|opt|srv|home(?:\/[^/]+)?|usr(?:\/\w+)?|var(?:\/\w+)?)$/;
/** Lines that load other files of the program, in any language. */
const LOADING =
  /^[ \t]*(?:import|from|require(?:_relative|_once)?|include(?:_once)?|use|load|source|dofile)\b.*$|\b(?:require|import)\s*\(.*$/gm;
const MOST_MODULES = 500;
/** Interpreters that read package.json: `node`, `nodejs`, `node-20`. For others it is a file of a neighbour. */
const OF_PACKAGES = /^(?:node(?:js)?|bun|deno)[\d.-]*$/;

/** The modules of the scripts that a program runs. */
export function scriptTrees(facts: ProgramFacts): ModuleTree[] {
  return facts.scripts.flatMap((script) => {
    const file = facts.files.resolve(script);
    if (!file.found) return [];
    const language = 'the script';
    const tree = (path: string, because: string): ModuleTree => ({
      path,
      use: 'application',
      language,
      because,
    });
    const isOfPackages = readsPackages(facts);
    const application = isOfPackages ? projectOf(facts, file.path) : undefined;
    const installed = isOfPackages ? nodeModules(facts, directoryOf(application ?? file.path)) : [];
    const modules = installed.map((path) => tree(path, `${script} finds modules in ${path}`));
    if (application !== undefined)
      return [tree(application, `${script} is of the package in ${application}`), ...modules];
    const beside = modulesBeside(facts.files, file.path);
    return [...modules, ...beside.map((path) => tree(path, `${script} loads ${path}`))];
  });
}

function readsPackages({ closure: { program } }: ProgramFacts): boolean {
  return [program.path, program.realPath].some((path) => OF_PACKAGES.test(baseName(path)));
}

/** The nearest directory at or above a script that has a package.json, if it is of one application. */
function projectOf(facts: ProgramFacts, script: string): string | undefined {
  for (let directory = directoryOf(script); directory !== '/'; directory = directoryOf(directory))
    if (facts.existing(`${directory}/package.json`).length > 0)
      return SHARED.test(directory) ? undefined : directory;
  return undefined;
}

/** node_modules in a directory and in those above it. */
function nodeModules(facts: ProgramFacts, from: string): string[] {
  const found: string[] = [];
  for (let directory = from; ; directory = directoryOf(directory)) {
    const modules = pathFrom(directory, 'node_modules');
    // One directory of that name has no other in its way.
    if (baseName(directory) !== 'node_modules') found.push(...facts.existing(modules));
    if (directory === '/') return found;
  }
}

/**
 * Files and directories beside a script that it loads, and what they load: their names stand in lines
 * that load something. None where scripts of many programs are.
 */
function modulesBeside(files: RootFiles, script: string): string[] {
  const directory = directoryOf(script);
  if (SHARED.test(directory)) return [];
  const beside = new Map<string, string[]>();
  for (const name of files.namesIn(directory)) {
    const stem = name.replace(/\.\w+$/, '');
    if (name !== baseName(script)) addTo(beside, stem, name);
  }
  const found = new Set<string>();
  const pending = [script];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const words = [...wordsOfLoading(files.readText(path) ?? '')];
    for (const name of words.flatMap((word) => beside.get(word) ?? [])) {
      const next = `${directory}/${name}`;
      if (found.size >= MOST_MODULES || found.has(next)) continue;
      found.add(next);
      pending.push(next);
    }
  }
  return [...found];
}

function wordsOfLoading(text: string): Set<string> {
  const words = new Set<string>();
  for (const [line] of text.matchAll(LOADING))
    for (const word of line.match(/[\w-]+/g) ?? []) words.add(word);
  return words;
}
