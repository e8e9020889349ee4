/**
 * Users of a root, and what its files let them do. A user is numbers, as the kernel sees it; names are
 * looked up in the root's own /etc/passwd and /etc/group, as container engines do.
 * Sources: path_resolution(7), "Permissions"; credentials(7); runc's libcontainer/user
 * (GetExecUser).
 */
import { accountNumber, accountsOf, isCalled } from './accounts.js';
import { directoryOf } from './path-text.js';
import type { ResolvedPath, SymlinkHop } from './resolve-path.js';
import type { Entry, RealPath, Root } from './root.js';

/** Who starts a program. */
export interface User {
  readonly uid: number;
  readonly gid: number;
  /** Further groups, which only count for permissions. */
  readonly groups: readonly number[];
}

/** The user who may do everything. */
export const ROOT_USER: User = { uid: 0, gid: 0, groups: [] };

/** A user who owns no file and is in no group that owns one. */
export const ORDINARY_USER: User = { uid: -1, gid: -1, groups: [] };

/** The permission bit by which a program runs with the rights of its owner. */
export const SET_USER_ID = 0o4000;

const READ = 4;
const EXECUTE = 1;

/** Whether the user may read the file itself; true where the root does not know its owner. */
export function mayRead(user: User, entry: Entry): boolean {
  return user.uid === 0 || hasPermission(user, entry, READ);
}

/** Whether the user may start the file, or look for a name in the directory; likewise. */
export function mayExecute(user: User, entry: Entry): boolean {
  // Root needs one execute bit, whosever it is, but none for a directory.
  if (user.uid === 0) return entry.kind === 'directory' || isExecutable({ entry });
  return hasPermission(user, entry, EXECUTE);
}

/** Whether a file has an execute bit. execve(2) starts no other, not even for root. */
export function isExecutable({ entry }: { readonly entry: Entry }): boolean {
  return entry.kind === 'file' && (entry.mode & 0o111) !== 0;
}

/** A file to start: a program, or the interpreter of one. */
interface StartedFile {
  readonly realPath: RealPath;
  /** The links that lead to it. */
  readonly links: readonly SymlinkHop[];
  readonly entry: Entry;
}

/** What keeps the kernel from starting a file: it has no execute bit, none for the user, or a directory is closed. */
export type StartRefusal =
  | { readonly kind: 'no-bit' }
  | { readonly kind: 'not-user' }
  | { readonly kind: 'closed'; readonly directory: string };

/** Why the kernel does not let a user start a file, or open it as an interpreter; undefined where it does. */
export function startRefusal(root: Root, user: User, file: StartedFile): StartRefusal | undefined {
  if (!isExecutable(file)) return { kind: 'no-bit' };
  if (!mayExecute(user, file.entry)) return { kind: 'not-user' };
  const { realPath: path, links } = file;
  const directory = closedDirectory(root, user, { path, links });
  return directory === undefined ? undefined : { kind: 'closed', directory };
}

/** The first directory on the way to a file that the user may not search; undefined for none. */
export function closedDirectory(
  root: Root,
  user: User,
  file: Pick<ResolvedPath, 'path' | 'links'>,
): string | undefined {
  if (user.uid === 0) return undefined;
  for (const path of [...file.links.map((link) => link.path), file.path])
    for (let at = directoryOf(path); ; at = directoryOf(at)) {
      const entry = root.lstat(at);
      if (entry?.kind === 'directory' && !mayExecute(user, entry)) return at;
      if (at === '/') break;
    }
  return undefined;
}

/** Mode and owners of a file, such as `0750, owner 0:33`. */
export function modeText({ mode, uid, gid }: Entry): string {
  return uid === undefined ? octal(mode) : `${octal(mode)}, owner ${uid}:${gid}`;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

/** The class of users that is the first to fit decides alone. */
function hasPermission({ uid, gid, groups }: User, entry: Entry, bit: number): boolean {
  const { mode } = entry;
  if (entry.uid === undefined || entry.gid === undefined) return (mode & (bit * 0o111)) !== 0;
  if (entry.uid === uid) return (mode & (bit << 6)) !== 0;
  if (entry.gid === gid || groups.includes(entry.gid)) return (mode & (bit << 3)) !== 0;
  return (mode & bit) !== 0;
}

/**
 * The user that `USER` or `USER:GROUP` means in a root, names or numbers. Undefined for a name that the
 * root does not have. A number without a line in /etc/passwd has the group 0. Throws FILE_UNREADABLE where
 * a file that may have the name cannot be read.
 */
export function findUser(root: Root, text: string): User | undefined {
  const [name = '', group] = text.split(':');
  const { accounts, groups: all, problem } = accountsOf(root);
  const account = accounts.find((each) => isCalled(each, name));
  const uid = account === undefined ? accountNumber(name) : account.id;
  const named = all.find((each) => each.name === group);
  const own = account === undefined ? 0 : account.gid;
  const given = named === undefined ? accountNumber(group) : named.id;
  const gid = group === undefined ? own : given;
  if (problem !== undefined && (uid === undefined || gid === undefined)) throw problem;
  if (uid === undefined || gid === undefined) return undefined;
  // A group that is given stands alone.
  const further =
    group === undefined ? all.filter(({ members }) => members.includes(account?.name ?? '\0')) : [];
  return { uid, gid, groups: further.flatMap(({ id }) => id ?? []) };
}
