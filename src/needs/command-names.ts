/**
 * Names of commands as whole texts in the data of a program that starts others, where they are of its own
 * package or of one that this depends on. Other names are options or words more often than not.
 */
import { baseName, directoryOf } from '../root/path-text.js';
import { shellCalls } from './libc-functions.js';
import { isExecutableFile } from './named-files.js';
import type { ProgramFacts } from './program-facts.js';
import { SEARCHED, SHELL } from './script-commands.js';

/** These look for a program by its name. */
const SEARCHING = ['execvp', 'execlp', 'execvpe', 'posix_spawnp', ...shellCalls];

/** Paths of programs; empty for a program that starts nothing by name. */
export function namedCommands(facts: ProgramFacts): string[] {
  const isSearching = facts.findImport(SEARCHING) !== undefined;
  const named = isSearching ? among(facts, allCommands(facts)) : [];
  if (named.length === 0) return [];
  // The package database is large: it is asked about few names.
  const helpers = helpersOf(facts);
  return named.filter((path) => helpers.has(baseName(path)));
}

/** Those whose names stand in the program's data. */
function among(facts: ProgramFacts, paths: ReadonlyMap<string, string>): string[] {
  const { program } = facts;
  if (program === undefined || paths.size === 0) return [];
  return [...facts.textsAmong(program, paths.keys())]
    .map((name) => paths.get(name) as string)
    .filter((path) => isExecutableFile(facts, path));
}

/** Names of the commands of the program's package, and of those that it depends on. */
function helpersOf({ packages, closure }: ProgramFacts): ReadonlySet<string> {
  const owner = packages?.ownerOf(closure.program.realPath);
  if (packages === undefined || owner === undefined) return new Set();
  const places = SEARCHED.split(':');
  const paths = [owner, ...packages.dependenciesOf(owner)]
    .flatMap((each) => packages.filesOf(each))
    .filter((path) => places.includes(directoryOf(path)));
  return new Set(paths.map(baseName));
}

/** The first of each name, as a search finds it. */
function allCommands(facts: ProgramFacts): Map<string, string> {
  const found = new Map<string, string>();
  for (const place of SEARCHED.split(':'))
    for (const name of facts.namesIn(place))
      if (!found.has(name) && !SHELL.test(name)) found.set(name, `${place}/${name}`);
  return found;
}
