/**
 * Certificates of the authorities that TLS trusts, where each library looks: OpenSSL in the directory
 * that it was built with, GnuTLS, Go, rustls and curl at paths that stand in their data, NSS in a
 * module of its own.
 * Source: OpenSSL crypto/x509/x509_def.c; Go crypto/x509/root_linux.go; rustls openssl-probe.
 */
import type { LoadedObject } from '../loader/loader.js';
import { goFunctions } from './go-program.js';
import type { NeedContext } from './need-context.js';
import type { FoundNeed, NeedDetector } from './runtime-need.js';

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
 * native-tls) are put together at run time, so only the end of the path is in the data. Who has only
 * the variable may have its own certificates too, as Node.js does.
 */
const MENTIONS = [
  { text: BUNDLES[0] as string, confidence: 'sure' },
  { text: 'certs/ca-certificates.crt', confidence: 'sure' },
  { text: 'SSL_CERT_FILE', confidence: 'likely' },
] as const;
const NSS_MODULES = ['libsoftokn3.so', 'libfreebl3.so', 'libfreeblpriv3.so', 'libnssckbi.so'];

export const certificates: NeedDetector = {
  kind: 'certs',
  summary: 'certificates of the authorities that TLS trusts',
  detect(context) {
    const bundles = BUNDLES.flatMap((path) => context.existing(path)).slice(0, 1);
    const found = ofLibraries(context, bundles);
    if (found !== undefined || bundles.length === 0) return found;
    const own = ofProgram(context);
    if (own !== undefined) return { ...own, files: bundles };
    const asked = context.because('certs', []);
    return asked === undefined ? undefined : { because: asked, files: bundles };
  },
};

function ofLibraries(context: NeedContext, bundles: readonly string[]): FoundNeed | undefined {
  const openssl = context.loaded(/^libssl\.so/);
  const libcrypto = context.loaded(/^libcrypto\.so/);
  if (openssl !== undefined && libcrypto !== undefined) {
    const directory = openSslDirectory(context, libcrypto);
    const own = ['cert.pem', 'openssl.cnf'].map((name) => `${directory}/${name}`);
    const files = [...own.flatMap((path) => context.existing(path)), ...bundles];
    // Without a bundle at its own name, OpenSSL looks each certificate up by its hash.
    if (context.existing(`${directory}/cert.pem`).length === 0)
      files.push(...context.existing(`${directory}/certs`));
    return { because: `${openssl.path} is loaded, which looks in ${directory}`, files };
  }
  const gnutls = context.loaded(/^libgnutls\.so/);
  if (gnutls !== undefined && bundles.length > 0)
    return { because: `${gnutls.path} is loaded`, files: bundles };
  const nssLibrary = context.loaded(/^libssl3\.so/);
  if (nssLibrary === undefined) return undefined;
  return {
    because: `${nssLibrary.path} is loaded`,
    opens: NSS_MODULES.map((name) => ({ name, from: nssLibrary.path })),
  };
}

function openSslDirectory(context: NeedContext, libcrypto: LoadedObject): string {
  const text = context.findText(libcrypto, 'OPENSSLDIR: "');
  return /OPENSSLDIR: "([^"]+)"/.exec(text ?? '')?.[1] ?? '/etc/ssl';
}

/** Programs of Go and Rust have TLS in themselves, and the paths in their own data. */
function ofProgram(context: NeedContext): FoundNeed | undefined {
  const { closure, program } = context;
  if (program === undefined) return undefined;
  const { certificates, ownCertificates } = goFunctions;
  const go = context.goCall(certificates);
  if (go !== undefined) {
    // Roots that it has in itself are for systems that have none.
    const own = context.goCall(ownCertificates);
    return own === undefined ? { because: go } : { because: own, confidence: 'possible' };
  }
  const connects = closure.linkage !== 'dynamic' || context.findOwnImport(['connect']);
  if (!connects) return undefined;
  for (const { text, confidence } of MENTIONS)
    if (context.findText(program, text) !== undefined)
      return { because: `${program.path} has the text ${text}`, confidence };
  return undefined;
}
