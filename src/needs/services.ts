/**
 * /etc/services and /etc/protocols, for programs that ask for a port or a protocol by its name.
 * getaddrinfo() does with "https" for a service, and then fails with EAI_SERVICE.
 * Source: glibc nss/getaddrinfo.c (gaih_inet_serv); musl src/network/lookup_serv.c.
 */
import { portCalls, serviceCalls } from './libc-functions.js';
import type { NeedDetector } from './need.js';

export const services: NeedDetector = {
  kind: 'services',
  summary: '/etc/services, /etc/protocols',
  detect(context) {
    // In a static program getaddrinfo() itself brings the reentrant forms along.
    const isStatic = context.closure.linkage !== 'dynamic';
    const calls = serviceCalls.filter((name) => !isStatic || !name.endsWith('_r'));
    const byName = context.findCall(calls);
    const byPort = byName === undefined ? context.findCall(portCalls) : undefined;
    const because = context.because('services', byName ?? byPort);
    const names = byPort === undefined ? ['services', 'protocols'] : ['services'];
    const files = names.flatMap((name) => context.existing(`/etc/${name}`));
    return because === undefined || files.length === 0 ? undefined : { because, files };
  },
};
