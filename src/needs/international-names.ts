/**
 * libidn2, which glibc opens when a host name is not ASCII. Source: glibc inet/idna.c (since 2.28).
 */
import { evidenceText } from './evidence.js';
import { defineNeed } from './need.js';

export const internationalNames = defineNeed({
  kind: 'idn',
  summary: 'libidn2 for host names that are not ASCII',
  documentation: {
    evidence: 'an import of `getaddrinfo`, in glibc since 2.28',
    added: '`libidn2.so.0`',
    confidence: ['possible'],
  },
  detect(facts) {
    const found = facts.findImport(['getaddrinfo', 'getnameinfo']);
    const { libc } = facts;
    if (found === undefined || libc === undefined || (facts.glibcMinor ?? 0) < 28) return undefined;
    return {
      because: evidenceText(found),
      confidence: 'possible',
      opens: [{ name: 'libidn2.so.0', from: libc.path }],
    };
  },
});
