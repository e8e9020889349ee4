/**
 * A root whose links, configuration and package database lead out of it, for no-escape.test.ts.
 */
import { buildElf } from '../support/elf-builder.js';

/** Links by path: absolute, and with more `..` than there are directories. */
export const ESCAPE_LINKS: Readonly<Record<string, string>> = {
  'lib/libabsolute.so.1': '/usr/lib/x86_64-linux-gnu/libc.so.6',
  'lib/libdots.so.1': '../../../../../../../../../../usr/lib/x86_64-linux-gnu/libm.so.6',
  'lib/libloop.so.1': 'libloop.so.1',
  'etc/ld.so.cache': '/etc/ld.so.cache.of.the.host',
  'etc/ld.so.preload': '../../../../../../../../../etc/passwd',
  'etc/nsswitch.conf': '/../../../../../../etc/hostname',
  'etc/localtime': '../../../../../../../usr/share/zoneinfo/UTC',
  'etc/ssl': '/../../../../../../../etc',
  'usr/lib': '/../../../../lib',
  'usr/share': '../../../../../../../../usr/share',
  'bin/out': '../../../../../../../../../../bin/true',
  lib64: '/lib',
};

const CALLS = [
  'getpwnam',
  'getaddrinfo',
  'iconv_open',
  'setlocale',
  'localtime',
  'dlopen',
  'system',
];
const APP = buildElf({
  interpreter: '/lib64/ld-linux-x86-64.so.2',
  needed: ['libabsolute.so.1', 'libdots.so.1', 'libloop.so.1', 'libnone.so.1', 'libc.so.6'],
  rpath: '/../../../../../../usr/lib:$ORIGIN/../../../../../../usr/lib/x86_64-linux-gnu',
  symbols: { list: CALLS.map((name) => ({ name })) },
  data: Buffer.from('\0/etc/passwd\0/bin/true\0../../../../../etc/shadow\0libnss_files.so.2\0'),
});
const LIBC = buildElf({
  soname: 'libc.so.6',
  symbols: { list: CALLS.map((name) => ({ name, value: 1 })) },
});
/** Would leave a file if anything of the root were run. */
const SCRIPT = '#!/bin/sh\necho run > /tmp/elfdeps-was-run\n';
export const ESCAPE_FILES: Readonly<Record<string, string | Uint8Array>> = {
  'bin/app': APP,
  'bin/script': SCRIPT,
  'bin/sh': SCRIPT,
  'bin/true': SCRIPT,
  'lib/libc.so.6': LIBC,
  'lib/ld-linux-x86-64.so.2': buildElf({ soname: 'ld-linux-x86-64.so.2' }),
  'etc/ld.so.conf':
    'include /etc/ld.so.conf.d/*.conf\ninclude ../../../../../etc/*.conf\n/../../../usr/lib\n',
  'etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
  'var/lib/dpkg/status':
    'Package: evil\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\nMaintainer: x\n',
  'var/lib/dpkg/info/evil.list':
    '/.\n/bin/app\n/../../../../../../etc/hostname\n/etc/../../../../../../etc/hosts\n/bin/out\n',
  'etc/systemd/system/evil.service':
    '[Service]\nExecStart=/../../../../../../bin/true\nEnvironmentFile=/../../../../etc/environment\n',
  'etc/fonts/fonts.conf':
    '<fontconfig><dir>/../../../../../../usr/share/fonts</dir><include>/../../../../etc/fonts/conf.d</include></fontconfig>',
};
