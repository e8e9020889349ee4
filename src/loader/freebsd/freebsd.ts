/**
 * The loader of FreeBSD, rtld-elf. Rules in search.ts, configuration in config.ts.
 */
import type { Loader } from '../loader.js';
import { withoutUntrusted } from '../process-rights.js';
import { INTERPRETER, INTERPRETER_32, readFreebsdConfig } from './config.js';
import { FreebsdSession } from './search.js';
import { freebsdTraits } from './traits.js';

const NAMES = /^ld-elf(?:32)?\.so\.1$/;
/** libc.so.7 since FreeBSD 7; earlier releases use the same name as glibc. */
const NEEDED = /^(?:libc\.so\.7|libthr\.so\.3|libsys\.so\.7)$/;

export const freebsd: Loader = {
  name: 'freebsd',
  libc: 'freebsd',
  traits: freebsdTraits,
  listsEveryMiss: true,
  recognizesInterpreter: (names) => names.some((name) => NAMES.test(name)),
  recognizesNeeds: (needed) => needed.some((name) => NEEDED.test(name)),
  directories: ['/libexec', '/usr/libexec'],
  interpreterPaths: (target) =>
    target.class === 32 ? [INTERPRETER, INTERPRETER_32] : [INTERPRETER],
  // ldd lists it since FreeBSD 14, but after everything else, where reports have no place for it.
  vdsoName: () => undefined,
  configure(given) {
    const context = withoutUntrusted(given);
    const config = readFreebsdConfig(context);
    return {
      files: config.files,
      start: (program) => new FreebsdSession(context, config, program),
    };
  },
};
