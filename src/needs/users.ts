/**
 * /etc/passwd and /etc/group, for programs that ask who they are. Of the root's own files only root,
 * nobody, the user who will run the program, and the users that the program names (nginx www-data,
 * sshd sshd): an image needs no others.
 */

import { goFunctions } from '../files/go-build.js';
import { baseName } from '../root/path-text.js';
import { configurationFiles } from './configuration-files.js';
import { directoryCalls, userCalls } from './libc-functions.js';
import { missingFiles } from './missing-files.js';
import { stemsOf } from './name-stems.js';
import { defineNeed, type NeededDirectory } from './need.js';
import type { ProgramFacts } from './program-facts.js';
import { serviceFiles } from './service-files.js';
import { namedState } from './state.js';

export const users = defineNeed({
  kind: 'passwd',
  summary: '/etc/passwd and /etc/group: root, nobody, the user, and whom the program names',
  documentation: {
    evidence:
      'an import of `getpwuid`, `getgrnam` and their like; `os/user` of Go; a name in `--user`',
    added:
      "`/etc/passwd` and `/etc/group`, made: root, nobody, the user of the image, and whom the program's data or the configuration that it names (`user www-data;`) names; the home directory of the image's user, empty, where the program makes directories in it",
    confidence: ['sure'],
  },
  detect(facts) {
    const found = facts.because('passwd', facts.findCall(userCalls, goFunctions.users));
    const { user = '' } = facts.options;
    const isNamed = /^[a-z_]/i.test(user);
    if (found === undefined && !isNamed) return undefined;
    return {
      because: found ?? `--user ${user} is a name`,
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
    seen: 'cannot find name for user ID 0',
    cause: 'names of users come from that file',
    remedy: 'put /etc/passwd and /etc/group into the root, with the user that it runs as',
  }),
});

/** The home directory of the image's user, for a program that makes directories of its own in it. */
function homeOf(facts: ProgramFacts): NeededDirectory[] {
  const { program, options } = facts;
  if (program === undefined || facts.findImport(directoryCalls) === undefined) return [];
  if (facts.findText(program, '~/.', (text) => text.startsWith('~/.')) === undefined) return [];
  const [name = ''] = (options.user ?? '').split(':');
  const isHis = ([each, , id]: string[]) =>
    name === '' ? id === '0' : each === name || id === name;
  const [, , uid, gid, , home = ''] = linesIn(facts, '/etc/passwd').find(isHis) ?? [];
  // Homes that are no directories of one user.
  if (!/^\/(?:root|home\/[^/]+)$/.test(home)) return [];
  const file = facts.files.resolve(home);
  const mode = file.found ? file.entry.mode : 0o700;
  return [{ path: home, mode, uid: Number(uid), gid: Number(gid) }];
}

/** The text of both files, by path, made of the lines of the root's own. */
export function userFiles(facts: ProgramFacts): Record<string, string> {
  const { user } = facts.options;
  const names = new Set([...USUAL_NAMES, ...(user?.split(':') ?? []), ...namedUsers(facts)]);
  // Not an empty line, which has this name.
  names.delete('');
  return {
    '/etc/passwd': linesOf(facts, '/etc/passwd', names, PASSWD),
    '/etc/group': linesOf(facts, '/etc/group', names, GROUP),
  };
}

/**
 * Users and groups of the root that the program may run as: those whose names are whole texts of its data
 * or its name, that its configuration or its systemd unit names (`user www-data;`, `-u bind`), and whose
 * home or name is a directory of state that it names (`/run/sshd`).
 */
function namedUsers(facts: ProgramFacts): string[] {
  const { program } = facts;
  if (program === undefined) return [];
  const accounts = linesIn(facts, '/etc/passwd');
  const known = new Set([...accounts, ...linesIn(facts, '/etc/group')].map(([name = '']) => name));
  const { texts, state } = configurationFiles(facts);
  const configured = [...texts.values()].flatMap((text) =>
    [...text.matchAll(RUN_AS)].flatMap(([, user = '', group = '']) => [user, group]),
  );
  const { users: ofUnit, words, directories } = serviceFiles(facts);
  const owners = directories.flatMap(({ user = '', group = '' }) => [user, group]);
  const places = [...state, ...namedState(facts), ...directories.map(({ path }) => path)];
  const stems = stemsOf(program.realPath);
  const atHome = accounts
    .filter(([name = '', , , , , home = '']) =>
      places.some((path) => path === home || baseName(path) === name),
    )
    .map(([name = '']) => name);
  return [
    ...facts.textsAmong(program, known),
    ...configured,
    ...[...ofUnit, ...owners, ...words, ...stems].filter((word) => known.has(word)),
    ...atHome,
  ];
}

function linesIn(facts: ProgramFacts, path: string): string[][] {
  return (facts.readText(path) ?? '').split('\n').map((line) => line.split(':'));
}

/** `user www-data;`, `User: a`, `group = "b"`, `mail_owner=c`, `user d d`, `setuid = e`, `export X_USER=f`. */
const RUN_AS =
  /^[ \t]*(?:export[ \t]+)?[\w$-]*(?:user|group|owner|set[ug]id)\b(?:[ \t]*[=:])?[ \t"']*([\w-]+)(?:[ \t]+([\w-]+))?/gim;
const USUAL_NAMES = ['root', 'nobody'];
const PASSWD =
  'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n';
const GROUP = 'root:x:0:\nnogroup:x:65534:\n';

/** The lines whose name or number is wanted, and the groups of those users. */
function linesOf(
  facts: ProgramFacts,
  path: string,
  names: ReadonlySet<string>,
  usual: string,
): string {
  const text = facts.readText(path);
  if (text === undefined) return usual;
  const groups = new Set(
    (facts.readText('/etc/passwd') ?? '')
      .split('\n')
      .map((line) => line.split(':'))
      .filter(([name = '', , id = '']) => names.has(name) || names.has(id))
      .map((fields) => fields[3] ?? ''),
  );
  const wanted = text.split('\n').filter((line) => {
    const [name = '', , id = ''] = line.split(':');
    return names.has(name) || names.has(id) || (path === '/etc/group' && groups.has(id));
  });
  return wanted.length === 0 ? usual : `${wanted.join('\n')}\n`;
}
