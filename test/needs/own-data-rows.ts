/**
 * Rows of detectors.test.ts about files and directories that bear the name of a program.
 */
import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { program, type World } from '../support/world.js';
import type { Row } from './detector-rows.js';
import { calls, glibcWith, LIB, texts } from './need-worlds.js';

const secret = { bytes: new Uint8Array(4), mode: 0o600 };
/** A program whose data names paths, started as /app/main. */
const named = (path: string, ...values: string[]): World => ({
  ...glibcWith(),
  [path]: program({ needed: ['libc.so.6'], ...texts(...values) }),
  '/app/main': { link: path },
});

/** A home of Java, whose libraries are in `lib`. */
const javaHome = (lib: string): World => ({
  ...glibcWith(),
  '/opt/jdk/bin/java': program({ needed: ['libjli.so', 'libc.so.6'], rpath: '$ORIGIN/../lib' }),
  '/opt/jdk/lib/libjli.so': {},
  [`/opt/jdk/${lib}/libjava.so`]: {},
  '/app/main': { link: '/opt/jdk/bin/java' },
});

/** Packages of which another one needs all. */
const many = Array.from({ length: 70 }, (_, index) => `part${index}`);

/** An archive of Java that has only a manifest. */
function jar(manifest: string, compress?: (bytes: Buffer) => Buffer): Uint8Array {
  const name = Buffer.from('META-INF/MANIFEST.MF');
  const plain = Buffer.from(manifest);
  const body = compress?.(plain) ?? plain;
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50);
  header.writeUInt16LE(compress === undefined ? 0 : 8, 8);
  header.writeUInt32LE(body.length, 18);
  header.writeUInt32LE(plain.length, 22);
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(4, 28);
  return Buffer.concat([header, name, Buffer.alloc(4), body, Buffer.from('PK')]);
}

/** The same with the manifest behind so many bytes of others, and a list of the files at the end. */
function jarWithList(manifest: string, before: number): Uint8Array {
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50);
  entry.writeUInt32LE(before, 42);
  return Buffer.concat([
    Buffer.alloc(before),
    jar(manifest),
    entry,
    Buffer.from('META-INF/MANIFEST.MF'),
  ]);
}

/** More names of classes than are read, each with another sum. */
const SIGNED = Array.from({ length: 8000 }, (_, at) => {
  const sum = createHash('sha256').update(`${at}`).digest('base64');
  return `Name: a/B${at}.class\nSHA-256-Digest: ${sum}\n\n`;
}).join('');

/** A program of a package that suggests others, beside one that every system has. */
const withPackages: World = {
  ...named('/usr/bin/pack'),
  ...Object.fromEntries(
    ['xz', 'less', 'gzip', 'mail', 'sort'].map((name) => [`/usr/bin/${name}`, program()]),
  ),
  '/var/lib/dpkg/status': [
    'Package: pack\nStatus: install ok installed\nSuggests: xz-utils, less\n',
    'Package: xz-utils\nStatus: install ok installed\n',
    'Package: less\nStatus: install ok installed\n',
    'Package: gzip\nStatus: install ok installed\nEssential: yes\n',
    'Package: mail\nStatus: install ok installed\n',
  ].join('\n'),
  '/var/lib/dpkg/info/pack.list': '/usr/bin/pack\n',
  '/var/lib/dpkg/info/xz-utils.list': '/usr/bin/xz\n',
  '/var/lib/dpkg/info/less.list': '/usr/bin/less\n',
  '/var/lib/dpkg/info/gzip.list': '/bin/gzip\n/bin/sort\n',
  '/var/lib/dpkg/info/mail.list': '/usr/bin/mail\n',
};

export const ownDataRows: readonly Row[] = [
  {
    kind: 'data',
    case: 'in a directory of libraries, where the program names it only in part',
    world: {
      ...named('/usr/bin/speaker', '/usr/share', '%s/speaker-data'),
      '/usr/lib64/speaker-data/voice': '',
    },
    need: {
      because: '/app/main names /usr/lib64/speaker-data',
      files: ['/usr/lib64/speaker-data'],
    },
    silent: { '/usr/bin/speaker': program({ needed: ['libc.so.6'], ...texts('/usr/share') }) },
  },
  {
    kind: 'java',
    world: {
      ...javaHome('lib'),
      '/opt/jdk/lib/server/libjvm.so': {},
      '/opt/jdk/lib/jspawnhelper': program(),
      '/opt/jdk/lib/modules': '',
      '/opt/jdk/conf/net.properties': '',
      '/opt/jdk/man/man1/java.1': '',
    },
    need: {
      because: '/app/main loads libjli.so, which opens /opt/jdk/lib/libjava.so',
      files: ['/opt/jdk/lib', '/opt/jdk/conf'],
      except: ['src.zip', 'ct.sym'],
      opens: ['libjava.so', 'libjli.so', 'server/libjvm.so'].map((name) => ({
        name: `/opt/jdk/lib/${name}`,
        from: '/app/main',
      })),
      starts: ['/opt/jdk/lib/jspawnhelper'],
      isBesideProgram: true,
    },
    // A launcher without its Java.
    silent: { '/opt/jdk/lib/libjava.so': undefined },
  },
  {
    kind: 'java',
    case: 'of a JDK up to 8',
    world: javaHome('jre/lib/amd64'),
    need: {
      because: '/app/main loads libjli.so, which opens /opt/jdk/jre/lib/amd64/libjava.so',
      files: ['/opt/jdk/jre/lib'],
      except: ['src.zip', 'ct.sym'],
      opens: [{ name: '/opt/jdk/jre/lib/amd64/libjava.so', from: '/app/main' }],
      isBesideProgram: true,
    },
    silent: { '/opt/jdk/bin/java': program({ needed: ['libc.so.6'] }) },
  },
  {
    kind: 'data',
    world: {
      ...named('/usr/bin/vim.basic', '/usr/share/vim', '/etc/vim/vimrc', '/var/log/vim/a.log'),
      '/usr/share/vim/vim90/rgb.txt': '"',
      '/etc/vim/vimrc': '"',
      '/var/log/vim': { directory: true, mode: 0o750 },
    },
    need: {
      because: '/app/main names /etc/vim/vimrc, and 1 more',
      files: ['/etc/vim/vimrc', '/usr/share/vim'],
    },
    // The same files are another program's.
    silent: named('/usr/bin/emacs', '/usr/share/vim', '/etc/vim/vimrc', '/var/log/vim/a.log'),
  },
  {
    kind: 'state',
    world: {
      ...named('/usr/bin/vim.basic', '/var/log/vim/a.log'),
      '/var/log/vim': { directory: true, mode: 0o750, uid: 7, gid: 8 },
    },
    need: {
      because: '/app/main writes to /var/log/vim',
      directories: [{ path: '/var/log/vim', mode: 0o750, uid: 7, gid: 8 }],
    },
    // The same directory is another program's.
    silent: named('/usr/bin/emacs', '/var/log/vim/a.log'),
  },
  {
    kind: 'state',
    case: 'as tmpfiles.d and the unit of the program make it',
    world: {
      ...named('/usr/sbin/sshd', '/run/sshd'),
      '/etc/passwd': 'sshd:x:101:65534::/run/sshd:/bin/false\n',
      '/usr/lib/tmpfiles.d/sshd.conf': 'd /run/sshd 0711 sshd - -\n',
      '/usr/lib/systemd/system/ssh.service': 'ExecStart=/usr/sbin/sshd -D\nStateDirectory=ssh\n',
    },
    need: {
      because: '/app/main writes to /var/lib/ssh, and 1 more',
      directories: [
        { path: '/run/sshd', mode: 0o711, uid: 101, gid: undefined },
        { path: '/var/lib/ssh', mode: 0o755, uid: undefined, gid: undefined },
      ],
    },
    silent: named('/usr/sbin/other', '/run/sshd'),
  },
  {
    kind: 'commands',
    world: {
      ...named('/opt/db/bin/initdb', 'server', '/usr/lib/initdb/helper'),
      '/opt/db/bin/initdb': program({
        needed: ['libc.so.6'],
        ...calls('execve'),
        ...texts('server', '/usr/lib/initdb/helper'),
      }),
      '/opt/db/bin/server': program(),
      '/opt/db/bin/other': program(),
      '/usr/lib/initdb/helper': program(),
    },
    need: {
      because: '/app/main imports execve, and names /opt/db/bin/server, /usr/lib/initdb/helper',
      starts: ['/opt/db/bin/server', '/usr/lib/initdb/helper'],
    },
    silent: { '/opt/db/bin/initdb': program({ needed: ['libc.so.6'], ...texts('server') }) },
  },
  {
    kind: 'commands',
    case: 'of a shell script, but not those of its here-documents and of the service manager',
    world: {
      ...glibcWith(),
      '/usr/bin/erl': {
        bytes: Buffer.from(
          '#!/bin/sh\n# cut\nd=`dirname "$0"`\ncat <<END | sed s/a/b/\ncut me\nEND\nsystemctl reload\nexec sort\n',
        ),
      },
      '/app/main': { link: '/usr/bin/erl' },
      '/bin/systemctl': program(texts('/run/systemd/private')),
      ...Object.fromEntries(
        ['cat', 'cut', 'dirname', 'sed', 'sh', 'sort'].map((name) => [`/bin/${name}`, program()]),
      ),
    },
    need: {
      because: '/app/main starts /bin/cat, /bin/sed, /bin/sort',
      starts: ['/bin/cat', '/bin/sed', '/bin/sort', '/bin/dirname'],
    },
    silent: { '/usr/bin/erl': { bytes: Buffer.from('#!/bin/perl\nsort;\n') } },
  },
  {
    kind: 'commands',
    case: 'of the files that a shell script reads as its own, also beside it',
    world: {
      ...glibcWith(),
      '/app/main': { bytes: Buffer.from('#!/bin/sh\n. /usr/lib/wrap/wrap.sh\n. "$HERE"/own.sh\n') },
      '/usr/lib/wrap/wrap.sh': '. /usr/lib/wrap/more.sh\n. /usr/lib/wrap/wrap.sh\n# sort\n',
      '/usr/lib/wrap/more.sh': 'sort\n',
      '/app/own.sh': 'cut -f1\n',
      ...Object.fromEntries(['cut', 'sh', 'sort'].map((name) => [`/bin/${name}`, program()])),
    },
    need: {
      because: '/app/main starts /bin/cut, /bin/sort',
      starts: ['/bin/cut', '/bin/sort'],
      files: ['/usr/lib/wrap/wrap.sh', '/app/own.sh', '/usr/lib/wrap/more.sh'],
    },
    silent: { '/app/main': { bytes: Buffer.from('#!/bin/sh\n# . /usr/lib/wrap/wrap.sh\n') } },
  },
  {
    kind: 'data',
    case: 'of which a shell script has a directory, a word and an ending',
    world: {
      ...glibcWith(),
      '/app/main': {
        bytes: Buffer.from('#!/bin/sh\n. /usr/lib/wrap/wrap.sh\nfind_jars serializer absent\n'),
      },
      '/usr/lib/wrap/wrap.sh': 'JARS=/usr/share/java\ncp=$JARS/$1:$JARS/$jar.jar\n',
      '/usr/share/java/serializer.jar': '',
      '/usr/share/java/other.jar': '',
      '/bin/sh': program(),
    },
    need: {
      because: '/app/main names /usr/share/java/serializer.jar',
      files: ['/usr/share/java/serializer.jar'],
    },
    silent: { '/usr/lib/wrap/wrap.sh': 'cp=$JARS/$jar.jar\n' },
  },
  {
    kind: 'data',
    case: 'that the manifest of an archive of Java names, beside where it leads, in turn',
    world: {
      ...glibcWith(),
      '/app/main': { bytes: Buffer.from('#!/bin/sh\nexec java -jar /usr/share/main/main.jar\n') },
      '/usr/share/main/main.jar': { link: '/usr/share/java/main-1.jar' },
      '/usr/share/java/main-1.jar': jar(
        'Manifest-Version: 1.0\r\nClass-Path: ../lib/absent.jar core.j\r\n ar https://x/y.jar . ../java/ ../../../usr/ /usr/ / ../other\r\n\r\nName: a\r\nClass-Path: not.jar\r\n',
      ),
      '/usr/share/java/core.jar': jar(`Class-Path: ./classes/\n\n${SIGNED}`, deflateRawSync),
      '/usr/share/java/classes/A.class': '',
      '/usr/share/java/not.jar': '',
      '/usr/share/other/a.jar': '',
    },
    need: {
      because: '/app/main names /usr/share/main/main.jar',
      files: ['/usr/share/main/main.jar', '/usr/share/java/core.jar', '/usr/share/java/classes'],
    },
    silent: { '/usr/share/main/main.jar': undefined },
  },
  {
    kind: 'data',
    case: 'that the manifest of an archive of Java names, behind its classes',
    world: {
      '/app/main': { bytes: Buffer.from('#!/bin/sh\nexec java -jar /usr/share/main/main.jar\n') },
      '/bin/sh': program(),
      '/usr/share/main/main.jar': jarWithList('Class-Path: /usr/share/main-spec.jar\n', 1 << 17),
      '/usr/share/main-spec.jar': '',
    },
    need: {
      because: '/app/main names /usr/share/main/main.jar',
      files: ['/usr/share/main/main.jar', '/usr/share/main-spec.jar'],
    },
    silent: { '/app/main': { bytes: Buffer.from('#!/bin/sh\nexec java -jar "$1"\n') } },
  },
  {
    kind: 'commands',
    case: 'of substitutions with quotes and parentheses, and of what they stand in',
    world: {
      ...glibcWith(),
      '/app/main': {
        bytes: Buffer.from(
          '#!/bin/sh\nA="x $(sed \'s/\\(a\\)/b)/\' "$F")"\nB=$(cut -e \'case f("\'$A\'") of {a,b} -> c("~p"); _ -> d(e)\' -s)\nsort\n',
        ),
      },
      ...Object.fromEntries(
        ['cut', 'sed', 'sh', 'sort'].map((name) => [`/bin/${name}`, program()]),
      ),
    },
    need: {
      because: '/app/main starts /bin/sort, /bin/sed, /bin/cut',
      starts: ['/bin/sort', '/bin/sed', '/bin/cut'],
    },
    silent: { '/app/main': { bytes: Buffer.from('#!/bin/sh\nA="x y"\n') } },
  },
  {
    kind: 'commands',
    case: 'of the package of a script in another language, by names and paths in quotes',
    world: {
      ...glibcWith(),
      '/usr/bin/auto': {
        bytes: Buffer.from(
          "#!/usr/bin/perl\nmy $m = $ENV{'M4'} || '/usr/bin/m4'; run('local'); 'sed'\n",
        ),
      },
      '/app/main': { link: '/usr/bin/auto' },
      '/usr/bin/make': { link: '/etc/alternatives/make' },
      '/etc/alternatives/make': { link: '/usr/bin/make-1' },
      '/usr/share/auto/Run.pm':
        "$x ||= 'make'; `$m 2>&1 | grep x`; system('cp', 1); print 'fop';\n",
      ...Object.fromEntries(
        ['perl', 'm4', 'make-1', 'fop', 'local', 'sed', 'cp', 'grep'].map((name) => [
          `/usr/bin/${name}`,
          program(),
        ]),
      ),
      '/var/lib/dpkg/status': [
        'Package: auto\nStatus: install ok installed\nDepends: m4, perl\nRecommends: make, fop\n',
        'Package: base\nStatus: install ok installed\nEssential: yes\n',
        ...['m4', 'make', 'perl', 'local'].map(
          (name) => `Package: ${name}\nStatus: install ok installed\n`,
        ),
        `Package: fop\nStatus: install ok installed\nDepends: ${many.join(', ')}\n`,
        ...many.map((name) => `Package: ${name}\nStatus: install ok installed\n`),
      ].join('\n'),
      '/var/lib/dpkg/info/auto.list': '/usr/bin/auto\n/usr/share/auto/Run.pm\n',
      '/var/lib/dpkg/info/base.list':
        '/bin/sed\n/bin/cp\n/bin/grep\n/usr/bin/sed\n/usr/bin/cp\n/usr/bin/grep\n',
      '/var/lib/dpkg/info/m4.list': '/usr/bin/m4\n',
      '/var/lib/dpkg/info/make.list': '/usr/bin/make-1\n',
      '/var/lib/dpkg/info/perl.list': '/usr/bin/perl\n',
      '/var/lib/dpkg/info/local.list': '/usr/bin/local\n',
      '/var/lib/dpkg/info/fop.list': '/usr/bin/fop\n',
    },
    need: {
      because: '/app/main names /usr/bin/m4, /usr/bin/make, /usr/bin/grep',
      starts: ['/usr/bin/m4', '/usr/bin/make', '/usr/bin/grep', '/usr/bin/cp'],
    },
    silent: { '/var/lib/dpkg/info/auto.list': '/usr/bin/other\n' },
  },
  {
    kind: 'commands',
    case: 'that are the interpreter of the script by another name, and no program more',
    world: {
      ...glibcWith(),
      '/usr/bin/ban': { bytes: Buffer.from("#!/usr/bin/python3\nstart('ban-python')\n") },
      '/app/main': { link: '/usr/bin/ban' },
      '/usr/bin/python3': { link: 'python3.11' },
      '/usr/bin/python3.11': program(),
      '/usr/bin/ban-python': { link: 'python3' },
      '/var/lib/dpkg/status': ['ban', 'python3', 'python3.11']
        .map((name) => `Package: ${name}\nStatus: install ok installed\n`)
        .join('\n'),
      '/var/lib/dpkg/info/ban.list': '/usr/bin/ban\n/usr/bin/ban-python\n',
      '/var/lib/dpkg/info/python3.list': '/usr/bin/python3\n',
      '/var/lib/dpkg/info/python3.11.list': '/usr/bin/python3.11\n',
    },
    need: {
      because: '/app/main names /usr/bin/ban-python',
      files: ['/usr/bin/ban-python'],
    },
    silent: { '/usr/bin/ban-python': undefined },
  },
  {
    kind: 'state',
    case: 'of a script',
    world: {
      ...glibcWith(),
      '/usr/sbin/chat-ctl': {
        bytes: Buffer.from('#!/bin/sh\n: ${DIR:="/var/lib/chat"}\ncd $DIR\n'),
      },
      '/app/main': { link: '/usr/sbin/chat-ctl' },
      '/bin/sh': program(),
      '/var/lib/chat': { directory: true, mode: 0o750, uid: 101, gid: 102 },
    },
    need: {
      because: '/app/main writes to /var/lib/chat',
      directories: [{ path: '/var/lib/chat', mode: 0o750, uid: 101, gid: 102 }],
    },
    silent: { '/usr/sbin/chat-ctl': { bytes: Buffer.from('#!/bin/sh\ncd $DIR\n') } },
  },
  {
    kind: 'commands',
    case: 'of its name that a library names by its path',
    world: {
      ...named('/usr/sbin/kea-dhcp4'),
      '/usr/sbin/kea-dhcp4': program({ needed: ['libsrv.so.1'], ...calls('execve') }),
      [`${LIB}/libsrv.so.1`]: texts('/usr/sbin/kea-lfc', '/usr/sbin/other'),
      '/usr/sbin/kea-lfc': program(),
      '/usr/sbin/other': program(),
    },
    need: {
      because: '/app/main imports execve, and names /usr/sbin/kea-lfc',
      starts: ['/usr/sbin/kea-lfc'],
    },
    silent: { [`${LIB}/libsrv.so.1`]: texts('/usr/sbin/other') },
  },
  {
    kind: 'data',
    case: 'of which a script has the begin with a dash, and a part from a variable of its prefix',
    world: {
      ...glibcWith(),
      '/usr/bin/tool': {
        bytes: Buffer.from('#!/bin/sh\nA=/usr/share/tool-$V\n: ${B=${prefix}/lib/toolbox/x}\n'),
      },
      '/app/main': { link: '/usr/bin/tool' },
      '/bin/sh': program(),
      '/usr/share/tool-1.16/a': '',
      '/usr/lib/toolbox/x': '',
      '/usr/lib/other/x': '',
    },
    need: {
      because: '/app/main names /usr/lib/toolbox/x, and 1 more',
      files: ['/usr/lib/toolbox/x', '/usr/share/tool-1.16'],
    },
    silent: { '/usr/bin/tool': { bytes: Buffer.from('#!/bin/sh\n: ${B=${prefix}/lib/other}\n') } },
  },
  {
    kind: 'commands',
    case: 'that are small, by their paths, of a package that its own depends on',
    world: {
      ...withPackages,
      '/usr/bin/pack': program({
        needed: ['libc.so.6'],
        ...calls('popen'),
        ...texts('/usr/bin/mail'),
      }),
      '/var/lib/dpkg/status': [
        'Package: pack\nStatus: install ok installed\nDepends: mail\n',
        'Package: mail\nStatus: install ok installed\n',
      ].join('\n'),
    },
    need: {
      because: '/app/main imports popen, and names /usr/bin/mail',
      starts: ['/usr/bin/mail'],
    },
    silent: { '/usr/bin/mail': undefined },
  },
  {
    kind: 'commands',
    case: 'of a package that its own suggests and that needs many others',
    world: {
      ...withPackages,
      '/usr/bin/pack': program({ needed: ['libc.so.6'], ...calls('popen'), ...texts('xz') }),
      '/var/lib/dpkg/status': [
        'Package: pack\nStatus: install ok installed\nSuggests: xz-utils\n',
        `Package: xz-utils\nStatus: install ok installed\nDepends: ${many.join(', ')}\n`,
        ...many.map((name) => `Package: ${name}\nStatus: install ok installed\n`),
      ].join('\n'),
    },
    need: {
      because: '/app/main imports popen, and names /usr/bin/xz',
      confidence: 'likely',
      starts: ['/usr/bin/xz'],
    },
    silent: { '/usr/bin/xz': undefined },
  },
  {
    kind: 'data',
    case: 'in its own directory of /etc, in which others have files',
    world: {
      ...named('/usr/sbin/cron', '/etc/cron.d', '/etc/init.d'),
      '/etc/cron.d/other': '',
      '/etc/init.d/other': '',
    },
    need: { because: '/app/main names /etc/cron.d', files: ['/etc/cron.d'] },
    silent: named('/usr/sbin/timer', '/etc/cron.d'),
  },
  {
    kind: 'data',
    case: 'of a home with `share`, by its own place',
    world: {
      ...named('/usr/lib/office/program/office.bin'),
      '/usr/lib/office/program/unorc': '',
      '/usr/lib/office/share/a': '',
    },
    need: { because: '/app/main names /usr/lib/office', files: ['/usr/lib/office'] },
    silent: { '/usr/lib/office/share/a': undefined },
  },
  {
    kind: 'data',
    case: 'of a home of its own name, however large, with libraries that need each other',
    world: {
      ...named('/usr/lib/browser/browser'),
      '/usr/lib/browser/data.pak': { bytes: new Uint8Array(8 << 20) },
      '/usr/lib/browser/liba.so': { needed: ['libz.so'] },
      '/usr/lib/browser/libz.so': {},
    },
    need: {
      because: '/app/main names /usr/lib/browser',
      files: ['/usr/lib/browser'],
      opens: ['/usr/lib/browser/libz.so', '/usr/lib/browser/liba.so'].map((name) => ({
        name,
        from: '/app/main',
      })),
    },
    silent: {
      ...Object.fromEntries(
        Array.from({ length: 9 }, (_, at) => [`/usr/lib/browser/helper${at}`, program()]),
      ),
      '/usr/lib/browser/data.pak': undefined,
      '/usr/lib/browser/liba.so': undefined,
      '/usr/lib/browser/libz.so': undefined,
    },
  },
  {
    kind: 'data',
    case: 'of applications of Erlang, where ERL_LIBS of a script leads',
    world: {
      ...glibcWith(),
      '/usr/sbin/chat-ctl': { bytes: Buffer.from("#!/bin/sh\nERL_LIBS='/usr/lib/erl:/none'\n") },
      '/app/main': { link: '/usr/sbin/chat-ctl' },
      '/bin/sh': program(),
      '/usr/lib/erl/chat-1/ebin/chat.beam': '',
      '/usr/lib/erl/other/a': '',
    },
    need: { because: '/app/main names /usr/lib/erl/chat-1', files: ['/usr/lib/erl/chat-1'] },
    silent: { '/usr/lib/erl/chat-1/ebin/chat.beam': undefined },
  },
  {
    kind: 'commands',
    case: 'of others, by their paths',
    world: {
      ...withPackages,
      '/usr/bin/pack': program({
        needed: ['libc.so.6'],
        ...calls('execve'),
        ...texts('/usr/bin/mail', '/bin/sh'),
      }),
      '/bin/sh': program(),
    },
    need: {
      because: '/app/main imports execve, and names /usr/bin/mail',
      confidence: 'likely',
      starts: ['/usr/bin/mail'],
    },
    silent: { '/usr/bin/mail': undefined },
  },
  {
    kind: 'commands',
    case: 'that are small, by their paths, where the root does not tell what every system has',
    world: {
      ...named('/usr/bin/rotate'),
      '/usr/bin/rotate': program({
        needed: ['libc.so.6'],
        ...calls('execve'),
        ...texts('/bin/gzip', '/bin/sh'),
      }),
      '/bin/gzip': program(),
      '/bin/sh': program(),
    },
    need: { because: '/app/main imports execve, and names /bin/gzip', starts: ['/bin/gzip'] },
    silent: { '/bin/gzip': undefined },
  },
  {
    kind: 'config',
    case: 'of others, by whole names, in a root without packages',
    world: {
      ...named('/usr/bin/fetch', '/etc/rules/policy.json', '/etc/other', '/etc/rules/more.d'),
      '/etc/rules/policy.json': '{}\n',
      '/etc/other': 'a\n',
      '/etc/rules/more.d/a': 'a\n',
    },
    need: {
      because: '/app/main names /etc/rules/policy.json',
      files: ['/etc/rules/policy.json'],
    },
    silent: {
      '/var/lib/dpkg/status': [
        'Package: fetch\nStatus: install ok installed\n',
        'Package: rules\nStatus: install ok installed\n',
      ].join('\n'),
      '/var/lib/dpkg/info/fetch.list': '/usr/bin/fetch\n',
      '/var/lib/dpkg/info/rules.list': '/etc/rules/policy.json\n',
    },
  },
  {
    kind: 'config',
    world: {
      ...named('/usr/sbin/nginx', '--modules-path=/usr/lib/nginx/modules', '/etc/nginx/nginx.conf'),
      '/etc/nginx/nginx.conf': 'include on.d/*.conf;\n# include off.d/*.conf;\n',
      '/etc/nginx/on.d/a.conf': 'load_module modules/a.so; include /usr/share/a/words;\n',
      '/etc/nginx/off.d/b.conf': '',
      '/usr/share/a/words': '',
      '/usr/lib/nginx/modules/a.so': {},
    },
    need: {
      because: '/app/main names /etc/nginx/nginx.conf, which leads to 3 more',
      files: [
        '/etc/nginx/nginx.conf',
        '/etc/nginx/on.d/a.conf',
        '/usr/lib/nginx/modules/a.so',
        '/usr/share/a/words',
      ],
      opens: [{ name: '/usr/lib/nginx/modules/a.so', from: '/app/main' }],
    },
    silent: { '/etc/nginx/nginx.conf': undefined },
  },
  {
    kind: 'config',
    case: 'with directories of data, of which the outermost are told',
    world: {
      ...named('/usr/sbin/nginx', '/etc/nginx/nginx.conf'),
      '/etc/nginx/nginx.conf':
        'root /var/www/html/;\nalias /var/www/html/sub;\nroot /srv/site;\nroot /srv/empty;\n# root /srv/off;\n' +
        'proxy_temp_path /var/lib/nginx/proxy;\ninclude /usr/share/other;\nroot /srv/gone;\n',
      '/var/www/html/index.html': '',
      '/var/www/html/sub/a.html': '',
      '/srv/site/index.html': '',
      '/srv/empty': { directory: true },
      '/srv/off/index.html': '',
      '/var/lib/nginx/proxy/1': '',
      '/usr/share/other/a': '',
    },
    need: {
      because: '/app/main names /etc/nginx/nginx.conf',
      files: ['/etc/nginx/nginx.conf'],
      dataLeftOut: ['/srv/site', '/var/www/html'],
    },
    silent: { '/etc/nginx/nginx.conf': undefined },
  },
  {
    kind: 'commands',
    case: 'that its data gives to a shell, and of packages that its own depends on',
    world: {
      ...named('/usr/bin/man'),
      '/usr/bin/man': program({
        needed: ['libc.so.6'],
        ...calls('popen', 'execvp'),
        ...texts('sort -u | uniq', 'tbl', 'perl', 'a note | and more'),
      }),
      ...Object.fromEntries(
        ['sort', 'uniq', 'tbl', 'note'].map((name) => [`/usr/bin/${name}`, program()]),
      ),
      '/var/lib/dpkg/status': [
        'Package: man-db\nStatus: install ok installed\nDepends: groff\n',
        'Package: groff\nStatus: install ok installed\n',
      ].join('\n'),
      '/var/lib/dpkg/info/man-db.list': '/usr/bin/man\n',
      '/var/lib/dpkg/info/groff.list': '/usr/bin/tbl\n/usr/bin/note\n',
    },
    need: {
      because: '/app/main imports execvp, and names /usr/bin/tbl, /usr/bin/sort, /usr/bin/uniq',
      starts: ['/usr/bin/tbl', '/usr/bin/sort', '/usr/bin/uniq'],
    },
    silent: {
      '/usr/bin/man': program({ needed: ['libc.so.6'], ...texts('sort -u | uniq', 'tbl') }),
    },
  },
  {
    kind: 'commands',
    case: 'of packages that its own suggests and that every system has, and other names of it',
    world: {
      ...withPackages,
      '/usr/bin/pack': program({
        needed: ['libc.so.6'],
        ...calls('execvp'),
        ...texts('txz', '/usr/bin/gzip', 'pack-list'),
      }),
      '/usr/bin/pack-list': { link: 'pack' },
    },
    need: {
      because: '/app/main imports execvp, and names /usr/bin/pack-list, /usr/bin/xz, /usr/bin/gzip',
      files: ['/usr/bin/pack-list'],
      starts: ['/usr/bin/xz', '/usr/bin/gzip'],
    },
    silent: {
      '/usr/bin/pack': program({ needed: ['libc.so.6'], ...texts('txz', '/usr/bin/gzip') }),
    },
  },
  {
    kind: 'commands',
    case: 'that need much else',
    world: {
      ...named('/usr/bin/rotate'),
      '/usr/bin/rotate': program({ ...calls('execve'), ...texts('/bin/view') }),
      '/bin/view': program({ needed: ['libbig.so.1'] }),
      [`${LIB}/libbig.so.1`]: { data: new Uint8Array(5 << 20) },
    },
    need: {
      because: '/app/main imports execve, and names /bin/view',
      confidence: 'possible',
      starts: ['/bin/view'],
    },
    silent: { '/bin/view': undefined },
  },
  {
    kind: 'commands',
    case: 'of other packages, and at the end of a longer text',
    world: {
      ...withPackages,
      '/usr/bin/pack': program({
        needed: ['libc.so.6'],
        ...calls('execvp'),
        ...texts('unless', '/usr/bin/mail', 'sort'),
      }),
    },
    need: {
      because: '/app/main imports execvp, and names /usr/bin/mail, /usr/bin/less',
      confidence: 'likely',
      starts: ['/usr/bin/mail', '/usr/bin/less'],
    },
    silent: { '/usr/bin/mail': undefined, '/usr/bin/less': undefined },
  },
  {
    kind: 'commands',
    case: 'that configuration names',
    world: {
      ...named('/usr/sbin/web', '/etc/web/web.conf'),
      '/usr/sbin/web': program({
        needed: ['libc.so.6'],
        ...calls('execve'),
        ...texts('/etc/web/web.conf'),
      }),
      '/etc/web/web.conf': 'include_shell "/usr/share/web/make-conf 80"\n',
      '/usr/share/web/make-conf': program(),
    },
    need: {
      because: '/app/main imports execve, and names /usr/share/web/make-conf',
      starts: ['/usr/share/web/make-conf'],
    },
    silent: { '/etc/web/web.conf': '# include_shell "/usr/share/web/make-conf 80"\n' },
  },
  {
    kind: 'config',
    case: 'with the modules of a directory, and what is made of a table',
    world: {
      ...named('/usr/sbin/radius', '/etc/radius/radius.conf'),
      '/etc/radius/radius.conf': 'libdir = /usr/lib/radius\nmaps = hash:/etc/aliases\n',
      '/etc/aliases': '',
      '/etc/aliases.db': '',
      '/etc/aliases.bak': '',
      '/usr/lib/radius/rlm_a.so': {},
    },
    need: {
      because: '/app/main names /etc/radius/radius.conf, which leads to 3 more',
      files: ['/etc/aliases', '/etc/aliases.db', '/etc/radius/radius.conf', '/usr/lib/radius'],
      opens: [{ name: '/usr/lib/radius/rlm_a.so', from: '/app/main' }],
    },
    silent: { '/etc/radius/radius.conf': undefined },
  },
  {
    kind: 'config',
    case: 'that names the accounts, whose homes are of others',
    world: {
      ...named('/usr/sbin/radius', '/etc/radius/radius.conf'),
      '/etc/radius/radius.conf': 'users = /etc/passwd\n',
      '/etc/passwd': 'web:x:33:33::/etc/web:/bin/sh\n',
      '/etc/web/web.conf': '',
    },
    need: {
      because: '/app/main names /etc/radius/radius.conf, which leads to 1 more',
      files: ['/etc/passwd', '/etc/radius/radius.conf'],
    },
    silent: { '/etc/radius/radius.conf': undefined },
  },
  {
    kind: 'config',
    case: 'with the file of a URL, which is no table',
    world: {
      ...named('/usr/sbin/radius', '/etc/radius/radius.conf'),
      '/etc/radius/radius.conf': 'catalog = "file:///etc/radius/map"\n',
      '/etc/radius/map': '',
      '/etc/radius/map.old': '',
    },
    need: {
      because: '/app/main names /etc/radius/radius.conf, which leads to 1 more',
      files: ['/etc/radius/map', '/etc/radius/radius.conf'],
    },
    silent: { '/etc/radius/radius.conf': undefined },
  },
  {
    kind: 'config',
    case: 'in /etc, by a name that a library puts behind it, and a library that it names',
    world: {
      ...named('/usr/bin/isql'),
      '/usr/bin/isql': program({ needed: ['libodbc.so.2', 'libc.so.6'] }),
      [`${LIB}/libodbc.so.2`]: texts('/etc', '.odbcinst.ini', '%s/odbc.ini', 'odbc.other is none'),
      '/etc/odbc.ini': '[t]\nDriver=SQLite\n',
      '/etc/odbcinst.ini': '[SQLite]\nDriver=libdriver.so\n',
      '/etc/odbc.other': '',
      [`${LIB}/libdriver.so`]: {},
    },
    need: {
      because: '/app/main names /etc/odbc.ini, which leads to 2 more',
      files: ['/etc/odbc.ini', '/etc/odbcinst.ini', `${LIB}/libdriver.so`],
      opens: [{ name: `${LIB}/libdriver.so`, from: '/app/main' }],
    },
    silent: { [`${LIB}/libodbc.so.2`]: texts('.odbcinst.ini', '%s/odbc.ini') },
  },
  {
    kind: 'state',
    case: 'of its PID file in a directory of the system',
    world: { ...named('/usr/sbin/watch', '/run', 'watch.pid'), '/run': { directory: true } },
    need: {
      because: '/app/main writes to /run',
      directories: [{ path: '/run', mode: 0o755, uid: 0, gid: 0 }],
    },
    silent: {
      '/usr/sbin/watch': program({ needed: ['libc.so.6'], ...texts('/srv', 'watch.pid') }),
    },
  },
  {
    kind: 'config',
    case: 'of a file deep in its data that it starts with, and modules of another ending',
    world: {
      ...named('/usr/bin/spice', '/usr/share/spice'),
      '/usr/share/spice/scripts/spinit': 'codemodel /usr/lib/spice/analog.cm\n',
      '/usr/lib/spice/analog.cm': {},
    },
    need: {
      because: '/app/main names /usr/share/spice/scripts/spinit, which leads to 1 more',
      files: ['/usr/lib/spice/analog.cm', '/usr/share/spice/scripts/spinit'],
      opens: [{ name: '/usr/lib/spice/analog.cm', from: '/app/main' }],
    },
    silent: { '/usr/share/spice/scripts/spinit': undefined },
  },
  {
    kind: 'config',
    case: 'of XML, with what catalogs lead to',
    world: {
      ...named('/usr/bin/xslt'),
      '/usr/bin/xslt': program({ needed: ['libxml2.so.2', 'libc.so.6'] }),
      [`${LIB}/libxml2.so.2`]: texts('file:///etc/xml/catalog'),
      '/etc/xml/catalog':
        '<delegateURI catalog="file:///usr/share/xml/doc/catalog.xml"/><delegatePublic catalog="file:///usr/share/xml/dtd/catalog.xml"/>',
      '/usr/share/xml/dtd/catalog.xml':
        '<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog"><public uri="a.mod"/>',
      '/usr/share/xml/dtd/a.mod': '',
      '/usr/share/xml/doc/catalog.xml':
        '<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog"><rewriteURI rewritePrefix="./"/>',
      '/usr/share/xml/doc/a.xsl': '',
    },
    need: {
      because: '/app/main names /etc/xml/catalog, which leads to 4 more',
      files: [
        '/etc/xml/catalog',
        ...['doc', 'doc/catalog.xml', 'dtd', 'dtd/catalog.xml'].map(
          (name) => `/usr/share/xml/${name}`,
        ),
      ],
    },
    silent: { '/usr/bin/xslt': program({ needed: ['libc.so.6'] }) },
  },
  {
    kind: 'config',
    case: 'of the unit that starts it',
    world: {
      ...named('/usr/sbin/lighttpd'),
      '/usr/lib/systemd/system/lighttpd.service':
        'ExecStart=/usr/sbin/lighttpd -D -f /etc/lighttpd/lighttpd.conf\n',
      '/etc/lighttpd/lighttpd.conf': '',
    },
    need: {
      because: '/usr/lib/systemd/system/lighttpd.service names /etc/lighttpd/lighttpd.conf',
      files: ['/etc/lighttpd/lighttpd.conf'],
    },
    silent: { '/usr/lib/systemd/system/lighttpd.service': 'ExecStart=/usr/sbin/other\n' },
  },
  {
    kind: 'data',
    case: 'libraries and programs, in directories that it names with and without its prefix',
    world: {
      ...named('/usr/bin/git', '/usr/lib/git-core', '/usr/lib/git-core/git-a', 'share/git/x'),
      '/usr/lib/git-core/git-a': program(),
      '/usr/lib/git-core/a.so': {},
      '/usr/share/git/x': '',
    },
    need: {
      because: '/app/main names /usr/lib/git-core, and 1 more',
      files: ['/usr/lib/git-core', '/usr/share/git/x'],
      opens: [{ name: '/usr/lib/git-core/a.so', from: '/app/main' }],
      starts: ['/usr/lib/git-core/git-a'],
    },
    silent: {
      '/usr/lib/git-core/git-a': undefined,
      '/usr/lib/git-core/a.so': undefined,
      '/usr/share/git/x': undefined,
    },
  },
  {
    kind: 'data',
    case: 'of its own library, in a list of paths with wildcards',
    world: {
      ...named('/usr/bin/tclsh8.6'),
      [`${LIB}/libtcl8.6.so`]: texts('/usr/lib/tcltk/%s/x /usr/share/tcltk'),
      '/usr/bin/tclsh8.6': program({ needed: ['libtcl8.6.so', 'libc.so.6'] }),
      '/usr/lib/tcltk/init.dat': '',
      '/usr/share/tcltk/a.dat': '',
    },
    need: {
      because: `${LIB}/libtcl8.6.so names /usr/lib/tcltk, and 1 more`,
      files: ['/usr/lib/tcltk', '/usr/share/tcltk'],
    },
    silent: { '/usr/bin/tclsh8.6': program({ needed: ['libc.so.6'] }) },
  },
  {
    kind: 'data',
    case: 'a directory that is large beside the program, on demand',
    world: {
      ...named('/usr/bin/app', '--data=/usr/share/app/%s.bin'),
      '/usr/share/app/a.bin': { bytes: new Uint8Array(5 << 20) },
    },
    need: {
      because: '/app/main names /usr/share/app',
      confidence: 'likely',
      files: ['/usr/share/app'],
    },
    silent: named('/usr/bin/other', '--data=/usr/share/app/%s.bin'),
  },
  {
    kind: 'data',
    case: 'with the ending that its library adds, and by what a format stands before',
    world: {
      ...named('/usr/bin/app'),
      '/usr/bin/app': program({ needed: ['libmagic.so.1', 'libc.so.6'] }),
      [`${LIB}/libmagic.so.1`]: texts('/usr/share/misc/magic', '/usr/lib', '%s/magic-data'),
      '/usr/share/misc/magic.mgc': '',
      '/usr/lib/magic-data/a': '',
      '/usr/lib/magic-more/a': '',
    },
    need: {
      because: `${LIB}/libmagic.so.1 names /usr/lib/magic-data, and 1 more`,
      files: ['/usr/lib/magic-data', '/usr/share/misc/magic.mgc'],
    },
    silent: { '/usr/bin/app': program({ needed: ['libc.so.6'] }) },
  },
  {
    kind: 'data',
    case: 'as the package database connects it',
    world: {
      ...named('/usr/bin/app'),
      '/usr/bin/app': program({ needed: ['libgs.so.10', 'libc.so.6'] }),
      [`${LIB}/libgs.so.10`]: texts(
        '%rom%:/usr/share/ghostscript/10//Resource/',
        '/usr/share/other',
      ),
      '/usr/share/ghostscript/10/Resource/a': '',
      '/usr/share/other/a': '',
      '/var/lib/dpkg/status': [
        'Package: libgs10\nStatus: install ok installed\nDepends: libgs-common\n',
        'Package: libgs-common\nStatus: install ok installed\n',
        'Package: other\nStatus: install ok installed\n',
      ].join('\n'),
      '/var/lib/dpkg/info/libgs10.list': `${LIB}/libgs.so.10\n`,
      '/var/lib/dpkg/info/libgs-common.list': '/usr/share/ghostscript/10/Resource\n',
      '/var/lib/dpkg/info/other.list': '/usr/share/other\n',
    },
    need: {
      because: `${LIB}/libgs.so.10 names /usr/share/ghostscript/10/Resource`,
      files: ['/usr/share/ghostscript/10/Resource'],
    },
    silent: { '/var/lib/dpkg/info/libgs-common.list': '' },
  },
  {
    kind: 'data',
    case: 'but no documentation, and no secrets',
    world: {
      ...named('/usr/bin/app', '/etc/app', '/usr/share/doc/app', '/usr/share/locale/app'),
      '/etc/app/app.conf': '',
      '/etc/app/ssl/key.pem': secret,
      '/etc/app/ssl/cert.pem': '',
      '/usr/share/doc/app/x': '',
      '/usr/share/locale/app/x': '',
    },
    need: {
      because: '/app/main names /etc/app',
      files: ['/etc/app/app.conf', '/etc/app/ssl/cert.pem'],
      secrets: ['/etc/app/ssl/key.pem'],
      secretsInside: ['/etc/app/ssl/key.pem'],
    },
    silent: named('/usr/bin/app', '/usr/share/doc/app', '/usr/share/locale/app'),
  },
  {
    kind: 'data',
    case: 'of a program that no package has, where none has the files',
    world: {
      ...named('/srv/hello', '/etc/greeter/words', '/etc/other/words'),
      '/etc/greeter/words': '',
      '/etc/other/words': '',
      '/var/lib/dpkg/status': 'Package: other\nStatus: install ok installed\n',
      '/var/lib/dpkg/info/other.list': '/etc/other/words\n',
    },
    need: { because: '/app/main names /etc/greeter/words', files: ['/etc/greeter/words'] },
    silent: { '/var/lib/dpkg/info/other.list': '/etc/other/words\n/etc/greeter/words\n' },
  },
  {
    kind: 'data',
    case: 'of a library, in a root without a package database',
    world: {
      ...named('/usr/bin/app', '/usr/share/words/b'),
      '/usr/bin/app': program({ needed: ['libgs.so.10', 'libc.so.6'] }),
      [`${LIB}/libgs.so.10`]: texts('/usr/share/words/a'),
      '/usr/share/words/a': '',
      '/usr/share/words/b': '',
    },
    need: { because: `${LIB}/libgs.so.10 names /usr/share/words/a`, files: ['/usr/share/words/a'] },
    silent: { '/usr/share/words/a': undefined },
  },
  {
    kind: 'data',
    case: 'all of a release, of which it names a part',
    world: {
      ...named('/usr/bin/groff', '/usr/share/groff/1.22.4/font', '<prefix:lib/groff>'),
      '/usr/share/groff/1.22.4/font/R': '',
      '/usr/share/groff/1.22.4/tmac/an': '',
      '/usr/lib/groff/a': '',
    },
    need: {
      because: '/app/main names /usr/lib/groff, and 1 more',
      files: ['/usr/lib/groff', '/usr/share/groff/1.22.4'],
    },
    silent: named('/usr/bin/other', '/usr/share/groff/1.22.4/font', '<prefix:lib/groff>'),
  },
  {
    kind: 'data',
    case: 'that is made for it to read, but no state',
    world: {
      ...named('/usr/bin/app', '/var/lib/app/made', '/var/lib/app/kept'),
      '/var/lib/app/made/map': '',
      '/var/lib/app/kept/users': { bytes: new Uint8Array(2), mode: 0o644, uid: 7 },
    },
    need: { because: '/app/main names /var/lib/app/made', files: ['/var/lib/app/made'] },
    silent: { '/var/lib/app/made/map': { bytes: new Uint8Array(2), mode: 0o664 } },
  },
  {
    kind: 'data',
    case: 'large helpers only where someone asks for them',
    world: {
      ...named('/usr/bin/git', '/usr/lib/git-core'),
      '/usr/lib/git-core/git-a': { ...program(), data: new Uint8Array(6 << 20) },
    },
    need: {
      because: '/app/main names /usr/lib/git-core',
      confidence: 'possible',
      files: ['/usr/lib/git-core'],
      starts: ['/usr/lib/git-core/git-a'],
    },
    silent: { '/usr/bin/git': program({ needed: ['libc.so.6'] }) },
  },
  {
    kind: 'data',
    case: 'large helpers whose names the program puts together',
    world: {
      ...named('/usr/bin/git', '/usr/lib/git-core', 'remote-%s'),
      '/usr/lib/git-core/git-remote-a': { ...program(), data: new Uint8Array(6 << 20) },
    },
    need: {
      because: '/app/main names /usr/lib/git-core',
      confidence: 'likely',
      files: ['/usr/lib/git-core'],
      starts: ['/usr/lib/git-core/git-remote-a'],
    },
    silent: { '/usr/bin/git': program({ needed: ['libc.so.6'] }) },
  },
  {
    kind: 'data',
    case: 'drivers of a library only on demand',
    world: {
      ...named('/usr/bin/app'),
      '/usr/bin/app': {
        ...program({ needed: ['libgl.so.1', 'libc.so.6'] }),
        data: new Uint8Array(8 << 20),
      },
      [`${LIB}/libgl.so.1`]: texts('/usr/lib/dri'),
      '/usr/lib/dri/a_dri.so': { data: new Uint8Array(5 << 20) },
    },
    need: {
      because: `${LIB}/libgl.so.1 names /usr/lib/dri`,
      confidence: 'likely',
      files: ['/usr/lib/dri'],
      opens: [{ name: '/usr/lib/dri/a_dri.so', from: `${LIB}/libgl.so.1` }],
    },
    silent: { '/usr/bin/app': program({ needed: ['libc.so.6'] }) },
  },
  {
    kind: 'data',
    case: 'of a program of two letters the whole word',
    world: {
      ...named('/usr/bin/su', '/etc/su', '/etc/sudoers'),
      '/etc/su': '',
      '/etc/sudoers': '',
    },
    need: { because: '/app/main names /etc/su', files: ['/etc/su'] },
    silent: { '/etc/su': undefined },
  },
];
