/**
 * Name services of glibc: nsswitch.conf, and the modules that it names. `files` and `dns` are in libc
 * since 2.34, before they are libraries of their own.
 * Source: glibc nss/nsswitch.c, nss/nss_module.c; NEWS of 2.34; Go net/conf.go.
 */

import { goFunctions } from '../files/go-build.js';
import type { Fact } from '../finding.js';
import { type Evidence, evidenceText, type Import } from './evidence.js';
import { hostCalls, serviceCalls, userCalls } from './libc-functions.js';
import { defineNeed, type RuntimeNeed } from './need.js';
import type { ProgramFacts } from './program-facts.js';

/** `files` and `dns` are part of glibc from 2.N on. */
export const BUILT_IN_SINCE = 34;
/** Modules that only ask a daemon of the machine, which an image does not have. */
const DAEMONS =
  /^(?:systemd|mymachines|myhostname|resolve|sss|winbind|wins|ldap|mdns\w*|libvirt\w*)$/;
/** Services of systemd: they ask a daemon that no container has, and pass on what they do not know. */
const OF_SYSTEMD: readonly string[] = ['systemd', 'mymachines', 'myhostname', 'resolve'];
/** From this release on, glibc asks /etc/hosts first where nsswitch.conf says nothing. */
const FILES_FIRST_SINCE = 35;
/** And Go 1.16, net/conf.go. */
const GO_FILES_FIRST_SINCE = 16;
const DATABASES: readonly (readonly [calls: readonly string[], databases: readonly string[]])[] = [
  [userCalls, ['passwd', 'group', 'shadow', 'initgroups']],
  [hostCalls, ['hosts']],
  [serviceCalls, ['services', 'protocols', 'networks', 'rpc', 'ethers']],
];
const CONFIGURATION = '/etc/nsswitch.conf';
const DEFAULT_CONFIGURATION = 'passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n';

export const nss = defineNeed({
  kind: 'nss',
  summary: 'name services: nsswitch.conf and its modules',
  documentation: {
    evidence: 'an import of `getaddrinfo`, `getpwnam` and their like, in glibc; the resolver of Go',
    added:
      '`/etc/nsswitch.conf` (made, where the root has none) and the modules that it names; before glibc 2.34 those for `files` and `dns` too; none that only ask a daemon',
    confidence: ['sure'],
  },
  detect(facts) {
    const evidence = databasesOf(facts)[0]?.evidence ?? facts.findInGo(goFunctions.hosts);
    if (evidence === undefined) return undefined;
    const { libc } = facts;
    return {
      because: evidenceText(evidence),
      ...switchConfiguration(facts),
      // Go needs no module: what it does not understand it leaves to libc.
      opens: [
        ...new Set(
          neededModules(facts)
            .filter(({ service }) => !DAEMONS.test(service))
            .map(({ module }) => module),
        ),
      ].map((name) => ({ name, from: libc?.path })),
    };
  },
  absent: {
    rules: [
      {
        code: 'NSS_MODULE_MISSING',
        levels: ['warning', 'note'],
        summary: 'A module of the name service switch is not in the root.',
        cause:
          'The C library opens a module for each service of nsswitch.conf, and passes over missing ones.',
        remedy: 'Put the module into the root, or take the service out of nsswitch.conf.',
      },
      {
        code: 'NSSWITCH_MISSING',
        levels: ['note'],
        summary: 'The root has no /etc/nsswitch.conf.',
        cause: 'Without it DNS is asked before /etc/hosts.',
        remedy:
          "Put the file with 'hosts: files dns' into the root; elfdeps copy --with nss adds it.",
      },
    ],
    check: (facts) => [...missingModules(facts), ...missingConfiguration(facts)],
  },
});

/** nsswitch.conf of the root, or the usual one, made. */
export function switchConfiguration(facts: ProgramFacts): Pick<RuntimeNeed, 'files' | 'generated'> {
  const isThere = facts.readText(CONFIGURATION) !== undefined;
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
function neededModules(facts: ProgramFacts): NeededModule[] {
  const text = facts.readText(CONFIGURATION) ?? DEFAULT_CONFIGURATION;
  const minor = facts.glibcMinor ?? BUILT_IN_SINCE;
  return databasesOf(facts).flatMap(({ database, evidence }) =>
    servicesOf(text, database).flatMap((service) =>
      modulesFor(service, minor).map((module) => ({ database, service, module, evidence })),
    ),
  );
}

/** The soname of the module that glibc 2.`minor` opens for a service; none for one that it has built in. */
export function modulesFor(service: string, minor: number): string[] {
  const isBuiltIn = minor >= BUILT_IN_SINCE && (service === 'files' || service === 'dns');
  return isBuiltIn ? [] : [`libnss_${service}.so.2`];
}

function databasesOf(facts: ProgramFacts): { database: string; evidence: Import }[] {
  if (!facts.libcHas('name-services')) return [];
  return DATABASES.flatMap(([names, databases]) => {
    const evidence = facts.findImport(names);
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

/** Modules of users and hosts that glibc would open and the root does not have. */
function missingModules(facts: ProgramFacts): Fact<'NSS_MODULE_MISSING'>[] {
  const { libc } = facts;
  const minor = facts.glibcMinor;
  if (libc === undefined || minor === undefined) return [];
  return neededModules(facts)
    .filter(({ database }) => database === 'passwd' || database === 'hosts')
    .filter(({ service }) => !OF_SYSTEMD.includes(service))
    .filter(({ module }) => !facts.finds(module, libc))
    .map(({ database, service, module, evidence }) => {
      const { path } = evidence.object;
      return {
        code: 'NSS_MODULE_MISSING',
        severity: service === 'files' || service === 'dns' ? 'warning' : 'note',
        path,
        message: `${path}: calls ${evidence.symbol}(), which asks ${service} for ${database}, and there is no ${module}`,
        cause: `this glibc (2.${minor}) opens a module for each service of ${CONFIGURATION}, and passes over what is missing`,
        remedy: `put ${module} into the root, or take ${service} out of ${CONFIGURATION}`,
      };
    });
}

/** Where there is no nsswitch.conf, older releases of glibc and of Go ask the network first. */
function missingConfiguration(facts: ProgramFacts): Fact<'NSSWITCH_MISSING'>[] {
  if (facts.readText(CONFIGURATION) !== undefined) return [];
  const { glibcMinor = FILES_FIRST_SINCE, goMinor = GO_FILES_FIRST_SINCE } = facts;
  const missing: Fact<'NSSWITCH_MISSING'>[] = [];
  const call = glibcMinor < FILES_FIRST_SINCE ? facts.findImport(hostCalls) : undefined;
  if (call !== undefined)
    missing.push(dnsFirst({ ...call, text: `calls ${call.symbol}()` }, `glibc 2.${glibcMinor}`));
  const inGo = goMinor < GO_FILES_FIRST_SINCE ? facts.findInGo(goFunctions.hosts) : undefined;
  if (inGo !== undefined) missing.push(dnsFirst(inGo, `Go 1.${goMinor}`));
  return missing;
}

function dnsFirst({ object, text }: Evidence, release: string): Fact<'NSSWITCH_MISSING'> {
  return {
    code: 'NSSWITCH_MISSING',
    severity: 'note',
    path: object.path,
    message: `${object.path}: ${text}, and there is no ${CONFIGURATION}: DNS is asked before /etc/hosts`,
    cause: `without that file ${release} asks DNS first, and takes its "no such host" for an answer`,
    remedy: `put ${CONFIGURATION} with 'hosts: files dns' into the root`,
  };
}
