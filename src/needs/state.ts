/**
 * Directories in which a program keeps what it makes: sockets, process numbers, logs, databases. Many
 * programs end where theirs is missing or belongs to another user. Their owners and modes are those of
 * the root, or of the files that make them when a system starts.
 */
import { accountNumber } from '../root/accounts.js';
import { compareBytes } from '../root/byte-order.js';
import { baseName, directoryOf } from '../root/path-text.js';
import { absentNames } from './absent-names.js';
import { configurationFiles } from './configuration-files.js';
import { homeDirectory } from './home-directory.js';
import { pathBears, stemsOf } from './name-stems.js';
import { namedFiles } from './named-files.js';
import { isOfOne, STATE } from './named-places.js';
import { defineNeed, type NeededDirectory } from './need.js';
import type { ProgramFacts } from './program-facts.js';
import { ofSameSource } from './related-packages.js';
import { type ServiceDirectory, serviceFiles } from './service-files.js';
import { stateDirectories } from './state-directories.js';

/** Directories of the whole system in which programs keep single files. */
const SHARED: ReadonlySet<string> = new Set([
  ...['/run', '/var/run', '/run/lock', '/var/lock', '/var/log', '/var/lib', '/var/cache'],
  ...['/var/spool', '/var/mail'],
]);

const RUN = ['/run', '/run/', '/var/run', '/var/run/'];

export const state = defineNeed({
  kind: 'state',
  summary: 'directories below /run and /var that the program writes to',
  documentation: {
    evidence:
      "paths below `/run` and `/var` in the data of the program and in its configuration; `/run` and the name of its PID file in its data; `RuntimeDirectory=`, `StateDirectory=` and their like of the systemd unit that starts it; tmpfiles.d; scripts of OpenRC; directories there that its package owns; empty ones elsewhere that the program names (`/var/empty`); the home directory of the image's user for a launcher that gives it on (`-home`)",
    added: 'those directories, empty, with the owner and mode that they have or get in the root',
    confidence: ['sure'],
  },
  detect(facts) {
    const directories = new Map<string, NeededDirectory>();
    const add = (directory: NeededDirectory | undefined) => {
      if (directory !== undefined && !directories.has(directory.path))
        directories.set(directory.path, directory);
    };
    const made = serviceFiles(facts).directories.filter(({ path }) => STATE.test(path));
    const named = [...namedState(facts), ...configurationFiles(facts).state];
    for (const one of made) add(inRoot(facts, one.path) ?? madeBy(facts, one));
    for (const path of named) add(stateOf(facts, path, made));
    for (const path of emptyOnes(facts)) add(inRoot(facts, path));
    if (givesHome(facts)) add(homeDirectory(facts));
    if (directories.size > 0) for (const path of ofPackage(facts)) add(inRoot(facts, path));
    const [first] = directories.keys();
    if (first === undefined) return undefined;
    const others = directories.size - 1;
    for (const one of [...directories.values()]) add(byOldName(facts, one));
    return {
      because: `${facts.closure.program.path} writes to ${first}${others > 0 ? `, and ${others} more` : ''}`,
      directories: [...directories.values()].sort((a, b) => compareBytes(a.path, b.path)),
    };
  },
  absent: absentNames('state', {
    code: 'STATE_MISSING',
    levels: ['note'],
    summary: 'The root has none of the directories that a program writes to.',
    cause: 'Many programs make files there, and end where the directory is missing.',
    remedy: 'Make the directories, for the user that runs the program; elfdeps copy adds them.',
  }),
});

/** Paths of state in the data of the program, there or not. */
export function namedState(facts: ProgramFacts): string[] {
  const { program, closure } = facts;
  const stems = stemsOf(closure.program.realPath);
  const own = (program === undefined ? [] : facts.files.texts.paths(program))
    .filter((path) => STATE.test(path) && (isOfOne(path) || SHARED.has(directoryOf(path))))
    .filter((path) => pathBears(path, stems));
  const related = namedFiles(facts).filter(({ path }) => STATE.test(path));
  return [...new Set([...own, ...related.map(({ path }) => path), ...processFile(facts, stems)])];
}

/** The file with its process ID, in the run directory of the system: `/run` and `app.pid` in its data. */
function processFile(facts: ProgramFacts, stems: readonly string[]): string[] {
  const names = stems.map((stem) => `${stem}.pid`);
  const texts = facts.program && facts.textsAmong(facts.program, [...RUN, ...names]);
  const name = names.find((each) => texts?.has(each));
  return name !== undefined && RUN.some((run) => texts?.has(run)) ? [`/run/${name}`] : [];
}

/** A launcher that gives its HOME to the program that it starts, which keeps files there: that of Erlang a cookie. */
function givesHome(facts: ProgramFacts): boolean {
  return (
    facts.program !== undefined && facts.textsAmong(facts.program, GIVEN).size === GIVEN.length
  );
}
const GIVEN = ['HOME', '-home'];

/** Where a directory may be kept empty: `/var/empty`, `/usr/share/empty.sshd`. */
const EMPTY = /^\/(?:var|usr\/(?:share|lib(?:64|exec)?))\/(?!(?:tmp|local|opt|mail)$)[^/]/;

/** Directories with nothing in them that the program names: it locks itself into one, or ends without it. */
function emptyOnes({ files, program }: ProgramFacts): string[] {
  if (program === undefined) return [];
  return files.texts.paths(program).filter((path) => {
    if (!EMPTY.test(path) || STATE.test(path) || files.namesIn(path).length > 0) return false;
    return files.kindAt(path) === 'directory';
  });
}

/** The directory of a named path; one that the root lacks only where it is a run directory of its own. */
function stateOf(
  facts: ProgramFacts,
  path: string,
  made: readonly ServiceDirectory[],
): NeededDirectory | undefined {
  const file = facts.files.resolve(path);
  const isDirectory = file.found ? file.entry.kind === 'directory' : !/\.\w+$/.test(baseName(path));
  for (const directory of isDirectory ? [path, directoryOf(path)] : [directoryOf(path)]) {
    if (!isOfOne(directory) && !SHARED.has(directory)) continue;
    const there = inRoot(facts, directory);
    if (there !== undefined) return there;
    const rule = made.find((one) => one.path === directory.replace(/^\/var\/run\//, '/run/'));
    if (rule !== undefined) return madeBy(facts, rule);
    // A system makes it at its start, and this root belongs to a system that is not running.
    if (/^\/(?:var\/)?run(?:\/[^/]+)?$/.test(directory))
      return { path: directory, mode: 0o755, ...accountOf(facts, directory) };
  }
  return undefined;
}

/** A run directory by its older name, where the root has a link for it: programs make names of its parts. */
function byOldName({ files }: ProgramFacts, { path, ...rest }: NeededDirectory) {
  const old = files.resolve('/var/run');
  const isLinked = old.found && old.path === '/run' && path.startsWith('/run/');
  return isLinked ? { path: `/var${path}`, ...rest } : undefined;
}

function inRoot({ files }: ProgramFacts, path: string): NeededDirectory | undefined {
  const file = files.resolve(path);
  if (!file.found || file.entry.kind !== 'directory') return undefined;
  const { mode, uid, gid } = file.entry;
  return { path, mode, uid, gid };
}

function madeBy(
  facts: ProgramFacts,
  { path, mode, user, group }: ServiceDirectory,
): NeededDirectory {
  return {
    path,
    mode,
    uid: accountNumber(user) ?? facts.accounts.find(({ name }) => name === user)?.id,
    gid: accountNumber(group) ?? facts.groups.find(({ name }) => name === group)?.id,
  };
}

/** The account of a run directory's name, unless it is its home: that of sshd is root's. */
function accountOf(facts: ProgramFacts, path: string): Pick<NeededDirectory, 'uid' | 'gid'> {
  const found = facts.accounts.find(({ name, home }) => name === baseName(path) && home !== path);
  return { uid: found?.id, gid: found?.gid };
}

/** Directories of state that the program's package, or another from its source, brings empty. */
function ofPackage({ files, packages, closure }: ProgramFacts): string[] {
  const owner = packages?.ownerOf(closure.program.realPath);
  if (packages === undefined || owner === undefined) return [];
  return stateDirectories(files, packages, ofSameSource(packages, owner));
}
