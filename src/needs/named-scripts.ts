/**
 * Scripts in the directories that a program and its libraries name, whose own names the program has too:
 * it puts the path together (`/usr/lib/postfix/sbin` and `/postfix-script`) and starts what is there.
 * Programs in these directories are traced with the data; a script needs its interpreter besides.
 */
import { PROGRAM_DIRECTORIES } from '../files/path-search.js';
import { isScriptFile } from './executable-file.js';
import { namedFiles } from './named-files.js';
import type { ProgramFacts } from './program-facts.js';

/** More names than these in a directory are no helpers of one program. */
const MOST_NAMES = 512;
const MOST_SCRIPTS = 64;

/** Paths of such scripts; none for a program that names no directory. */
export function namedScripts(facts: ProgramFacts): string[] {
  const { program } = facts;
  if (program === undefined) return [];
  const directories = namedFiles(facts)
    .filter(({ kind, path }) => kind === 'directory' && !PROGRAM_DIRECTORIES.includes(path))
    .map(({ path }) => path);
  return directories
    .flatMap((directory) => {
      const names = facts.namesIn(directory);
      if (names.length > MOST_NAMES) return [];
      const texts = names.flatMap((name) => [name, `/${name}`, `%s/${name}`]);
      const named = facts.textsAmong(program, texts);
      return names
        .filter((name) => [name, `/${name}`, `%s/${name}`].some((text) => named.has(text)))
        .map((name) => `${directory}/${name}`);
    })
    .filter((path) => isScriptFile(facts, path))
    .slice(0, MOST_SCRIPTS);
}
