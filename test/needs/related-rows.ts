/**
 * Rows of detectors.test.ts about names that stand in quotes, in variables and in code, and what belongs to
 * a program by its release, its package or its own name.
 */
import { program } from '../support/world.js';
import type { Row } from './detector-rows.js';
import { calls, LIB, texts } from './need-worlds.js';
import { at, linked, packages, script } from './put-together-rows.js';

const text = (content: string) => ({ bytes: Buffer.from(content), mode: 0o644 });
const sh = { '/bin/sh': program(linked) };

export const relatedRows: readonly Row[] = [
  {
    kind: 'data',
    case: 'of a script, as the value of a variable that is not set',
    world: {
      ...at('/usr/bin/speak', script('#!/bin/sh', 'DATA="${SPEAK_DATA:-/usr/share/speak}"')),
      ...sh,
      '/usr/share/speak/a': '',
    },
    need: { because: '/app/main names /usr/share/speak', files: ['/usr/share/speak'] },
    silent: { '/usr/bin/speak': script('#!/bin/sh', 'DATA="${SPEAK:-/usr/share/{speak}}"') },
  },
  {
    kind: 'data',
    case: 'in /etc, by its whole name alone',
    world: {
      ...at('/usr/bin/printer', program({ ...linked, ...texts('printer.cfg') })),
      '/etc/printer.cfg': '',
      '/etc/printer.old': '',
    },
    need: { because: '/app/main names /etc/printer.cfg', files: ['/etc/printer.cfg'] },
    silent: { '/usr/bin/printer': program({ ...linked, ...texts('my printer.cfg') }) },
  },
  {
    kind: 'data',
    case: 'of the release that its package has',
    world: {
      ...at('/usr/bin/extract', program({ ...linked, ...texts('/usr/share/words') })),
      '/usr/share/words-0.21/a': '',
      '/usr/share/words-more/b': '',
      ...packages([
        'words',
        '',
        '/usr/bin/extract',
        ...['/usr/share/words-0.21', '/usr/share/words-0.21/a', '/usr/share/words-more'],
      ]),
    },
    need: { because: '/app/main names /usr/share/words-0.21', files: ['/usr/share/words-0.21'] },
    silent: { '/usr/bin/extract': program({ ...linked, ...texts('/usr/share/word') }) },
  },
  {
    kind: 'data',
    case: 'of a package that its own recommends',
    world: {
      ...at('/usr/bin/gp', program({ ...linked, ...texts('/usr/share/pari') })),
      '/usr/share/pari/a': '',
      ...packages(
        ['pari-gp', 'Recommends: galdata', '/usr/bin/gp'],
        ['galdata', '', '/usr/share/pari', '/usr/share/pari/a'],
      ),
    },
    need: { because: '/app/main names /usr/share/pari', files: ['/usr/share/pari'] },
    silent: packages(
      ['pari-gp', '', '/usr/bin/gp'],
      ['galdata', '', '/usr/share/pari', '/usr/share/pari/a'],
    ),
  },
  {
    kind: 'data',
    case: "of a script, by its package's name in a variable",
    world: {
      ...at('/usr/bin/any', script('#!/bin/sh', "my $package = 'book';")),
      ...sh,
      '/usr/share/book/a': '',
      ...packages(['book', '', '/usr/bin/any', '/usr/share/book', '/usr/share/book/a']),
    },
    need: { because: '/app/main names /usr/share/book', files: ['/usr/share/book'] },
    silent: { '/usr/bin/any': script('#!/bin/sh', "my $package = 'books';") },
  },
  {
    kind: 'config',
    case: 'in a variable of the unit that starts it',
    world: {
      ...at('/usr/sbin/proxy', program(linked)),
      '/usr/lib/systemd/system/proxy.service':
        'Environment=CONFIG=/etc/proxy/config\nExecStart=/usr/sbin/proxy $CONFIG\n',
      '/etc/proxy/config': '',
    },
    need: {
      because: '/usr/lib/systemd/system/proxy.service names /etc/proxy/config',
      files: ['/etc/proxy/config'],
    },
    silent: {
      '/usr/lib/systemd/system/proxy.service': 'ExecStart=/usr/sbin/proxy $CONFIG\n',
    },
  },
  {
    kind: 'commands',
    case: 'that a shell script looks for',
    world: {
      ...at(
        '/usr/bin/run-it',
        script('#!/bin/sh', 'JAVA="`\\\\command -v java`"', '[ -x "$(which sort)" ]'),
      ),
      '/bin/sh': program(),
      '/usr/bin/java': program(),
      '/usr/bin/sort': program(),
    },
    need: { because: '/app/main starts /usr/bin/java', starts: ['/usr/bin/java'] },
    // Two backquotes that are far from each other are two lone ones.
    silent: {
      '/usr/bin/run-it': script(
        '#!/bin/sh',
        '[ -x "$(which java)" ] && echo "a \\` b"',
        `echo '${' '.repeat(5000)}; sort; \`'`,
      ),
    },
  },
  {
    kind: 'data',
    case: 'of modules that a script names as the place of all, however many',
    world: {
      ...at('/usr/bin/books-edit', script('#!/bin/sh', 'path=/usr/lib/books')),
      ...sh,
      '/usr/lib/books/books/a.py': { bytes: new Uint8Array(40 << 20) },
      '/usr/lib/books/books/b.py': '',
    },
    need: { because: '/app/main names /usr/lib/books', files: ['/usr/lib/books'] },
    silent: {
      '/usr/lib/books/books/a.py': undefined,
      '/usr/lib/books/books/b.py': undefined,
    },
  },
  {
    kind: 'compiler',
    case: 'a driver of GCC',
    world: {
      ...at('/usr/bin/cc-12', program({ ...linked, ...calls('execv'), ...texts('/usr/lib/gcc/') })),
      ...Object.fromEntries(
        ['cc1', 'f951', 'collect2', 'lto1'].map((name) => [
          `/usr/lib/gcc/12/${name}`,
          program(linked),
        ]),
      ),
      '/usr/lib/gcc/12/note': text(''),
      '/usr/bin/as': program(linked),
      ...packages(
        [
          'cc-12',
          'Depends: cpp',
          '/usr/bin/cc-12',
          '/usr/lib/gcc/12/collect2',
          '/usr/lib/gcc/12/lto1',
        ],
        ['cpp', '', '/usr/lib/gcc/12/cc1', '/usr/lib/gcc/12/note'],
        ['fortran', '', '/usr/lib/gcc/12/f951'],
      ),
    },
    need: {
      because: '/app/main is a compiler that needs /usr/lib/gcc/12/cc1 and 1 more',
      files: ['/usr/lib/gcc/12/cc1', '/usr/lib/gcc/12/collect2'],
      starts: ['/usr/lib/gcc/12/cc1', '/usr/lib/gcc/12/collect2', '/usr/bin/as'],
    },
    silent: { '/usr/bin/cc-12': program({ ...linked, ...texts('/usr/lib/gcc/') }) },
  },
  {
    kind: 'compiler',
    case: 'whose code another compiler links',
    world: {
      ...at('/usr/bin/cob', program({ ...linked, ...calls('system'), ...texts('-Wl,-z,relro') })),
      '/usr/bin/gcc': { link: 'gcc-12' },
      '/usr/bin/cc': { link: 'gcc' },
      '/usr/bin/gcc-12': program(linked),
      '/usr/include/cob.h': text(''),
      '/usr/lib/cob.rlib': text(''),
      ...packages(
        ['cob', 'Depends: cob-dev, gcc', '/usr/bin/cob'],
        ['cob-dev', '', '/usr/include/cob.h', '/usr/lib/cob.rlib'],
        ['gcc', '', '/usr/bin/gcc'],
        ['gcc-12', '', '/usr/bin/gcc-12'],
      ),
    },
    need: {
      because: '/app/main is a compiler that needs /usr/include/cob.h and 1 more',
      files: ['/usr/include/cob.h', '/usr/lib/cob.rlib'],
      starts: ['/usr/bin/cc'],
    },
    silent: packages(
      ['cob', 'Depends: cob-dev', '/usr/bin/cob'],
      ['cob-dev', '', '/usr/include/cob.h', '/usr/lib/cob.rlib'],
      ['gcc', '', '/usr/bin/gcc'],
    ),
  },
  {
    kind: 'compiler',
    case: 'that reads headers and links',
    world: {
      ...at('/usr/bin/tcc', program({ ...linked, ...texts('{B}/include:/usr/include') })),
      '/usr/include/stdio.h': text(''),
      '/usr/include/linux/a.h': text(''),
      '/usr/include/other.h': text(''),
      '/usr/lib/crt1.o': text(''),
      '/usr/lib/libc.a': text(''),
      '/usr/lib/libc.so': text('GROUP ( libown.so.1 -lown )'),
      [`${LIB}/libown.so.1`]: {},
      '/usr/lib/libc_nonshared.a': text(''),
      '/usr/lib/libbig.so': { bytes: new Uint8Array(2 << 20) },
      '/usr/bin/ld': { link: 'ld.bfd' },
      '/usr/bin/ld.bfd': program(linked),
      ...packages(
        ['tcc', 'Recommends: libc-dev\nDepends: binutils', '/usr/bin/tcc'],
        ['binutils', '', '/usr/bin/ld'],
        ['binutils-native', '', '/usr/bin/ld.bfd'],
        [
          ...([
            'libc-dev',
            'Depends: linux-dev',
            '/usr/include/stdio.h',
            '/usr/lib/crt1.o',
          ] as const),
          ...['/usr/lib/libc.a', '/usr/lib/libc.so', '/usr/lib/libc_nonshared.a'],
          '/usr/lib/libbig.so',
        ],
        ['linux-dev', '', '/usr/include/linux/a.h'],
        ['other-dev', '', '/usr/include/other.h'],
      ),
    },
    need: {
      because: '/app/main is a compiler that needs /usr/include/stdio.h and 5 more',
      files: [
        '/usr/include/stdio.h',
        '/usr/lib/crt1.o',
        '/usr/lib/libc.so',
        '/usr/lib/libc_nonshared.a',
        '/usr/include/linux/a.h',
        `${LIB}/libown.so.1`,
      ],
      starts: ['/usr/bin/ld'],
    },
    silent: packages(
      ['tcc', '', '/usr/bin/tcc'],
      ['libc-dev', '', '/usr/include/stdio.h', '/usr/lib/crt1.o'],
    ),
  },
  {
    kind: 'commands',
    case: 'of a script, by a variable in a line that it puts together',
    world: {
      ...at('/usr/bin/build', script('#!/bin/sh', 'TOOL=sort', 'line="exec \\"\\$TOOL\\" -u"')),
      ...sh,
      '/bin/sort': program(linked),
    },
    need: { because: '/app/main starts /bin/sort', starts: ['/bin/sort'] },
    silent: { '/usr/bin/build': script('#!/bin/sh', 'TOOL=sort', 'line="echo $TOOL"') },
  },
  {
    kind: 'commands',
    case: 'by their paths, of a package that its own depends on',
    world: {
      ...at(
        '/usr/bin/parser',
        program({ ...linked, ...calls('execve'), ...texts('/usr/bin/macros') }),
      ),
      '/usr/bin/macros': program(linked),
      ...packages(['parser', 'Depends: m', '/usr/bin/parser'], ['m', '', '/usr/bin/macros']),
    },
    need: {
      because: '/app/main imports execve, and names /usr/bin/macros',
      starts: ['/usr/bin/macros'],
    },
    silent: { '/usr/bin/macros': undefined },
  },
  {
    kind: 'commands',
    case: 'in code of its data, of a package that its own depends on',
    world: {
      ...at(
        '/usr/bin/notes',
        program({ ...linked, ...calls('execvp'), ...texts('/usr/share/notes') }),
      ),
      '/usr/share/notes/back.scm': text('(search-executable \'("gs"))'),
      '/usr/share/notes/sort.scm': text('(sort "a b")'),
      '/usr/bin/gs': program(linked),
      '/usr/bin/sort': program(linked),
      ...packages(
        ['notes', 'Depends: ghost', '/usr/bin/notes', '/usr/share/notes'],
        ['ghost', '', '/usr/bin/gs', '/usr/bin/sort'],
      ),
    },
    need: {
      because: '/app/main imports execvp, and names /usr/bin/gs',
      starts: ['/usr/bin/gs'],
    },
    silent: packages(['notes', '', '/usr/bin/notes', '/usr/share/notes']),
  },
  {
    kind: 'commands',
    case: 'of lines in the small files of a script, of what their package depends on',
    world: {
      ...at('/usr/bin/speak', script('#!/bin/sh', ': /usr/share/speak')),
      ...sh,
      '/usr/share/speak/a.mode': text("lt-proc 'a' | lrx-proc -m | other of these"),
      ...Object.fromEntries(
        ['lt-proc', 'lrx-proc', 'other'].map((name) => [`/usr/bin/${name}`, program(linked)]),
      ),
      ...packages(
        ['speak', 'Depends: lt', '/usr/bin/speak', '/usr/share/speak'],
        ['speak-eng', 'Depends: speak, lrx', '/usr/share/speak', '/usr/share/speak/a.mode'],
        ['lt', '', '/usr/bin/lt-proc', '/usr/bin/other'],
        ['lrx', '', '/usr/bin/lrx-proc'],
      ),
    },
    need: {
      because: '/app/main starts /usr/bin/lt-proc, /usr/bin/lrx-proc',
      starts: ['/usr/bin/lt-proc', '/usr/bin/lrx-proc'],
    },
    silent: { '/usr/share/speak/a.mode': text('lt-proc of lrx-proc|lt-proc-a') },
  },
  {
    kind: 'commands',
    case: 'that a library of another project names, of what its package depends on',
    world: {
      ...at(
        '/usr/bin/mail',
        program({ needed: ['libsigme.so', 'libc.so.6'], ...texts('/usr/share/other') }),
      ),
      '/usr/share/other/a': '',
      [`${LIB}/libsigme.so`]: {
        ...linked,
        ...calls('execv'),
        ...texts('disable-sigconf', "tool: sigconf='%s'", 'sign'),
      },
      ...Object.fromEntries(
        ['sig', 'sigconf', 'signer'].map((name) => [`/usr/bin/${name}`, program(linked)]),
      ),
      ...packages(
        ['mail', 'Depends: libsigme', '/usr/bin/mail'],
        ['libsigme', 'Depends: sig', `${LIB}/libsigme.so`],
        ['sig', 'Source: signing', '/usr/bin/sig', '/usr/bin/signer'],
        ['sigconf', 'Source: signing', '/usr/bin/sigconf'],
      ),
    },
    need: {
      because: `${LIB}/libsigme.so imports execv, and names /usr/bin/sigconf`,
      confidence: 'likely',
      starts: ['/usr/bin/sigconf'],
    },
    silent: packages(
      ['mail', 'Depends: libsigme', '/usr/bin/mail'],
      ['libsigme', '', `${LIB}/libsigme.so`],
      ['sigconf', 'Source: signing', '/usr/bin/sigconf'],
    ),
  },
  {
    kind: 'commands',
    case: 'of two letters, of a package that its own depends on and that a text speaks of',
    world: {
      ...at(
        '/usr/bin/topic',
        program({
          ...linked,
          ...calls('popen'),
          ...texts('/usr/share/other', 'Cannot find Ghostprinter'),
        }),
      ),
      '/usr/share/other/a': '',
      '/usr/bin/gp': program(linked),
      '/usr/bin/gptool': program(linked),
      ...packages(
        ['topic', 'Depends: ghostprinter', '/usr/bin/topic'],
        ['ghostprinter', '', '/usr/bin/gp', '/usr/bin/gptool'],
      ),
    },
    need: {
      because: '/app/main imports popen, and names /usr/bin/gp',
      confidence: 'likely',
      starts: ['/usr/bin/gp'],
    },
    silent: packages(
      ['topic', '', '/usr/bin/topic'],
      ['ghostprinter', '', '/usr/bin/gp', '/usr/bin/gptool'],
    ),
  },
];
