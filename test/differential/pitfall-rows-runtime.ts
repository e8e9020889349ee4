/**
 * The pitfalls of docs/pitfalls.md that show only after a program has started: files and libraries
 * that it opens by itself.
 */
import type { PitfallRoot } from './pitfall-root.js';
import type { PitfallRow } from './pitfall-rows.js';
import { REFUSING_DNS } from './refusing-dns.js';

const CANCEL =
  '#include <pthread.h>\n#include <unistd.h>\nstatic void *f(void *p) { pause(); return p; }\n' +
  'int main(void) { pthread_t t; pthread_create(&t, 0, f, 0); pthread_cancel(t);\n' +
  'return pthread_join(t, 0); }';
const STATIC_USER =
  '#include <pwd.h>\n#include <stdio.h>\nint main(void) {\n' +
  'puts(getpwnam("daemon") ? "found" : "no such user"); return 0; }';
const STATIC_DLOPEN =
  '#include <dlfcn.h>\n#include <stdio.h>\n' +
  'int main(void) { if (!dlopen("libc.so", RTLD_NOW)) puts(dlerror()); return 0; }';
const ICONV =
  '#include <iconv.h>\n#include <stdio.h>\n' +
  'int main(void) { if (iconv_open("UTF-8", "ISO-8859-15") == (iconv_t)-1) perror("iconv_open"); return 0; }';
const TEMPORARY =
  '#include <stdio.h>\n#include <stdlib.h>\nint main(void) {\n' +
  'char name[] = "/tmp/x.XXXXXX"; if (mkstemp(name) < 0) perror("mkstemp"); else puts(name); return 0; }';
const GCONV = '/usr/lib/x86_64-linux-gnu/gconv';
/** The list, and those of its modules that images get. */
const takeGconv = (root: PitfallRoot) => {
  root.take(`${GCONV}/gconv-modules.cache`);
  for (const name of ['ISO8859-1', 'ISO8859-15', 'CP1252', 'UTF-16', 'UTF-32', 'UNICODE'])
    root.take(`${GCONV}/${name}.so`);
};
const PASSWD = 'root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:daemon:/:/bin/sh\n';

export const RUNTIME_ROWS: readonly PitfallRow[] = [
  {
    row: 9,
    name: 'pthread_cancel without libgcc_s',
    code: 'LIBGCC_MISSING',
    make: (root) => root.glibc().compile('/app', CANCEL, { flags: ['-pthread'] }),
    real: /libgcc_s\.so\.1 must be installed for pthread_cancel to work/,
    mend: (root) => root.take('/lib/x86_64-linux-gnu/libgcc_s.so.1'),
    mended: /^\nexit code 0$/m,
  },
  {
    row: 10,
    name: 'users without libnss_files, before glibc 2.34',
    code: 'NSS_MODULE_MISSING',
    make: (root, { debian }) => {
      const directory = debian('bullseye');
      root.takeProgram('/usr/bin/getent', directory).write('/etc/passwd', PASSWD);
      root.write('/etc/nsswitch.conf', 'passwd: files\n');
    },
    checked: '/usr/bin/getent',
    start: ['/usr/bin/getent', 'passwd', 'daemon'],
    real: /^exit code 2$/m,
    mend: (root, { debian }) => {
      for (const name of ['libnss_files', 'libnss_dns'])
        root.takeProgram(`/lib/x86_64-linux-gnu/${name}.so.2`, debian('bullseye'));
    },
    mended: /^daemon:x:1:/m,
  },
  {
    row: 11,
    name: '/etc/hosts without nsswitch.conf, before glibc 2.35',
    code: 'NSSWITCH_MISSING',
    make: (root, { debian }) => {
      const directory = debian('bullseye');
      root.takeProgram('/usr/bin/getent', directory);
      for (const name of ['libnss_files', 'libnss_dns', 'libresolv'])
        root.takeProgram(`/lib/x86_64-linux-gnu/${name}.so.2`, directory);
      root.write('/etc/hosts', '10.1.2.3 pitfall.example\n');
      root.write('/etc/resolv.conf', `nameserver ${REFUSING_DNS}\n`);
    },
    checked: '/usr/bin/getent',
    start: ['/usr/bin/getent', 'ahostsv4', 'pitfall.example'],
    real: /^\nexit code 2$/m,
    mend: (root) => root.write('/etc/nsswitch.conf', 'hosts: files dns\n'),
    mended: /^10\.1\.2\.3 /m,
  },
  {
    row: 12,
    name: 'users in a static program for glibc, by a module that is not there',
    code: 'STATIC_NSS',
    make: (root) =>
      root
        .compile('/app', STATIC_USER, { flags: ['-static'] })
        .write('/etc/passwd', PASSWD)
        .write('/etc/nsswitch.conf', 'passwd: compat\n'),
    real: /^no such user$/m,
  },
  {
    row: 13,
    name: 'dlopen in a static program for musl',
    code: 'STATIC_DLOPEN',
    make: (root) =>
      root.compile('/app', STATIC_DLOPEN, { compiler: 'musl-gcc', flags: ['-static'] }),
    real: /^Dynamic loading not supported$/m,
  },
  {
    row: 14,
    name: 'character sets without gconv modules',
    code: 'GCONV_MISSING',
    make: (root) => root.glibc().compile('/app', ICONV),
    real: /^iconv_open: Invalid argument$/m,
    mend: takeGconv,
    mended: /^\nexit code 0$/m,
  },
  {
    row: 14,
    name: 'gconv modules without the list of them',
    code: 'GCONV_MISSING',
    make: (root) => root.glibc().compile('/app', ICONV).take(`${GCONV}/ISO8859-15.so`),
    real: /^iconv_open: Invalid argument$/m,
    mend: takeGconv,
    mended: /^\nexit code 0$/m,
  },
  {
    row: 14,
    name: 'the list of gconv modules without one of them',
    code: 'GCONV_MISSING',
    make: (root) => root.glibc().compile('/app', ICONV).take(`${GCONV}/gconv-modules.cache`),
    real: /^iconv_open: Invalid argument$/m,
    mend: takeGconv,
    mended: /^\nexit code 0$/m,
  },
  {
    row: 15,
    name: 'a locale that is not there',
    code: 'LOCALES_MISSING',
    make: (root) => root.takeProgram('/bin/bash'),
    checked: '/bin/bash',
    start: ['/bin/bash', '-c', 'true'],
    env: { LC_ALL: 'en_US.UTF-8' },
    real: /setlocale: LC_ALL: cannot change locale \(en_US\.UTF-8\)/,
  },
  {
    row: 16,
    name: 'a time zone that is not there',
    code: 'ZONEINFO_MISSING',
    make: (root) => root.takeProgram('/bin/date'),
    checked: '/bin/date',
    start: ['/bin/date', '-d', '@0', '+%Z %H'],
    env: { TZ: 'Europe/Paris' },
    real: /^Europe 00$/m,
    mend: (root) => root.take('/usr/share/zoneinfo/Europe/Paris'),
    mended: /^CET 01$/m,
  },
  {
    row: 17,
    name: 'no CA certificates',
    code: 'CERTIFICATES_MISSING',
    make: (root, { port }) =>
      root.takeProgram('/usr/bin/curl').write('/curlrc', `url = https://127.0.0.1:${port}\n`),
    checked: '/usr/bin/curl',
    start: ['/usr/bin/curl', '-sS', '-K', '/curlrc'],
    real: /curl: \(77\) error setting certificate file: \/etc\/ssl\/certs\/ca-certificates\.crt/,
  },
  {
    row: 18,
    name: 'no /etc/passwd',
    code: 'PASSWD_MISSING',
    make: (root) => root.takeProgram('/usr/bin/whoami'),
    checked: '/usr/bin/whoami',
    start: ['/usr/bin/whoami'],
    real: /whoami: cannot find name for user ID 0/,
    mend: (root) => root.write('/etc/passwd', PASSWD),
    mended: /^root$/m,
  },
  {
    row: 19,
    name: 'no /tmp',
    code: 'TMP_MISSING',
    make: (root) => root.glibc().compile('/app', TEMPORARY),
    real: /^mkstemp: No such file or directory$/m,
    mend: (root) => root.write('/tmp/.keep', ''),
    mended: /^\/tmp\/x\./m,
  },
  {
    row: 29,
    name: "OpenSSL's legacy provider",
    code: 'OPENSSL_MODULES_MISSING',
    make: (root) => root.takeProgram('/usr/bin/openssl'),
    checked: '/usr/bin/openssl',
    start: ['/usr/bin/openssl', 'list', '-providers', '-provider', 'legacy'],
    real: /could not load the shared library/,
    mend: (root) => root.take('/usr/lib/x86_64-linux-gnu/ossl-modules/legacy.so'),
    mended: /legacy/,
  },
  {
    row: 32,
    name: 'no terminal descriptions',
    code: 'TERMINFO_MISSING',
    make: (root) => root.takeProgram('/usr/bin/tput'),
    checked: '/usr/bin/tput',
    start: ['/usr/bin/tput', 'cols'],
    env: { TERM: 'xterm' },
    real: /unknown terminal "xterm"/,
    mend: (root) => root.take('/lib/terminfo/x/xterm'),
    mended: /^80$/m,
  },
];
