/**
 * Programs that start a shell with system() or popen(), in a root that has none: the call fails
 * with status 127 and without a word.
 * Source: glibc sysdeps/posix/system.c, libio/iopopen.c; musl src/process/system.c: /bin/sh.
 */
import { findShellCall } from '../needs/shell.js';
import type { Check } from './check.js';

export const checkShell: Check = ({ closure, files, evidence }) => {
  if (closure.loader === null || files.resolve('/bin/sh').found) return [];
  const call = findShellCall(evidence);
  if (call === undefined) return [];
  const { symbol, object } = call;
  const { path } = object;
  return [
    {
      code: 'SHELL_MISSING',
      // A library may have functions that this program never comes to.
      severity: object.role === 'program' ? 'warning' : 'note',
      path,
      message: `${path}: calls ${symbol}(), and there is no /bin/sh in the root`,
      cause: `${symbol}() starts /bin/sh; without it the status is 127 and nothing is printed`,
      remedy:
        'put a shell at /bin/sh (a static busybox will do), and write ENTRYPOINT and CMD in exec form',
    },
  ];
};
