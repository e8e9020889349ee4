/**
 * Providers of OpenSSL 3 beside the one that is built in (legacy ciphers, FIPS), and engines. Sure where
 * openssl.cnf turns one on, or the program can load one. Sources: config(5ssl), "Provider Configuration",
 * "Engine Configuration"; OSSL_PROVIDER(3ossl).
 */

import type { LoadedObject } from '../loader/loader.js';
import { type Evidence, evidenceText } from './evidence.js';
import { missingFiles } from './missing-files.js';
import { defineNeed } from './need.js';
import type { ProgramFacts } from './program-facts.js';

const INCLUDE = /^[ \t]*\.include[ \t]*(?:=[ \t]*)?(\/[^\s#]+)/gm;
/** More includes than any system has. */
const MOST_FILES = 64;

/** What libcrypto opens, in a directory that it was built with. */
const KINDS = [
  {
    directory: 'MODULESDIR',
    what: 'provider',
    on: /^[ \t]*(?:legacy|fips)\s*=\s*\w+_sect/m,
    calls: ['OSSL_PROVIDER_load', 'OSSL_PROVIDER_try_load'],
    isOfProgram: false,
  },
  {
    directory: 'ENGINESDIR',
    what: 'engine',
    on: /^[ \t]*(?:engines|dynamic_path)\s*=/m,
    calls: ['ENGINE_by_id'],
    // Libraries have this call for programs with an option for it.
    isOfProgram: true,
  },
] as const;

export const opensslModules = defineNeed({
  kind: 'openssl-modules',
  summary: "OpenSSL's legacy provider and engines",
  documentation: {
    evidence:
      'libcrypto is loaded; sure where `openssl.cnf` turns a provider or an engine on, with an import of `OSSL_PROVIDER_load`, and in the program of `ENGINE_by_id`',
    added: '`ossl-modules/*.so`, `engines-3/*.so`, and the `openssl.cnf` that turns them on',
    confidence: ['sure', 'possible'],
  },
  detect(facts) {
    const libcrypto = facts.loaded(/^libcrypto\.so/);
    if (libcrypto === undefined) return undefined;
    const found = KINDS.flatMap((kind) => {
      const directory = openSslPath(facts, libcrypto, kind.directory);
      if (directory === undefined) return [];
      const modules = facts.namesIn(directory).filter((name) => name.endsWith('.so'));
      if (modules.length === 0) return [];
      const { path } = libcrypto;
      const evidence = whoLoads(facts, libcrypto, kind);
      const opens = modules.map((name) => ({ name: `${directory}/${name}`, from: path }));
      return [{ evidence, opens, because: `${path} has ${kind.what}s in ${directory}` }];
    });
    return ([true, false] as const).flatMap((isSure) => {
      const those = found.filter(({ evidence }) => (evidence !== undefined) === isSure);
      const [first] = those;
      if (first === undefined) return [];
      return {
        because: first.evidence === undefined ? first.because : evidenceText(first.evidence),
        confidence: isSure ? ('sure' as const) : ('possible' as const),
        files: those.some(({ evidence }) => evidence?.object === libcrypto)
          ? opensslConfiguration(facts, configurationOf(facts, libcrypto))
          : [],
        opens: those.flatMap(({ opens }) => opens),
      };
    });
  },
  absent: missingFiles({
    rule: {
      code: 'OPENSSL_MODULES_MISSING',
      levels: ['note'],
      summary: 'The modules of OpenSSL are not in the root.',
      cause: 'Old ciphers (the legacy provider) are a module that libcrypto opens by its path.',
      remedy: 'Put the ossl-modules directory of the same OpenSSL into the root, if they are used.',
    },
    evidence(facts) {
      const libcrypto = facts.loaded(/^libcrypto\.so\.3/);
      return libcrypto && whoLoads(facts, libcrypto, KINDS[0]);
    },
    paths(facts) {
      const libcrypto = facts.loaded(/^libcrypto\.so\.3/);
      const directory = libcrypto && openSslPath(facts, libcrypto, 'MODULESDIR');
      return directory === undefined ? undefined : [directory];
    },
    what: 'no modules of OpenSSL',
    seen: 'could not load the shared library',
  }),
});

/** What loads modules of a kind: libcrypto by its configuration, or an object that calls for them; else undefined. */
function whoLoads(
  facts: ProgramFacts,
  libcrypto: LoadedObject,
  { what, on, calls, isOfProgram }: (typeof KINDS)[number],
): Evidence | undefined {
  const configuration = configurationOf(facts, libcrypto);
  if (on.test(facts.readText(configuration) ?? ''))
    return { object: libcrypto, text: `reads ${configuration}, which turns ${what}s on` };
  return isOfProgram ? facts.findOwnImport(calls) : facts.findImport(calls);
}

function configurationOf(facts: ProgramFacts, libcrypto: LoadedObject): string {
  return `${openSslPath(facts, libcrypto, 'OPENSSLDIR') ?? '/etc/ssl'}/openssl.cnf`;
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
  name: 'OPENSSLDIR' | 'MODULESDIR' | 'ENGINESDIR',
): string | undefined {
  const text = facts.findText(libcrypto, `${name}: "`);
  return new RegExp(`${name}: "([^"]+)"`).exec(text ?? '')?.[1];
}
