/**
 * Files that a program's calls or libraries open at run time, where the root has none of them: it
 * starts, and fails or answers something else when it comes to them. One row for each kind.
 * Sources: glibc locale/, time/tzfile.c, iconv/gconv_conf.c; ncurses; OpenSSL's OPENSSLDIR.
 */
import { findCall } from './calls.js';
import type { Check, CheckContext, Fact } from './check.js';
import { matchInFile } from './file-text.js';
import { factsOfSymbols } from './symbol-facts.js';

interface RuntimeFile {
  readonly code: string;
  readonly severity: 'warning' | 'note';
  /** The evidence: any of these is called, or a library of such a name is loaded. */
  readonly calls?: readonly string[];
  readonly libraries?: RegExp;
  /** It is enough that one of these paths exists. */
  readonly paths?: readonly string[];
  /** Or the path that stands in the bytes of a library that is loaded: the group of the pattern. */
  readonly builtIn?: { readonly library: RegExp; readonly pattern: RegExp };
  readonly what: string;
  readonly seen: string;
  readonly cause: string;
  readonly remedy: string;
}

const TIME = ['localtime', 'localtime_r', 'mktime', 'tzset', 'strftime', 'localtime64_r'];
const USERS = [
  'getpwnam',
  'getpwuid',
  'getpwnam_r',
  'getpwuid_r',
  'getpwent',
  'getgrnam',
  'getgrgid',
];
const TEMPORARY = [
  'mkstemp',
  'mkstemp64',
  'mkdtemp',
  'mkostemp',
  'tmpfile',
  'tmpfile64',
  'tempnam',
];
const BUNDLES = [
  ...[
    '/etc/ssl/certs/ca-certificates.crt',
    '/etc/pki/tls/certs/ca-bundle.crt',
    '/etc/ssl/cert.pem',
  ],
  ...['/etc/ssl/ca-bundle.pem', '/etc/pki/tls/cacert.pem', '/usr/lib/ssl/cert.pem'],
];

const RUNTIME_FILES: readonly RuntimeFile[] = [
  {
    code: 'CERTIFICATES_MISSING',
    severity: 'warning',
    libraries: /^lib(?:ssl|gnutls|nss3|wolfssl|mbedtls)\.so/,
    paths: BUNDLES,
    what: 'no bundle of CA certificates',
    seen: 'unable to get local issuer certificate',
    cause: 'a TLS library trusts only what is in such a file',
    remedy: 'put /etc/ssl/certs/ca-certificates.crt into the root',
  },
  {
    code: 'GCONV_MISSING',
    severity: 'note',
    calls: ['iconv_open', 'iconv'],
    builtIn: { library: /^libc\.so\.6/, pattern: /\0(\/[^\0]*\/gconv)\0/ },
    what: 'no gconv modules',
    seen: 'iconv_open: Invalid argument',
    cause: 'glibc itself converts only between ASCII, UTF-8 and the UCS forms',
    remedy: 'put the gconv directory of the same glibc into the root',
  },
  {
    code: 'LOCALES_MISSING',
    severity: 'note',
    calls: ['setlocale', 'newlocale'],
    paths: ['/usr/lib/locale/C.utf8', '/usr/lib/locale/locale-archive', '/usr/lib/locale/C.UTF-8'],
    what: 'no locale but C',
    seen: 'setlocale: LC_ALL: cannot change locale (C.UTF-8)',
    cause: 'locales are files, C.UTF-8 too, and setlocale fails without them',
    remedy: 'put /usr/lib/locale/C.utf8 into the root, or leave LANG and LC_ALL unset',
  },
  {
    code: 'ZONEINFO_MISSING',
    severity: 'note',
    calls: TIME,
    paths: ['/usr/share/zoneinfo', '/share/zoneinfo', '/etc/zoneinfo'],
    what: 'no time zones',
    seen: 'unknown time zone Europe/Paris',
    cause: 'TZ=Europe/Paris names a file, and without it the time is UTC without a word',
    remedy: 'put /usr/share/zoneinfo into the root, if TZ will be set',
  },
  {
    code: 'PASSWD_MISSING',
    severity: 'note',
    calls: USERS,
    paths: ['/etc/passwd'],
    what: 'no /etc/passwd',
    seen: 'cannot find name for user ID 0',
    cause: 'names of users come from that file',
    remedy: 'put /etc/passwd and /etc/group into the root, with the user that it runs as',
  },
  {
    code: 'TMP_MISSING',
    severity: 'note',
    calls: TEMPORARY,
    paths: ['/tmp'],
    what: 'no /tmp',
    seen: 'No such file or directory',
    cause: 'temporary files are made there, unless TMPDIR says otherwise',
    remedy: 'make /tmp with mode 1777 in the root, or mount a tmpfs there',
  },
  {
    code: 'TERMINFO_MISSING',
    severity: 'note',
    libraries: /^lib(?:tinfo|ncurses|curses)\w*\.so/,
    paths: ['/usr/share/terminfo', '/lib/terminfo', '/etc/terminfo', '/usr/lib/terminfo'],
    what: 'no descriptions of terminals',
    seen: 'Error opening terminal: xterm.',
    cause: 'what a terminal can do is in a file for each value of TERM',
    remedy: 'put /lib/terminfo or /usr/share/terminfo into the root',
  },
  {
    code: 'OPENSSL_MODULES_MISSING',
    severity: 'note',
    libraries: /^libcrypto\.so\.3/,
    builtIn: { library: /^libcrypto\.so\.3/, pattern: /MODULESDIR: "(\/[^"\0]*)"/ },
    what: 'no modules of OpenSSL',
    seen: 'could not load the shared library',
    cause: 'old ciphers (the legacy provider) are a module that libcrypto opens by its path',
    remedy: 'put the ossl-modules directory of the same OpenSSL into the root, if they are used',
  },
];

export const checkRuntimeFiles: Check = (context) => {
  const { closure } = context;
  if (closure.loader === null || closure.program.kind === 'script') return [];
  return factsOfSymbols(closure.program.path, () =>
    RUNTIME_FILES.flatMap((row) => {
      const evidence = evidenceFor(row, context);
      return evidence === undefined || isThere(row, context) ? [] : [factOf(row, evidence)];
    }),
  );
};

interface Evidence {
  readonly path: string;
  readonly text: string;
}

function evidenceFor(
  { calls, libraries }: RuntimeFile,
  { closure, symbols }: CheckContext,
): Evidence | undefined {
  if (calls !== undefined) {
    const call = findCall(closure, symbols, new Set(calls));
    if (call === undefined) return undefined;
    return { path: call.object.path, text: `calls ${call.name}()` };
  }
  const library = closure.objects.find(({ path }) => libraries?.test(baseName(path)));
  return library && { path: library.path, text: 'is loaded' };
}

/** Where a library does not say its path, nothing is claimed. */
function isThere({ paths = [], builtIn }: RuntimeFile, { closure, files }: CheckContext): boolean {
  if (builtIn === undefined) return paths.some((path) => files.resolve(path).found);
  const library = closure.objects.find(({ path }) => builtIn.library.test(baseName(path)));
  const path = library && matchInFile(files, library.realPath, builtIn.pattern)?.[1];
  return path === undefined || files.resolve(path).found;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function factOf(row: RuntimeFile, { path, text }: Evidence): Fact {
  const { code, severity, what, seen, cause, remedy } = row;
  return {
    code,
    severity,
    path,
    message: `${path}: ${text}, and the root has ${what}`,
    seen,
    cause,
    remedy,
  };
}
