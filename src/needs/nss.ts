/**
 * Name services of glibc: nsswitch.conf, and the modules that it names. `files` and `dns` are in libc
 * since 2.34, before they are libraries of their own.
 * Source: glibc nss/nsswitch.c, nss/nss_module.c; NEWS of 2.34; Go net/conf.go.
 */

import { goFunctions } from '../files/go-build.js';
import { evidenceText, type Import } from './evidence.js';
import { hostCalls, serviceCalls, userCalls } from './libc-functions.js';
import type { NeedDetector, RuntimeNeed } from './need.js';
import type { ProgramFacts } from './program-facts.js';

/** `files` and `dns` are part of glibc from 2.N on. */
export const BUILT_IN_SINCE = 34;
/** Modules that only ask a daemon of the machine, which an image has not. */
const DAEMONS =
  /^(?:systemd|mymachines|myhostname|resolve|sss|winbind|wins|ldap|mdns\w*|libvirt\w*)$/;
const DATABASES: readonly (readonly [calls: readonly string[], databases: readonly string[]])[] = [
  [userCalls, ['passwd', 'group', 'shadow', 'initgroups']],
  [hostCalls, ['hosts']],
  [serviceCalls, ['services', 'protocols', 'networks', 'rpc', 'ethers']],
];
const CONFIGURATION = '/etc/nsswitch.conf';
const DEFAULT_CONFIGURATION = 'passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n';

export const nss: NeedDetector = {
  kind: 'nss',
  summary: 'name services: nsswitch.conf and its modules',
  detect(context) {
    const evidence = databasesOf(context)[0]?.evidence ?? context.findInGo(goFunctions.hosts);
    if (evidence === undefined) return undefined;
    const libc = context.loaded(/^libc\.so\.6/);
    return {
      because: evidenceText(evidence),
      ...switchConfiguration(context),
      // Go needs no module: what it does not understand it leaves to libc.
      opens: [
        ...new Set(
          neededModules(context)
            .filter(({ service }) => !DAEMONS.test(service))
            .map(({ module }) => module),
        ),
      ].map((name) => ({ name, ...(libc === undefined ? {} : { from: libc.path }) })),
    };
  },
};

/** nsswitch.conf of the root, or the usual one, made. */
export function switchConfiguration(
  context: ProgramFacts,
): Pick<RuntimeNeed, 'files' | 'generated'> {
  const isThere = context.readText(CONFIGURATION) !== undefined;
  return {
    files: isThere ? [CONFIGURATION] : [],
    // Without the file, older releases of glibc and Go ask the network for names before /etc/hosts.
    generated: isThere ? {} : { [CONFIGURATION]: DEFAULT_CONFIGURATION },
  };
}

/** A module that glibc opens for a service of nsswitch.conf. */
interface NeededModule {
  readonly database: string;
  readonly service: string;
  /** Its soname. */
  readonly module: string;
  /** Who asks for that database. */
  readonly evidence: Import;
}

/** The modules for the databases that a program of glibc asks for; empty for other programs. */
export function neededModules(context: ProgramFacts): NeededModule[] {
  const text = context.readText(CONFIGURATION) ?? DEFAULT_CONFIGURATION;
  const minor = context.glibcMinor ?? BUILT_IN_SINCE;
  return databasesOf(context).flatMap(({ database, evidence }) =>
    servicesOf(text, database)
      .filter((service) => minor < BUILT_IN_SINCE || (service !== 'files' && service !== 'dns'))
      .map((service) => ({ database, service, module: `libnss_${service}.so.2`, evidence })),
  );
}

function databasesOf(context: ProgramFacts): { database: string; evidence: Import }[] {
  if (!context.libcHas('name-services')) return [];
  return DATABASES.flatMap(([names, databases]) => {
    const evidence = context.findImport(names);
    return evidence === undefined ? [] : databases.map((database) => ({ database, evidence }));
  });
}

/**
 * The services of a database in the text of nsswitch.conf, each once; none where it has no line.
 * Lines are `DATABASE: SERVICE [STATUS=ACTION] ...`.
 */
export function servicesOf(text: string, database: string): string[] {
  const services = new Set<string>();
  for (const line of text.split('\n')) {
    const [, name, rest = ''] = /^\s*(\w+)\s*:([^#]*)/.exec(line) ?? [];
    if (name !== database) continue;
    // Up to each `]` there are services, then its action; no pattern, as they try each `[` again.
    for (const part of rest.split(']'))
      for (const word of (part.split('[', 1)[0] ?? '').split(/\s+/))
        if (/^\w+$/.test(word)) services.add(word);
  }
  return [...services];
}
