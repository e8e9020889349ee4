/**
 * The accounts and groups of /etc/passwd and /etc/group. Lines without a name are passed over.
 * Source: passwd(5), group(5).
 */
import { decodeText } from '../elf/byte-source.js';
import { resolvePath } from './resolve-path.js';
import { type Root, readFile } from './root.js';

/** What both files have. */
interface Named {
  readonly name: string;
  /** Its own number; undefined where the line has none. */
  readonly id: number | undefined;
  /** The line as it stands. */
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

/** The accounts in the text of /etc/passwd. */
export function parseAccounts(text = ''): Account[] {
  return parseLines(text, (named, [, , , gid, , home = '']) => ({
    ...named,
    gid: accountNumber(gid),
    home,
  }));
}

/** The groups in the text of /etc/group. */
export function parseGroups(text = ''): Group[] {
  return parseLines(text, (named, [, , , members = '']) => ({
    ...named,
    members: members.split(','),
  }));
}

/** The accounts of a root; none where the file cannot be found. */
export function accountsIn(root: Root): Account[] {
  return parseAccounts(textAt(root, '/etc/passwd'));
}

/** The groups of a root; none where the file cannot be found. */
export function groupsIn(root: Root): Group[] {
  return parseGroups(textAt(root, '/etc/group'));
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
  return text.split('\n').flatMap((line) => {
    const fields = line.split(':');
    const [name = '', , id] = fields;
    return name === '' ? [] : [entryOf({ name, id: accountNumber(id), line }, fields)];
  });
}

function textAt(root: Root, path: string): string {
  const file = resolvePath(root, path);
  if (!file.found || file.entry.kind !== 'file') return '';
  return decodeText(readFile(root, file.path));
}
