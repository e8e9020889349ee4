/**
 * /etc/services and /etc/protocols, for programs that ask for a port or a protocol by its name.
 */
import { serviceCalls } from './calls.js';
import type { NeedDetector } from './runtime-need.js';

export const services: NeedDetector = {
  kind: 'services',
  summary: '/etc/services, /etc/protocols',
  detect(context) {
    // In a static program getaddrinfo() itself brings the reentrant forms along.
    const isStatic = context.closure.linkage !== 'dynamic';
    const calls = serviceCalls.filter((name) => !isStatic || !name.endsWith('_r'));
    const because = context.because('services', context.findCall(calls));
    const files = ['/etc/services', '/etc/protocols'].flatMap((path) => context.existing(path));
    return because === undefined || files.length === 0 ? undefined : { because, files };
  },
};
