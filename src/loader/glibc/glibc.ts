/**
 * The loader of the GNU C library. Rules in search.ts, configuration in config.ts.
 */

import { describeTarget } from '../../elf/target.js';
import { ElfdepsError } from '../../errors.js';
import { shellCommand } from '../../root/shell-word.js';
import type { Loader } from '../loader.js';
import { auditRequests } from './audit.js';
import { extendCache } from './cache-for-image.js';
import { readGlibcConfig } from './config.js';
import { findPort } from './ports.js';
import { GlibcSession } from './search.js';
import { glibcTraits } from './traits.js';

/** ld-linux-x86-64.so.2, ld64.so.1, ld.so.1, ld-2.31.so, and the names of the LSB. */
const INTERPRETER =
  /^(?:ld-linux[\w.-]*\.so\.\d+|ld(?:64|32)?\.so\.\d+|ld-2\.\d+(?:\.\d+)*\.so|ld-lsb[\w-]*\.so\.\d+)$/;
const NEEDED = /^(?:libc\.so\.6(?:\.1)?|ld-linux[\w.-]*\.so\.\d+|ld64\.so\.\d)$/;
export const glibc: Loader = {
  name: 'glibc',
  libc: 'glibc',
  traits: glibcTraits,
  listsEveryMiss: true,
  recognizesInterpreter: (names) => names.some((name) => INTERPRETER.test(name)),
  recognizesNeeds: (needed) => needed.some((name) => NEEDED.test(name)),
  directories: [
    '/lib64',
    '/lib',
    '/lib32',
    '/libx32',
    '/usr/lib64',
    '/usr/lib',
    '/usr/lib32',
    '/usr/libx32',
  ],
  interpreterPaths: (target) => findPort(target)?.interpreters ?? [],
  vdsoName: (target) => findPort(target)?.vdso,
  configure(context) {
    const port = findPort(context.target);
    if (port === undefined)
      throw new ElfdepsError(
        'LOADER_UNKNOWN',
        `glibc has no port for ${describeTarget(context.target)}`,
        { path: context.interpreter.path },
      );
    const config = readGlibcConfig(context, port);
    return {
      files: config.files,
      caches: [config.cachePath],
      start: (program) => new GlibcSession(context, config, program),
      auditRequests: (program) => auditRequests(context, config, program),
      startAudit: (program) => new GlibcSession(context, config, program, true),
      searchCommand: (directories) =>
        `${shellCommand('printf', '%s\\n', ...directories)} >> /etc/ld.so.conf && ldconfig`,
      configurationFor: (libraries, standing) => ({
        path: config.cachePath,
        bytes: extendCache(standing(config.cachePath), libraries, context.target.endian, port),
      }),
    };
  },
};
