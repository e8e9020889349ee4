/**
 * Name services of glibc: nsswitch.conf, and the modules that it names. `files` and `dns` are in libc
 * since 2.34, before they are libraries of their own.
 * Source: glibc nss/nsswitch.c, nss/nss_module.c; NEWS of 2.34; Go net/conf.go.
 */
import { goFunctions } from './go-program.js';
import { namesOfHosts, namesOfServices, namesOfUsers } from './name-service-calls.js';
import { importText } from './need-context.js';
import type { NeedDetector } from './runtime-need.js';

/** Part of libc from this release on. */
const BUILT_IN_SINCE = 34;
/** Modules that only ask a daemon of the machine, which an image has not. */
const DAEMONS =
  /^(?:systemd|mymachines|myhostname|resolve|sss|winbind|wins|ldap|mdns\w*|libvirt\w*)$/;
const DATABASES: readonly (readonly [calls: readonly string[], databases: readonly string[]])[] = [
  [namesOfUsers, ['passwd', 'group', 'shadow', 'initgroups']],
  [namesOfHosts, ['hosts']],
  [namesOfServices, ['services', 'protocols', 'networks', 'rpc', 'ethers']],
];

export const nss: NeedDetector = {
  kind: 'nss',
  summary: 'name services: nsswitch.conf and its modules',
  detect(context) {
    const { closure } = context;
    const go = context.goCall(goFunctions.hosts);
    if (closure.libc !== 'glibc' && go === undefined) return undefined;
    const calls = DATABASES.flatMap(([names, databases]) => {
      const found = context.findImport(names);
      return found === undefined ? [] : [{ found, databases }];
    });
    if (calls[0] === undefined && go === undefined) return undefined;
    const minor = context.glibcMinor ?? BUILT_IN_SINCE;
    const text = context.readText('/etc/nsswitch.conf');
    const configuration = {
      files: text === undefined ? [] : ['/etc/nsswitch.conf'],
      // Without the file, older releases of both ask the network for names before /etc/hosts.
      generated: text === undefined ? { '/etc/nsswitch.conf': DEFAULT_CONFIGURATION } : {},
    };
    // Go reads the file itself, and leaves to libc what it does not understand.
    if (calls[0] === undefined) return { because: go as string, ...configuration };
    const services = servicesOf(
      text ?? DEFAULT_CONFIGURATION,
      new Set(calls.flatMap(({ databases }) => databases)),
    );
    const modules = services.filter(
      (service) =>
        !DAEMONS.test(service) &&
        (minor < BUILT_IN_SINCE || (service !== 'files' && service !== 'dns')),
    );
    return {
      because: importText(calls[0].found),
      ...configuration,
      opens: modules.map((service) => ({ name: `libnss_${service}.so.2` })),
    };
  },
};

const DEFAULT_CONFIGURATION = 'passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n';

/** The services of some databases, each once. Lines are `DATABASE: SERVICE [STATUS=ACTION] ...`. */
function servicesOf(text: string, databases: ReadonlySet<string>): string[] {
  const services = new Set<string>();
  for (const line of text.split('\n')) {
    const [, database, rest] = /^\s*(\w+)\s*:([^#]*)/.exec(line) ?? [];
    if (database === undefined || !databases.has(database)) continue;
    for (const word of (rest ?? '').replaceAll(/\[[^\]]*\]/g, ' ').split(/\s+/))
      if (/^\w+$/.test(word)) services.add(word);
  }
  return [...services];
}
