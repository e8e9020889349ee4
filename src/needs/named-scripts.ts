/**
 * Scripts in the directories that a program and its libraries name, whose own names the program has too:
 * it puts the path together (`/usr/lib/postfix/sbin` and `/postfix-script`) and starts what is there.
 * Programs in these directories are traced with the data; a script needs its interpreter besides. One that
 * has the names of many has a list of what there may be.
 */
import { PROGRAM_DIRECTORIES } from '../files/path-search.js';
import { MOST_NAMED } from './data-choice.js';
import { isScriptFile } from './executable-file.js';
import { namedFiles } from './named-files.js';
import type { ProgramFacts } from './program-facts.js';

/** More names than these in a directory are no helpers of one program. */
const MOST_NAMES = 512;

/** Paths of such scripts; none for a program that names no directory. */
export function namedScripts(facts: ProgramFacts): string[] {
  const { program } = facts;
  if (program === undefined) return [];
  const directories = namedFiles(facts)
    .filter(({ kind, path }) => kind === 'directory' && !PROGRAM_DIRECTORIES.includes(path))
    .map(({ path }) => path);
  return directories.flatMap((directory) => {
    const names = facts.namesIn(directory);
    if (names.length > MOST_NAMES) return [];
    const textsOf = (name: string) => [name, `/${name}`, `%s/${name}`];
    const named = facts.textsAmong(program, names.flatMap(textsOf));
    const scripts = names
      .filter((name) => textsOf(name).some((text) => named.has(text)))
      .map((name) => `${directory}/${name}`)
      .filter((path) => isScriptFile(facts, path));
    return scripts.length > MOST_NAMED ? [] : scripts;
  });
}
