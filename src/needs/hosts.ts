/**
 * /etc/hosts with the names of this machine itself. Container engines put their own file and
 * resolv.conf over it; a tree that is used by chroot has only this one.
 */

import { goFunctions } from '../files/go-build.js';
import { hostCalls } from './libc-functions.js';
import { defineNeed } from './need.js';
import type { ProgramFacts } from './program-facts.js';

const USUAL = '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n';

export const hosts = defineNeed({
  kind: 'hosts',
  summary: '/etc/hosts with localhost (engines put their own over it)',
  documentation: {
    evidence: 'an import of `getaddrinfo` and its like; the resolver of Go',
    added:
      '`/etc/hosts`, made: the lines of localhost; `/etc/host.conf` and `/etc/gai.conf`, for an import of `hosts_access` `/etc/hosts.allow` and `/etc/hosts.deny`, where they say something',
    confidence: ['sure'],
  },
  detect(facts) {
    const because = facts.because('hosts', facts.findCall(hostCalls, goFunctions.hosts));
    if (because === undefined) return undefined;
    return {
      because,
      files: [
        ...(facts.libcHas('name-services') ? SETTINGS : []),
        ...(facts.findImport(['hosts_access', 'hosts_ctl']) === undefined ? [] : RULES),
      ].filter((path) => says(facts, path)),
      generated: hostsFile(facts),
    };
  },
});

/** What the resolver of glibc reads beside. Source: host.conf(5), gai.conf(5). */
const SETTINGS = ['/etc/host.conf', '/etc/gai.conf'];

/** Who may connect to a server that asks libwrap; everyone without the files. Source: hosts_access(5). */
const RULES = ['/etc/hosts.allow', '/etc/hosts.deny'];

/** Whether a file has more than comments. */
function says(facts: ProgramFacts, path: string): boolean {
  return /^[ \t]*[^#\s]/m.test(facts.readText(path) ?? '');
}

/** The text of the file, by its path: the lines of the root's own that name localhost. */
export function hostsFile(facts: ProgramFacts): Record<string, string> {
  const lines = (facts.readText('/etc/hosts') ?? '')
    .split('\n')
    .filter((line) => /^[^#]*\slocalhost(?:\s|$)/.test(line));
  return { '/etc/hosts': lines.length === 0 ? USUAL : `${lines.join('\n')}\n` };
}
