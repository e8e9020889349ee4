/**
 * Rows of detectors.test.ts about names of users, hosts and services.
 */
import { buildElf } from '../support/elf-builder.js';
import { muslProgram, muslSystem, program, type World } from '../support/world.js';
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
} from './need-worlds.js';

const USUAL_GROUPS = { '/etc/group': 'root:x:0:\nnogroup:x:65534:\n' };
const USUAL_USERS = {
  ...USUAL_GROUPS,
  '/etc/passwd':
    'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n',
};
const ROOT_ONLY = { ...USUAL_GROUPS, '/etc/passwd': 'root:x:0:0::/:/bin/sh\n' };
const USUAL_HOSTS = {
  '/etc/hosts': '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n',
};
const glibc = glibcWith();
const without = app('puts');
/** What static programs of glibc with the name service switch have. */
const staticGlibc = (minor: number) => [
  `GNU C Library stable release version 2.${minor}.`,
  '_nss_%s_%s',
];
const RESOLVER = 'net.(*Resolver).lookupIPAddr';
const go = (...functions: string[]): World => ({ '/app/main': goProgram({ functions }) });

export const nameRows: readonly Row[] = [
  {
    kind: 'passwd',
    case: 'whom the program names, and whom its configuration does',
    world: {
      ...glibc,
      '/usr/sbin/web': program({
        needed: ['libc.so.6'],
        ...calls('getpwnam'),
        ...texts('sshd', 'not sync', '/etc/web'),
      }),
      '/app/main': { link: '/usr/sbin/web' },
      '/etc/web/web.conf':
        '# user games;\nuser www-data staff;\nmail_owner = postfix\nuser_cache 3\n',
      '/etc/passwd':
        'root:x:0:0::/:/bin/sh\nsync:x:4:4::/:/bin/sh\ngames:x:5:5::/:/bin/sh\nwww-data:x:33:33::/:/bin/sh\nsshd:x:101:65534::/:/bin/sh\npostfix:x:102:102::/:/bin/sh\n',
      '/etc/group': 'root:x:0:\nwww-data:x:33:\nstaff:x:50:\nusers:x:100:\n',
    },
    need: {
      because: '/app/main imports getpwnam',
      generated: {
        '/etc/passwd':
          'root:x:0:0::/:/bin/sh\nwww-data:x:33:33::/:/bin/sh\nsshd:x:101:65534::/:/bin/sh\npostfix:x:102:102::/:/bin/sh\n',
        '/etc/group': 'root:x:0:\nwww-data:x:33:\nstaff:x:50:\n',
      },
    },
    silent: { '/usr/sbin/web': program({ needed: ['libc.so.6'], ...texts('sshd', '/etc/web') }) },
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
      because: `/app/main has ${RESOLVER} (go1.24.1)`,
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
    case: 'without whom a word means, for a program that asks only for the name of a number',
    world: {
      ...glibc,
      '/app/main': program({
        needed: ['libc.so.6'],
        ...calls('getpwuid'),
        ...texts('backup'),
      }),
      '/etc/passwd': 'root:x:0:0::/:/bin/sh\nbackup:x:34:34::/:/bin/sh\n',
      '/etc/group': 'root:x:0:\nbackup:x:34:\n',
    },
    need: {
      because: '/app/main imports getpwuid',
      generated: { '/etc/passwd': 'root:x:0:0::/:/bin/sh\n', '/etc/group': 'root:x:0:\n' },
    },
    silent: without,
  },
  ...[
    { mode: 0o4755, ...calls('getpwnam') },
    { mode: 0o755, ...calls('getpwnam', 'pam_open_session') },
    { mode: 0o750, ...calls('getpwnam', 'initgroups'), ...texts('/var/mail') },
  ].map((node) => ({
    kind: 'passwd',
    case: `of every user, for a program that acts for them, ${node.mode.toString(8)}`,
    world: {
      ...glibc,
      '/app/main': {
        bytes: buildElf({ ...program(), needed: ['libc.so.6'], ...node, soname: undefined }),
        mode: node.mode,
      },
      '/etc/passwd': 'root:x:0:0::/:/bin/sh\nann:x:7:8::/:/bin/sh\n',
      '/etc/group': 'root:x:0:\nusers:x:8:\nwheel:x:9:\n',
    },
    need: {
      because: '/app/main imports getpwnam',
      generated: {
        '/etc/passwd': 'root:x:0:0::/:/bin/sh\nann:x:7:8::/:/bin/sh\n',
        '/etc/group': 'root:x:0:\nusers:x:8:\nwheel:x:9:\n',
      },
    },
    silent: without,
  })),
  {
    kind: 'passwd',
    case: 'which the program reads itself',
    world: {
      ...glibc,
      '/app/main': program({ needed: ['libc.so.6'], ...texts('/etc/passwd') }),
      '/etc/passwd': 'root:x:0:0::/:/bin/sh\nbob:x:10:10::/:/bin/sh\n',
      '/etc/group': 'root:x:0:\n',
    },
    need: {
      because: '/app/main names /etc/passwd',
      generated: { '/etc/passwd': 'root:x:0:0::/:/bin/sh\n', '/etc/group': 'root:x:0:\n' },
    },
    silent: { '/app/main': program({ needed: ['libc.so.6'], ...texts('see /etc/passwd') }) },
  },
  {
    kind: 'passwd',
    case: 'that a library of the same project names',
    world: {
      ...glibc,
      '/usr/sbin/mail': program({ needed: ['libmail.so', 'libc.so.6'], ...calls('getgrnam') }),
      '/app/main': { link: '/usr/sbin/mail' },
      [`${LIB}/libmail.so`]: texts('drop'),
      '/var/lib/dpkg/status':
        'Package: mail\nStatus: install ok installed\n\nPackage: libmail\nStatus: install ok installed\nSource: mail\n',
      '/var/lib/dpkg/info/mail.list': '/usr/sbin/mail\n',
      '/var/lib/dpkg/info/libmail.list': `${LIB}/libmail.so\n`,
      '/etc/passwd': 'root:x:0:0::/:/bin/sh\n',
      '/etc/group': 'root:x:0:\ndrop:x:9:\nbob:x:10:\n',
    },
    need: {
      because: '/app/main imports getgrnam',
      generated: {
        '/etc/passwd': 'root:x:0:0::/:/bin/sh\n',
        '/etc/group': 'root:x:0:\ndrop:x:9:\n',
      },
    },
    silent: without,
  },
  {
    kind: 'passwd',
    case: 'whose modes and owners are in the configuration',
    world: {
      ...glibc,
      '/usr/sbin/web': program({
        needed: ['libc.so.6'],
        ...calls('getpwnam'),
        ...texts('/etc/web'),
      }),
      '/app/main': { link: '/usr/sbin/web' },
      '/etc/web/web.conf': '  create 0640 ann staff\n# create 640 bob\n',
      '/etc/passwd': 'ann:x:7:8::/:/bin/sh\nbob:x:9:9::/:/bin/sh\n',
      '/etc/group': 'staff:x:50:\nusers:x:8:\n',
    },
    need: {
      because: '/app/main imports getpwnam',
      generated: {
        '/etc/passwd': 'ann:x:7:8::/:/bin/sh\n',
        '/etc/group': 'staff:x:50:\nusers:x:8:\n',
      },
    },
    silent: without,
  },
  {
    kind: 'passwd',
    case: 'with a home, for a program that makes directories there',
    world: {
      ...glibc,
      '/app/main': program({
        needed: ['libc.so.6'],
        ...calls('getpwuid', 'mkdir'),
        ...texts('~/.keys'),
      }),
      '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
      '/etc/group': 'root:x:0:\n',
    },
    need: {
      because: '/app/main imports getpwuid',
      directories: [{ path: '/root', mode: 0o700, uid: 0, gid: 0 }],
      generated: {
        '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
        '/etc/group': 'root:x:0:\n',
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
      generated: USUAL_USERS,
    },
    silent: { user: '1000' },
  },
  {
    kind: 'hosts',
    world: {
      ...app('getaddrinfo'),
      '/etc/hosts': '127.0.0.1 localhost\n10.0.0.1 secret\n',
      '/etc/host.conf': '# how\n\nmulti on\n',
      '/etc/gai.conf': '# precedence ::1/128 50\n\n',
    },
    need: {
      because: '/app/main imports getaddrinfo',
      files: ['/etc/host.conf'],
      generated: { '/etc/hosts': '127.0.0.1 localhost\n' },
    },
    silent: without,
  },
  {
    kind: 'hosts',
    case: 'who may connect',
    world: {
      ...app('getaddrinfo', 'hosts_access'),
      '/etc/hosts.allow': '# none\n',
      '/etc/hosts.deny': 'ALL: ALL\n',
    },
    need: {
      because: '/app/main imports getaddrinfo',
      files: ['/etc/hosts.deny'],
      generated: USUAL_HOSTS,
    },
    silent: { ...without, '/etc/hosts.deny': 'ALL: ALL\n' },
  },
  {
    kind: 'hosts',
    case: 'of Go, in a root without the file',
    world: go('net.(*Resolver).lookupHost'),
    need: {
      because: '/app/main has net.(*Resolver).lookupHost (go1.24.1)',
      generated: USUAL_HOSTS,
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
    kind: 'services',
    case: 'of getaddrinfo, which asks for no protocol',
    world: { ...app('getaddrinfo'), '/etc/services': 'http 80/tcp\n', '/etc/protocols': '' },
    need: { because: '/app/main imports getaddrinfo', files: ['/etc/services'] },
    silent: app('gethostbyname'),
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
        `${LIB}/libnss_files.so.2`,
        LIBC,
        `${LIB}/ld-linux-x86-64.so.2`,
      ],
      generated: { ...USUAL_HOSTS, ...ROOT_ONLY },
    },
    // Every static program of glibc has the loader's texts, and needs nothing of it.
    silent: { '/app/main': staticProgram(staticGlibc(31)[0] as string, `${LIB}/`, '/lib/') },
  },
  {
    kind: 'static-nss',
    case: 'of another release than the root has, which only shows by what it has',
    world: {
      ...glibcWith(36),
      '/app/main': staticProgram(
        ...staticGlibc(0).slice(1),
        ...['glibc.rtld.enable_secure', 'glibc.malloc.hugetlb', 'libnss_%s.so%s', `${LIB}/`],
      ),
      '/etc/nsswitch.conf': 'hosts: files dns\n',
      [`${LIB}/libnss_files.so.2`]: {},
    },
    need: {
      because:
        '/app/main is static, but opens modules of glibc 2.40 only (none that nsswitch.conf names); the root has 2.36',
      confidence: 'likely',
      files: ['/etc/nsswitch.conf'],
      generated: { ...USUAL_HOSTS, ...USUAL_USERS },
    },
    // A dynamic program opens modules by its loader.
    silent: { '/app/main': program({ needed: ['libc.so.6'], ...texts(...staticGlibc(41)) }) },
  },
];
