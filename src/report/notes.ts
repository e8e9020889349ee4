/**
 * The words of the notes that image commands print, one line each without a full stop.
 */

import { describeFailingDlopens } from '../closure/failing-dlopens.js';
import { listed } from '../errors.js';
import type { ImageNote } from '../image/image-note.js';
import { describeProblem, problemFacts } from '../image/plan-problem.js';
import type { FoundPackages } from '../packages/find-packages.js';
import { describePackageNote } from '../packages/package-note.js';
import { addTo } from '../root/multimap.js';
import { shellWord } from '../root/shell-word.js';
import { withPlainSymbols } from './plain-symbols.js';

/** A note in words. */
export function formatNote(note: ImageNote): string {
  switch (note.code) {
    case 'PROGRAM_MOVED':
      return `${note.path}: goes to ${note.place}, where it looks for libraries beside itself`;
    case 'DLOPEN_FAILS':
      return describeFailingDlopens(note);
    case 'FILE_NOT_MADE':
      return `${note.path}: the stage does not have it, and COPY cannot make it`;
    case 'DIRECTORIES_NOT_MADE':
      return emptyDirectories(note.paths);
    case 'VARIANT_LEFT_OUT':
      return `${note.path}: left out, it is for newer CPUs only (--hwcaps takes it)`;
    case 'BASELINE_MISSING':
      return `${note.path}: for newer CPUs only, and the root has no other build: programs do not start on older CPUs`;
    case 'SCRIPT':
      return `${note.path}: a script, and elfdeps did not look for the programs that it starts (add them by --include)`;
    case 'STORED_AGAIN':
      return `${note.paths.join(' and ')}: one file, stored again because COPY follows links`;
    case 'CAPABILITY_AT_RISK':
      return `${note.path}: has file capabilities, which not every builder's COPY keeps`;
    case 'CACHE_COPIED':
      return `${note.path}: copied, since a program with more rights than its user ignores LD_LIBRARY_PATH`;
    case 'VARIABLE_LEFT_OUT':
      return `${note.name}=${note.value}: not set in the image: needed libraries are found without it`;
    case 'VARIABLE_KEPT':
      return `${note.name}=${note.value}: given by you, kept for the image`;
    case 'VARIABLE_MADE':
      return `${note.name}=${note.value}: set in the image, since no ld.so.cache there lists the libraries`;
    case 'CONFIGURATION_MADE':
      return `${note.path}: made for the image, so that ${note.library} is found`;
    case 'BASE_HAS':
      return `left out, the base has them: ${note.paths.join(', ')}`;
    case 'BASE_BUILDS_USED':
      return `left out, the base's own builds work: ${note.paths.join(', ')}`;
    case 'NOT_USED_ON_BASE':
      return `left out, not used on this base: ${note.paths.join(', ')}`;
    case 'BASE_REPLACED':
      return `replaces the base's builds: ${note.paths.join(', ')}`;
    case 'EXCLUDED':
      return `excluded, so something else has to provide ${note.paths.length === 1 ? 'it' : 'them'}: ${note.paths.join(', ')}`;
    case 'SECRET_LEFT_OUT':
      return secretsLeftOut(note.paths);
    case 'SECRET_INSIDE':
      return secretsInside(note.paths);
    case 'DATA_LEFT_OUT':
      return dataLeftOut(note.paths);
    case 'PROBLEM':
      return withPlainSymbols(
        `${note.onBase ? 'on this base, ' : ''}${describeProblem(note.problem)}`,
      );
  }
}

/**
 * Notes in words, each once; the libraries that a file lacks are one note. With `verbose` every secret is
 * named.
 */
export function formatNotes(notes: readonly ImageNote[], verbose = false): string[] {
  const problems = notes.flatMap((note) =>
    note.code === 'PROBLEM' && !note.onBase ? note.problem : [],
  );
  const facts = problemFacts(problems).map(withPlainSymbols);
  const first = notes.findIndex((note) => note.code === 'PROBLEM' && !note.onBase);
  return notes.flatMap((note, index) => {
    if (index === first) return facts;
    if (note.code === 'PROBLEM' && !note.onBase) return [];
    if (note.code === 'SECRET_LEFT_OUT' && verbose)
      return secretsLeftOut(note.paths, note.paths.length);
    return note.code === 'SECRET_INSIDE' && verbose
      ? secretsInside(note.paths, note.paths.length)
      : formatNote(note);
  });
}

/** What weakens evidence that comes from packages, in words. */
export function formatPackageNotes({ database, notes }: FoundPackages): string[] {
  const bySentence = new Map<string, string[]>();
  for (const note of notes) addTo(bySentence, describePackageNote(note), note.path);
  const told = [...bySentence].map(([sentence, [path, ...others]]) =>
    others.length === 0 ? `${path}: ${sentence}` : `${path} and ${others.length} more: ${sentence}`,
  );
  if (database !== undefined) return told;
  const what = 'so which files belong to a program is only guessed from names and paths';
  return [...told, `the root has no package database that elfdeps can read, ${what}`];
}

function emptyDirectories(paths: readonly string[]): string {
  const tmpfs = `(docker run ${paths.map((path) => `--tmpfs ${path}`).join(' ')})`;
  return paths.length === 1
    ? `${paths[0]}: an empty directory, which COPY cannot make ${tmpfs}`
    : `${paths.join(', ')}: empty directories, which COPY cannot make ${tmpfs}`;
}

/** So many secrets of directories are named; of more, the first, and how many there are. */
const MOST_SECRETS = 3;
/** So many that something names, with the options that add them. */
const MOST_NAMED = 16;

/** With the way to add them: something names each of these. */
function secretsLeftOut(paths: readonly string[], most = MOST_NAMED): string {
  const options = paths.slice(0, most).map((path) => `--include ${shellWord(path)}`);
  const shown = most > MOST_NAMED ? most : MOST_SECRETS;
  // The options name the others.
  const first = firstOf(paths, shown, paths.length > MOST_NAMED);
  const [why, add] = secretWords(paths);
  return `${first}: left out, ${why} (${add}: ${options.join(' ')})`;
}

/** Programs seldom read what only stands in a directory that they name. */
function secretsInside(paths: readonly string[], most = MOST_SECRETS): string {
  const [why, add] = secretWords(paths);
  return `${firstOf(paths, most)}: left out of the directories that were added, ${why} (${add}, name each path)`;
}

function secretWords({ length }: readonly string[]): readonly [why: string, add: string] {
  return length === 1
    ? ['because it may hold a secret', 'to add it']
    : ['because they may hold secrets', 'to add them'];
}

/** With the options that add it: only the user knows whether it is part of the image. */
function dataLeftOut(paths: readonly string[]): string {
  const options = paths.slice(0, MOST_NAMED).map((path) => `--include ${shellWord(path)}`);
  return `${listed(paths.slice(0, MOST_NAMED), 'and')}: named by the configuration, and left out (to add: ${options.join(' ')})`;
}

function firstOf(paths: readonly string[], most: number, hasMore = true): string {
  if (paths.length <= most) return listed(paths, 'and');
  const others = `and ${paths.length - most + 1} more${hasMore ? ' (--verbose names them)' : ''}`;
  return `${paths.slice(0, most - 1).join(', ')} ${others}`;
}
