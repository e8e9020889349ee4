/**
 * File capabilities of files on disk: the extended attribute security.capability, which Node.js has no
 * call for. GNU tar of this machine reads and sets it; nothing of the root is ever run. The only file
 * that starts a process; without tar, files have no capabilities.
 * Source: capabilities(7), "File capabilities"; GNU tar manual, "Extended File Attributes".
 */
import { createRequire } from 'node:module';
import nodePath from 'node:path';

const NAME = 'SCHILY.xattr.security.capability=';
const XATTRS = ['--xattrs', '--xattrs-include=security.capability'];
/** Bytes that the headers of one file take at most: then tar is stopped. */
const HEADERS = 1 << 14;
/** Bytes of files that tar may write before the last one, whose content it need not: few against a process. */
const MOST_CONTENT = 1 << 22;
const MOST_FILES = 256;
const BLOCK = 512;

/** A file of this machine and its bytes. */
export interface SizedFile {
  /** Its path. */
  readonly place: string;
  readonly size: number;
}

/** The attribute's value of each file that has one and can be read. One process reads those of many files. */
export function readCapabilities(files: readonly SizedFile[]): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  for (const group of groupsOf(files)) {
    const values = valuesIn(archiveOf(group));
    // tar leaves out what it cannot read: then it is not clear whose the values are.
    const isComplete = values.length === group.length;
    if (!isComplete && group.length > 1)
      for (const file of group) addAll(found, readCapabilities([file]));
    else if (isComplete)
      group.forEach(({ place }, at) => {
        const value = values[at];
        if (value !== undefined) found.set(place, value);
      });
  }
  return found;
}

function addAll(found: Map<string, Uint8Array>, more: ReadonlyMap<string, Uint8Array>): void {
  for (const [path, value] of more) found.set(path, value);
}

/** The largest of a group is its last. */
function groupsOf(files: readonly SizedFile[]): SizedFile[][] {
  const groups: SizedFile[][] = [];
  let content = Number.POSITIVE_INFINITY;
  for (const file of [...files].sort((a, b) => a.size - b.size)) {
    const group = groups.at(-1);
    if (group === undefined || content > MOST_CONTENT || group.length === MOST_FILES) {
      groups.push([file]);
      content = file.size;
    } else {
      group.push(file);
      content += file.size;
    }
  }
  return groups;
}

/** What tar writes of the files, at least up to the content of the last one. */
function archiveOf(group: readonly SizedFile[]): Buffer {
  const create = ['--create', '--format=posix', '--no-recursion', '--hard-dereference', '--file=-'];
  // Names as they are: tar would read a backslash as the begin of an escape, and warn of a slash in front.
  const names = group.map(({ place }) => nodePath.resolve(place).slice(1));
  const before = group.slice(0, -1).reduce((sum, { size }) => sum + size + BLOCK, 0);
  const tar = childProcess().spawnSync(
    'tar',
    [...create, '--no-unquote', ...XATTRS, '-C/', '--', ...names],
    {
      env: ENVIRONMENT,
      maxBuffer: before + HEADERS * group.length,
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  // Null where there is no tar, whatever the types say.
  return tar.stdout ?? Buffer.alloc(0);
}

/** The value of each member; undefined for one without. */
function valuesIn(tar: Buffer): (Uint8Array | undefined)[] {
  const values: (Uint8Array | undefined)[] = [];
  let value: Uint8Array | undefined;
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 136), 8);
    const start = at + BLOCK;
    if (tar[at + 156] === EXTENDED) value = valueIn(tar.subarray(start, start + size));
    else {
      values.push(value);
      value = undefined;
    }
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return values;
}

/** The type of a pax header. */
const EXTENDED = 'x'.charCodeAt(0);

/** A record is `LENGTH NAME=VALUE\n`, and its length counts all of that. */
function valueIn(records: Buffer): Uint8Array | undefined {
  for (let start = 0, length = 0; start < records.length; start += length) {
    length = Number.parseInt(records.toString('latin1', start, start + 8), 10);
    if (!(length > 0)) return undefined;
    const name = records.indexOf(' ', start) + 1;
    const value = name + NAME.length;
    if (records.toString('latin1', name, value) === NAME)
      return new Uint8Array(records.subarray(value, start + length - 1));
  }
  return undefined;
}

/**
 * Unpacks an archive whose entries have capabilities into a directory; whether tar could be run. `write` passes
 * the archive on, piece by piece; what it throws is thrown, and ends tar. That the attributes are set takes the
 * root user: ask {@link readCapabilities}.
 */
export async function unpackWithCapabilities(
  directory: string,
  write: (sink: (piece: Uint8Array) => Promise<void>) => Promise<void>,
): Promise<boolean> {
  // Without --overwrite, tar would make new files, and other names of the old ones stay as they are.
  const extract = ['--extract', '--file=-', '--overwrite', '--preserve-permissions', ...XATTRS];
  const child = childProcess().spawn('tar', [...extract, '--directory', directory], {
    env: ENVIRONMENT,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false));
    child.once('close', (status) => resolve(status === 0));
  });
  // A tar that ends early closes the pipe; its status tells.
  child.stdin.on('error', () => {});
  try {
    await write(async (piece) => {
      if (child.stdin.destroyed || child.stdin.write(piece)) return;
      await Promise.race([new Promise((resolve) => child.stdin.once('drain', resolve)), ended]);
    });
    child.stdin.end();
  } catch (error) {
    child.kill();
    await ended;
    throw error;
  }
  return ended;
}

const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' };

/** Loaded only for files that may have capabilities. */
function childProcess(): typeof import('node:child_process') {
  return createRequire(import.meta.url)('node:child_process');
}
