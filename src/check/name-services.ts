/**
 * What glibc opens by dlopen for calls of the program: libgcc_s for ending threads, and the modules
 * of the name service switch for users and hosts; and what static programs cannot open.
 * Sources: glibc nptl/pthread_cancel.c and misc/unwind-link.c; nss/nss_database.c and
 * nss/nsswitch.c (before 2.34 `files` and `dns` were modules too).
 */

import { goFunctions } from '../files/go-build.js';
import type { LoadedObject } from '../loader/loader.js';
import { hostCalls, threadEndCalls } from '../needs/libc-functions.js';
import { BUILT_IN_SINCE, neededModules } from '../needs/nss.js';
import type { ProgramFacts } from '../needs/program-facts.js';
import { findStubDlopen } from '../needs/static-dlopen.js';
import { findStaticSwitch, isWithin, releaseText } from '../needs/static-name-services.js';
import type { Check, CheckContext, Fact } from './check.js';

/** From this release on, glibc asks /etc/hosts first where nsswitch.conf says nothing. */
const FILES_FIRST_SINCE = 35;
/** And Go 1.16, net/conf.go. */
const GO_FILES_FIRST_SINCE = 16;
/** Services of systemd: they ask a daemon that no container has, and pass on what they do not know. */
const OF_SYSTEMD: readonly string[] = ['systemd', 'mymachines', 'myhostname', 'resolve'];

export const checkNameServices: Check = (context) => {
  const { evidence } = context;
  const libc = evidence.loaded(/^libc\.so\.6/);
  const minor = evidence.glibcMinor;
  const isOpened = evidence.libcHas('name-services');
  if (!isOpened || libc === undefined || minor === undefined) return [];
  return [
    ...unwinder(context, libc),
    ...modules(context, libc, minor),
    ...noConfiguration(context, minor),
  ];
};

function unwinder(context: CheckContext, libc: LoadedObject): Fact[] {
  const call = context.evidence.findImport(threadEndCalls);
  if (call === undefined || context.evidence.finds('libgcc_s.so.1', libc)) return [];
  const { path } = call.object;
  return [
    {
      code: 'LIBGCC_MISSING',
      severity: 'warning',
      path,
      message: `${path}: calls ${call.symbol}(), and there is no libgcc_s.so.1 in the root`,
      seen: `libgcc_s.so.1 must be installed for ${call.symbol} to work`,
      cause: 'glibc opens libgcc_s to unwind the stack of a thread, and aborts without it',
      remedy: 'put libgcc_s.so.1 into the root, beside libc.so.6',
    },
  ];
}

function modules(context: CheckContext, libc: LoadedObject, minor: number): Fact[] {
  return neededModules(context.evidence)
    .filter(({ database }) => database === 'passwd' || database === 'hosts')
    .filter(({ service }) => !OF_SYSTEMD.includes(service))
    .filter(({ module }) => !context.evidence.finds(module, libc))
    .map(({ database, service, module, evidence }) => {
      const { path } = evidence.object;
      return {
        code: 'NSS_MODULE_MISSING',
        severity: service === 'files' || service === 'dns' ? 'warning' : 'note',
        path,
        message: `${path}: calls ${evidence.symbol}(), which asks ${service} for ${database}, and there is no ${module}`,
        cause: `this glibc (2.${minor}) opens a module for each service of /etc/nsswitch.conf, and passes over what is missing`,
        remedy: `put ${module} into the root, or take ${service} out of /etc/nsswitch.conf`,
      };
    });
}

function noConfiguration({ evidence }: CheckContext, minor: number): Fact[] {
  const call = evidence.findImport(hostCalls);
  if (call === undefined || minor >= FILES_FIRST_SINCE) return [];
  return dnsFirst(evidence, call.object.path, `calls ${call.symbol}()`, `glibc 2.${minor}`);
}

/** Programs of Go look names up by themselves, and did as glibc did. */
export const checkGoNameServices: Check = ({ evidence }) => {
  const { goMinor } = evidence;
  const found = evidence.findInGo(goFunctions.hosts);
  if (found === undefined || goMinor === undefined || goMinor >= GO_FILES_FIRST_SINCE) return [];
  return dnsFirst(evidence, found.object.path, found.text, `Go 1.${goMinor}`);
};

function dnsFirst(evidence: ProgramFacts, path: string, what: string, release: string): Fact[] {
  if (evidence.readText('/etc/nsswitch.conf') !== undefined) return [];
  return [
    {
      code: 'NSSWITCH_MISSING',
      severity: 'note',
      path,
      message: `${path}: ${what}, and there is no /etc/nsswitch.conf: DNS is asked before /etc/hosts`,
      cause: `without that file ${release} asks DNS first, and takes its "no such host" for an answer`,
      remedy: "put /etc/nsswitch.conf with 'hosts: files dns' into the root",
    },
  ];
}

/** Static programs: dlopen in musl, and the name service switch in glibc, as their texts tell. */
export const checkStaticProgram: Check = ({ closure, evidence }) => {
  const { path, kind } = closure.program;
  if (kind !== 'executable') return [];
  const facts: Fact[] = [];
  if (findStubDlopen(evidence) !== undefined)
    facts.push({
      code: 'STATIC_DLOPEN',
      severity: 'warning',
      path,
      message: `${path}: a static program for musl that has dlopen`,
      seen: 'Dynamic loading not supported',
      cause: "musl's dlopen in a static program always fails",
      remedy: 'link the program dynamically, or build its plug-ins in',
    });
  const found = findStaticSwitch(evidence);
  if (found !== undefined) {
    const { release, root } = found;
    const other =
      root === undefined || isWithin(root.minor, release)
        ? ''
        : `, and the root has 2.${root.minor}`;
    facts.push({
      code: 'STATIC_NSS',
      severity: 'note',
      path,
      message: `${path}: a static program of ${releaseText(release)} that looks up users or hosts${other}`,
      cause: `it opens the modules that /etc/nsswitch.conf names, of just the glibc that it was linked with; those for files and dns are in glibc since 2.${BUILT_IN_SINCE}`,
      remedy:
        "let /etc/nsswitch.conf in the root name only 'files' and 'dns', or link it with musl",
    });
  }
  return facts;
};
