/**
 * Rows of detectors.test.ts about evidence at one remove: what a script reads, formats that a program
 * completes, packages and directories that its texts speak of.
 */
import { program } from '../support/world.js';
import type { Row } from './detector-rows.js';
import { calls, glibcWith, LIB, texts } from './need-worlds.js';
import { at, linked, packages, script } from './put-together-rows.js';

const DEBUG = '/usr/lib/debug/.build-id';
const sh = { '/bin/sh': program(linked) };

export const evidenceRows: readonly Row[] = [
  {
    kind: 'data',
    case: 'that a file names which a shell script reads as its own',
    world: {
      ...at(
        '/usr/share/keeper/bin/keeper',
        script('#!/bin/sh', '. "$BIN"/env.sh', '. /usr/bin/wrap.sh', 'exec java'),
      ),
      ...sh,
      '/usr/bin/wrap.sh': 'OTHERS=/usr/share/java/keeper-doc.jar\n',
      '/usr/share/java/keeper-doc.jar': '',
      '/usr/share/keeper/bin/env.sh': 'CLASSPATH="/etc/keeper:/usr/share/java/keeper.jar"\n',
      '/usr/share/java/keeper.jar': '',
    },
    need: {
      because: '/app/main names /usr/share/java/keeper.jar',
      files: ['/usr/share/java/keeper.jar'],
    },
    silent: { '/usr/share/keeper/bin/keeper': script('#!/bin/sh', 'exec java') },
  },
  {
    kind: 'dlopen-texts',
    case: 'whose release a format leaves open, of a package that its own depends on',
    world: {
      ...at('/usr/bin/base', program({ ...linked, ...calls('dlopen'), ...texts('libuc.so.%s') })),
      [`${LIB}/libuc.so.72`]: {},
      [`${LIB}/libuc.so.72.1`]: {},
      [`${LIB}/libuc.so.70`]: {},
      ...packages(
        ['base', 'Depends: libuc72', '/usr/bin/base'],
        ['libuc72', '', `${LIB}/libuc.so.72`, `${LIB}/libuc.so.72.1`],
        ['libuc70', '', `${LIB}/libuc.so.70`],
      ),
    },
    need: {
      because: '/app/main makes or has the name of libuc.so.72',
      opens: [{ name: 'libuc.so.72', from: '/app/main' }],
    },
    silent: {
      '/usr/bin/base': program({ ...linked, ...calls('dlopen'), ...texts('my libuc.so.%s') }),
    },
  },
  {
    kind: 'dlopen-texts',
    case: 'of which a format leaves the kind open, as above',
    world: {
      ...at(
        '/usr/bin/chip',
        program({ ...linked, ...calls('dlopen'), ...texts('libchip-driver-%s.so.0') }),
      ),
      [`${LIB}/libchip-driver-sim.so.0`]: {},
      [`${LIB}/libchip-driver-sim.so.0.1`]: {},
      [`${LIB}/libchip-driver-usb.so.0`]: {},
      ...packages(
        ['chip', 'Depends: sim', '/usr/bin/chip'],
        ['sim', '', `${LIB}/libchip-driver-sim.so.0`, `${LIB}/libchip-driver-sim.so.0.1`],
        ['usb', '', `${LIB}/libchip-driver-usb.so.0`],
      ),
    },
    need: {
      because: '/app/main makes or has the name of libchip-driver-sim.so.0',
      opens: [{ name: 'libchip-driver-sim.so.0', from: '/app/main' }],
    },
    silent: {
      '/usr/bin/chip': program({ ...linked, ...calls('dlopen'), ...texts('libchip-driver-%s') }),
    },
  },
  {
    kind: 'commands',
    case: 'that a script gives to system() with arguments, whatever package has it',
    world: {
      ...at('/usr/sbin/genkey', script('#!/usr/bin/perl', 'system("ssl genrsa " . $bits);')),
      '/usr/bin/perl': program(linked),
      '/usr/bin/ssl': program(linked),
      ...packages(['genkey', '', '/usr/sbin/genkey'], ['ssl', '', '/usr/bin/ssl']),
    },
    need: {
      because: '/app/main names /usr/bin/ssl',
      confidence: 'likely',
      starts: ['/usr/bin/ssl'],
    },
    silent: { '/usr/sbin/genkey': script('#!/usr/bin/perl', 'print("ssl genrsa " . $bits);') },
  },
  {
    kind: 'commands',
    case: 'behind a variable that the script sets only in some cases',
    world: {
      ...at('/usr/bin/run', script('#!/bin/sh', '[ "$1" ] || wrap="rl -f $2"', 'exec $wrap java')),
      ...sh,
      '/usr/bin/java': program(linked),
    },
    need: { because: '/app/main starts /usr/bin/java', starts: ['/usr/bin/java'] },
    silent: { '/usr/bin/run': script('#!/bin/sh', 'wrap="rl -f $2"', 'exec $wrap java') },
  },
  {
    kind: 'commands',
    case: 'of the name of the program in a directory that its configuration names',
    world: {
      ...glibcWith(),
      '/usr/bin/choose': program({ ...linked, ...calls('execv'), ...texts('/etc/choose.conf') }),
      '/app/main': { link: '/usr/bin/choose' },
      '/etc/choose.conf': '/usr/lib/five/bin\n',
      '/usr/lib/five/bin/main': program(linked),
      ...packages(['choose', '', '/usr/bin/choose'], ['five', '', '/usr/lib/five/bin/main']),
    },
    need: {
      because: '/app/main imports execv, and names /usr/lib/five/bin/main',
      starts: ['/usr/lib/five/bin/main'],
    },
    silent: { '/etc/choose.conf': '/usr/lib/five\n' },
  },
  {
    kind: 'commands',
    case: 'of the directory of helpers, by the word of a configuration',
    world: {
      ...at(
        '/usr/sbin/power',
        program({ ...linked, ...calls('execv'), ...texts('/etc/power', '/usr/lib/drivers') }),
      ),
      '/etc/power/power.conf': 'driver = dummy\n# driver = other\n',
      '/usr/lib/drivers/dummy': program(linked),
      '/usr/lib/drivers/other': program(linked),
      ...packages([
        'power',
        '',
        ...['/usr/sbin/power', '/usr/lib/drivers', '/usr/lib/drivers/dummy'],
      ]),
    },
    need: {
      because: '/app/main imports execv, and names /usr/lib/drivers/dummy',
      starts: ['/usr/lib/drivers/dummy'],
    },
    silent: { '/etc/power/power.conf': '# driver = dummy\n' },
  },
  {
    kind: 'data',
    case: 'with scripts that someone put into its configuration to be run',
    world: {
      ...at('/usr/sbin/node', program({ ...linked, ...texts('/etc/node') })),
      ...sh,
      '/usr/share/plugins/load': script('#!/bin/sh', 'cut -f1'),
      '/usr/bin/cut': program(linked),
      '/etc/node/plugins/load': { link: '/usr/share/plugins/load' },
      '/etc/node/sample': script('#!/bin/sh'),
      ...packages(['node', '', '/usr/sbin/node', '/etc/node', '/etc/node/sample']),
    },
    need: {
      because: '/app/main names /etc/node',
      files: ['/etc/node'],
      starts: ['/etc/node/plugins/load'],
    },
    silent: { '/usr/sbin/node': program(linked) },
  },
  {
    kind: 'data',
    case: "of the program's name, in a directory of plug-ins that only its source has",
    world: {
      ...at('/usr/bin/puredata', program(linked)),
      '/usr/lib/puredata/extra/a.pd': '',
      ...packages(
        ['core', 'Source: puredata', '/usr/bin/puredata'],
        ['extra', 'Source: puredata', '/usr/lib/puredata', '/usr/lib/puredata/extra/a.pd'],
      ),
    },
    need: { because: '/app/main names /usr/lib/puredata', files: ['/usr/lib/puredata'] },
    silent: packages(
      ['core', 'Source: puredata', '/usr/bin/puredata'],
      ['extra', '', '/usr/lib/puredata', '/usr/lib/puredata/extra/a.pd'],
    ),
  },
  {
    kind: 'data',
    case: 'to include in configuration, below the directory of the program',
    world: {
      ...at(
        '/usr/sbin/watcher',
        program({ ...linked, ...texts('/usr/share/watcher', '/usr/share/watcher/include') }),
      ),
      '/usr/share/watcher/include/library': '',
    },
    need: {
      because: '/app/main names /usr/share/watcher/include',
      files: ['/usr/share/watcher/include'],
    },
    silent: { '/usr/sbin/watcher': program({ ...linked, ...texts('/usr/share/other/include') }) },
  },
  {
    kind: 'data',
    case: "of the program's name, of which code keeps the first part together",
    world: {
      ...at('/usr/bin/ecasound', program({ ...linked, ...texts('version/usr/share/ecasores') })),
      '/usr/share/ecasound/effects': '',
      ...packages([
        'ecasound',
        '',
        ...['/usr/bin/ecasound', '/usr/share/ecasound', '/usr/share/ecasound/effects'],
      ]),
    },
    need: { because: '/app/main names /usr/share/ecasound', files: ['/usr/share/ecasound'] },
    silent: { '/usr/bin/ecasound': program({ ...linked, ...texts('/usr/share/ecas') }) },
  },
  {
    kind: 'tmp',
    case: 'that is kept, where a library names a path in it',
    world: {
      ...glibcWith(),
      '/app/main': program({ needed: ['libc.so.6', 'liblog.so'] }),
      [`${LIB}/liblog.so`]: { ...texts('/var/tmp/router/%s.%d') },
    },
    need: {
      because: `${LIB}/liblog.so names /var/tmp`,
      directories: [{ path: '/var/tmp', mode: 0o1777 }],
    },
    silent: { [`${LIB}/liblog.so`]: { ...texts('/var/tmpfiles/router') } },
  },
  {
    kind: 'commands',
    case: 'of a package that it suggests, where its texts speak of both',
    world: {
      ...at(
        '/usr/bin/drawer',
        program({
          ...linked,
          ...calls('posix_spawn'),
          // Without a question such as that for this path, nothing reads the package database.
          ...texts(
            '/usr/share/other',
            'If you installed Graphlib later, ...',
            'the dot tool was not found',
          ),
        }),
      ),
      '/usr/share/other/a': '',
      '/usr/bin/dot': program(linked),
      '/usr/bin/circo': program(linked),
      ...packages(
        ['drawer', 'Suggests: graphlib', '/usr/bin/drawer'],
        ['graphlib', '', '/usr/bin/dot', '/usr/bin/circo'],
      ),
    },
    need: {
      because: '/app/main imports posix_spawn, and names /usr/bin/dot',
      confidence: 'likely',
      starts: ['/usr/bin/dot'],
    },
    silent: {
      '/usr/bin/drawer': program({
        ...linked,
        ...calls('posix_spawn'),
        ...texts('/usr/share/other', 'my Graphlibrary', 'the dot tool was not found'),
      }),
    },
  },
  {
    kind: 'commands',
    case: 'that are scripts for an interpreter, which a small text of its data names',
    world: {
      ...at(
        '/usr/bin/typeset',
        program({ ...linked, ...calls('execvp'), ...texts('/usr/share/typeset') }),
      ),
      '/usr/share/typeset/devpdf/DESC': 'res 72000\npostpro tspdf\n',
      '/usr/bin/tspdf': script('#!/usr/bin/perl'),
      '/usr/bin/perl': program(linked),
      ...packages([
        'typeset',
        '',
        '/usr/bin/typeset',
        '/usr/bin/tspdf',
        '/usr/share/typeset/devpdf/DESC',
      ]),
    },
    need: {
      because: '/app/main imports execvp, and names /usr/bin/tspdf',
      confidence: 'likely',
      starts: ['/usr/bin/tspdf'],
    },
    silent: { '/usr/share/typeset/devpdf/DESC': 'res 72000\npostpro none\n' },
  },
  {
    kind: 'dlopen-texts',
    case: 'of its own package, which a library opens by a function of NSPR',
    world: {
      ...at('/usr/bin/sign', program({ needed: ['libc.so.6', 'libnss3.so'] })),
      [`${LIB}/libnss3.so`]: {
        ...calls('PR_LoadLibrary'),
        ...texts('libsoftokn3.so', 'libdriver.so', 'libother.so', '/usr/share/other'),
      },
      [`${LIB}/libsoftokn3.so`]: {},
      [`${LIB}/libdriver.so`]: { data: new Uint8Array(5 << 20) },
      [`${LIB}/libother.so`]: {},
      // Without a question such as that for this path, nothing reads the package database.
      '/usr/share/other/a': '',
      ...packages(
        ['sign', 'Depends: libnss3', '/usr/bin/sign'],
        ['libnss3', '', ...['nss3', 'softokn3', 'driver'].map((name) => `${LIB}/lib${name}.so`)],
        ['other', '', `${LIB}/libother.so`],
      ),
    },
    need: {
      because: `${LIB}/libnss3.so makes or has the name of libsoftokn3.so`,
      opens: [{ name: 'libsoftokn3.so', from: `${LIB}/libnss3.so` }],
    },
    silent: { '/var/lib/dpkg/info/libnss3.list': `${LIB}/libnss3.so\n` },
  },
  {
    kind: 'commands',
    case: 'in quotes with an option, which every system has',
    world: {
      ...at('/usr/bin/remote', script('#!/usr/bin/python3', 'import remote')),
      '/usr/bin/python3': program(linked),
      '/usr/lib/python3/dist-packages/remote.py':
        "cmd = 'mkdir -p %s' % path\n'sort of'\n'perl -e'\n",
      '/usr/bin/mkdir': program(linked),
      // An interpreter, which does nothing without a script.
      '/usr/bin/perl': program({ ...linked, data: Buffer.alloc(3 << 20) }),
      '/usr/bin/sort': program(linked),
      ...packages(
        ['remote', '', '/usr/bin/remote', '/usr/lib/python3/dist-packages/remote.py'],
        ['coreutils', 'Essential: yes', '/usr/bin/mkdir', '/usr/bin/sort', '/usr/bin/perl'],
      ),
    },
    need: { because: '/app/main names /usr/bin/mkdir', starts: ['/usr/bin/mkdir'] },
    silent: { '/usr/lib/python3/dist-packages/remote.py': "cmd = 'mkdir is a command'\n" },
  },
  {
    kind: 'commands',
    case: 'in quotes, of what the packages that its own depends on need in turn',
    world: {
      ...at(
        '/usr/bin/manager',
        script('#!/usr/bin/ruby', "commands :add => 'useradd', :run => 'ruby'"),
      ),
      '/usr/bin/ruby': { link: 'ruby3.1' },
      '/usr/bin/ruby3.1': program(linked),
      '/usr/sbin/useradd': program(linked),
      ...packages(
        ['manager', 'Depends: adduser', '/usr/bin/manager'],
        ['adduser', 'Depends: passwd, ruby', '/usr/sbin/adduser'],
        ['ruby', '', '/usr/bin/ruby'],
        ['ruby3.1', '', '/usr/bin/ruby3.1'],
        ['passwd', '', '/usr/sbin/useradd'],
      ),
    },
    need: {
      because: '/app/main names /usr/sbin/useradd',
      confidence: 'likely',
      starts: ['/usr/sbin/useradd'],
    },
    silent: { '/var/lib/dpkg/info/passwd.list': '' },
  },
  {
    kind: 'commands',
    case: 'of a package that it recommends, where its code is an archive of Java',
    world: {
      ...at('/usr/bin/uml', script('#!/bin/sh', 'exec /opt/java -jar /usr/share/uml/uml.jar')),
      ...sh,
      '/usr/share/uml/uml.jar': '',
      '/usr/bin/dot': program(linked),
      ...packages(
        ['uml', 'Recommends: graphlib', '/usr/bin/uml'],
        ['graphlib', '', '/usr/bin/dot'],
      ),
    },
    need: {
      because: '/app/main starts /usr/bin/dot',
      confidence: 'likely',
      starts: ['/usr/bin/dot'],
    },
    silent: { '/usr/bin/uml': script('#!/bin/sh', 'exec /opt/java -jar "$1"') },
  },
  {
    kind: 'commands',
    case: 'of its package, which a program of it writes for a shell',
    world: {
      ...at('/usr/bin/trans', script('#!/bin/bash', 'cat | bash <(trans-mode "$1")')),
      '/bin/bash': program(linked),
      '/bin/cat': program(linked),
      '/usr/bin/trans-mode': program({ ...linked, ...texts(' | trans-attach', 'trans-other now') }),
      '/usr/bin/trans-attach': program(linked),
      '/usr/bin/trans-other': program(linked),
      ...packages([
        'trans',
        '',
        ...['trans', 'trans-mode', 'trans-attach', 'trans-other'].map((name) => `/usr/bin/${name}`),
      ]),
    },
    need: {
      because: '/app/main starts /bin/cat, /bin/bash, /usr/bin/trans-mode',
      starts: ['/bin/cat', '/bin/bash', '/usr/bin/trans-mode', '/usr/bin/trans-attach'],
    },
    silent: { '/usr/bin/trans': script('#!/bin/bash', ':') },
  },
  {
    kind: 'commands',
    case: 'of a package that its own depends on, in a list that a library of its source has',
    world: {
      ...at('/usr/bin/cluster', program({ needed: ['libc.so.6', 'libcluster.so'] })),
      [`${LIB}/libcluster.so`]: {
        needed: ['libc.so.6'],
        ...calls('execvp'),
        ...texts('ssh : rsh', 'use scp here please now', '/usr/share/other'),
      },
      '/usr/share/other/a': '',
      '/usr/bin/ssh': program(linked),
      '/usr/bin/scp': program(linked),
      ...packages(
        ['cluster', 'Source: cl\nDepends: ssh-client', '/usr/bin/cluster'],
        ['libcluster', 'Source: cl', `${LIB}/libcluster.so`],
        ['ssh-client', '', '/usr/bin/ssh', '/usr/bin/scp'],
      ),
    },
    need: {
      because: `${LIB}/libcluster.so imports execvp, and names /usr/bin/ssh`,
      starts: ['/usr/bin/ssh'],
    },
    silent: { [`${LIB}/libcluster.so`]: { needed: ['libc.so.6'], ...texts('ssh : rsh') } },
  },
  {
    kind: 'data',
    case: 'that is the symbols of the loader, by its build ID, of a package that its own depends on',
    world: {
      ...at('/usr/lib/grind/tool', program({ ...linked, ...texts(`${DEBUG}/%c%c/%s.debug`) })),
      [`${LIB}/ld-2.so`]: program({
        endian: 'big',
        rawNotes: [Buffer.from(`000000040000001400000003474e550001${'02'.repeat(19)}`, 'hex')],
      }),
      [`${DEBUG}/01/${'02'.repeat(19)}.debug`]: '',
      [`${DEBUG}/02/${'02'.repeat(19)}.debug`]: '',
      ...packages(
        ['grind', 'Depends: libc-dbg', '/usr/lib/grind/tool'],
        [
          'libc-dbg',
          'Source: libc',
          ...['01', '02'].map((id) => `${DEBUG}/${id}/${'02'.repeat(19)}.debug`),
        ],
        ['libc', '', `${LIB}/ld-2.so`],
      ),
    },
    need: {
      because: `/app/main names ${DEBUG}/01/${'02'.repeat(19)}.debug`,
      files: [`${DEBUG}/01/${'02'.repeat(19)}.debug`],
    },
    silent: { '/var/lib/dpkg/info/libc-dbg.list': '' },
  },
  {
    kind: 'state',
    case: 'that is the home directory, which a launcher gives on',
    world: {
      ...at('/usr/lib/emu/launch', program({ ...linked, ...texts('HOME', '-home') })),
      '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
      '/root/.profile': '',
    },
    need: {
      because: '/app/main writes to /root',
      directories: [{ path: '/root', mode: 0o755, uid: 0, gid: 0 }],
    },
    silent: { '/usr/lib/emu/launch': program({ ...linked, ...texts('HOME', 'home') }) },
  },
  {
    kind: 'commands',
    case: 'that a library of its source has a path of, and every system has',
    world: {
      ...at('/usr/bin/get', program({ needed: ['libc.so.6', 'libget.so'], ...calls('execvp') })),
      [`${LIB}/libget.so`]: { ...texts('/usr/bin/unpack', '/usr/share/other') },
      [`${LIB}/libelse.so`]: {},
      '/usr/share/other/a': '',
      '/usr/bin/unpack': program(linked),
      ...packages(
        ['get', 'Source: g', '/usr/bin/get'],
        ['libget', 'Source: g', `${LIB}/libget.so`],
        ['unpack', 'Essential: yes', '/usr/bin/unpack'],
      ),
    },
    need: {
      because: '/app/main imports execvp, and names /usr/bin/unpack',
      starts: ['/usr/bin/unpack'],
    },
    silent: packages(
      ['get', 'Source: g', '/usr/bin/get'],
      ['libget', '', `${LIB}/libget.so`],
      ['unpack', 'Essential: yes', '/usr/bin/unpack'],
    ),
  },
  {
    kind: 'data',
    case: 'of a package that every system has',
    world: {
      ...at('/usr/bin/get', program({ ...linked, ...texts('/usr/share/dpkg/cputable') })),
      '/usr/share/dpkg/cputable': '',
      ...packages(
        ['get', '', '/usr/bin/get'],
        ['dpkg', 'Essential: yes', '/usr/share/dpkg/cputable'],
      ),
    },
    need: {
      because: '/app/main names /usr/share/dpkg/cputable',
      files: ['/usr/share/dpkg/cputable'],
    },
    silent: packages(['get', '', '/usr/bin/get'], ['dpkg', '', '/usr/share/dpkg/cputable']),
  },
];
