/**
 * p11-kit's module of trusted certificates, from which GnuTLS and NSS take them on many systems: where the
 * configuration of p11-kit leads to it, and which files it reads by itself.
 * Source: pkcs11.conf(5); p11-kit p11-kit/conf.c, p11-kit/modules.c (trust-policy), trust/module.c.
 */
import type { DlopenCall } from '../closure/dlopen-call.js';
import { baseName } from '../root/path-text.js';
import { ownPart } from './named-places.js';
import type { ProgramFacts } from './program-facts.js';

/** A module with certificates, and the file of p11-kit's configuration that names it. */
interface TrustModule {
  readonly configuration: string;
  readonly call: DlopenCall;
}

/**
 * The modules with certificates that p11-kit opens; none where it is not loaded, and where the root has no
 * such module.
 */
export function trustModules(facts: ProgramFacts): TrustModule[] {
  const library = facts.loaded(/^libp11-kit\.so/);
  if (library === undefined) return [];
  const paths = [...facts.files.texts.paths(library)];
  const places = paths.filter((path) => baseName(path) === 'pkcs11');
  return paths.flatMap((directory) =>
    facts
      .namesIn(directory)
      .filter((name) => name.endsWith('.module'))
      .flatMap((file) => {
        const configuration = `${directory}/${file}`;
        return moduleOf(facts.readText(configuration) ?? '', places)
          .filter((name) => facts.files.resolve(name).found)
          .map((name) => ({ configuration, call: { name, from: library.path } }));
      }),
  );
}

/** The places where the module may be that one file of p11-kit's configuration makes an authority. */
function moduleOf(text: string, places: readonly string[]): string[] {
  const value = (key: string) =>
    new RegExp(`^[ \\t]*${key}[ \\t]*:[ \\t]*(\\S+)`, 'm').exec(text)?.[1];
  const module = value('module');
  if (module === undefined || value('trust-policy') !== 'yes') return [];
  return module.startsWith('/') ? [module] : places.map((place) => `${place}/${module}`);
}

/**
 * What leads p11-kit to the module, and what the module reads, once it is loaded; only what the root has. It
 * also has names of directories of all packages, by which it tells whose certificates are whose.
 */
export function trustSources(facts: ProgramFacts): string[] {
  const module = facts.loaded(/^p11-kit-trust\.so/);
  if (module === undefined) return [];
  return [
    ...trustModules(facts).map(({ configuration }) => configuration),
    ...[...facts.files.texts.paths(module)]
      .filter((path) => ownPart(path) !== undefined)
      .flatMap((path) => facts.existing(path)),
  ];
}
