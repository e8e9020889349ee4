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
/** The pax header stands in the first blocks; tar is stopped once it has written this much. */
const ENOUGH = 1 << 14;

/** The attribute's value, or undefined where the file has none or it cannot be read. */
export function readCapability(path: string): Uint8Array | undefined {
  const create = ['--create', '--format=posix', '--no-recursion', '--file=-', ...XATTRS];
  const place = ['--directory', nodePath.dirname(path), '--', nodePath.basename(path)];
  const tar = childProcess().spawnSync('tar', [...create, ...place], {
    env: ENVIRONMENT,
    maxBuffer: ENOUGH,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  // Null where there is no tar, whatever the types say.
  const stdout: Buffer = tar.stdout ?? Buffer.alloc(0);
  const at = stdout.indexOf(NAME, 0, 'latin1');
  // A record is `LENGTH NAME=VALUE\n`, and its length counts all of that.
  const start = at < 0 ? -1 : stdout.lastIndexOf('\n', at - 1) + 1;
  const length = /^(?:.*\0)?(\d+) $/s.exec(stdout.toString('latin1', Math.max(0, start), at))?.[1];
  if (at < 0 || length === undefined) return undefined;
  const record = at - length.length - 1;
  return new Uint8Array(stdout.subarray(at + NAME.length, record + Number(length) - 1));
}

/**
 * Unpacks an archive whose entries have capabilities into a directory; whether tar could be run. `write` passes
 * the archive on, piece by piece; what it throws is thrown, and ends tar. That the attributes are set takes the
 * root user: ask {@link readCapability}.
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
