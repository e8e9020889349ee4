/**
 * What the user names as a root into a Root. Decides by looking at what is there, and loads only
 * what that kind needs.
 */
import fs from 'node:fs';
import { describeErrno, errnoOf, RootError } from '../errors.js';
import { directoryRoot } from './directory-root.js';
import type { Root } from './root.js';

/** Opens a directory of this machine as a root. Throws {@link RootError} when there is none. */
export async function openRoot(path: string): Promise<Root> {
  let stats: fs.Stats;
  try {
    stats = fs.statSync(path);
  } catch (error) {
    throw new RootError('ROOT_NOT_FOUND', describeErrno(errnoOf(error)), { path, cause: error });
  }
  if (stats.isDirectory()) return directoryRoot(path);
  throw new RootError('ROOT_UNSUPPORTED', 'not a directory', {
    path,
    hint: 'unpack the archive and give its directory',
  });
}
