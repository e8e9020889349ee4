/**
 * /etc/services and /etc/protocols, for programs that ask for a port or a protocol by its name.
 */
import { serviceCalls } from './calls.js';
import type { NeedDetector } from './runtime-need.js';

export const services: NeedDetector = {
  kind: 'services',
  summary: '/etc/services, /etc/protocols',
  detect(context) {
    const because = context.because('services', context.findCall(serviceCalls));
    const files = ['/etc/services', '/etc/protocols'].flatMap((path) => context.existing(path));
    return because === undefined || files.length === 0 ? undefined : { because, files };
  },
};
