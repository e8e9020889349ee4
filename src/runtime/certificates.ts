/**
 * Certificates of the authorities that TLS trusts, where each library looks: OpenSSL in the directory
 * that it was built with, GnuTLS, Go, rustls and curl at paths that stand in their data, NSS in a
 * module of its own.
 * Source: OpenSSL crypto/x509/x509_def.c; Go crypto/x509/root_linux.go; rustls openssl-probe.
 */
import type { LoadedObject } from '../loader/loader.js';
import type { NeedContext } from './need-context.js';
import type { NeedDetector } from './runtime-need.js';

/** Bundles by distribution, the most usual first. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];
const NSS_MODULES = ['libsoftokn3.so', 'libfreebl3.so', 'libfreeblpriv3.so', 'libnssckbi.so'];

export const certificates: NeedDetector = {
  kind: 'certs',
  summary: 'certificates of the authorities that TLS trusts',
  detect(context) {
    const openssl = context.loaded(/^libssl\.so/);
    const libcrypto = context.loaded(/^libcrypto\.so/);
    const gnutls = context.loaded(/^libgnutls\.so/);
    const nssLibrary = context.loaded(/^libssl3\.so/);
    const bundles = BUNDLES.flatMap((path) => context.existing(path)).slice(0, 1);
    if (openssl !== undefined && libcrypto !== undefined) {
      const directory = openSslDirectory(context, libcrypto);
      const own = ['cert.pem', 'openssl.cnf'].map((name) => `${directory}/${name}`);
      const files = [...own.flatMap((path) => context.existing(path)), ...bundles];
      // Without a bundle at its own name, OpenSSL looks each certificate up by its hash.
      if (context.existing(`${directory}/cert.pem`).length === 0)
        files.push(...context.existing(`${directory}/certs`));
      return { because: `${openssl.path} is loaded, which looks in ${directory}`, files };
    }
    if (gnutls !== undefined && bundles.length > 0)
      return { because: `${gnutls.path} is loaded`, files: bundles };
    if (nssLibrary !== undefined)
      return {
        because: `${nssLibrary.path} is loaded`,
        opens: NSS_MODULES.map((name) => ({ name, from: nssLibrary.path })),
      };
    const mention =
      bundles.length > 0 ? (mentionOf(context) ?? context.because('certs', undefined)) : undefined;
    return mention === undefined ? undefined : { because: mention, files: bundles };
  },
};

function openSslDirectory(context: NeedContext, libcrypto: LoadedObject): string {
  const text = context.findText(libcrypto, 'OPENSSLDIR: "');
  return /OPENSSLDIR: "([^"]+)"/.exec(text ?? '')?.[1] ?? '/etc/ssl';
}

/** Programs of Go and Rust have the paths in their own data. */
function mentionOf(context: NeedContext): string | undefined {
  const { program } = context;
  const text = program && context.findText(program, BUNDLES[0] as string);
  return text === undefined ? undefined : `${program?.path} reads ${BUNDLES[0]}`;
}
