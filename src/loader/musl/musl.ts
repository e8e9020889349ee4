/**
 * The loader of musl, which is musl's libc itself. Rules in search.ts.
 * Source: musl ldso/dynlink.c (__dls3, for the path file).
 */

import { directoryOf } from '../../root/path-text.js';
import { shellCommand } from '../../root/shell-word.js';
import type { Loader, LoaderContext } from '../loader.js';
import { withoutUntrusted } from '../process-rights.js';
import { muslArchitectures } from './architectures.js';
import { MuslSession, type SystemPath } from './search.js';
import { muslTraits } from './traits.js';

const INTERPRETER = /^(?:ld-musl-[\w-]+\.so\.1|libc\.musl-[\w-]+\.so\.1)$/;
const DEFAULT_PATH = '/lib:/usr/local/lib:/usr/lib';

export const musl: Loader = {
  name: 'musl',
  libc: 'musl',
  traits: muslTraits,
  listsEveryMiss: false,
  recognizesInterpreter: (names) => names.some((name) => INTERPRETER.test(name)),
  recognizesNeeds: (needed) => needed.some((name) => muslTraits.isOwn(name)),
  directories: ['/lib', '/usr/lib'],
  interpreterPaths: (target) =>
    muslArchitectures(target).map((architecture) => `/lib/ld-musl-${architecture}.so.1`),
  vdsoName: () => undefined,
  configure(given) {
    // dynlink.c (__dls3): with libc.secure, both variables are not read.
    const context = withoutUntrusted(given);
    const path = pathFile(context);
    const text = readPathFile(context, path);
    const systemPath: SystemPath = {
      text: text ?? DEFAULT_PATH,
      rule: text === undefined ? 'default' : 'configured',
    };
    return {
      files: text === undefined ? [] : [path],
      start: (program) => new MuslSession(context, systemPath, program),
      searchCommand: (directories) => {
        // The file takes the place of the built-in list.
        const all = text === undefined ? [...DEFAULT_PATH.split(':'), ...directories] : directories;
        return `${shellCommand('printf', '%s\\n', ...all)} >> ${path}`;
      },
      configurationFor(libraries, standing) {
        const known = standing(path);
        const before = known === undefined ? DEFAULT_PATH : new TextDecoder().decode(known);
        // First, since the environment is searched before the system path.
        const directories = new Set(libraries.map((library) => directoryOf(library.path)));
        for (const directory of before.split(/[:\n]/)) directories.add(directory);
        directories.delete('');
        return { path, bytes: new TextEncoder().encode(`${[...directories].join('\n')}\n`) };
      },
    };
  },
};

/** PREFIX/etc/ld-musl-ARCH.path, where PREFIX is the interpreter's path without its last two components. */
function pathFile({ interpreter, target }: LoaderContext): string {
  const prefix = interpreter.path.startsWith('/')
    ? interpreter.path.split('/').slice(0, -2).join('/')
    : '';
  const named = /\/ld-musl-([\w-]+)\.so\.1$/.exec(interpreter.path)?.[1];
  return `${prefix}/etc/ld-musl-${named ?? muslArchitectures(target)[0]}.path`;
}

/** Undefined if there is no such file. If it cannot be read for another reason, the path is empty. */
function readPathFile({ files }: LoaderContext, path: string): string | undefined {
  const file = files.resolve(path);
  if (!file.found && file.problem === 'ENOENT') return undefined;
  return files.readText(path) ?? '';
}
