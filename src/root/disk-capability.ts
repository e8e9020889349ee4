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
  const { stdout } = spawn([...create, ...place]);
  const at = stdout.indexOf(NAME, 0, 'latin1');
  // A record is `LENGTH NAME=VALUE\n`, and its length counts all of that.
  const start = at < 0 ? -1 : stdout.lastIndexOf('\n', at - 1) + 1;
  const length = /^(?:.*\0)?(\d+) $/s.exec(stdout.toString('latin1', Math.max(0, start), at))?.[1];
  if (at < 0 || length === undefined) return undefined;
  const record = at - length.length - 1;
  return new Uint8Array(stdout.subarray(at + NAME.length, record + Number(length) - 1));
}

/**
 * Unpacks an archive whose entries have capabilities into a directory; whether tar could be run. That
 * the attributes are set takes the root user: ask {@link readCapability}.
 */
export function unpackWithCapabilities(archive: Uint8Array, directory: string): boolean {
  // Without --overwrite, tar would make new files, and other names of the old ones stay as they are.
  const extract = ['--extract', '--file=-', '--overwrite', '--preserve-permissions', ...XATTRS];
  return spawn([...extract, '--directory', directory], archive).status === 0;
}

function spawn(args: readonly string[], input?: Uint8Array) {
  const require = createRequire(import.meta.url);
  const { spawnSync } = require('node:child_process') as typeof import('node:child_process');
  const { stdout, status } = spawnSync('tar', args, {
    input,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' },
    maxBuffer: ENOUGH,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  return { stdout: stdout ?? Buffer.alloc(0), status };
}
