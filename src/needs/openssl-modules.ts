/**
 * Providers of OpenSSL 3 beside the one that is built in (legacy ciphers, FIPS), and engines. Sure
 * where openssl.cnf turns one on. Source: config(5ssl), "Provider Configuration".
 */

import type { LoadedObject } from '../loader/loader.js';
import { isLoaded, missingFiles } from './missing-files.js';
import { defineNeed } from './need.js';
import type { ProgramFacts } from './program-facts.js';

const INCLUDE = /^[ \t]*\.include[ \t]*(?:=[ \t]*)?(\/[^\s#]+)/gm;
/** More includes than any system has. */
const MOST_FILES = 64;

export const opensslModules = defineNeed({
  kind: 'openssl-modules',
  summary: "OpenSSL's legacy provider and engines",
  documentation: {
    evidence: 'libcrypto is loaded; sure where `openssl.cnf` turns a provider on',
    added: '`ossl-modules/*.so`',
    confidence: ['sure', 'possible'],
  },
  detect(facts) {
    const libcrypto = facts.loaded(/^libcrypto\.so/);
    if (libcrypto === undefined) return undefined;
    const directory = openSslPath(facts, libcrypto, 'MODULESDIR');
    const modules =
      directory === undefined
        ? []
        : facts.namesIn(directory).filter((name) => name.endsWith('.so'));
    if (directory === undefined || modules.length === 0) return undefined;
    const own = openSslPath(facts, libcrypto, 'OPENSSLDIR') ?? '/etc/ssl';
    const isOn = isTurnedOn(facts, `${own}/openssl.cnf`);
    return {
      because: isOn
        ? `openssl.cnf turns a provider of ${directory} on`
        : `${libcrypto.path} has providers in ${directory}`,
      confidence: isOn ? 'sure' : 'possible',
      opens: modules.map((name) => ({ name: `${directory}/${name}`, from: libcrypto.path })),
    };
  },
  absent: missingFiles({
    rule: {
      code: 'OPENSSL_MODULES_MISSING',
      levels: ['note'],
      summary: 'The modules of OpenSSL are not in the root.',
      cause: 'Old ciphers (the legacy provider) are a module that libcrypto opens by its path.',
      remedy: 'Put the ossl-modules directory of the same OpenSSL into the root, if they are used.',
    },
    evidence: (facts) => isLoaded(facts.loaded(/^libcrypto\.so\.3/)),
    paths(facts) {
      const libcrypto = facts.loaded(/^libcrypto\.so\.3/);
      const directory = libcrypto && openSslPath(facts, libcrypto, 'MODULESDIR');
      return directory === undefined ? undefined : [directory];
    },
    what: 'no modules of OpenSSL',
    seen: 'could not load the shared library',
  }),
});

function isTurnedOn(facts: ProgramFacts, path: string): boolean {
  return /^[ \t]*(?:legacy|fips)\s*=\s*\w+_sect/m.test(facts.readText(path) ?? '');
}

/**
 * The configuration at a path with what it includes, files and directories; only what the root has. Fedora's
 * includes the policy of the system. Source: config(5ssl), "Directives".
 */
export function opensslConfiguration(facts: ProgramFacts, path: string): string[] {
  const found = new Set<string>();
  const pending = [path];
  for (
    let next = pending.pop();
    next !== undefined && found.size < MOST_FILES;
    next = pending.pop()
  ) {
    if (found.has(next) || facts.existing(next).length === 0) continue;
    found.add(next);
    const text = facts.readText(next) ?? '';
    for (const [, included = ''] of text.matchAll(INCLUDE)) pending.push(included);
  }
  return [...found];
}

/** A directory that a libcrypto was built with, as `openssl version -a` tells it. */
export function openSslPath(
  facts: ProgramFacts,
  libcrypto: LoadedObject,
  name: 'OPENSSLDIR' | 'MODULESDIR',
): string | undefined {
  const text = facts.findText(libcrypto, `${name}: "`);
  return new RegExp(`${name}: "([^"]+)"`).exec(text ?? '')?.[1];
}
