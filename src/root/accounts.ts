/**
 * The accounts and groups of /etc/passwd and /etc/group. Lines without a name are passed over.
 * Source: passwd(5), group(5).
 */
import { decodeText } from '../elf/byte-source.js';
import { ElfdepsError, errnoOf } from '../errors.js';
import { madeOnce } from './made-once.js';
import { resolvePath } from './resolve-path.js';
import { type Root, readFile } from './root.js';

/** What both files have. */
interface Named {
  readonly name: string;
  /** Its own number; undefined where the line has none. */
  readonly id: number | undefined;
  /** The line as it stands, with `*` in the place of a password's hash. */
  readonly line: string;
}

/** A line of /etc/passwd. */
export interface Account extends Named {
  /** The number of its group; undefined where the line has none. */
  readonly gid: number | undefined;
  /** Empty where the line has none. */
  readonly home: string;
}

/** A line of /etc/group. */
export interface Group extends Named {
  /** Names of accounts. */
  readonly members: readonly string[];
}

/**
 * Whether the text of /etc/passwd or /etc/group holds the hash of a password: what is in its field is no
 * `x` for one in /etc/shadow, and no lock.
 */
export function holdsPasswords(text: string): boolean {
  return HASH.test(text);
}

const HASH = /^([^:\n]+:)(?![x*!]*(?:[:\n]|$))[^:\n]*/m;

/** The accounts in the text of /etc/passwd. */
function parseAccounts(text = ''): Account[] {
  return parseLines(text, (named, [, , , gid, , home = '']) => ({
    ...named,
    gid: accountNumber(gid),
    home,
  }));
}

/** The groups in the text of /etc/group. */
function parseGroups(text = ''): Group[] {
  return parseLines(text, (named, [, , , members = '']) => ({
    ...named,
    members: members.split(','),
  }));
}

/** What the two files of a root say. Each list is empty where its file is not there or cannot be read. */
export interface RootAccounts {
  readonly accounts: readonly Account[];
  readonly groups: readonly Group[];
  /** Why a file that is there was not read, so that no name is known to be absent. */
  readonly problem?: ElfdepsError;
}

/** In bytes: some 200,000 accounts. */
const MOST_BYTES = 1 << 24;

/** The accounts and groups of a root, which are read once. */
export const accountsOf = madeOnce((root: Root): RootAccounts => {
  const [accounts, groups] = [readText(root, '/etc/passwd'), readText(root, '/etc/group')];
  return {
    accounts: parseAccounts(accounts.text),
    groups: parseGroups(groups.text),
    problem: accounts.problem ?? groups.problem,
  };
});

/** Whether a root has the name; throws what kept a file from being read where it is not found. */
export function hasName(
  { problem }: RootAccounts,
  names: readonly { readonly name: string }[],
  wanted: string,
): boolean {
  if (names.some(({ name }) => name === wanted)) return true;
  if (problem !== undefined) throw problem;
  return false;
}

/** Whether a name or a number in decimal digits means the account or group. */
export function isCalled({ name, id }: Named, nameOrNumber: string): boolean {
  return name === nameOrNumber || (id !== undefined && String(id) === nameOrNumber);
}

/** The number of a user or group; undefined for any other text. */
export function accountNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

function parseLines<Each>(
  text: string,
  entryOf: (named: Named, fields: readonly string[]) => Each,
): Each[] {
  return text.split('\n').flatMap((whole) => {
    const line = whole.replace(HASH, '$1*');
    const fields = line.split(':');
    const [name = '', , id] = fields;
    return name === '' ? [] : [entryOf({ name, id: accountNumber(id), line }, fields)];
  });
}

function readText(root: Root, path: string): { text?: string; problem?: ElfdepsError } {
  const file = resolvePath(root, path);
  if (!file.found || file.entry.kind !== 'file') return {};
  try {
    return { text: decodeText(readFile(root, file.path, MOST_BYTES)) };
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    const why = errno === 'EFBIG' ? 'larger than 16 MiB' : `cannot be read (${errno})`;
    return { problem: new ElfdepsError('FILE_UNREADABLE', why, { path, cause: error }) };
  }
}
