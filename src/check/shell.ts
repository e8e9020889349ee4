/**
 * Programs that start a shell with system() or popen(), in a root that has none: the call fails
 * with status 127 and without a word.
 * Source: glibc sysdeps/posix/system.c, libio/iopopen.c; musl src/process/system.c: /bin/sh.
 */
import { findCall } from './calls.js';
import type { Check } from './check.js';
import { factsOfSymbols } from './symbol-facts.js';

const CALLS: ReadonlySet<string> = new Set(['system', 'popen', 'wordexp']);

export const checkShell: Check = ({ closure, files, symbols }) => {
  if (closure.loader === null || files.resolve('/bin/sh').found) return [];
  return factsOfSymbols(closure.program.path, () => {
    const call = findCall(closure, symbols, CALLS);
    if (call === undefined) return [];
    const { name, object } = call;
    const { path } = object;
    return [
      {
        code: 'SHELL_MISSING',
        // A library may have functions that this program never comes to.
        severity: object.role === 'program' ? 'warning' : 'note',
        path,
        message: `${path}: calls ${name}(), and there is no /bin/sh in the root`,
        seen: 'exec: "/bin/sh": stat /bin/sh: no such file or directory',
        cause: `${name}() starts /bin/sh; without it the status is 127 and nothing is printed`,
        remedy:
          'put a shell at /bin/sh (a static busybox will do), and write ENTRYPOINT and CMD in exec form',
      },
    ];
  });
};
