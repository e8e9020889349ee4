/**
 * The loader of uClibc and uClibc-ng, the C libraries of small devices. Rules in search.ts,
 * configuration in config.ts. Source for the names: uClibc Rules.mak (UCLIBC_LDSO_NAME, ABI_VERSION).
 */
import type { Loader } from '../loader.js';
import { withoutUntrusted } from '../process-rights.js';
import { readUclibcConfig } from './config.js';
import { UclibcSession } from './search.js';
import { uclibcTraits } from './traits.js';

const INTERPRETER = /^ld(?:64)?-uClibc(?:-[\w.]+)?\.so(?:\.\d+)?$/;
const NEEDED = /^(?:libc\.so\.[01]|ld(?:64)?-uClibc\.so\.\d+)$/;
/** 64-bit machines whose loader has the name of a 32-bit one, as of uClibc-ng 1.0.32. */
const PLAIN_NAME = new Set(['aarch64', 'riscv', 'loongarch', 'alpha']);

export const uclibc: Loader = {
  name: 'uclibc',
  libc: 'uclibc',
  traits: uclibcTraits,
  listsEveryMiss: true,
  recognizesInterpreter: (names) => names.some((name) => INTERPRETER.test(name)),
  recognizesNeeds: (needed) => needed.some((name) => NEEDED.test(name)),
  directories: ['/lib', '/lib64', '/usr/lib', '/usr/lib64'],
  interpreterPaths(target) {
    const plain = target.class === 32 || PLAIN_NAME.has(target.machine);
    const name = plain ? 'ld-uClibc.so' : 'ld64-uClibc.so';
    return [`/lib/${name}.1`, `/lib/${name}.0`];
  },
  vdsoName: () => undefined,
  configure(given) {
    // ldso.c compares the user and group numbers, and so does not know of capabilities.
    const context = given.rights.secure === 'capabilities' ? given : withoutUntrusted(given);
    const config = readUclibcConfig(context);
    return {
      files: config.files,
      caches: config.caches,
      start: (program) => new UclibcSession(context, config, program),
    };
  },
};
