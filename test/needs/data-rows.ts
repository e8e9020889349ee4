/**
 * Rows of detectors.test.ts about data of the system: character sets, locales, zones, certificates,
 * terminals.
 */
import { muslProgram, program, TRIPLET, type World } from '../support/world.js';
import type { Row } from './detector-rows.js';
import {
  app,
  calls,
  glibcWith,
  goProgram,
  LIB,
  LIBC,
  staticProgram,
  texts,
  unstripped,
} from './need-worlds.js';

const glibc = glibcWith();
const without = app('puts');
const GCONV = `/usr/lib/${TRIPLET}/gconv`;
const MODULES = `/usr/lib/${TRIPLET}/ossl-modules`;
const BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
const libcrypto = texts('OPENSSLDIR: "/usr/lib/ssl"', `MODULESDIR: "${MODULES}"`);
const go = (...functions: string[]): World => ({ '/app/main': goProgram({ functions }) });
const zones: World = { '/usr/share/zoneinfo/Europe/Paris': 'TZif', '/etc/localtime': 'TZif' };

/** What a static program of glibc 2.36 has of iconv. */
const staticIconv = texts(
  `${GCONV}/gconv-modules.cache`,
  'GNU C Library stable release version 2.36.',
  `${LIB}/`,
);

export const dataRows: readonly Row[] = [
  {
    kind: 'data',
    case: 'in a text of Go that begins and goes on with other texts',
    world: {
      ...go('/v1/reboot/usr/share/main/web//v2/apps'),
      '/usr/share/main/web/a.html': '',
    },
    need: { because: '/app/main names /usr/share/main/web', files: ['/usr/share/main/web'] },
    silent: go('/v1/reboot/usr/share/other/web//v2/apps'),
  },
  {
    kind: 'gconv',
    world: {
      ...app('iconv_open'),
      [`${GCONV}/gconv-modules.cache`]: 'cache',
      [`${GCONV}/ISO8859-1.so`]: {},
      [`${GCONV}/EUC-JP.so`]: {},
    },
    need: {
      because: '/app/main imports iconv_open',
      files: [`${GCONV}/gconv-modules.cache`],
      opens: [{ name: `${GCONV}/ISO8859-1.so`, from: LIBC }],
    },
    silent: { [`${GCONV}/ISO8859-1.so`]: undefined },
  },
  {
    kind: 'gconv',
    case: 'a library that converts, and no cache',
    world: {
      ...glibc,
      [`${LIB}/liba.so`]: calls('iconv_open'),
      '/app/main': program({ needed: ['liba.so', 'libc.so.6'] }),
      [`${GCONV}/gconv-modules`]: 'text',
      [`${GCONV}/UTF-16.so`]: {},
    },
    need: {
      because: `${LIB}/liba.so imports iconv_open`,
      confidence: 'likely',
      files: [`${GCONV}/gconv-modules`],
      opens: [{ name: `${GCONV}/UTF-16.so`, from: LIBC }],
    },
    silent: { [`${LIB}/liba.so`]: calls('puts') },
  },
  {
    kind: 'gconv-all',
    world: {
      ...app('iconv_open'),
      [`${GCONV}/gconv-modules.cache`]: 'cache',
      [`${GCONV}/EUC-JP.so`]: {},
    },
    need: {
      because: '/app/main imports iconv_open',
      confidence: 'possible',
      files: [`${GCONV}/gconv-modules.cache`],
      opens: [{ name: `${GCONV}/EUC-JP.so`, from: LIBC }],
    },
    silent: without,
  },
  {
    kind: 'static-gconv',
    world: {
      ...glibc,
      '/app/main': unstripped(['iconv_open'], { data: staticIconv }),
      [`${GCONV}/gconv-modules.cache`]: 'cache',
      [`${GCONV}/UTF-16.so`]: { needed: ['libc.so.6'] },
      [`${GCONV}/EUC-JP.so`]: {},
    },
    need: {
      because: '/app/main has iconv_open, and opens modules of glibc 2.36 only; the root has 2.36',
      confidence: 'likely',
      files: [`${GCONV}/gconv-modules.cache`, `${GCONV}/UTF-16.so`, LIBC],
    },
    silent: { '/app/main': unstripped(['iconv'], { data: staticIconv }) },
  },
  {
    kind: 'locale',
    world: { ...app('setlocale'), '/usr/lib/locale/C.utf8/LC_CTYPE': 'x' },
    need: {
      because: '/app/main imports setlocale',
      confidence: 'likely',
      files: ['/usr/lib/locale/C.utf8'],
    },
    silent: without,
  },
  {
    kind: 'locale',
    case: 'one that the image sets',
    world: {
      ...app('setlocale'),
      '/usr/lib/locale/fr_FR.utf8/LC_CTYPE': 'x',
      '/usr/lib/locale/locale-archive': 'x',
    },
    options: { environment: { LANG: 'fr_FR.UTF-8' } },
    need: {
      because: '/app/main imports setlocale, and the image has LANG=fr_FR.UTF-8',
      files: ['/usr/lib/locale/fr_FR.utf8', '/usr/lib/locale/locale-archive'],
    },
    silent: { environment: {} },
  },
  {
    kind: 'locale',
    case: 'translations with musl, whose locales are no files',
    world: {
      '/lib/ld-musl-x86_64.so.1': { muslLoader: true },
      '/app/main': muslProgram({
        ...calls('bindtextdomain'),
        ...texts('/usr/share/locale', 'greeter'),
      }),
      '/usr/share/locale/fr/LC_MESSAGES/greeter.mo': '',
      '/usr/share/locale/fr/LC_MESSAGES/other.mo': '',
    },
    need: {
      because: '/app/main imports bindtextdomain',
      files: ['/usr/share/locale/fr/LC_MESSAGES/greeter.mo'],
    },
    silent: { '/app/main': muslProgram({ ...texts('/usr/share/locale', 'greeter') }) },
  },
  {
    kind: 'locale',
    case: 'of a program that asks for UTF-8 by name',
    world: {
      ...glibcWith(),
      '/app/main': program({
        needed: ['libc.so.6'],
        ...calls('setlocale'),
        ...texts('en_US.UTF-8', 'C.UTF-8'),
      }),
      '/usr/lib/locale/C.utf8/LC_CTYPE': '',
    },
    need: {
      because: '/app/main imports setlocale, and asks for C.UTF-8',
      files: ['/usr/lib/locale/C.utf8'],
    },
    silent: { '/app/main': program({ needed: ['libc.so.6'], ...texts('C.UTF-8') }) },
  },
  {
    kind: 'tz',
    world: { ...app('localtime'), ...zones },
    need: {
      because: '/app/main imports localtime',
      confidence: 'likely',
      files: ['/etc/localtime', '/usr/share/zoneinfo'],
      except: ['posix', 'right', 'posixrules'],
    },
    silent: without,
  },
  {
    kind: 'tz',
    case: 'a function that prints the local time',
    world: { ...app('ctime'), ...zones },
    need: {
      because: '/app/main imports ctime',
      confidence: 'likely',
      files: ['/etc/localtime', '/usr/share/zoneinfo'],
      except: ['posix', 'right', 'posixrules'],
    },
    silent: { ...app('asctime'), ...zones },
  },
  {
    kind: 'tz',
    case: 'a zone that the image sets',
    world: { ...app('localtime'), ...zones },
    options: { environment: { TZ: ':Europe/Paris' } },
    need: {
      because: '/app/main imports localtime, and the image has TZ=Europe/Paris',
      files: ['/etc/localtime', '/usr/share/zoneinfo/Europe/Paris'],
      except: ['posix', 'right', 'posixrules'],
    },
    silent: { '/usr/share/zoneinfo/Europe/Paris': undefined, '/etc/localtime': undefined },
  },
  {
    kind: 'tz',
    case: 'a program that prints the zone',
    world: {
      ...glibc,
      ...zones,
      '/app/main': program({ needed: ['libc.so.6'], ...calls('localtime'), ...texts('%H:%M %Z') }),
    },
    need: {
      because: "/app/main imports localtime, and prints the zone ('%H:%M %Z')",
      files: ['/etc/localtime', '/usr/share/zoneinfo'],
      except: ['posix', 'right', 'posixrules'],
    },
    silent: { '/app/main': program({ needed: ['libc.so.6'], ...texts('%H:%M %Z') }) },
  },
  {
    kind: 'tz',
    case: 'a program that makes paths of zones',
    world: {
      ...glibc,
      ...zones,
      '/app/main': program({ needed: ['libc.so.6'], ...texts('/usr/share/zoneinfo/%s') }),
    },
    need: {
      because: "/app/main opens zones by their names, '/usr/share/zoneinfo/%s'",
      files: ['/etc/localtime', '/usr/share/zoneinfo'],
      except: ['posix', 'right', 'posixrules'],
    },
    silent: { '/app/main': program({ needed: ['libc.so.6'], ...texts('/usr/share/zoneinfo') }) },
  },
  {
    kind: 'tz',
    case: 'zones that a program of Go loads by name',
    world: { ...go('time.LoadLocation'), ...zones },
    need: {
      because: '/app/main has time.LoadLocation (go1.24.1)',
      files: ['/etc/localtime', '/usr/share/zoneinfo'],
      except: ['posix', 'right', 'posixrules'],
    },
    // With its own.
    silent: go('time.LoadLocation', 'time/tzdata.loadFromEmbeddedTZData'),
  },
  {
    kind: 'tz',
    case: 'a program of Go as all are',
    world: { ...go('/usr/share/zoneinfo'), ...zones },
    need: {
      because: '/app/main has the text /usr/share/zoneinfo',
      confidence: 'possible',
      files: ['/etc/localtime', '/usr/share/zoneinfo'],
      except: ['posix', 'right', 'posixrules'],
    },
    silent: go(),
  },
  {
    kind: 'tz',
    case: 'a static program',
    world: { '/app/main': staticProgram('/usr/share/zoneinfo'), ...zones },
    need: {
      because: '/app/main has the text /usr/share/zoneinfo',
      confidence: 'likely',
      files: ['/etc/localtime', '/usr/share/zoneinfo'],
      except: ['posix', 'right', 'posixrules'],
    },
    silent: { '/app/main': staticProgram('/usr/share') },
  },
  {
    kind: 'certs',
    world: {
      ...glibc,
      [`${LIB}/libcrypto.so.3`]: libcrypto,
      [`${LIB}/libssl.so.3`]: { needed: ['libcrypto.so.3'] },
      '/app/main': program({ needed: ['libssl.so.3'] }),
      '/usr/lib/ssl/openssl.cnf':
        '[policy]\n.include = /etc/policies/openssl.config\n.include /etc/none\n',
      '/etc/policies/openssl.config': 'MinProtocol = TLSv1.2\n.include /usr/lib/ssl/openssl.cnf\n',
      '/usr/lib/ssl/cert.pem': '',
      '/usr/lib/ssl/certs/a.pem': '',
      [BUNDLE]: '',
    },
    need: {
      because: `${LIB}/libssl.so.3 is loaded, which looks in /usr/lib/ssl`,
      files: [
        '/usr/lib/ssl/cert.pem',
        '/usr/lib/ssl/openssl.cnf',
        '/etc/policies/openssl.config',
        BUNDLE,
      ],
    },
    silent: { '/app/main': program({ needed: ['libcrypto.so.3'] }) },
  },
  {
    kind: 'certs',
    case: 'of GnuTLS',
    world: {
      ...glibc,
      [`${LIB}/libgnutls.so.30`]: {},
      '/app/main': program({ needed: ['libgnutls.so.30'] }),
      '/etc/pki/tls/certs/ca-bundle.crt': '',
    },
    need: {
      because: `${LIB}/libgnutls.so.30 is loaded`,
      files: ['/etc/pki/tls/certs/ca-bundle.crt'],
    },
    silent: { '/etc/pki/tls/certs/ca-bundle.crt': undefined },
  },
  {
    kind: 'certs',
    case: 'of GnuTLS, which names no bundle, in a module of p11-kit',
    world: {
      ...glibc,
      [`${LIB}/libgnutls.so.30`]: { needed: ['libp11-kit.so.0'] },
      [`${LIB}/libp11-kit.so.0`]: texts('/usr/share/p11-kit/modules', '/usr/lib64/pkcs11'),
      '/usr/share/p11-kit/modules/trust.module': 'module: p11-kit-trust.so\ntrust-policy: yes\n',
      '/usr/share/p11-kit/modules/smart-card.module': 'module: card.so\n',
      '/usr/lib64/pkcs11/p11-kit-trust.so': {},
      '/usr/lib64/pkcs11/card.so': {},
      '/app/main': program({ needed: ['libgnutls.so.30'] }),
    },
    need: {
      because: `${LIB}/libgnutls.so.30 is loaded`,
      opens: [{ name: '/usr/lib64/pkcs11/p11-kit-trust.so', from: `${LIB}/libp11-kit.so.0` }],
    },
    silent: {
      [`${LIB}/libgnutls.so.30`]: {
        needed: ['libp11-kit.so.0'],
        ...texts('/etc/ssl/certs/ca-certificates.crt'),
      },
    },
  },
  {
    kind: 'certs',
    case: 'of a library that names a bundle',
    world: {
      ...glibc,
      [`${LIB}/libtls.so.26`]: texts('/etc/ssl/cert.pem'),
      '/etc/ssl/cert.pem': '',
      '/app/main': program({ needed: ['libtls.so.26'] }),
    },
    need: {
      because: `${LIB}/libtls.so.26 names /etc/ssl/cert.pem`,
      files: ['/etc/ssl/cert.pem'],
    },
    silent: { [`${LIB}/libtls.so.26`]: texts('/etc/ssl/cert.pem.d') },
  },
  {
    kind: 'certs',
    case: 'of NSS, which the module of p11-kit reads',
    world: {
      ...glibc,
      [`${LIB}/libssl3.so`]: { needed: ['p11-kit-trust.so'] },
      [`${LIB}/p11-kit-trust.so`]: {
        needed: ['libp11-kit.so.0'],
        ...texts('/etc/pki/ca-trust/source:/usr/share/pki/ca-trust-source', '/usr/share', '/etc'),
      },
      [`${LIB}/libp11-kit.so.0`]: texts('/usr/share/p11-kit/modules', '/usr/lib64/pkcs11'),
      '/usr/share/p11-kit/modules/trust.module': 'module: p11-kit-trust.so\ntrust-policy: yes\n',
      '/usr/lib64/pkcs11/p11-kit-trust.so': {},
      '/usr/share/pki/ca-trust-source/anchors/a.pem': '',
      '/app/main': program({ needed: ['libssl3.so'] }),
    },
    need: {
      because: `${LIB}/libssl3.so is loaded`,
      files: ['/usr/share/p11-kit/modules/trust.module', '/usr/share/pki/ca-trust-source'],
      opens: ['libsoftokn3.so', 'libfreebl3.so', 'libfreeblpriv3.so', 'libnssckbi.so'].map(
        (name) => ({ name, from: `${LIB}/libssl3.so` }),
      ),
    },
    silent: { '/app/main': program() },
  },
  {
    kind: 'certs',
    case: 'of NSS, whose modules hold them',
    world: {
      ...glibc,
      [`${LIB}/libssl3.so`]: {},
      '/app/main': program({ needed: ['libssl3.so'] }),
    },
    need: {
      because: `${LIB}/libssl3.so is loaded`,
      opens: ['libsoftokn3.so', 'libfreebl3.so', 'libfreeblpriv3.so', 'libnssckbi.so'].map(
        (name) => ({ name, from: `${LIB}/libssl3.so` }),
      ),
    },
    silent: { '/app/main': program() },
  },
  {
    kind: 'certs',
    case: 'of Go',
    world: { ...go('crypto/x509.loadSystemRoots'), '/etc/ssl/cert.pem': '' },
    need: {
      because: '/app/main has crypto/x509.loadSystemRoots (go1.24.1)',
      files: ['/etc/ssl/cert.pem'],
    },
    silent: go('crypto/x509.ParseCertificate'),
  },
  {
    kind: 'certs',
    case: 'of Go with its own',
    world: {
      ...go('crypto/x509.loadSystemRoots', 'golang.org/x/crypto/x509roots/fallback.init.0'),
      [BUNDLE]: '',
    },
    need: {
      because: '/app/main has golang.org/x/crypto/x509roots/fallback.init.0 (go1.24.1)',
      confidence: 'possible',
      files: [BUNDLE],
    },
    silent: { [BUNDLE]: undefined },
  },
  {
    kind: 'certs',
    case: 'of openssl-probe, in a dynamic program of Rust',
    world: {
      ...glibc,
      '/app/main': program({
        needed: ['libc.so.6'],
        ...calls('connect'),
        ...texts('/opt/etc/sslcerts.pemcerts/ca-certificates.crtcerts/ca-root-nss.crt'),
      }),
      [BUNDLE]: '',
    },
    need: { because: '/app/main has the text certs/ca-certificates.crt', files: [BUNDLE] },
    // It cannot connect.
    silent: { '/app/main': program(texts('certs/ca-certificates.crt')) },
  },
  {
    kind: 'certs',
    case: 'of a static program that may have its own',
    world: { '/app/main': staticProgram('SSL_CERT_FILE'), [BUNDLE]: '' },
    need: {
      because: '/app/main has the text SSL_CERT_FILE',
      confidence: 'likely',
      files: [BUNDLE],
    },
    silent: { '/app/main': staticProgram('CERT') },
  },
  {
    kind: 'terminfo',
    world: {
      ...glibc,
      [`${LIB}/libtinfo.so.6`]: {},
      '/app/main': program({ needed: ['libtinfo.so.6'], ...calls('setupterm') }),
      '/lib/terminfo/x/xterm': '',
      '/usr/share/terminfo/x/xterm': '',
      '/usr/share/terminfo/f/foot': '',
      '/usr/share/terminfo/w/wyse60': '',
    },
    options: { environment: { TERM: 'foot' } },
    need: {
      because: '/app/main imports setupterm',
      files: ['/lib/terminfo/x/xterm', '/usr/share/terminfo/f/foot'],
    },
    silent: { '/app/main': program(calls('setupterm')) },
  },
  {
    kind: 'terminfo',
    case: 'a library that may never be asked',
    world: {
      ...glibc,
      [`${LIB}/libtinfo.so.6`]: {},
      '/app/main': program({ needed: ['libtinfo.so.6'], ...calls('tgetent') }),
      '/lib/terminfo/x/xterm': '',
    },
    need: {
      because: `${LIB}/libtinfo.so.6 is loaded`,
      confidence: 'likely',
      files: ['/lib/terminfo/x/xterm'],
    },
    silent: { '/lib/terminfo/x/xterm': undefined },
  },
];
