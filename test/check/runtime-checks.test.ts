/**
 * Findings about what a program opens at run time: a root where it is missing, and the same root mended.
 * What users see there is in test/differential/pitfalls.test.ts.
 */
import { describe, expect, it } from 'vitest';
import type { FindingRule } from '../../src/finding.js';
import { checkTrace } from '../../src/index.js';
import { findingRules, needDetectors } from '../../src/registry.js';
import {
  calls,
  glibcWith,
  goProgram,
  LIB,
  staticProgram,
  texts,
  unstripped,
} from '../needs/need-worlds.js';
import { buildFont } from '../support/font-builder.js';
import {
  muslProgram,
  muslSystem,
  program,
  TRIPLET,
  traceWorld,
  type World,
} from '../support/world.js';

const glibc = glibcWith(36);
const needed = ['libc.so.6'];
const GCONV = `/usr/lib/${TRIPLET}/gconv`;
const app = (...names: string[]): World => ({
  ...glibc,
  '/app/main': program({ needed, ...calls(...names) }),
});
const opening = (...names: string[]): World => ({
  ...glibc,
  '/app/main': program({ needed, ...calls('dlopen'), ...texts(...names) }),
});
const go = (version: string, ...functions: string[]): World => ({
  '/app/main': goProgram({ functions, version }),
});
const libcrypto = texts('OPENSSLDIR: "/usr/lib/ssl"', `MODULESDIR: "${LIB}/ossl-modules"`);

const script = (...lines: string[]): World => ({
  ...glibc,
  '/bin/bash': program({ needed, ...texts('shopt') }),
  '/usr/bin/ls': program({ needed }),
  '/lib/functions': 'say() { echo; }\n',
  '/app/main': { bytes: Buffer.from(['#!/bin/bash', ...lines, ''].join('\n')), mode: 0o755 },
});

interface Row {
  readonly finding: string;
  readonly case?: string;
  readonly world: World;
  /** What the message says. */
  readonly says: string;
  /** With these the finding is gone. */
  readonly mended: World;
}

const python = (...lines: string[]): World => ({
  ...glibc,
  '/usr/bin/python3.11': program({ needed, ...texts('sys', 'builtin_one', '_fcntl') }),
  '/usr/lib/python3.11/os.py': '',
  '/usr/lib/python3.11/json/__init__.py': '',
  '/usr/lib/python3.11/lib-dynload/_ssl.cpython-311-x86_64-linux-gnu.so': '',
  '/usr/lib/python3/dist-packages/yaml/__init__.py': '',
  '/app/beside.py': '',
  '/app/main': {
    bytes: Buffer.from(['#!/usr/bin/python3.11', ...lines, ''].join('\n')),
    mode: 0o755,
  },
});
const node = (...lines: string[]): World => ({
  ...glibc,
  '/usr/bin/node': program({ needed, ...texts('node_modules', 'fs', 'os') }),
  '/app/main': { bytes: Buffer.from(['#!/usr/bin/node', ...lines, ''].join('\n')), mode: 0o755 },
});

const rows: readonly Row[] = [
  {
    finding: 'warning IMPORTS_MISSING',
    case: 'of Python',
    world: python(
      '"""',
      'from here import nothing',
      '"""',
      'import sys, builtin_one, fcntl, json.decoder, flask',
      'import os as system, _ssl',
      'from yaml import load',
      'from beside import x',
      'from requests.api import get',
      'try:',
      '  import simplejson',
      'except ImportError:',
      '  pass',
    ),
    says: '/app/main: imports flask and requests, and the root does not have them',
    mended: {
      '/usr/lib/python3/dist-packages/flask.py': '',
      '/usr/lib/python3.11/site-packages/requests/__init__.py': '',
    },
  },
  {
    finding: 'warning IMPORTS_MISSING',
    case: 'of a script that does not change where modules are',
    world: python('import flask'),
    says: '/app/main: imports flask, and the root does not have it',
    mended: python('import sys', 'sys.path.insert(0, "/opt")', 'import flask'),
  },
  {
    finding: 'warning IMPORTS_MISSING',
    case: 'of Node.js',
    world: node(
      'const fs = require("fs");',
      "import os from 'node:os';",
      'const own = require("./own");',
      'const { a } = require("express/lib/router"), b = 1;',
      "import { x } from '@scope/name';",
      '  const late = require("late");',
    ),
    says: '/app/main: imports express and @scope/name, and the root does not have them',
    mended: {
      '/app/node_modules/express/index.js': '',
      '/node_modules/@scope/name/index.js': '',
    },
  },
  {
    finding: 'note SERVICES_MISSING',
    world: app('getservbyname'),
    says: '/app/main: imports getservbyname, and the root has no /etc/services',
    mended: { '/etc/services': 'https 443/tcp\n' },
  },
  {
    finding: 'note SERVICES_MISSING',
    case: 'of a function that takes the name of a port',
    world: app('getaddrinfo'),
    says: '/app/main: imports getaddrinfo, and the root has no /etc/services',
    mended: { '/etc/services': 'https 443/tcp\n' },
  },
  {
    finding: 'note COMMAND_MISSING',
    world: script(
      'set -e; shopt -s nullglob # awk',
      'list=(one two); for ((i = 0; i < 2; i++)); do say "$i"; done',
      'say() { printf "%s\\n" "$1"; }',
      'case $1 in start|stop) say x ;; *) exit ;; esac',
      '[[ $1 =~ (a|b) ]] && say y',
      'command -v lsof >/dev/null && lsof',
      'if [ -x /usr/bin/wget ]; then wget x; fi',
      'awk "{ print }" <<END',
      'sed',
      'END',
      'curl -s "$URL" | /usr/bin/grep x > out',
      '$PAGER; "$1" x; ls',
      `x="$(jq "$(ls)" '(.a)
b')" y=$(ls 'f(x)
z')`,
    ),
    says: '/app/main: starts awk, curl, /usr/bin/grep and jq, and the root does not have them',
    mended: Object.fromEntries(
      ['awk', 'curl', 'grep', 'jq'].map((name) => [`/usr/bin/${name}`, program({ needed })]),
    ),
  },
  {
    finding: 'note COMMAND_MISSING',
    case: 'which a file that the script reads may define',
    world: script('. /lib/functions', 'log x'),
    says: '/app/main: starts log, and the root does not have it',
    mended: { '/lib/functions': 'log() { echo; }\n' },
  },
  {
    finding: 'note COMMAND_MISSING',
    case: 'with the PATH that it sets',
    world: script('export PATH="/opt/bin:$PATH"', 'tool x'),
    says: '/app/main: starts tool, and the root does not have it',
    mended: { '/opt/bin/tool': program({ needed }) },
  },
  {
    finding: 'note COMMAND_MISSING',
    case: 'where what the script reads is not known',
    world: script('log x'),
    says: '/app/main: starts log, and the root does not have it',
    mended: script('. "$HERE/functions"', 'log x'),
  },
  {
    finding: 'note COMMAND_MISSING',
    case: 'of a program that names a helper of its own',
    world: {
      ...glibc,
      '/app/main': program({
        needed,
        ...calls('execv'),
        ...texts('/usr/bin/main-agent', '/usr/bin/other'),
      }),
    },
    says: '/app/main: names /usr/bin/main-agent, and the root does not have it',
    mended: { '/usr/bin/main-agent': program({ needed }) },
  },
  {
    finding: 'error JAVA_MISSING',
    world: {
      ...glibc,
      '/app/lib/libjli.so': {},
      '/app/main': program({ needed: ['libjli.so'], runpath: '$ORIGIN/lib' }),
    },
    says: '/app/lib/libjli.so: is loaded, and the root has no libjava.so above it',
    mended: { '/app/lib/libjava.so': {} },
  },
  {
    finding: 'error PYTHON_MODULES_MISSING',
    world: {
      ...glibc,
      '/app/main': { link: '../opt/bin/python3.11' },
      '/opt/bin/python3.11': program({ needed }),
    },
    says: 'is an interpreter of Python, and the root has none of its modules',
    mended: { '/opt/lib/python3.11/os.py': '' },
  },
  {
    finding: 'error PYTHON_MODULES_MISSING',
    case: 'where it was built for',
    world: {
      ...glibc,
      '/app/main': { link: '../opt/bin/python3.11' },
      '/opt/bin/python3.11': program({ needed }),
    },
    says: 'is an interpreter of Python, and the root has none of its modules',
    mended: { '/usr/lib/python3.11/os.py': '' },
  },
  {
    finding: 'error PYTHON_MODULES_MISSING',
    case: 'of a build without the GIL, which has a directory of its own',
    world: {
      ...glibc,
      '/app/main': { link: '../opt/bin/python3.13t' },
      '/opt/bin/python3.13t': program({ needed }),
      '/opt/lib/python3.13/os.py': '',
    },
    says: 'is an interpreter of Python, and the root has none of its modules',
    mended: { '/opt/lib/python3.13t/os.py': '' },
  },
  {
    finding: 'error PYTHON_MODULES_MISSING',
    case: 'of a virtual environment, whose Python is elsewhere',
    world: {
      ...glibc,
      '/app/main': { link: '../opt/bin/python3.11' },
      '/app/pyvenv.cfg': 'home = /srv/python/bin\n',
      '/opt/bin/python3.11': program({ needed }),
    },
    says: 'is an interpreter of Python, and the root has none of its modules',
    mended: { '/srv/python/lib/python3.11/os.py': '' },
  },
  {
    finding: 'warning PYTHON_MODULES_MISSING',
    case: 'of a program that has Python in a library',
    world: {
      ...glibc,
      [`${LIB}/libpython3.11.so.1.0`]: {},
      '/app/main': program({ needed: ['libpython3.11.so.1.0', ...needed] }),
    },
    says: 'is an interpreter of Python, and the root has none of its modules',
    mended: { '/usr/lib/python3.11/os.py': '' },
  },
  {
    finding: 'warning MODULES_MISSING',
    world: {
      ...glibc,
      [`${LIB}/libruby-3.1.so.3.1`]: texts('/usr/lib/ruby/3.1.0', '/usr/local/lib/site_ruby'),
      '/app/main': program({ needed: ['libruby-3.1.so.3.1', ...needed] }),
    },
    says: `${LIB}/libruby-3.1.so.3.1: names /usr/lib/ruby/3.1.0, and the root has none of them`,
    mended: { '/usr/lib/ruby/3.1.0/set.rb': '' },
  },
  {
    finding: 'note CONFIG_MISSING',
    world: {
      ...glibc,
      '/app/main': texts('/etc/main/main.conf', '/etc/main/mime', '/etc/other.conf'),
      '/etc/main/mime': '',
    },
    says: '/app/main: names /etc/main/main.conf, and the root has nothing there',
    mended: { '/etc/main/main.conf': '' },
  },
  {
    finding: 'note CONFIG_MISSING',
    case: 'where packages tell what is optional',
    world: { ...glibc, '/app/main': texts('/etc/main.conf') },
    says: '/app/main: names /etc/main.conf, and',
    mended: { '/var/lib/dpkg/status': 'Package: a\nStatus: install ok installed\nVersion: 1\n' },
  },
  {
    finding: 'note DATA_MISSING',
    world: {
      ...glibc,
      [`${LIB}/libproj.so.25`]: texts('/usr/share/proj', '/usr/share/projector/a', '/usr/share/b'),
      '/app/main': program({ needed: ['libproj.so.25', ...needed] }),
    },
    says: `${LIB}/libproj.so.25: names /usr/share/proj and /usr/share/projector/a, and the root has none of them`,
    mended: { '/usr/share/proj/proj.db': '' },
  },
  {
    finding: 'note DATA_MISSING',
    case: 'of an interpreter without its modules',
    world: {
      ...glibc,
      '/app/main': { link: '../opt/bin/python3.11' },
      '/opt/bin/python3.11': program({ needed, ...texts('/lib/python') }),
    },
    says: '/app/main: names /lib/python, and the root has nothing there',
    mended: { '/opt/lib/python3.11/os.py': '' },
  },
  {
    finding: 'note STATE_MISSING',
    world: {
      ...glibc,
      '/app/main': texts('/var/lib/main/body', '/var/log/main/a.log', '/run/x/y'),
    },
    says: '/app/main: names /var/lib/main/body and /var/log/main/a.log, and the root has none of them',
    mended: { '/var/lib/main': { directory: true } },
  },
  {
    finding: 'warning PAM_MISSING',
    world: {
      ...glibc,
      [`${LIB}/libpam.so.0`]: {},
      '/app/main': program({ needed: ['libpam.so.0', ...needed], ...calls('pam_start') }),
    },
    says: '/app/main: imports pam_start, and the root has no service of PAM',
    mended: { '/etc/pam.d/other': '' },
  },
  {
    finding: 'warning FONTS_MISSING',
    world: {
      ...glibc,
      [`${LIB}/libfontconfig.so.1`]: {},
      '/app/main': program({ needed: ['libfontconfig.so.1', ...needed] }),
    },
    says: `${LIB}/libfontconfig.so.1 is loaded, and the root has no fonts in /usr/share/fonts`,
    mended: { '/usr/share/fonts/a.ttf': buildFont('A') },
  },
  {
    finding: 'note FONTS_MISSING',
    case: 'of Java, which opens fontconfig by a library of its home',
    world: {
      ...glibc,
      '/app/lib/libjli.so': {},
      '/app/lib/libjava.so': {},
      '/app/lib/libawt_headless.so': texts('libfontconfig.so.1'),
      '/app/main': program({ needed: ['libjli.so'], runpath: '$ORIGIN/lib' }),
    },
    says: '/app/lib/libawt_headless.so opens libfontconfig.so.1, and the root has no fonts in /usr/share/fonts',
    mended: { '/usr/share/fonts/a.ttf': buildFont('A') },
  },
  {
    finding: 'warning LIBGCC_MISSING',
    world: app('pthread_exit'),
    says: '/app/main: calls pthread_exit(), and there is no libgcc_s.so.1 in the root',
    mended: { [`${LIB}/libgcc_s.so.1`]: {} },
  },
  {
    finding: 'warning NSS_MODULE_MISSING',
    world: { ...app('getpwnam'), ...glibcWith(31) },
    says: 'calls getpwnam(), which asks files for passwd, and there is no libnss_files.so.2',
    mended: { [`${LIB}/libnss_files.so.2`]: {} },
  },
  {
    finding: 'note NSS_MODULE_MISSING',
    world: { ...app('getaddrinfo'), '/etc/nsswitch.conf': 'hosts: files mdns4 dns\n' },
    says: 'asks mdns4 for hosts, and there is no libnss_mdns4.so.2',
    mended: { '/etc/nsswitch.conf': 'hosts: files [NOTFOUND=return] dns myhostname # mdns4\n' },
  },
  {
    finding: 'note NSSWITCH_MISSING',
    world: { ...app('getaddrinfo'), ...glibcWith(31) },
    says: 'and there is no /etc/nsswitch.conf: DNS is asked before /etc/hosts',
    mended: glibcWith(35),
  },
  {
    finding: 'note NSSWITCH_MISSING',
    case: 'of Go',
    world: go('go1.15.2', 'net.(*Resolver).lookupIPAddr'),
    says: 'has net.(*Resolver).lookupIPAddr (go1.15.2), and there is no /etc/nsswitch.conf',
    mended: go('go1.16', 'net.(*Resolver).lookupIPAddr'),
  },
  {
    finding: 'warning DLOPEN_MISSING',
    world: opening('libfoo.so.1', 'libfoo.so', 'plug.so', 'ld-linux-x86-64.so.2', 'libc.so.6'),
    says: '/app/main: imports dlopen and names libfoo.so.1 or libfoo.so, which is not in the root',
    mended: { [`${LIB}/libfoo.so`]: {} },
  },
  {
    finding: 'warning DLOPEN_MISSING',
    case: 'of a path',
    world: opening('/opt/x/plug.so'),
    says: 'names /opt/x/plug.so, which',
    mended: { '/opt/x/plug.so': {} },
  },
  {
    finding: 'note DLOPEN_MISSING',
    case: 'of a plug-in, whose directory nobody knows',
    world: opening('libfoo.so'),
    says: 'names libfoo.so, which',
    mended: opening('foo.so', 'lib%s.so', 'libcuda.so', 'linux-gate.so.1', '/lib/ldx32.so.1'),
  },
  {
    finding: 'warning STATIC_DLOPEN',
    world: { '/app/main': staticProgram('Dynamic loading not supported') },
    says: '/app/main: a static program for musl that has dlopen',
    mended: { '/app/main': staticProgram() },
  },
  {
    finding: 'note STATIC_NSS',
    world: {
      ...glibcWith(31),
      '/app/main': staticProgram('_nss_%s_%s', 'glibc.malloc.hugetlb', `${LIB}/`),
    },
    says: 'a static program of glibc 2.35 that looks up users or hosts, and the root has 2.31',
    mended: { '/app/main': staticProgram('glibc.malloc.hugetlb') },
  },
  {
    finding: 'warning SHELL_MISSING',
    world: app('system'),
    says: '/app/main: calls system(), and there is no /bin/sh in the root',
    mended: { '/bin/sh': program() },
  },
  {
    finding: 'warning SHELL_MISSING',
    case: 'that the program names',
    world: {
      ...glibc,
      '/app/main': program({ needed: ['libc.so.6'], ...calls('execve'), ...texts('/bin/sh') }),
    },
    says: '/app/main: names /bin/sh and calls execve(), and the root has no such file',
    mended: { '/app/main': program({ needed: ['libc.so.6'], ...calls('execve') }) },
  },
  {
    finding: 'note SHELL_MISSING',
    case: 'of a library',
    world: {
      ...glibc,
      [`${LIB}/liba.so`]: calls('popen'),
      '/app/main': program({ needed: ['liba.so'] }),
    },
    says: `${LIB}/liba.so: calls popen()`,
    mended: { [`${LIB}/liba.so`]: {} },
  },
  {
    finding: 'warning CERTIFICATES_MISSING',
    world: {
      ...glibc,
      [`${LIB}/libcrypto.so.3`]: libcrypto,
      [`${LIB}/libssl.so.3`]: { needed: ['libcrypto.so.3'] },
      '/app/main': program({ needed: ['libssl.so.3'] }),
    },
    says: `${LIB}/libssl.so.3: is loaded, which looks in /usr/lib/ssl, and the root has no bundle`,
    mended: { '/usr/lib/ssl/cert.pem': '' },
  },
  {
    finding: 'warning CERTIFICATES_MISSING',
    case: 'of Go',
    world: go('go1.24.1', 'crypto/x509.loadSystemRoots'),
    says: '/app/main: has crypto/x509.loadSystemRoots (go1.24.1), and the root has no bundle',
    mended: { '/etc/pki/tls/certs/ca-bundle.crt': '' },
  },
  {
    finding: 'note GCONV_MISSING',
    world: app('iconv_open'),
    says: '/app/main: imports iconv_open, and the root has no gconv modules',
    mended: { [`/usr/lib/${TRIPLET}/gconv/gconv-modules`]: '' },
  },
  {
    finding: 'note GCONV_MISSING',
    case: 'whose list is not there',
    world: { ...app('iconv_open'), [`${GCONV}/UTF-16.so`]: {} },
    says: '/app/main: imports iconv_open, and the root has no list of its gconv modules',
    mended: { [`${GCONV}/gconv-modules.d/extra.conf`]: 'module A// INTERNAL UTF-16 1\n' },
  },
  {
    finding: 'note GCONV_MISSING',
    case: 'of one that the cache names',
    world: {
      ...app('iconv_open'),
      [`${GCONV}/gconv-modules.cache`]: '\x24\x03\x01\x20\0LATIN-9//\0BIG5.so\0ISO8859-15.so\0',
    },
    says: `and the root has no ${GCONV}/ISO8859-15.so, which its list of gconv modules has`,
    mended: { [`${GCONV}/ISO8859-15.so`]: {} },
  },
  {
    finding: 'note GCONV_MISSING',
    case: 'of one that a text names, without a cache',
    world: {
      ...app('iconv_open'),
      [`${GCONV}/gconv-modules`]: 'module INTERNAL UTF-16// UTF-16 1\nmodule A// B// BIG5 1\n',
    },
    says: `and the root has no ${GCONV}/UTF-16.so, which its list of gconv modules has`,
    mended: { [`${GCONV}/UTF-16.so`]: {} },
  },
  {
    finding: 'note LOCALES_MISSING',
    world: app('setlocale'),
    says: 'imports setlocale, and the root has no locale but C',
    mended: { '/usr/lib/locale/C.utf8/LC_CTYPE': '' },
  },
  {
    finding: 'note LOCALES_MISSING',
    case: 'which musl has in itself',
    world: app('newlocale'),
    says: 'imports newlocale',
    mended: { ...muslSystem(), '/app/main': muslProgram(calls('newlocale')) },
  },
  {
    finding: 'note ZONEINFO_MISSING',
    world: app('localtime_r'),
    says: 'imports localtime_r, and the root has no time zones',
    mended: { '/usr/share/zoneinfo/UTC': '' },
  },
  {
    finding: 'note ZONEINFO_MISSING',
    case: 'of Go, which may have its own',
    world: go('go1.24.1', 'time.LoadLocation'),
    says: 'has time.LoadLocation (go1.24.1)',
    mended: go('go1.24.1', 'time.LoadLocation', 'time/tzdata.loadFromEmbeddedTZData'),
  },
  {
    finding: 'note PASSWD_MISSING',
    world: app('getpwuid'),
    says: 'imports getpwuid, and the root has no /etc/passwd',
    mended: { '/etc/passwd': '' },
  },
  {
    finding: 'note TMP_MISSING',
    case: 'of a static program',
    world: { '/app/main': unstripped(['mkstemp']) },
    says: '/app/main: has mkstemp, and the root has no /tmp',
    mended: { '/tmp': { directory: true } },
  },
  {
    finding: 'note TERMINFO_MISSING',
    world: {
      ...glibc,
      [`${LIB}/libtinfo.so.6`]: {},
      '/app/main': program({ needed: ['libtinfo.so.6'] }),
    },
    says: `${LIB}/libtinfo.so.6: is loaded, and the root has no descriptions of terminals`,
    mended: { '/lib/terminfo/x/xterm': '' },
  },
  {
    finding: 'note OPENSSL_MODULES_MISSING',
    world: {
      ...glibc,
      [`${LIB}/libcrypto.so.3`]: libcrypto,
      '/app/main': program({ needed: ['libcrypto.so.3'], ...calls('OSSL_PROVIDER_load') }),
    },
    says: '/app/main: imports OSSL_PROVIDER_load, and the root has no modules of OpenSSL',
    mended: { [`${LIB}/ossl-modules/legacy.so`]: {} },
  },
  {
    finding: 'note OPENSSL_MODULES_MISSING',
    case: 'that the configuration turns on',
    world: {
      ...glibc,
      [`${LIB}/libcrypto.so.3`]: libcrypto,
      '/app/main': program({ needed: ['libcrypto.so.3'] }),
      '/usr/lib/ssl/openssl.cnf': '[provider_sect]\nlegacy = legacy_sect\n',
    },
    says: `${LIB}/libcrypto.so.3: reads /usr/lib/ssl/openssl.cnf, which turns providers on, and the root has no modules of OpenSSL`,
    mended: { '/usr/lib/ssl/openssl.cnf': '[provider_sect]\ndefault = default_sect\n' },
  },
  {
    finding: 'note CAPABILITIES',
    world: app('capset'),
    says: '/app/main: sets its capabilities (capset), but is not set-user-ID, and its file has none',
    mended: app('puts'),
  },
  {
    finding: 'warning PACKED',
    world: { ...glibc, '/app/main': '#!/bin/sh\n# This script was generated using Makeself 2.5\n' },
    says: '/app/main: packed by makeself, the program inside may need more than is seen here',
    mended: { '/app/main': '#!/bin/sh\n' },
  },
];

const findingsIn = (world: World) =>
  (checkTrace(traceWorld(world))[0]?.findings ?? []).map(({ severity, code, message }) => ({
    finding: `${severity} ${code}`,
    message,
  }));

describe.each(rows.map((row) => [`${row.finding} ${row.case ?? ''}`.trim(), row] as const))(
  '%s',
  (_name, { finding, world, says, mended }) => {
    it('is found', () => {
      const found = findingsIn(world).filter((each) => each.finding === finding);
      expect(found.map(({ message }) => message)).toEqual([expect.stringContaining(says)]);
    });

    it('is gone when mended', () => {
      const code = finding.split(' ')[1];
      const codes = findingsIn({ ...world, ...mended }).map((each) => each.finding.split(' ')[1]);
      expect(codes).not.toContain(code);
    });
  },
);

it('never fails for what a program may open', () => {
  const [checked] = checkTrace(traceWorld(opening('libfoo.so.1', '/opt/x/plug.so')));
  const codes = checked?.findings.map(({ code }) => code);
  expect(codes?.filter((code) => code === 'DLOPEN_MISSING')).toHaveLength(2);
  expect(checked?.verdict).toBe('warns');
});

it('every code of a need has a row', () => {
  const shown = new Set(rows.map(({ finding }) => finding.split(' ')[1]));
  const rules = needDetectors.flatMap<FindingRule>(({ absent }) => absent?.rules ?? []);
  expect(rules.map(({ code }) => code).filter((code) => !shown.has(code))).toEqual([]);
  for (const { finding } of rows) {
    const [severity, code] = finding.split(' ');
    expect(findingRules.find((rule) => rule.code === code)?.levels).toContain(severity);
  }
});

it('none is found for a program that calls nothing', () => {
  const all = new Set(rows.map(({ finding }) => finding));
  const found = findingsIn(app('puts')).filter(({ finding }) => all.has(finding));
  expect(found).toEqual([]);
});
