/**
 * Files that needs are found in: configuration, fonts, users, units, modules. Each is a file of a small
 * root whose program asks for it, and all detectors look at that root.
 */

import { bytesSource } from '../src/elf/byte-source.js';
import { RootFiles } from '../src/files/root-files.js';
import {
  checkTrace,
  detectRuntimeNeeds,
  planImage,
  traceDependencies,
  traceRuntimeNeeds,
} from '../src/index.js';
import { readFontConfiguration } from '../src/needs/fonts/font-configuration.js';
import { familiesOf } from '../src/needs/fonts/font-names.js';
import { openArchive } from '../src/root/archive/open-archive.js';
import { type MemoryNode, memoryRoot } from '../src/root/memory-root.js';
import { findUser } from '../src/root/user.js';
import { rows } from '../test/needs/detector-rows.js';
import { fontWorld } from '../test/needs/font-rows.js';
import { encode } from '../test/support/elf-builder.js';
import { buildCollection, buildFont } from '../test/support/font-builder.js';
import { entriesOf, tar } from '../test/support/tar-builder.js';
import { glibcSystem, memoryWorld, program, type WorldNode } from '../test/support/world.js';
import type { Format } from './format.js';
import { mutateBytes, mutateText } from './mutate-bytes.js';
import { mutateTar } from './mutate-tar.js';

const LIBRARIES = [
  'libc.so.6',
  'libpam.so.0',
  'libfontconfig.so.1',
  'libssl.so.3',
  'libcrypto.so.3',
  'libtinfo.so.6',
];
const CALLS = [
  'getpwnam',
  'getaddrinfo',
  'iconv_open',
  'setlocale',
  'localtime',
  'dlopen',
  'system',
  'getservbyname',
  'tzset',
  'mkstemp',
  'pam_start',
];
const BASE = memoryWorld({
  ...glibcSystem(36),
  ...Object.fromEntries(LIBRARIES.map((name) => [`/lib/x86_64-linux-gnu/${name}`, {}])),
  ...fontWorld,
  '/app/main': program({
    needed: [...LIBRARIES],
    symbols: { list: CALLS.map((name) => ({ name })) },
    data: encode('\0/etc/app.conf\0/usr/bin/tool %s\0libplugin.so\0'),
  }),
  '/bin/sh': program({ needed: ['libc.so.6'] }),
});

/** Everything that is asked about the program of a root. */
function look(nodes: Record<string, MemoryNode>): boolean {
  const trace = traceDependencies(memoryRoot({ ...BASE, ...nodes }), ['/app/main']);
  detectRuntimeNeeds(trace, { asked: ['tz', 'certs', 'shell'] });
  return trace.closures.length > 0;
}

/** A text at some paths of the root. */
function text(
  name: string,
  words: readonly string[],
  seeds: readonly string[],
  paths: readonly string[],
): Format {
  return {
    name,
    words,
    seeds: () => seeds.map(encode),
    mutate: (random, input, other) => mutateText(random, input, other, words),
    run: (input) => look(Object.fromEntries(paths.map((path) => [path, input]))),
  };
}

const FONT_WORDS = [
  '<alias>',
  '</alias>',
  '<family>',
  '</family>',
  '<prefer>',
  '</prefer>',
  '<dir>',
  '</dir>',
  '<include>',
  '</include>',
  '<match target="pattern">',
  '</match>',
  '<edit name="family" mode="prepend">',
  '</edit>',
  '<string>',
  '</string>',
  '<!--',
  '-->',
  '<cachedir>',
  '</cachedir>',
  'ignore_missing="yes"',
  '&amp;',
  '&#x41;',
  '~/',
  'prefix="xdg"',
  '<test name="family">',
  '</test>',
];
const fontConfiguration: Format = {
  name: 'fonts.conf',
  words: FONT_WORDS,
  seeds: () => [
    encode(
      '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig><dir>/usr/share/fonts</dir><dir prefix="xdg">fonts</dir><include ignore_missing="yes">conf.d</include><cachedir>/var/cache/fontconfig</cachedir><alias><family>serif</family><prefer><family>First Serif</family></prefer></alias><match target="pattern"><test name="family"><string>mono</string></test><edit name="family" mode="prepend"><string>monospace</string></edit></match></fontconfig>\n',
    ),
  ],
  mutate: (random, input, other) => mutateText(random, input, other, FONT_WORDS),
  run(input) {
    const nodes = { ...BASE, '/etc/fonts/fonts.conf': input, '/etc/fonts/conf.d/10-x.conf': input };
    const found = readFontConfiguration(new RootFiles(memoryRoot(nodes)));
    look({ '/etc/fonts/fonts.conf': input });
    return found.files.length > 0;
  },
};

const font: Format = {
  name: 'font files',
  seeds: () => [
    buildFont('First Sans'),
    buildFont('First Serif Thin', 'First Serif'),
    buildCollection('A', 'B', 'C'),
  ],
  mutate: (random, input) => mutateBytes(random, input, random.chance(0.8) ? 12 : 0),
  run(input) {
    const files = new RootFiles(memoryRoot({ '/x.ttf': input }));
    const file = files.resolve('/x.ttf');
    if (file.found) familiesOf(files, file);
    return ['\0\x01\0\0', 'OTTO', 'true', 'ttcf'].includes(
      Buffer.from(input.subarray(0, 4)).toString('latin1'),
    );
  },
};

const USER_WORDS = [
  'root:x:0:0::/:/bin/sh\n',
  ':',
  '::',
  'app',
  'x:',
  ':100:',
  '+::::::',
  '-1',
  'nobody',
];
const users: Format = {
  name: 'passwd and group',
  words: USER_WORDS,
  seeds: () => [
    encode('root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000:App,,,:/home/app:/usr/sbin/nologin\n'),
    encode('root:x:0:\napp:x:1000:root,app\n'),
  ],
  mutate: (random, input, other) => mutateText(random, input, other, USER_WORDS),
  run(input) {
    const nodes = { '/etc/passwd': input, '/etc/group': input, '/etc/shells': input };
    const root = memoryRoot({ ...BASE, ...nodes });
    for (const name of ['app', 'app:root', '7:app', 'root', ':']) findUser(root, name);
    return look(nodes);
  },
};

/** Bytes of a root of {@link roots}. */
const MAX_WORLD = 1 << 16;

/** About the bytes of the file that a node becomes. */
function sizeOf(node: WorldNode): number {
  if (typeof node === 'string' || node instanceof Uint8Array) return node.length;
  return ('data' in node && node.data?.length) || 0;
}

/** A whole root, in a tar: the worlds that the tests of the detectors look at. */
const roots: Format = {
  name: 'roots of programs',
  seeds: () =>
    rows
      // Without the worlds of some megabytes, which would count as memory of the cases.
      .filter(({ world }) => Object.values(world).every((node) => sizeOf(node) < MAX_WORLD))
      .map(({ world }) => tar(entriesOf(memoryWorld(world))))
      .filter(({ length }) => length < MAX_WORLD),
  mutate: (random, input, other) => mutateTar(random, input, other),
  async run(input) {
    const root = await openArchive(bytesSource(input), { path: 'x', maxUnpacked: 1 << 26 });
    const trace = traceDependencies(root, ['/app/main']);
    checkTrace(trace);
    if (trace.closures.length === 0) return false;
    const { trace: more, chosen } = traceRuntimeNeeds(trace, { with: ['all'] });
    planImage(more, { layout: 'links', needs: chosen, allowIncomplete: true });
    root.close?.();
    return true;
  },
};

const UNIT_WORDS = [
  '[Service]\n',
  'User=',
  'Group=',
  'RuntimeDirectory=',
  'StateDirectory=',
  'ExecStart=',
  'EnvironmentFile=-',
  'd /run/app 0755 app app -\n',
  'u app 100 "App" /home\n',
  'm app grp\n',
  'g grp -\n',
  '%n',
  '%i',
  '\\\n',
  'f+ /x',
  'L /y - - - - /z\n',
];
const UNITS = [
  '/usr/lib/systemd/system/main.service',
  '/usr/lib/tmpfiles.d/main.conf',
  '/usr/lib/sysusers.d/main.conf',
  '/etc/systemd/system/main.service.d/x.conf',
  '/etc/init.d/main',
  '/etc/default/main',
];

export const needFormats: readonly Format[] = [
  fontConfiguration,
  font,
  users,
  text(
    'nsswitch.conf',
    [
      'passwd: ',
      'files',
      'dns',
      '[NOTFOUND=return]',
      '[',
      ']',
      '!',
      'systemd',
      '\nhosts:',
      'compat ',
    ],
    [
      'passwd: files systemd\ngroup: files [SUCCESS=merge] systemd\nhosts: files mdns4_minimal [NOTFOUND=return] dns\n# x\n',
    ],
    ['/etc/nsswitch.conf'],
  ),
  text(
    'pam',
    [
      'auth ',
      'required ',
      'pam_unix.so',
      '[success=1 default=ignore]',
      '@include common\n',
      'include ',
      'substack ',
      '\\\n',
      '-session ',
      'optional ',
    ],
    [
      '#%PAM-1.0\nauth [success=1 default=ignore] pam_unix.so nullok\n@include common\naccount include other\n-session optional pam_systemd.so\n',
    ],
    ['/etc/pam.d/main', '/etc/pam.d/common', '/etc/pam.d/other', '/etc/pam.conf'],
  ),
  text(
    'units, tmpfiles and sysusers',
    UNIT_WORDS,
    [
      '[Unit]\nX=1\n[Service]\nUser=app\nGroup=app\nRuntimeDirectory=app/x y\nStateDirectory=app\nExecStart=/app/main --config /etc/app.conf\nEnvironmentFile=-/etc/default/main\n',
      'd /run/app 0755 app app -\nL /y - - - - /z\nf+ /var/x 0600 root root - text\n',
      'u app 100 "App" /home/app /bin/sh\ng grp -\nm app grp\n',
    ],
    UNITS,
  ),
  text(
    'gconv-modules',
    ['alias\t', 'module\t', 'UTF-8//', 'INTERNAL\t', '//', 'ISO8859-1', '\t1\n', 'LATIN1//'],
    [
      '# x\nalias\tLATIN1//\tISO-8859-1//\nmodule\tISO-8859-1//\tINTERNAL\tISO8859-1\t1\nmodule\tINTERNAL\tISO-8859-1//\tISO8859-1\t1\n',
    ],
    [
      '/usr/lib/x86_64-linux-gnu/gconv/gconv-modules',
      '/usr/lib/x86_64-linux-gnu/gconv/gconv-modules.d/x.conf',
    ],
  ),
  text(
    'configuration of programs',
    [
      '/usr/lib/',
      'Include ',
      'LoadModule a ',
      '"/etc/',
      'include "',
      '.conf',
      '*.conf',
      ' = ',
      '<IfModule',
      '/var/lib/app',
      'ssl_certificate ',
      '-----BEGIN PRIVATE KEY-----\n',
      '_sect\n',
      '[legacy_sect]',
    ],
    [
      'user app;\ninclude /etc/app/*.conf;\nload_module /usr/lib/app/mod.so;\nssl_certificate /etc/ssl/a.pem;\nlog /var/log/app/x.log\n[provider_sect]\nlegacy = legacy_sect\n',
      '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
    ],
    [
      '/etc/app.conf',
      '/etc/app/a.conf',
      '/etc/ssl/openssl.cnf',
      '/etc/hosts',
      '/etc/services',
      '/etc/default/app',
      '/etc/main.conf',
    ],
  ),
  text(
    'scripts',
    [
      '#!/bin/sh\n',
      'exec ',
      '$(',
      '`',
      "'",
      '"',
      '<<EOF\n',
      'case x in\n',
      ';;',
      'esac\n',
      'if ',
      'fi\n',
      '|',
      '&&',
      '${x:-y}',
      '. /etc/x\n',
      'import ',
      'require("',
      'env -S ',
    ],
    [
      '#!/bin/sh -e\nset -x\n. /etc/default/app\nif [ -x /usr/bin/tool ]; then exec /usr/bin/tool "$@"; fi\ncat <<EOF | grep x\nrm $HOME\nEOF\ncase $1 in a|b) sed -e s/a/b/ ;; esac\n',
      '#! /usr/bin/env -S python3 -u\nimport os, sys.x\nfrom a import b\n',
    ],
    ['/app/script', '/usr/bin/tool', '/etc/default/app'],
  ),
  roots,
];
