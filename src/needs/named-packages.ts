/**
 * Commands of packages that the data of a program names: it tells people to install Graphviz, and puts the
 * command line of `dot` together. Only packages count that its own recommends or suggests, or depends on for a
 * command of two letters: `gs`.
 */
import { findProgram } from '../files/path-search.js';
import type { RootElf } from '../files/root-elf.js';
import { askedPackages } from '../packages/find-packages.js';
import type { Package } from '../packages/package.js';
import { escapeRegExp } from './escape-reg-exp.js';
import { isExecutableFile } from './executable-file.js';
import type { ProgramFacts } from './program-facts.js';
import { areOfOneSource, commandsIn } from './related-packages.js';

/** Shorter names of packages are words of people: `less`, `file`. */
const LEAST_NAME = 6;
/** A command of fewer characters is part of anything. */
const LEAST_COMMAND = 3;

/** Paths; none without a package database, or where nothing else of the program has asked for it: it is large. */
export function commandsOfNamedPackages(facts: ProgramFacts): string[] {
  const { closure, files, place } = facts;
  const packages = askedPackages(files)?.database;
  const owner = packages?.ownerOf(closure.program.realPath);
  if (packages === undefined || owner === undefined) return [];
  const { program } = facts;
  if (program === undefined) return [];
  const commandsOf = (
    all: readonly Package[],
    objects: () => readonly RootElf[],
    isMeant: (command: string) => boolean,
  ) =>
    all
      // Texts and the owners of libraries come last: they take longest.
      .filter((each) => each.name.length >= LEAST_NAME && commandsIn(packages)(each).some(isMeant))
      .filter((each) => objects().some((object) => isWord(facts, object, each.name, true)))
      .flatMap((each) => commandsIn(packages)(each).filter(isMeant));
  const own = () =>
    facts.outsideOfLibc.filter(({ realPath }) =>
      areOfOneSource(packages, closure.program.realPath, realPath),
    );
  const isShort = (name: string) => name.length < LEAST_COMMAND;
  const names = [
    ...commandsOf(
      packages.suggestionsOf(owner),
      () => [program],
      (name) => !isShort(name),
    ).filter((name) => isWord(facts, program, name, false)),
    // Code has so short a text in an instruction, and not among the data.
    ...commandsOf(packages.dependenciesOf(owner), own, isShort),
  ];
  return names.flatMap((name) => {
    const path = findProgram(files, name, place);
    return path !== undefined && isExecutableFile(facts, path) ? path : [];
  });
}

/** Whether a name is a word in a text of an object; the first letter may be a large one. */
function isWord(
  { files }: ProgramFacts,
  object: RootElf,
  name: string,
  ofPeople: boolean,
): boolean {
  const [first = ''] = name;
  const begin = ofPeople ? `[${first}${first.toUpperCase()}]` : escapeRegExp(first);
  const word = new RegExp(`(?<![\\w./+-])${begin}${escapeRegExp(name.slice(1))}(?![\\w+-])`);
  return files.texts.find(object, ofPeople ? name.slice(1) : name).some((text) => word.test(text));
}
