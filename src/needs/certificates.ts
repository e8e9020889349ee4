/**
 * Certificates of the authorities that TLS trusts, where each library looks: OpenSSL in the directory
 * that it was built with, GnuTLS, Go, rustls and curl at paths that stand in their data, NSS in a
 * module of its own, GnuTLS without such a path in one of p11-kit.
 * Source: OpenSSL crypto/x509/x509_def.c; Go crypto/x509/root_linux.go; rustls openssl-probe.
 */
import type { DlopenCall } from '../closure/dlopen-call.js';
import { goFunctions } from '../files/go-build.js';
import type { LoadedObject } from '../loader/loader.js';
import type { Evidence } from './evidence.js';
import { missingFiles } from './missing-files.js';
import { type Confidence, defineNeed } from './need.js';
import { openSslPath, opensslConfiguration } from './openssl-modules.js';
import type { ProgramFacts } from './program-facts.js';
import { trustModules, trustSources } from './trust-module.js';

/** Bundles by distribution, the most usual first. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];
/**
 * Texts of programs that have TLS in themselves. The directories of openssl-probe (for rustls and
 * native-tls) are put together at run time, so only the end of the path is in the data. A
 * program that has only the variable may have its own certificates too, as Node.js does.
 */
const MENTIONS = [
  { text: 'certs/ca-certificates.crt', confidence: 'sure' },
  { text: 'SSL_CERT_FILE', confidence: 'likely' },
] as const;
const NSS_MODULES = ['libsoftokn3.so', 'libfreebl3.so', 'libfreeblpriv3.so', 'libnssckbi.so'];

export const certificates = defineNeed({
  kind: 'certs',
  summary: 'certificates of the authorities that TLS trusts',
  documentation: {
    evidence:
      'libssl, libgnutls, libwolfssl or NSS is loaded; a library names a bundle; `crypto/x509` of Go; the paths of rustls and openssl-probe in the program (`SSL_CERT_FILE` alone: likely; roots of its own in Go: possible)',
    added:
      "the bundle where that library looks, OpenSSL's `openssl.cnf`, the modules of NSS, p11-kit's module of certificates and what it reads",
    confidence: ['sure', 'likely', 'possible'],
  },
  detect(facts) {
    const found = findTrust(facts);
    const because = facts.because('certs', found?.evidence);
    if (because === undefined) return undefined;
    const files = certificateFiles(facts);
    const opens = found?.modules ?? [];
    if (files.length === 0 && opens.length === 0) return undefined;
    return { because, files, opens, confidence: found?.confidence ?? 'sure' };
  },
  absent: missingFiles({
    rule: {
      code: 'CERTIFICATES_MISSING',
      levels: ['warning'],
      summary: 'The root has no bundle of CA certificates.',
      cause: 'A TLS library trusts only certificates that such a file leads to.',
      remedy: 'Put the bundle into the root; elfdeps copy --with certs adds it.',
    },
    evidence(facts) {
      const trust = findTrust(facts);
      // A module of NSS has certificates of its own, and so may a program that is not sure to ask.
      const asks = trust?.confidence === 'sure' && trust.modules === undefined;
      return asks ? trust.evidence : undefined;
    },
    paths: certificateFiles,
    what: 'no bundle of CA certificates',
    seen: ({ isGo }) =>
      isGo
        ? 'x509: certificate signed by unknown authority'
        : 'unable to get local issuer certificate',
    cause: 'a TLS library trusts only what is in such a file',
    remedy: 'put /etc/ssl/certs/ca-certificates.crt into the root',
  }),
});

/** What shows that a program trusts certificates of the system. */
interface Trust {
  readonly evidence: Evidence;
  readonly confidence: Confidence;
  /** Modules that hold the certificates, for NSS. */
  readonly modules?: readonly DlopenCall[];
}

/** A TLS library that is loaded, or one that the program has in itself. */
function findTrust(facts: ProgramFacts): Trust | undefined {
  const openssl = facts.loaded(/^libssl\.so/);
  const libcrypto = facts.loaded(/^libcrypto\.so/);
  if (openssl !== undefined && libcrypto !== undefined) {
    const directory = openSslPath(facts, libcrypto, 'OPENSSLDIR');
    const where = directory === undefined ? '' : `, which looks in ${directory}`;
    return { evidence: { object: openssl, text: `is loaded${where}` }, confidence: 'sure' };
  }
  const gnutls = facts.loaded(/^libgnutls\.so/);
  const other = gnutls ?? facts.loaded(/^libwolfssl\.so/);
  if (other !== undefined) {
    const readsBundle = gnutls === undefined || bundleNamedBy(facts, gnutls) !== undefined;
    const modules = readsBundle ? [] : trustModules(facts).map(({ call }) => call);
    return {
      evidence: { object: other, text: 'is loaded' },
      confidence: 'sure',
      modules: modules.length > 0 ? modules : undefined,
    };
  }
  const nss = facts.loaded(/^libssl3\.so/);
  if (nss !== undefined)
    return {
      evidence: { object: nss, text: 'is loaded' },
      confidence: 'sure',
      modules: NSS_MODULES.map((name) => ({ name, from: nss.path })),
    };
  return findOwnTrust(facts);
}

/** The bundle that a library or module reads by its whole path; undefined of those that name none. */
function bundleNamedBy({ files }: ProgramFacts, library: LoadedObject): string | undefined {
  const named = new Set(files.texts.paths(library));
  return BUNDLES.find((path) => named.has(path));
}

/** Programs of Go and Rust have TLS in themselves, and the paths in their own data. */
function findOwnTrust(facts: ProgramFacts): Trust | undefined {
  const { closure, program } = facts;
  const { certificates: calls, ownCertificates } = goFunctions;
  const go = facts.findInGo(calls);
  if (go !== undefined) {
    // Roots that it has in itself are for systems that have none.
    const own = facts.findInGo(ownCertificates);
    return { evidence: own ?? go, confidence: own === undefined ? 'sure' : 'possible' };
  }
  const connects = closure.linkage !== 'dynamic' || facts.findOwnImport(['connect']);
  for (const { text, confidence } of MENTIONS)
    if (program !== undefined && connects && facts.findText(program, text) !== undefined)
      return { evidence: { object: program, text: `has the text ${text}` }, confidence };
  return trustOfLibrary(facts);
}

function trustOfLibrary(facts: ProgramFacts): Trust | undefined {
  for (const object of facts.libraries) {
    const path = bundleNamedBy(facts, object);
    if (path !== undefined)
      return { evidence: { object, text: `names ${path}` }, confidence: 'sure' };
  }
  return undefined;
}

/** What the root has for a program that trusts, where it would look; empty when it has nothing. */
function certificateFiles(facts: ProgramFacts): string[] {
  const bundle = [
    ...BUNDLES.flatMap((path) => facts.existing(path)).slice(0, 1),
    ...trustSources(facts),
  ];
  const nss = facts.loaded(/^libssl3\.so/);
  const libcrypto = facts.loaded(/^libssl\.so/) && facts.loaded(/^libcrypto\.so/);
  if (libcrypto === undefined) return nss === undefined ? bundle : trustSources(facts);
  const directory = openSslPath(facts, libcrypto, 'OPENSSLDIR') ?? '/etc/ssl';
  const named = facts.existing(`${directory}/cert.pem`);
  return [
    ...named,
    ...opensslConfiguration(facts, `${directory}/openssl.cnf`),
    ...bundle,
    // Without a bundle at its own name, OpenSSL looks each certificate up by its hash.
    ...(named.length > 0 ? [] : facts.existing(`${directory}/certs`)),
  ];
}
