/**
 * Rows of detectors.test.ts about names that programs and scripts put together, and what packages and
 * administrators connect with a program.
 */
import { ET_EXEC } from '../../src/elf/constants.js';
import { buildElf } from '../support/elf-builder.js';
import { program, type World } from '../support/world.js';
import type { Row } from './detector-rows.js';
import { calls, glibcWith, LIB, texts } from './need-worlds.js';

/** The bytes of a text of wide characters. */
const wide = (text: string, width: 2 | 4): Buffer => {
  const bytes = Buffer.alloc((text.length + 1) * width);
  [...text].forEach((character, index) => {
    bytes.writeUInt16LE(character.charCodeAt(0), index * width);
  });
  return bytes;
};

/** A program at a path, started as /app/main. */
export const at = (path: string, file: object): World => ({
  ...glibcWith(),
  [path]: file,
  '/app/main': { link: path },
});

export const script = (...lines: string[]) => ({
  bytes: Buffer.from(lines.join('\n')),
  mode: 0o755,
});
export const linked = { needed: ['libc.so.6'] };

/** A dpkg database of packages with what they depend on and their files. */
export function packages(...all: [name: string, fields: string, ...files: string[]][]): World {
  const status = all.map(
    ([name, fields]) => `Package: ${name}\nStatus: install ok installed\n${fields}\n`,
  );
  return {
    '/var/lib/dpkg/status': status.join('\n'),
    ...Object.fromEntries(
      all.map(([name, , ...files]) => [`/var/lib/dpkg/info/${name}.list`, `${files.join('\n')}\n`]),
    ),
  };
}

export const putTogetherRows: readonly Row[] = [
  {
    kind: 'data',
    case: 'with an ELF file that may not be executed, and is not started',
    world: {
      ...at('/usr/bin/index', program({ ...linked, ...texts('/usr/share/index') })),
      '/usr/share/index/sample.elf': { bytes: buildElf({ type: ET_EXEC }), mode: 0o644 },
    },
    need: { because: '/app/main names /usr/share/index', files: ['/usr/share/index'] },
    silent: { '/usr/share/index/sample.elf': undefined },
  },
  {
    kind: 'data',
    case: 'of plug-ins beside a library, in a directory of its name and release',
    world: {
      ...at('/usr/bin/any', program({ needed: ['libcolor-0.1.so.0', 'libc.so.6'] })),
      [`${LIB}/libcolor-0.1.so.0`]: {},
      [`${LIB}/color-0.1/a`]: '',
    },
    need: {
      because: `${LIB}/libcolor-0.1.so.0 names ${LIB}/color-0.1`,
      files: [`${LIB}/color-0.1`],
    },
    silent: { [`${LIB}/color-0.1/a`]: undefined, [`${LIB}/color-0.2/a`]: '' },
  },
  {
    kind: 'data',
    case: 'of a plain file, where the program names a compressed one',
    world: {
      ...at('/usr/bin/index', program({ ...linked, ...texts('/usr/share/misc/index.ids.gz') })),
      '/usr/share/misc/index.ids': '',
    },
    need: {
      because: '/app/main names /usr/share/misc/index.ids',
      files: ['/usr/share/misc/index.ids'],
    },
    silent: { '/usr/bin/index': program({ ...linked, ...texts('/usr/share/misc/index.ids.x') }) },
  },
  {
    kind: 'data',
    case: 'with a link to a directory, beside what is not taken',
    world: {
      ...at('/usr/bin/index', program({ ...linked, ...texts('/usr/share/index') })),
      '/usr/share/index/conf': { link: '/var/conf' },
      '/var/conf/a': '',
      '/usr/share/index/man/a': '',
    },
    need: {
      because: '/app/main names /usr/share/index/conf',
      files: ['/usr/share/index/conf'],
    },
    silent: { '/usr/share/index/conf': undefined, '/usr/share/index/man/a': undefined },
  },
  {
    kind: 'data',
    case: 'with a link to a directory that is large',
    world: {
      ...at('/usr/bin/index', program({ ...linked, ...texts('/usr/share/index') })),
      '/usr/share/index/js': { link: '/usr/share/js' },
      '/usr/share/js/large.js': { bytes: new Uint8Array(12 << 20) },
      '/usr/share/index/man/a': '',
    },
    need: {
      because: '/app/main names /usr/share/index/js',
      confidence: 'likely',
      files: ['/usr/share/index/js'],
    },
    silent: { '/usr/share/index/js': undefined, '/usr/share/index/man/a': undefined },
  },
  {
    kind: 'data',
    case: 'of a script, from a home that it is told of as a whole',
    world: {
      ...at('/usr/share/builder/bin/bld', script('#!/bin/sh', 'HOME_DIR=`dirname "$0"`/..')),
      '/bin/sh': program(),
      '/usr/share/builder/lib/a.jar': '',
      ...packages(['builder', '', '/usr/share/builder', '/usr/share/builder/bin/bld']),
    },
    need: { because: '/app/main names /usr/share/builder', files: ['/usr/share/builder'] },
    silent: {
      '/usr/share/builder/bin/bld': script('#!/bin/sh', 'HOME_DIR=`dirname "$0"`/../x'),
    },
  },
  {
    kind: 'data',
    case: 'of a file beside those of others, whose directory a library names apart',
    world: {
      ...at('/usr/bin/any', program({ needed: ['libbus.so.3', 'libc.so.6'] })),
      [`${LIB}/libbus.so.3`]: texts('/usr/share/misc', 'bus.ids'),
      '/usr/share/misc/bus.ids': '',
      '/usr/share/misc/other.ids': '',
    },
    need: {
      because: `${LIB}/libbus.so.3 names /usr/share/misc/bus.ids`,
      files: ['/usr/share/misc/bus.ids'],
    },
    silent: { [`${LIB}/libbus.so.3`]: texts('/usr/share/misc', 'bush.idsx') },
  },
  {
    kind: 'data',
    case: 'with examples that the program reads',
    world: {
      ...at('/usr/bin/index', program({ ...linked, ...texts('/usr/share/index', 'examples') })),
      '/usr/share/index/a': '',
      '/usr/share/index/examples/index.conf': '',
      '/usr/share/index/doc/index.txt': '',
    },
    need: {
      because: '/app/main names /usr/share/index/a',
      files: ['/usr/share/index/a', '/usr/share/index/examples'],
    },
    silent: {
      '/usr/share/index/a': undefined,
      '/usr/share/index/doc/index.txt': undefined,
      '/usr/share/index/examples/index.conf': undefined,
    },
  },
  {
    kind: 'data',
    case: 'named by texts of four bytes a character',
    world: {
      ...at('/usr/bin/fish', program({ ...linked, data: wide('/usr/share/fish', 4) })),
      '/usr/share/fish/config.fish': '',
    },
    need: { because: '/app/main names /usr/share/fish', files: ['/usr/share/fish'] },
    silent: { '/usr/bin/fish': program({ ...linked, data: wide('/usr/local', 4) }) },
  },
  {
    kind: 'data',
    case: 'named by texts of two bytes a character',
    world: {
      ...at('/usr/bin/viewer', program({ ...linked, data: wide('/usr/share/viewer/a', 2) })),
      '/usr/share/viewer/a': '',
    },
    need: { because: '/app/main names /usr/share/viewer/a', files: ['/usr/share/viewer/a'] },
    silent: { '/usr/share/viewer/a': undefined },
  },
  {
    kind: 'data',
    case: 'whose name a format completes, of the same package',
    world: {
      ...at('/usr/bin/scheme', program({ ...linked, ...texts('/usr/lib/csv%v/%m') })),
      '/usr/lib/csv9.5/a.boot': '',
      '/usr/lib/csvkit/b': '',
      ...packages(
        ['scheme', '', '/usr/bin/scheme', '/usr/lib/csv9.5', '/usr/lib/csv9.5/a.boot'],
        ['csvkit', '', '/usr/lib/csvkit', '/usr/lib/csvkit/b'],
      ),
    },
    need: { because: '/app/main names /usr/lib/csv9.5', files: ['/usr/lib/csv9.5'] },
    silent: { '/usr/bin/scheme': program({ ...linked, ...texts('/usr/lib/%v/%m') }) },
  },
  {
    kind: 'data',
    case: 'in a directory with a version, in a root without packages',
    world: {
      ...at('/usr/bin/scheme', program({ ...linked, ...texts('/usr/lib/csv%v/%m') })),
      '/usr/lib/csv9.5/a.boot': '',
      '/usr/lib/csvkit/b': '',
    },
    need: { because: '/app/main names /usr/lib/csv9.5', files: ['/usr/lib/csv9.5'] },
    silent: { '/usr/bin/scheme': program(linked) },
  },
  {
    kind: 'data',
    case: 'that an administrator chooses among packages',
    world: {
      ...at('/usr/bin/player', program({ ...linked, ...texts('/usr/share/sounds/default.sf') })),
      '/usr/share/sounds/default.sf': { link: '/etc/alternatives/default.sf' },
      '/etc/alternatives/default.sf': { link: '/usr/share/sounds/small.sf' },
      '/usr/share/sounds/small.sf': '',
      ...packages(['player', '', '/usr/bin/player'], ['small', '', '/usr/share/sounds/small.sf']),
    },
    need: {
      because: '/app/main names /usr/share/sounds/default.sf',
      files: ['/usr/share/sounds/default.sf'],
    },
    silent: { '/usr/share/sounds/default.sf': { link: 'small.sf' } },
  },
  {
    kind: 'data',
    case: 'of what another package of the same source depends on',
    world: {
      ...at('/usr/bin/Xserver', program({ ...linked, ...texts('/usr/share/X11/keys') })),
      '/usr/share/X11/keys/a': '',
      ...packages(
        ['server', 'Source: xorg\nDepends: common', '/usr/bin/Xserver'],
        ['common', 'Source: xorg\nDepends: keys', '/etc/X11'],
        ['keys', '', '/usr/share/X11/keys', '/usr/share/X11/keys/a'],
      ),
    },
    need: { because: '/app/main names /usr/share/X11/keys', files: ['/usr/share/X11/keys'] },
    silent: packages(
      ['server', 'Source: xorg\nDepends: common', '/usr/bin/Xserver'],
      ['common', 'Source: xorg\nDepends: keys', '/usr/bin/Xconfig'],
    ),
  },
  {
    kind: 'data',
    case: 'of a script, from a home of its own',
    world: {
      ...at(
        '/usr/lib/elixir/bin/elixir',
        script('#!/bin/sh', 'exec erl -pa "$HERE"/../lib/*/ebin -c "$ELIXIR_HOME/plugins"'),
      ),
      '/bin/sh': program(linked),
      '/usr/lib/elixir/lib/a/ebin/a.beam': '',
      '/usr/lib/elixir/plugins/b': '',
      '/usr/lib/elixir/src/c': '',
    },
    need: {
      because: '/app/main names /usr/lib/elixir/lib, and 1 more',
      files: ['/usr/lib/elixir/lib', '/usr/lib/elixir/plugins'],
    },
    silent: { '/usr/lib/elixir/bin/elixir': script('#!/bin/sh', 'exec erl -pa lib -c plugins') },
  },
  {
    kind: 'data',
    case: 'of a script, by its own name in a variable',
    world: {
      ...at(
        '/usr/bin/algebra',
        script('#!/bin/sh', 'PACKAGE=algebra', 'exec "$libdir/$PACKAGE/$VERSION/run"'),
      ),
      '/bin/sh': program(linked),
      '/usr/lib/algebra/1.2/image': '',
      '/usr/share/algebra/a': '',
    },
    need: {
      because: '/app/main names /usr/lib/algebra, and 1 more',
      files: ['/usr/lib/algebra', '/usr/share/algebra'],
    },
    silent: { '/usr/bin/algebra': script('#!/bin/sh', 'PACKAGE=other') },
  },
  {
    kind: 'config',
    case: 'in a file that a maintainer script made, and a directory that an administrator chose',
    world: {
      ...at('/usr/sbin/words', program({ ...linked, ...texts('/etc/words/words.conf') })),
      '/etc/words/words.conf': 'include /var/lib/words/list\ndir = /var/lib/words/chosen',
      '/var/lib/words/chosen': { link: '/etc/alternatives/words' },
      '/etc/alternatives/words': { link: '/var/lib/words/small' },
      '/var/lib/words/small/a': '',
      '/var/lib/words/list': 'data /usr/share/others/b',
      '/usr/share/others/b': '',
    },
    need: {
      because: '/app/main names /etc/words/words.conf, which leads to 3 more',
      files: [
        '/etc/words/words.conf',
        '/usr/share/others/b',
        '/var/lib/words/chosen',
        '/var/lib/words/list',
      ],
    },
    silent: { '/etc/words/words.conf': undefined },
  },
  {
    kind: 'data',
    case: 'of a large directory the files that it names too, whole or in two parts',
    world: {
      ...at(
        '/usr/bin/tool',
        program({ ...linked, ...texts('/usr/share/tool', 'x.dat', 'run', 'amd64-linux') }),
      ),
      '/usr/share/tool/x.dat': { bytes: new Uint8Array(3 << 20) },
      '/usr/share/tool/run-amd64-linux': { bytes: new Uint8Array(3 << 20) },
    },
    need: {
      because: '/app/main names /usr/share/tool/run-amd64-linux, and 1 more',
      files: ['/usr/share/tool/run-amd64-linux', '/usr/share/tool/x.dat'],
    },
    silent: { '/usr/bin/tool': program({ ...linked, ...texts('x.dat', 'run', 'amd64-linux') }) },
  },
  {
    kind: 'dlopen-texts',
    case: 'of its own, beside it and by its path',
    world: {
      ...at(
        '/usr/lib/packer/packer',
        program({
          ...linked,
          ...calls('dlopen'),
          ...texts('packer.so', '/usr/lib/packer/plug/a.so', '/usr/lib/other/b.so'),
        }),
      ),
      '/usr/lib/packer/packer.so': {},
      '/usr/lib/packer/plug/a.so': {},
      ...packages(['packer', '', '/usr/lib/packer/packer', '/usr/lib/packer/plug/a.so']),
    },
    need: {
      because: '/app/main imports dlopen, and names /usr/lib/packer/packer.so',
      opens: [
        { name: '/usr/lib/packer/packer.so', from: '/app/main' },
        { name: '/usr/lib/packer/plug/a.so', from: '/app/main' },
      ],
    },
    silent: { '/usr/lib/packer/packer': program({ ...linked, ...texts('packer.so') }) },
  },
  {
    kind: 'commands',
    case: 'beside it in a directory of its own, which usr/bin of an unpacked system is not',
    world: {
      ...at(
        '/opt/tool/bin/tool',
        program({ ...linked, ...calls('execv'), ...texts('cat', 'helper') }),
      ),
      '/opt/tool/bin/helper': program(linked),
      '/opt/root/usr/bin/cat': program(linked),
    },
    need: {
      because: '/app/main imports execv, and names /opt/tool/bin/helper',
      starts: ['/opt/tool/bin/helper'],
    },
    silent: {
      '/app/main': { link: '../opt/root/usr/bin/tool' },
      '/opt/root/usr/bin/tool': program({ ...linked, ...calls('execv'), ...texts('cat') }),
    },
  },
  {
    kind: 'commands',
    case: 'of a script, by variables, its own name, and substitutions in others',
    world: {
      ...at(
        '/usr/bin/tool',
        script(
          '#!/bin/sh',
          'SORT="sort"; MODE=test; name="`(cd "\\`dirname "$0"\\`"; pwd)`"',
          'set -- "$NICE$SORT" -u "$@"',
          'exec $0.bin "$MODE" "$@"',
        ),
      ),
      '/usr/bin/tool.bin': program(linked),
      ...Object.fromEntries(
        ['dirname', 'sort', 'test', 'sh'].map((name) => [`/bin/${name}`, program(linked)]),
      ),
    },
    need: {
      because: '/app/main starts /usr/bin/tool.bin, /bin/dirname, /bin/sort',
      starts: ['/usr/bin/tool.bin', '/bin/dirname', '/bin/sort'],
    },
    silent: { '/usr/bin/tool': script('#!/bin/sh', 'SORT=sort; echo "$SORT"') },
  },
  {
    kind: 'commands',
    case: 'of a script, in quotes after an odd one, and of its package behind a variable',
    world: {
      ...at(
        '/usr/lib/mail/mail-script',
        script(
          '#!/bin/sh',
          'a="`sort -e \'s@\\`@@\'`"',
          'b=`dirname "$0"`',
          '$sbin/mailsuper check',
        ),
      ),
      '/usr/sbin/mailsuper': program(linked),
      ...Object.fromEntries(
        ['dirname', 'sort', 'sh'].map((name) => [`/bin/${name}`, program(linked)]),
      ),
      ...packages(['mail', '', '/usr/lib/mail/mail-script\n/usr/sbin/mailsuper']),
    },
    need: {
      because: '/app/main starts /bin/sort, /bin/dirname, /usr/sbin/mailsuper',
      starts: ['/bin/sort', '/bin/dirname', '/usr/sbin/mailsuper'],
    },
    silent: { '/usr/lib/mail/mail-script': script('#!/bin/sh', ':') },
  },
  {
    kind: 'commands',
    case: 'that are scripts in a directory that it names',
    world: {
      ...at(
        '/usr/sbin/mail',
        program({ ...linked, ...calls('execv'), ...texts('/usr/lib/mail', '/mail-script') }),
      ),
      '/usr/lib/mail/mail-script': script('#!/bin/sh', ''),
      '/usr/lib/mail/other-script': script('#!/bin/sh', ''),
    },
    need: {
      because: '/app/main imports execv, and names /usr/lib/mail/mail-script',
      starts: ['/usr/lib/mail/mail-script'],
    },
    silent: { '/usr/lib/mail/mail-script': 'text' },
  },
  {
    kind: 'commands',
    case: 'that are scripts, of which it has no list',
    world: {
      ...at(
        '/usr/sbin/mail',
        program({
          ...linked,
          ...calls('execv'),
          ...texts('/usr/lib/mail', 'a', 'b', 'c', 'd', 'e'),
        }),
      ),
      '/usr/lib/mail/a': script('#!/bin/sh', ''),
    },
    need: {
      because: '/app/main imports execv, and names /usr/lib/mail/a',
      starts: ['/usr/lib/mail/a'],
    },
    silent: Object.fromEntries(
      ['b', 'c', 'd', 'e'].map((name) => [`/usr/lib/mail/${name}`, script('#!/bin/sh', '')]),
    ),
  },
  {
    kind: 'commands',
    case: 'of lines that its data gives to system()',
    world: {
      ...at(
        '/usr/sbin/cache',
        program({ ...linked, ...calls('system'), ...texts('exec rm -rf old', 'absent -x') }),
      ),
      '/bin/rm': program(linked),
      '/bin/sh': program(linked),
    },
    need: { because: '/app/main imports system, and names /bin/rm', starts: ['/bin/rm'] },
    silent: { '/bin/rm': undefined },
  },
  {
    kind: 'commands',
    case: 'that its data gives to a shell with a place before, of its own',
    world: {
      ...at(
        '/usr/bin/Xserver',
        program({
          ...linked,
          ...calls('execl'),
          ...texts('/bin/sh', '"%s%skeycomp" -w %d "%s"', '"%skeyfoo" is no command'),
        }),
      ),
      '/usr/bin/keycomp': program(linked),
      '/bin/sh': program(linked),
      ...packages(
        ['server', 'Depends: keys', '/usr/bin/Xserver'],
        ['keys', '', '/usr/bin/keycomp'],
      ),
    },
    need: {
      because: '/app/main imports execl, and names /usr/bin/keycomp',
      starts: ['/usr/bin/keycomp'],
    },
    silent: { '/var/lib/dpkg/info/keys.list': '' },
  },
  {
    kind: 'commands',
    case: 'that configuration names which someone wrote',
    world: {
      ...at('/usr/bin/keeper', program({ ...linked, ...calls('execv'), ...texts('/etc/keeper') })),
      '/etc/keeper/keeper.conf': '',
      '/etc/keeper/mine.conf': 'start=/usr/bin/worker\n',
      '/usr/bin/worker': program(linked),
      ...packages(['keeper', '', '/usr/bin/keeper', '/etc/keeper/keeper.conf']),
    },
    need: {
      because: '/app/main imports execv, and names /usr/bin/worker',
      starts: ['/usr/bin/worker'],
    },
    silent: { '/etc/keeper/mine.conf': undefined },
  },
  {
    kind: 'shell',
    case: 'of users who log in',
    world: {
      ...at('/usr/sbin/server', program({ ...linked, ...calls('getusershell', 'execv') })),
      '/etc/passwd': 'root:x:0:0::/root:/bin/bash\nother:x:1:1::/:/bin/fish\n',
      '/etc/shells': '/bin/sh\n/bin/bash\n/bin/fish\n',
      '/bin/bash': program(linked),
      '/bin/fish': program(linked),
    },
    need: {
      because: '/app/main imports getusershell',
      files: ['/etc/shells'],
      starts: ['/bin/bash'],
    },
    silent: { '/usr/sbin/server': program({ ...linked, ...calls('execv') }) },
  },
  {
    kind: 'shell',
    case: 'of users, and the one for those that have none',
    world: {
      ...at(
        '/usr/bin/become',
        program({ ...linked, ...calls('getusershell', 'execv'), ...texts('/bin/sh', 'SHELL') }),
      ),
      '/etc/passwd': 'root:x:0:0::/root:/bin/bash\n',
      '/etc/shells': '/bin/sh\n/bin/bash\n',
      '/bin/bash': program(linked),
      '/bin/sh': program(linked),
    },
    need: {
      because: '/app/main imports getusershell',
      files: ['/etc/shells'],
      starts: ['/bin/bash', '/bin/sh'],
    },
    silent: { '/usr/bin/become': program({ ...linked, ...calls('execv') }) },
  },
  {
    kind: 'config',
    case: 'of the script of an older init system, and its own data that it names',
    world: {
      ...at('/usr/bin/caster', program(linked)),
      '/etc/init.d/caster':
        'DAEMON=/usr/bin/caster\n# /etc/caster/old.xml\nCONF="/etc/caster/caster.xml"\n',
      '/etc/caster/caster.xml': '<webroot>/usr/share/caster/web</webroot><a>/usr/share/other</a>',
      '/etc/caster/old.xml': '',
      '/usr/share/caster/web/index.html': '',
      '/usr/share/other/a': '',
    },
    need: {
      because: '/etc/init.d/caster names /etc/caster/caster.xml, which leads to 1 more',
      files: ['/etc/caster/caster.xml', '/usr/share/caster/web'],
    },
    silent: { '/etc/init.d/caster': 'DAEMON=/usr/bin/other\nCONF="/etc/caster/caster.xml"\n' },
  },
  {
    kind: 'config',
    case: 'of a script of OpenRC, whose variables lead to it',
    world: {
      ...at('/usr/sbin/served', program(linked)),
      '/etc/init.d/served':
        '#!/sbin/openrc-run\nname=served\ncommand="${SERVED:-/usr/sbin/$name}"\n: ${cfgfile:="/etc/other/served.cfg"}\ncommand_args="-c $cfgfile"\n',
      '/etc/conf.d/served': 'cfgfile=/etc/place/$RC_SVCNAME.cfg\n',
      '/etc/place/served.cfg': '',
      '/etc/other/served.cfg': '',
    },
    need: {
      because: '/etc/init.d/served names /etc/place/served.cfg',
      files: ['/etc/place/served.cfg'],
    },
    silent: {
      '/etc/init.d/served': 'command=/usr/sbin/else\ncommand_args="-c /etc/place/served.cfg"\n',
    },
  },
  ...[
    ['checkpath --directory --owner web:staff --mode 0750 "${pidfile%/*}"', 0o750] as const,
    ['checkpath -d -m 0750 -o web:staff /run/served', 0o750] as const,
    ['install -d -o web -g staff -m 0750 "/run/served"', 0o750] as const,
    ['install -d -o web -g staff -m u=rwx,g=rx /run/served', 0o755] as const,
  ].map(([command, mode]) => ({
    kind: 'state' as const,
    case: `that a script makes before the start: ${command}`,
    world: {
      ...at('/usr/sbin/served', program(linked)),
      '/etc/passwd': 'web:x:100:101::/:/bin/false\n',
      '/etc/group': 'staff:x:50:\n',
      '/etc/init.d/served': `pidfile=/run/served/p.pid\ncommand=/usr/sbin/served\nstart_pre() {\n\t${command}\n}\n`,
    },
    need: {
      because: '/app/main writes to /run/served',
      directories: [{ path: '/run/served', mode, uid: 100, gid: 50 }],
    },
    silent: { '/etc/init.d/served': `command=/usr/sbin/other\n${command}\n` },
  })),
  {
    kind: 'commands',
    case: 'of a script that puts paths together of variables, without a package database',
    world: {
      ...glibcWith(),
      '/usr/bin/calc': script(
        '#!/bin/sh',
        'CALC_DIR=/usr/lib/calc',
        'test -n "$2" && CALC_DIR=/usr/$2/calc',
        ': ${ARCH=}',
        'debugger=""',
        'RUN="${CALC_DIR}/run${ARCH}/calc.bin"',
        'helper="$bindir/calc-names"; words="$bindir/absent"',
        'exec ${debugger} "${RUN}" ${args}',
      ),
      '/app/main': { link: '/usr/bin/calc' },
      '/bin/sh': program(linked),
      '/usr/lib/calc/run/calc.bin': program(linked),
      '/usr/bin/calc-names': program(linked),
      '/usr/bin/names': program(linked),
    },
    need: {
      because: '/app/main starts /usr/lib/calc/run/calc.bin, /usr/bin/calc-names',
      starts: ['/usr/lib/calc/run/calc.bin', '/usr/bin/calc-names'],
    },
    silent: { '/usr/bin/calc': script('#!/bin/sh', 'RUN=calc.bin; words="names"') },
  },
  {
    kind: 'data',
    case: 'of a project of another name, which the program has in places of two kinds',
    world: {
      ...at(
        '/usr/bin/initdb',
        program({
          ...linked,
          ...texts('/usr/share/pgsql', '/usr/lib64/pgsql', '/usr/share/other'),
        }),
      ),
      '/usr/share/pgsql/postgres.bki': '',
      '/usr/share/other/file': '',
    },
    need: { because: '/app/main names /usr/share/pgsql', files: ['/usr/share/pgsql'] },
    silent: { '/usr/bin/initdb': program({ ...linked, ...texts('/usr/share/pgsql') }) },
  },
  {
    kind: 'commands',
    case: 'of programs that have the same data, without a package database',
    world: {
      ...at(
        '/usr/bin/typeset',
        program({
          ...linked,
          ...calls('execvp'),
          ...texts('/usr/share/typeset', 'layout', 'sort'),
        }),
      ),
      '/usr/share/typeset/fonts': '',
      '/usr/bin/layout': program({ ...linked, ...texts('/usr/share/typeset') }),
      '/usr/bin/sort': program({ ...linked, ...texts('/usr/share/sort') }),
    },
    need: {
      because: '/app/main imports execvp, and names /usr/bin/layout',
      starts: ['/usr/bin/layout'],
    },
    silent: { '/usr/bin/layout': program(linked) },
  },
  {
    kind: 'commands',
    case: 'of command lines that a script keeps for later or gives to others',
    world: {
      ...at(
        '/usr/bin/batch',
        script(
          '#!/bin/sh',
          'trap \'leave "$tmp"; true\' EXIT',
          'eval "compute $1"',
          'su-exec worker sh -c "work | count"',
          'list | xargs -n 1 take',
          'list | xargs echo',
          'echo "never started"',
        ),
      ),
      '/bin/sh': program(linked),
      ...Object.fromEntries(
        'leave compute work count list take echo never started'
          .split(' ')
          .map((name) => [`/usr/bin/${name}`, program(linked)]),
      ),
    },
    need: {
      because: '/app/main starts /bin/sh, /usr/bin/list, /usr/bin/take',
      starts: ['sh', 'list', 'take', 'echo', 'leave', 'compute', 'work', 'count'].map((name) =>
        name === 'sh' ? '/bin/sh' : `/usr/bin/${name}`,
      ),
    },
    silent: { '/usr/bin/batch': script('#!/bin/sh', 'echo "leave; compute" "work | count"') },
  },
  ...['/var/empty', '/usr/share/empty.served'].map((path) => ({
    kind: 'state' as const,
    case: `that is empty: ${path}`,
    world: {
      ...at('/usr/sbin/served', program({ ...linked, ...texts(path, '/usr/share/full') })),
      [path]: { directory: true, mode: 0o555, uid: 0, gid: 5 } as const,
      '/usr/share/full/file': '',
    },
    need: {
      because: `/app/main writes to ${path}`,
      directories: [{ path, mode: 0o555, uid: 0, gid: 5 }],
    },
    silent: { [`${path}/file`]: '' },
  })),
  {
    kind: 'state',
    case: 'by the older name of /run too, where that is a link',
    world: {
      ...at('/usr/sbin/names', program({ ...linked, ...texts('/run/names') })),
      '/run/names': { directory: true, mode: 0o700, uid: 3, gid: 4 },
      '/var/run': { link: '/run' },
      [`${LIB}/unused.so`]: {},
    },
    need: {
      because: '/app/main writes to /run/names',
      directories: [
        { path: '/run/names', mode: 0o700, uid: 3, gid: 4 },
        { path: '/var/run/names', mode: 0o700, uid: 3, gid: 4 },
      ],
    },
    silent: { '/usr/sbin/names': program({ ...linked, ...texts('/run/others') }) },
  },
];
