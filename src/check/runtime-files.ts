/**
 * Files that a program's calls or libraries open at run time, where the root has none of them: it
 * starts, and fails or answers something else when it comes to them. One row for each kind; the
 * evidence is that of src/runtime, which finds the files for an image.
 * Sources: glibc locale/, time/tzfile.c, iconv/gconv_conf.c; ncurses; OpenSSL's OPENSSLDIR.
 */

import { goFunctions } from '../files/go-build.js';
import type { LoadedObject } from '../loader/loader.js';
import { certificateFiles, findTrust } from '../needs/certificates.js';
import type { Evidence } from '../needs/evidence.js';
import { gconvDirectory } from '../needs/gconv.js';
import { javaLandmarks, LAUNCHER } from '../needs/java.js';
import {
  conversionCalls,
  localeCalls,
  serviceCalls,
  temporaryCalls,
  userCalls,
  zoneCalls,
} from '../needs/libc-functions.js';
import { LOCALE_DIRECTORY } from '../needs/locale.js';
import { openSslPath } from '../needs/openssl-modules.js';
import { pythonLandmarks } from '../needs/own-data.js';
import type { ProgramFacts } from '../needs/program-facts.js';
import { TERMINFO_DIRECTORIES, terminalLibrary } from '../needs/terminfo.js';
import type { Check, Fact } from './check.js';

interface RuntimeFile {
  readonly code: string;
  readonly severity: 'warning' | 'note';
  readonly evidence: (context: ProgramFacts) => Evidence | undefined;
  /** Where one of them would be enough; undefined where nobody knows, and nothing is claimed. */
  readonly paths: (context: ProgramFacts) => readonly string[] | undefined;
  readonly what: string;
  readonly seen?: string;
  readonly cause: string;
  readonly remedy: string;
}

const RUNTIME_FILES: readonly RuntimeFile[] = [
  {
    code: 'CERTIFICATES_MISSING',
    severity: 'warning',
    evidence: (context) => {
      const trust = findTrust(context);
      // A module of NSS has its own, and so may a program that is not sure to ask.
      return trust?.confidence === 'sure' && trust.modules === undefined
        ? trust.evidence
        : undefined;
    },
    paths: certificateFiles,
    what: 'no bundle of CA certificates',
    seen: 'unable to get local issuer certificate',
    cause: 'a TLS library trusts only what is in such a file',
    remedy: 'put /etc/ssl/certs/ca-certificates.crt into the root',
  },
  {
    code: 'GCONV_MISSING',
    severity: 'note',
    evidence: (context) => context.findImport(conversionCalls),
    paths: (context) => {
      const libc = context.loaded(/^libc\.so\.6/);
      return defined(libc && gconvDirectory(context, libc));
    },
    what: 'no gconv modules',
    seen: 'iconv_open: Invalid argument',
    cause: 'glibc itself converts only between ASCII, UTF-8 and the UCS forms',
    remedy: 'put the gconv directory of the same glibc into the root',
  },
  {
    code: 'LOCALES_MISSING',
    severity: 'note',
    evidence: (context) =>
      context.libcHas('locales') ? context.findImport(localeCalls) : undefined,
    paths: () =>
      ['C.utf8', 'locale-archive', 'C.UTF-8'].map((name) => `${LOCALE_DIRECTORY}/${name}`),
    what: 'no locale but C',
    seen: 'setlocale: LC_ALL: cannot change locale (C.UTF-8)',
    cause: 'locales are files, C.UTF-8 too, and setlocale fails without them',
    remedy: 'put /usr/lib/locale/C.utf8 into the root, or leave LANG and LC_ALL unset',
  },
  {
    code: 'ZONEINFO_MISSING',
    severity: 'note',
    evidence: (context) => context.findCall([...zoneCalls, 'strftime'], goFunctions.zones),
    paths: (context) =>
      context.findInGo(goFunctions.ownZones) === undefined
        ? ['/usr/share/zoneinfo', '/share/zoneinfo', '/etc/zoneinfo']
        : undefined,
    what: 'no time zones',
    seen: 'unknown time zone Europe/Paris',
    cause: 'TZ=Europe/Paris names a file, and without it the time is UTC without a word',
    remedy: 'put /usr/share/zoneinfo into the root, if TZ will be set',
  },
  {
    code: 'PASSWD_MISSING',
    severity: 'note',
    evidence: (context) => context.findCall(userCalls, goFunctions.users),
    paths: () => ['/etc/passwd'],
    what: 'no /etc/passwd',
    seen: 'cannot find name for user ID 0',
    cause: 'names of users come from that file',
    remedy: 'put /etc/passwd and /etc/group into the root, with the user that it runs as',
  },
  {
    code: 'SERVICES_MISSING',
    severity: 'note',
    evidence: (context) => {
      // In a static program getaddrinfo() itself brings the reentrant forms along.
      const isStatic = context.closure.linkage !== 'dynamic';
      return context.findCall(
        serviceCalls.filter((n) => n.startsWith('getserv') && !(isStatic && n.endsWith('_r'))),
      );
    },
    paths: () => ['/etc/services'],
    what: 'no /etc/services',
    cause: 'ports are known by names such as https only from that file',
    remedy: 'put /etc/services into the root, if it asks for ports by name',
  },
  {
    code: 'JAVA_MISSING',
    severity: 'warning',
    evidence: (context) => ofProgram(context, context.loaded(LAUNCHER)),
    paths: (context) =>
      context.program && javaLandmarks(context, context.program).map(({ landmark }) => landmark),
    what: 'no libjava.so above it',
    seen: 'Error: could not find libjava.so',
    cause: 'the launcher opens the virtual machine in the home of Java around itself',
    remedy: 'put the whole home of Java into the root (elfdeps copy does, as a need java)',
  },
  {
    code: 'PYTHON_MODULES_MISSING',
    severity: 'warning',
    evidence: (context) =>
      context.program && ofProgram(context, context.program, 'is an interpreter of Python'),
    paths: (context) => context.program && pythonLandmarks(context, context.program),
    what: 'none of its modules',
    seen: "ModuleNotFoundError: No module named 'encodings'",
    cause: 'the standard library of Python is files (os.py and others), and none starts without',
    remedy: 'put lib/pythonX.Y beside its bin into the root (elfdeps copy --with data)',
  },
  {
    code: 'TMP_MISSING',
    severity: 'note',
    evidence: (context) => context.findCall(temporaryCalls, goFunctions.temporary),
    paths: () => ['/tmp'],
    what: 'no /tmp',
    seen: 'No such file or directory',
    cause: 'temporary files are made there, unless TMPDIR says otherwise',
    remedy: 'make /tmp with mode 1777 in the root, or mount a tmpfs there',
  },
  {
    code: 'TERMINFO_MISSING',
    severity: 'note',
    evidence: (context) => loaded(terminalLibrary(context)),
    paths: () => TERMINFO_DIRECTORIES,
    what: 'no descriptions of terminals',
    seen: 'Error opening terminal: xterm.',
    cause: 'what a terminal can do is in a file for each value of TERM',
    remedy: 'put /lib/terminfo or /usr/share/terminfo into the root',
  },
  {
    code: 'OPENSSL_MODULES_MISSING',
    severity: 'note',
    evidence: (context) => loaded(context.loaded(/^libcrypto\.so\.3/)),
    paths: (context) => {
      const libcrypto = context.loaded(/^libcrypto\.so\.3/);
      return defined(libcrypto && openSslPath(context, libcrypto, 'MODULESDIR'));
    },
    what: 'no modules of OpenSSL',
    seen: 'could not load the shared library',
    cause: 'old ciphers (the legacy provider) are a module that libcrypto opens by its path',
    remedy: 'put the ossl-modules directory of the same OpenSSL into the root, if they are used',
  },
];

function defined(path: string | undefined): string[] | undefined {
  return path === undefined ? undefined : [path];
}

/** Only what is started needs what it opens; a library alone has no place of its own. */
function ofProgram(
  { closure }: ProgramFacts,
  object: LoadedObject | undefined,
  text = 'is loaded',
): Evidence | undefined {
  return closure.program.kind === 'executable' ? object && { object, text } : undefined;
}

function loaded(object: LoadedObject | undefined): Evidence | undefined {
  return object && { object, text: 'is loaded' };
}

export const checkRuntimeFiles: Check = ({ closure, evidence: context }) => {
  if (closure.program.kind === 'script') return [];
  return RUNTIME_FILES.flatMap((row) => {
    const evidence = row.evidence(context);
    if (evidence === undefined) return [];
    const paths = row.paths(context);
    const isThere = paths === undefined || paths.some((path) => context.existing(path).length > 0);
    return isThere ? [] : [factOf(row, evidence)];
  });
};

function factOf(row: RuntimeFile, { object, text }: Evidence): Fact {
  const { code, severity, what, seen, cause, remedy } = row;
  const { path } = object;
  return {
    code,
    severity,
    path,
    message: `${path}: ${text}, and the root has ${what}`,
    ...(seen === undefined ? {} : { seen }),
    cause,
    remedy,
  };
}
