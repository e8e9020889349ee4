/**
 * /etc/services and /etc/protocols, for programs that ask for a port or a protocol by its name.
 * getaddrinfo() does so with "https" for a service; without the file it fails with EAI_SERVICE.
 * Source: glibc nss/getaddrinfo.c (gaih_inet_serv); musl src/network/lookup_serv.c.
 */
import { portCalls, serviceCalls } from './libc-functions.js';
import { missingFiles } from './missing-files.js';
import { defineNeed } from './need.js';
import type { ProgramFacts } from './program-facts.js';

export const services = defineNeed({
  kind: 'services',
  summary: '/etc/services, /etc/protocols',
  documentation: {
    evidence:
      'an import of `getservbyname`, `getprotobyname` and their like; of `getaddrinfo`, which takes a name for the port',
    added: '`/etc/services`, `/etc/protocols` (not for `getaddrinfo` alone)',
    confidence: ['sure'],
  },
  detect(facts) {
    const byName = facts.findCall(callsByName(facts));
    const byPort = byName === undefined ? facts.findCall(portCalls) : undefined;
    const because = facts.because('services', byName ?? byPort);
    const names = byPort === undefined ? ['services', 'protocols'] : ['services'];
    const files = names.flatMap((name) => facts.existing(`/etc/${name}`));
    return because === undefined || files.length === 0 ? undefined : { because, files };
  },
  absent: missingFiles({
    rule: {
      code: 'SERVICES_MISSING',
      levels: ['note'],
      summary: 'The root has no /etc/services.',
      cause: 'Ports are known by names such as https only from that file.',
      remedy: 'Put the file into the root; elfdeps copy adds it.',
    },
    evidence: (facts) =>
      facts.findCall(callsByName(facts).filter((name) => name.startsWith('getserv'))) ??
      facts.findCall(portCalls),
    paths: () => ['/etc/services'],
    what: 'no /etc/services',
    remedy: 'put /etc/services into the root, if it asks for ports by name',
  }),
});

/** In a static program getaddrinfo() itself brings the reentrant forms along: they show nothing. */
function callsByName({ closure }: ProgramFacts): string[] {
  const isStatic = closure.linkage !== 'dynamic';
  return serviceCalls.filter((name) => !isStatic || !name.endsWith('_r'));
}
