/**
 * Programs that start a shell with system() or popen(), in a root that has none: the call fails
 * with status 127 and without a word.
 * Source: glibc sysdeps/posix/system.c, libio/iopopen.c; musl src/process/system.c: /bin/sh.
 */
import type { Check } from './check.js';
import { factsOfSymbols } from './symbol-facts.js';

const CALLS: ReadonlySet<string> = new Set(['system', 'popen', 'wordexp']);

export const checkShell: Check = ({ closure, files, symbols }) => {
  if (closure.loader === null || files.resolve('/bin/sh').found) return [];
  return factsOfSymbols(closure.program.path, () =>
    closure.objects.flatMap((object) => {
      const call = symbols
        .of(object)
        ?.imports()
        .find(({ name }) => CALLS.has(name))?.name;
      if (call === undefined) return [];
      const { path } = object;
      return [
        {
          code: 'SHELL_MISSING',
          // A library may have functions that this program never comes to.
          severity: object.role === 'program' ? 'warning' : 'note',
          path,
          message: `${path}: calls ${call}(), and there is no /bin/sh in the root`,
          seen: 'exec: "/bin/sh": stat /bin/sh: no such file or directory',
          cause: `${call}() starts /bin/sh; without it the status is 127 and nothing is printed`,
          remedy:
            'put a shell at /bin/sh (a static busybox will do), and write ENTRYPOINT and CMD in exec form',
        },
      ];
    }),
  );
};
