/**
 * Every detector of runtime needs: a world where it reports, with what it says, and one that differs
 * as little as can be where it is silent. That programs really fail without is shown in
 * test/differential/runtime.test.ts.
 */
import { describe, expect, it } from 'vitest';
import * as c from '../../src/elf/constants.js';
import { type NeedOptions, needDetectors, type RuntimeNeed } from '../../src/index.js';
import { buildElf } from '../support/elf-builder.js';
import { muslProgram, muslSystem, program, TRIPLET, type World } from '../support/world.js';
import { calls, glibcWith, goProgram, LIB, LIBC, needsIn, texts } from './need-worlds.js';

interface Row {
  readonly kind: string;
  /** What is special, where a kind has several rows. */
  readonly case?: string;
  readonly world: World;
  readonly options?: NeedOptions;
  /** All of the need that is not empty; `confidence` without it is sure. */
  readonly need: Pick<RuntimeNeed, 'because'> & Partial<RuntimeNeed>;
  /** Added to the world (undefined takes a file away), or other options: then nothing is found. */
  readonly silent: Readonly<Record<string, World[string] | undefined>> | NeedOptions;
}

const glibc = glibcWith();
const app = (...names: string[]): World => ({
  ...glibc,
  '/app/main': program({ needed: ['libc.so.6'], ...calls(...names) }),
});
const without = app('puts');
const GCONV = `/usr/lib/${TRIPLET}/gconv`;
const MODULES = `/usr/lib/${TRIPLET}/ossl-modules`;
const BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
const staticProgram = (...values: string[]) => ({
  type: c.ET_EXEC,
  dynamic: false,
  ...texts(...values),
});
/** What static programs of glibc with the name service switch have. */
const staticGlibc = (minor: number) => [
  `GNU C Library stable release version 2.${minor}.`,
  '/etc/nsswitch.conf',
  '_nss_%s_%s',
];
/** A dynamic program with bytes behind its end. */
const behind = (text: string) => {
  const { soname: _, ...options } = program({ needed: ['libc.so.6'] });
  return Buffer.concat([buildElf(options), Buffer.from(text, 'latin1')]);
};
/** UPX writes its header directly behind the program headers. */
const upx: World[string] = {
  type: c.ET_EXEC,
  dynamic: false,
  ...texts('room for the header'),
  patch: [[64 + 2 * 56 + 8, ...Buffer.from('UPX!')]],
};
const libcrypto = texts('OPENSSLDIR: "/usr/lib/ssl"', `MODULESDIR: "${MODULES}"`);
const RESOLVER = 'net.(*Resolver).lookupIPAddr';
const go = (...functions: string[]): World => ({ '/app/main': goProgram({ functions }) });
const zones: World = { '/usr/share/zoneinfo/Europe/Paris': 'TZif', '/etc/localtime': 'TZif' };
const isWorld = (silent: Row['silent']) => Object.keys(silent).some((key) => key.startsWith('/'));

const rows: readonly Row[] = [
  {
    kind: 'dlopen',
    world: {
      ...glibc,
      '/app/main': program({
        dlopen: [[{ soname: ['liba.so', 'libb.so'], priority: 'required' }]],
      }),
    },
    need: {
      because: '/app/main has a note of liba.so or libb.so (required)',
      opens: [
        { name: 'liba.so', from: '/app/main' },
        { name: 'libb.so', from: '/app/main' },
      ],
    },
    silent: { dlopen: 'none' },
  },
  {
    kind: 'dlopen',
    case: 'a note of less priority, asked for',
    world: { ...glibc, '/app/main': program({ dlopen: [[{ soname: ['liba.so'] }]] }) },
    options: { dlopen: 'recommended' },
    need: {
      because: '/app/main has a note of liba.so (recommended)',
      opens: [{ name: 'liba.so', from: '/app/main' }],
    },
    silent: { dlopen: 'required' },
  },
  {
    kind: 'libgcc',
    world: app('pthread_cancel'),
    need: {
      because: '/app/main imports pthread_cancel',
      opens: [{ name: 'libgcc_s.so.1', from: LIBC }],
    },
    // It is loaded already.
    silent: {
      [`${LIB}/libgcc_s.so.1`]: {},
      '/app/main': program({
        needed: ['libc.so.6', 'libgcc_s.so.1'],
        ...calls('pthread_cancel'),
      }),
    },
  },
  {
    kind: 'nss',
    world: {
      ...app('getaddrinfo'),
      '/etc/nsswitch.conf': 'passwd: ldap\nhosts: files mdns [NOTFOUND=return] dns extra # x\n',
    },
    need: {
      because: '/app/main imports getaddrinfo',
      files: ['/etc/nsswitch.conf'],
      opens: [{ name: 'libnss_extra.so.2', from: LIBC }],
    },
    silent: without,
  },
  {
    kind: 'nss',
    case: 'before 2.34, without a configuration',
    world: { ...app('getpwnam'), ...glibcWith(31) },
    need: {
      because: '/app/main imports getpwnam',
      generated: {
        '/etc/nsswitch.conf': 'passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n',
      },
      opens: [{ name: 'libnss_files.so.2', from: LIBC }],
    },
    silent: { ...muslSystem(), '/app/main': muslProgram(calls('getpwnam')) },
  },
  {
    kind: 'nss',
    case: 'of Go, which needs no module',
    world: { ...go(RESOLVER), '/etc/nsswitch.conf': 'hosts: files myhost dns' },
    need: {
      because: `/app/main has ${RESOLVER} (go1.24.1, without cgo)`,
      files: ['/etc/nsswitch.conf'],
    },
    silent: go(),
  },
  {
    kind: 'nss',
    case: 'of Go with cgo',
    world: {
      ...glibc,
      '/app/main': goProgram(
        { functions: [RESOLVER], settings: 'build\tCGO_ENABLED=1\n' },
        program({ needed: ['libc.so.6'], dynamic: true }),
      ),
      '/etc/nsswitch.conf': 'hosts: files\n',
    },
    need: {
      because: `/app/main has ${RESOLVER} (go1.24.1, with cgo)`,
      files: ['/etc/nsswitch.conf'],
    },
    // Not a program of Go, only its texts.
    silent: {
      '/app/main': program({ needed: ['libc.so.6'], ...texts(RESOLVER, '\xff Go buildinf:') }),
    },
  },
  {
    kind: 'passwd',
    world: {
      ...app('getpwuid'),
      '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nann:x:7:8::/:/bin/sh\nbob:x:9:9::/:/bin/sh\n',
      '/etc/group': 'root:x:0:\nusers:x:8:\nwheel:x:10:\n',
    },
    options: { user: '7' },
    need: {
      because: '/app/main imports getpwuid',
      generated: {
        '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nann:x:7:8::/:/bin/sh\n',
        '/etc/group': 'root:x:0:\nusers:x:8:\n',
      },
    },
    silent: without,
  },
  {
    kind: 'passwd',
    case: 'a user by name, and a root that has no users',
    world: without,
    options: { user: 'ann' },
    need: {
      because: '--user ann is a name',
      generated: {
        '/etc/passwd':
          'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n',
        '/etc/group': 'root:x:0:\nnogroup:x:65534:\n',
      },
    },
    silent: { user: '1000' },
  },
  {
    kind: 'hosts',
    world: { ...app('getaddrinfo'), '/etc/hosts': '127.0.0.1 localhost\n10.0.0.1 secret\n' },
    need: {
      because: '/app/main imports getaddrinfo',
      generated: { '/etc/hosts': '127.0.0.1 localhost\n' },
    },
    silent: without,
  },
  {
    kind: 'hosts',
    case: 'of Go, in a root without the file',
    world: go('net.(*Resolver).lookupHost'),
    need: {
      because: '/app/main has net.(*Resolver).lookupHost (go1.24.1, without cgo)',
      generated: {
        '/etc/hosts': '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n',
      },
    },
    silent: go('net.(*Resolver).lookupHost2'),
  },
  {
    kind: 'services',
    world: { ...app('getservbyname'), '/etc/services': 'http 80/tcp\n' },
    need: { because: '/app/main imports getservbyname', files: ['/etc/services'] },
    silent: { '/etc/services': undefined },
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
    case: 'zones that a program of Go loads by name',
    world: { ...go('time.LoadLocation'), ...zones },
    need: {
      because: '/app/main has time.LoadLocation (go1.24.1, without cgo)',
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
      '/usr/lib/ssl/openssl.cnf': '',
      '/usr/lib/ssl/cert.pem': '',
      '/usr/lib/ssl/certs/a.pem': '',
      [BUNDLE]: '',
    },
    need: {
      because: `${LIB}/libssl.so.3 is loaded, which looks in /usr/lib/ssl`,
      files: ['/usr/lib/ssl/cert.pem', '/usr/lib/ssl/openssl.cnf', BUNDLE],
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
      because: '/app/main has crypto/x509.loadSystemRoots (go1.24.1, without cgo)',
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
      because:
        '/app/main has golang.org/x/crypto/x509roots/fallback.init.0 (go1.24.1, without cgo)',
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
    kind: 'tmp',
    case: 'of Go',
    world: go('os.MkdirTemp'),
    need: {
      because: '/app/main has os.MkdirTemp (go1.24.1, without cgo)',
      directories: [{ path: '/tmp', mode: 0o1777 }],
    },
    silent: go('os.Mkdir'),
  },
  {
    kind: 'tmp',
    world: app('mkstemp'),
    need: {
      because: '/app/main imports mkstemp',
      directories: [{ path: '/tmp', mode: 0o1777 }],
    },
    silent: without,
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
    kind: 'pam',
    world: {
      ...glibc,
      [`${LIB}/libpam.so.0`]: {},
      [`${LIB}/security/pam_unix.so`]: {},
      [`${LIB}/security/pam_old.so`]: {},
      '/app/main': program({ needed: ['libpam.so.0'] }),
      '/etc/pam.d/login': '# auth required pam_old.so\nauth [success=1] pam_unix.so nullok\n',
    },
    need: {
      because: `${LIB}/libpam.so.0 is loaded`,
      files: ['/etc/pam.d'],
      opens: [{ name: `${LIB}/security/pam_unix.so`, from: `${LIB}/libpam.so.0` }],
      generated: { '/etc/shadow': 'root:*:19000:0:99999:7:::\nnobody:*:19000:0:99999:7:::\n' },
    },
    silent: { '/app/main': program() },
  },
  {
    kind: 'shell',
    world: { ...app('system'), '/bin/sh': program() },
    need: { because: '/app/main imports system', confidence: 'likely', starts: ['/bin/sh'] },
    silent: { '/bin/sh': undefined },
  },
  {
    kind: 'openssl-modules',
    world: {
      ...glibc,
      [`${LIB}/libcrypto.so.3`]: libcrypto,
      '/app/main': program({ needed: ['libcrypto.so.3'] }),
      [`${MODULES}/legacy.so`]: {},
    },
    need: {
      because: `${LIB}/libcrypto.so.3 has providers in ${MODULES}`,
      confidence: 'possible',
      opens: [{ name: `${MODULES}/legacy.so`, from: `${LIB}/libcrypto.so.3` }],
    },
    silent: { [`${MODULES}/legacy.so`]: undefined },
  },
  {
    kind: 'openssl-modules',
    case: 'turned on',
    world: {
      ...glibc,
      [`${LIB}/libcrypto.so.3`]: libcrypto,
      '/app/main': program({ needed: ['libcrypto.so.3'] }),
      '/usr/lib/ssl/openssl.cnf': '[provider_sect]\nlegacy = legacy_sect\n',
      [`${MODULES}/legacy.so`]: {},
    },
    need: {
      because: `openssl.cnf turns a provider of ${MODULES} on`,
      opens: [{ name: `${MODULES}/legacy.so`, from: `${LIB}/libcrypto.so.3` }],
    },
    silent: { '/app/main': program() },
  },
  {
    kind: 'plugins',
    world: {
      ...glibc,
      [`${LIB}/libgio-2.0.so.0`]: {},
      [`${LIB}/gio/modules/libtls.so`]: {},
      [`${LIB}/gio/modules/giomodule.cache`]: '',
      '/app/main': program({ needed: ['libgio-2.0.so.0'] }),
    },
    need: {
      because: `${LIB}/libgio-2.0.so.0 is loaded`,
      confidence: 'likely',
      files: [`${LIB}/gio/modules`],
      opens: [{ name: `${LIB}/gio/modules/libtls.so`, from: `${LIB}/libgio-2.0.so.0` }],
    },
    silent: { '/app/main': program() },
  },
  {
    kind: 'idn',
    world: app('getaddrinfo'),
    need: {
      because: '/app/main imports getaddrinfo',
      confidence: 'possible',
      opens: [{ name: 'libidn2.so.0', from: LIBC }],
    },
    silent: glibcWith(27),
  },
  {
    kind: 'static-nss',
    case: 'of the release that the root has: modules with what they need',
    world: {
      ...glibcWith(31),
      [`${LIB}/libnss_files.so.2`]: { needed: ['libc.so.6'] },
      [LIBC]: {
        needed: ['ld-linux-x86-64.so.2'],
        ...texts('GNU C Library stable release version 2.31.'),
      },
      '/app/main': staticProgram(...staticGlibc(31), `${LIB}/`, '/lib/'),
      '/etc/passwd': 'root:x:0:0::/:/bin/sh\n',
      '/etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files myhost\n',
    },
    need: {
      because:
        '/app/main is static, but opens modules of glibc 2.31 only (libnss_files.so.2, libnss_myhost.so.2); the root has 2.31',
      confidence: 'likely',
      files: [
        '/etc/nsswitch.conf',
        '/etc/passwd',
        `${LIB}/libnss_files.so.2`,
        LIBC,
        `${LIB}/ld-linux-x86-64.so.2`,
      ],
    },
    // Every static program of glibc has the loader's texts, and needs nothing of it.
    silent: { '/app/main': staticProgram(staticGlibc(31)[0] as string, `${LIB}/`, '/lib/') },
  },
  {
    kind: 'static-nss',
    case: 'of another release than the root has',
    world: {
      ...glibcWith(36),
      '/app/main': staticProgram(...staticGlibc(41), `${LIB}/`),
      '/etc/nsswitch.conf': 'hosts: files dns\n',
      [`${LIB}/libnss_files.so.2`]: {},
    },
    need: {
      because:
        '/app/main is static, but opens modules of glibc 2.41 only (none that nsswitch.conf names); the root has 2.36',
      confidence: 'likely',
      files: ['/etc/nsswitch.conf'],
    },
    // A dynamic program opens modules by its loader.
    silent: { '/app/main': program({ needed: ['libc.so.6'], ...texts(...staticGlibc(41)) }) },
  },
  {
    kind: 'static-dlopen',
    world: { '/app/main': staticProgram('Dynamic loading not supported') },
    need: {
      because: "/app/main is static, where musl's dlopen says 'Dynamic loading not supported'",
      confidence: 'possible',
    },
    silent: { '/app/main': staticProgram('Dynamic loading not supported here') },
  },
  {
    kind: 'packed',
    case: 'by UPX',
    world: { '/app/main': upx },
    need: {
      because:
        '/app/main is packed by UPX, what is inside may need more: unpack it (upx -d /app/main) and check the result',
    },
    silent: { '/app/main': staticProgram(' '.repeat(80), 'UPX!') },
  },
  {
    kind: 'packed',
    case: 'an AppImage',
    world: { '/app/main': { type: c.ET_EXEC, dynamic: false, patch: [[8, 0x41, 0x49, 2]] } },
    need: {
      because:
        '/app/main is packed by AppImage, what is inside may need more: unpack it (/app/main --appimage-extract) and check squashfs-root',
    },
    silent: { '/app/main': { type: c.ET_EXEC, dynamic: false } },
  },
  {
    kind: 'packed',
    case: 'by PyInstaller, a dynamic program with an archive behind it',
    world: { ...glibc, '/app/main': behind('MEI\x0c\x0b\x0a\x0b\x0e'.padEnd(88, '\0')) },
    need: {
      because:
        '/app/main is packed by PyInstaller, what is inside may need more: check the libraries of its build directory, or build with --onedir',
    },
    silent: { '/app/main': behind('MEI') },
  },
  {
    kind: 'packed',
    case: 'by makeself',
    world: {
      '/bin/sh': staticProgram(),
      '/app/main': '#!/bin/sh\n# This script was generated using Makeself 2.5.0\nexit 0\n\x1f\x8b',
    },
    need: {
      because:
        '/app/main is packed by makeself, what is inside may need more: unpack it (sh /app/main --noexec --target DIR) and check that',
    },
    silent: { '/app/main': '#!/bin/sh\necho "# This script was generated using Makeself 2.5.0"\n' },
  },
  {
    kind: 'host',
    world: {
      ...glibc,
      [`${LIB}/libcuda.so.1`]: {},
      '/app/main': program({ needed: ['libcuda.so.1', 'libc.so.6'] }),
    },
    need: {
      because:
        "/app/main needs libcuda.so.1: the library belongs to NVIDIA's kernel driver and comes from the host",
    },
    silent: { '/app/main': program({ needed: ['libc.so.6'] }) },
  },
  {
    kind: 'host',
    case: 'named where dlopen is called',
    world: {
      ...glibc,
      '/app/main': program({ ...calls('dlopen'), ...texts('libnvidia-ml.so.1') }),
    },
    need: {
      because:
        "/app/main needs libnvidia-ml.so.1: the library belongs to NVIDIA's kernel driver and comes from the host",
    },
    silent: { '/app/main': program(texts('libnvidia-ml.so.1')) },
  },
  {
    kind: 'host',
    case: 'what a library of Vulkan opens',
    world: {
      ...glibc,
      [`${LIB}/libvulkan.so.1`]: {},
      '/app/main': program({ needed: ['libvulkan.so.1'] }),
    },
    need: {
      because: `${LIB}/libvulkan.so.1 opens drivers that /etc/vulkan/icd.d and /usr/share/vulkan/icd.d name: they come from the host`,
      confidence: 'possible',
    },
    silent: { '/app/main': program() },
  },
  {
    kind: 'dlopen-texts',
    world: {
      ...glibc,
      '/app/main': program({
        needed: ['libc.so.6'],
        ...calls('dlopen'),
        ...texts('libfoo.so.1', '/opt/x/plug.so', 'lib%s.so', 'libc.so.6'),
      }),
    },
    need: {
      because: '/app/main imports dlopen, and names libfoo.so.1, /opt/x/plug.so',
      confidence: 'possible',
      opens: [
        { name: 'libfoo.so.1', from: '/app/main' },
        { name: '/opt/x/plug.so', from: '/app/main' },
      ],
    },
    silent: { '/app/main': program({ needed: ['libc.so.6'], ...texts('libfoo.so.1') }) },
  },
];

const nothing = {
  program: '/app/main',
  confidence: 'sure',
  files: [],
  except: [],
  opens: [],
  starts: [],
  directories: [],
  generated: {},
};

describe.each(rows.map((row) => [`${row.kind} ${row.case ?? ''}`.trim(), row] as const))(
  '%s',
  (_name, { kind, world, options = {}, need, silent }) => {
    it('is found', () => {
      const found = needsIn(world, options).filter((each) => each.kind === kind);
      expect(found).toEqual([{ ...nothing, kind, ...need }]);
    });

    it('is not found', () => {
      const changed = isWorld(silent) ? { ...world, ...(silent as World) } : world;
      const present = Object.entries(changed).filter(([, node]) => node !== undefined);
      const other = isWorld(silent) ? options : (silent as NeedOptions);
      const kinds = needsIn(Object.fromEntries(present), other).map((each) => each.kind);
      expect(kinds).not.toContain(kind);
    });
  },
);

it('every detector has a row', () => {
  expect(new Set(rows.map(({ kind }) => kind))).toEqual(
    new Set(needDetectors.map(({ kind }) => kind)),
  );
});

it('copies no driver for a note or a guess', () => {
  const sonames = ['libcuda.so.1', 'liba.so'];
  const main = program({
    ...calls('dlopen'),
    ...texts('libnvidia-ml.so.1', 'libplug.so'),
    dlopen: [sonames.map((soname) => ({ soname: [soname], priority: 'required' }))],
  });
  const needs = needsIn({ ...glibc, '/app/main': main });
  expect(needs.flatMap(({ opens }) => opens.map(({ name }) => name))).toEqual([
    'liba.so',
    'libplug.so',
  ]);
  expect(needs.find(({ kind }) => kind === 'host')?.because).toContain(
    'libcuda.so.1, libnvidia-ml.so.1',
  );
});
