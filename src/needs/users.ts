/**
 * /etc/passwd and /etc/group, for programs that ask who they are. Of the root's own files only root,
 * nobody, the user who will run the program, and the users that the program names (nginx www-data,
 * sshd sshd): an image needs no others.
 */

import { goFunctions } from '../files/go-build.js';
import type { Account, Group } from '../root/accounts.js';
import { baseName } from '../root/path-text.js';
import { SET_USER_ID } from '../root/user.js';
import { configurationFiles } from './configuration-files.js';
import type { Evidence } from './evidence.js';
import { homeDirectory } from './home-directory.js';
import { accountCalls, directoryCalls, logInCalls, userCalls } from './libc-functions.js';
import { missingFiles } from './missing-files.js';
import { stemsOf } from './name-stems.js';
import { defineNeed, type NeededDirectory } from './need.js';
import type { ProgramFacts } from './program-facts.js';
import { areOfOneSource } from './related-packages.js';
import { serviceFiles } from './service-files.js';
import { namedState } from './state.js';

export const users = defineNeed({
  kind: 'passwd',
  summary: '/etc/passwd and /etc/group: root, nobody, the user, and users that the program names',
  documentation: {
    evidence:
      'an import of `getpwuid`, `getgrnam` and their like; `/etc/passwd` in the data of the program; `os/user` of Go; a name in `--user`',
    added:
      "`/etc/passwd` and `/etc/group`, made: root, nobody, the user of the image, and the users that the program's data, libraries of the same source or its configuration name (`user www-data;`); every user for a program that is set-user-ID root, logs users in or brings them mail; the home directory of the image's user, empty, if the program makes directories in it",
    confidence: ['sure'],
  },
  detect(facts) {
    const found = facts.because(
      'passwd',
      facts.findCall(userCalls, goFunctions.users) ?? readsItself(facts),
    );
    const { user = '' } = facts.options;
    const isNamed = /^[a-z_]/i.test(user);
    if (found === undefined && !isNamed) return undefined;
    return {
      because: found ?? `${isOfImage(facts) ? 'USER' : '--user'} ${user} is a name`,
      generated: userFiles(facts),
      directories: homeOf(facts),
    };
  },
  absent: missingFiles({
    rule: {
      code: 'PASSWD_MISSING',
      levels: ['note'],
      summary: 'The root has no /etc/passwd.',
      cause: 'Names of users come from that file.',
      remedy: 'Put /etc/passwd and /etc/group into the root; elfdeps copy --with passwd adds them.',
    },
    evidence: (facts) => facts.findCall(userCalls, goFunctions.users),
    paths: () => ['/etc/passwd'],
    what: 'no /etc/passwd',
    seen(facts) {
      if (facts.isGo) return 'open /etc/passwd: no such file or directory';
      const words = 'cannot find name for user ID';
      return facts.program && facts.findText(facts.program, words) && `${words} 0`;
    },
    remedy: 'put /etc/passwd and /etc/group into the root, with the user that it runs as',
  }),
});

/** A program that reads the file by functions of its own, as BusyBox does. */
function readsItself({ program, files }: ProgramFacts): Evidence | undefined {
  if (program === undefined || files.texts.among(program, ['/etc/passwd']).size === 0)
    return undefined;
  return { object: program, text: 'names /etc/passwd' };
}

function isOfImage({ files, options }: ProgramFacts): boolean {
  return files.root.image?.user === options.user;
}

/** The home directory of the image's user, for a program that makes directories of its own in it. */
function homeOf(facts: ProgramFacts): NeededDirectory[] {
  const { program } = facts;
  if (program === undefined || facts.findImport(directoryCalls) === undefined) return [];
  if (facts.findText(program, '~/.', (text) => text.startsWith('~/.')) === undefined) return [];
  const home = homeDirectory(facts);
  return home === undefined ? [] : [home];
}

/** The text of both files, by path, made of the lines of the root's own. */
export function userFiles(facts: ProgramFacts): Record<string, string> {
  const { user } = facts.options;
  const names = new Set([...USUAL_NAMES, ...(user?.split(':') ?? []), ...namedUsers(facts)]);
  const isNamed = ({ name, id }: Account | Group) => names.has(name) || names.has(String(id));
  const isForAll = actsForAll(facts);
  const accounts = facts.accounts.filter((account) => isForAll || isNamed(account));
  const own = new Set(accounts.map(({ gid }) => gid));
  const groups = facts.groups.filter((group) => isForAll || isNamed(group) || own.has(group.id));
  return { '/etc/passwd': linesOf(accounts, PASSWD), '/etc/group': linesOf(groups, GROUP) };
}

/** Where the mail of all users is. */
const MAIL = ['/var/mail', '/var/spool/mail'];

/**
 * Whether the program works for any user of the system: a set-user-ID program does, one that logs them in, and
 * one that brings them mail with their rights.
 */
function actsForAll(facts: ProgramFacts): boolean {
  const { program } = facts;
  if (program === undefined || facts.findOwnImport(userCalls) === undefined) return false;
  const isSetUserId = (program.entry.mode & SET_USER_ID) !== 0 && program.entry.uid === 0;
  const isForMail =
    facts.findOwnImport(['initgroups', 'setgroups']) !== undefined &&
    facts.textsAmong(program, MAIL).size > 0;
  return isSetUserId || isForMail || facts.findOwnImport(logInCalls) !== undefined;
}

/** Whether the program looks users up by name. The words of one that only looks up numbers are no names of users. */
function asksByName(facts: ProgramFacts): boolean {
  return facts.findCall(accountCalls, goFunctions.users) !== undefined;
}

/**
 * Users and groups of the root that the program may run as: those whose names are whole texts of its data
 * or its name, that its configuration or its systemd unit names (`user www-data;`, `-u bind`), and whose
 * home or name is a directory of state that it names (`/run/sshd`).
 */
function namedUsers(facts: ProgramFacts): string[] {
  const { program } = facts;
  if (program === undefined) return [];
  const { accounts, userNames: known } = facts;
  const { texts, state } = configurationFiles(facts);
  const configured = [...texts.values()].flatMap((text) =>
    [...text.matchAll(RUN_AS), ...text.matchAll(OWNED)].flatMap(([, user = '', group = '']) => [
      user,
      group,
    ]),
  );
  const { users: ofUnit, words, directories } = serviceFiles(facts);
  const owners = directories.flatMap(({ user = '', group = '' }) => [user, group]);
  const places = [...state, ...namedState(facts), ...directories.map(({ path }) => path)];
  const stems = stemsOf(program.realPath);
  const atHome = accounts
    .filter(({ name, home }) => places.some((path) => path === home || baseName(path) === name))
    .map(({ name }) => name);
  return [
    ...(asksByName(facts) ? [...facts.wordsAmong(program, known), ...usersOfProject(facts)] : []),
    ...configured,
    ...[...ofUnit, ...owners, ...words, ...stems].filter((word) => known.has(word)),
    ...atHome,
  ];
}

/** Users that libraries name which are built from the program's own source: one project's programs share them. */
function usersOfProject(facts: ProgramFacts): string[] {
  const { libraries, closure, userNames: known } = facts;
  const naming = libraries.filter((object) => facts.wordsAmong(object, known).size > 0);
  if (naming.length === 0) return [];
  const { packages } = facts;
  return naming
    .filter(({ realPath }) => areOfOneSource(packages, closure.program.realPath, realPath))
    .flatMap((object) => [...facts.wordsAmong(object, known)]);
}

/** `user www-data;`, `User: a`, `group = "b"`, `mail_owner=c`, `user d d`, `setuid = e`, `export X_USER=f`. */
const RUN_AS =
  /^[ \t]*(?:export[ \t]+)?[\w$-]*(?:user|group|owner|set[ug]id)\b(?:[ \t]*[=:])?[ \t"']*([\w-]+)(?:[ \t]+([\w-]+))?/gim;
/** `create 640 www-data adm`: a mode, and who owns what gets it. */
const OWNED = /^[ \t]*\w+[ \t]+0?[0-7]{3}[ \t]+([\w-]+)(?:[ \t]+([\w-]+))?/gm;
const USUAL_NAMES = ['root', 'nobody'];
const PASSWD =
  'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n';
const GROUP = 'root:x:0:\nnogroup:x:65534:\n';

/** The lines as they stand; `usual` where there are none. */
function linesOf(entries: readonly (Account | Group)[], usual: string): string {
  return entries.length === 0 ? usual : entries.map(({ line }) => `${line}\n`).join('');
}
