/**
 * Rows of detectors.test.ts about the modules of interpreters.
 */
import { rpmHeader, sqliteBytes, TABLE } from '../packages/rpm-database.js';
import { program, type World } from '../support/world.js';
import type { Row } from './detector-rows.js';
import { glibcWith, LIB, texts } from './need-worlds.js';

const NEEDED = ['libc.so.6'];
const script = (line: string, ...lines: string[]) => ({
  bytes: new TextEncoder().encode([line, ...lines, ''].join('\n')),
  mode: 0o755,
});
/** A program at a path whose data has texts, started as /app/main. */
const interpreter = (path: string, ...values: string[]): World => ({
  ...glibcWith(),
  [path]: program({ needed: NEEDED, ...texts(...values) }),
  '/app/main': { link: path },
});
/** A Python of the system, with a package that was installed for another program. */
const python: World = {
  ...glibcWith(),
  '/usr/bin/python3.11': program({ needed: NEEDED }),
  '/usr/lib/python3.11/os.py': '',
  '/usr/lib/python3/dist-packages/a/__init__.py': '',
  '/usr/lib/python3/dist-packages/a/_speed.so': {},
  '/usr/lib/python3/dist-packages/b.py': '',
};
/** Packages by name: whether they are automatic, what they depend on, their files. */
const packages = (
  list: Readonly<Record<string, { auto?: true; depends?: string; files: readonly string[] }>>,
): World => ({
  '/var/lib/dpkg/status': Object.entries(list)
    .map(
      ([name, { depends }]) =>
        `Package: ${name}\nStatus: install ok installed\nVersion: 1\n${depends === undefined ? '' : `Depends: ${depends}\n`}`,
    )
    .join('\n'),
  ...Object.fromEntries(
    Object.entries(list).map(([name, { files }]) => [
      `/var/lib/dpkg/info/${name}.list`,
      files.map((file) => `${file}\n`).join(''),
    ]),
  ),
  '/var/lib/apt/extended_states': Object.entries(list)
    .filter(([, { auto }]) => auto)
    .map(([name]) => `Package: ${name}\nArchitecture: amd64\nAuto-Installed: 1\n`)
    .join('\n'),
});
const A = [
  '/usr/lib/python3/dist-packages/a/__init__.py',
  '/usr/lib/python3/dist-packages/a/_speed.so',
];
const B = ['/usr/lib/python3/dist-packages/b.py'];
const RESOURCES = '/usr/lib/python3/dist-packages/pkg_resources';
const A_TOOL = '/usr/lib/python3/dist-packages/a.tool-1.egg-info';
/** Someone asked for python3-a. */
const ONE_ASKED_FOR = packages({
  'python3-a': { files: A },
  'python3-b': { auto: true, files: B },
});
const GEMS = ['a', 'b'].map(
  (name) => `/usr/share/rubygems-integration/all/gems/${name}-1/lib/${name}.rb`,
);
/** Names of more modules than are read. */
const MANY = Array.from({ length: 256 }, (_, at) => `m${at}`);

/** A paragraph of apk's database. */
const apkOf = (name: string, paths: readonly string[]) =>
  [
    `P:${name}`,
    'V:1',
    ...paths.flatMap((path) => {
      const at = path.lastIndexOf('/');
      return [`F:${path.slice(1, at)}`, `R:${path.slice(at + 1)}`];
    }),
    '',
  ].join('\n');
/** A database of rpm with these packages and their files. */
const rpmOf = (list: Readonly<Record<string, readonly string[]>>) =>
  sqliteBytes(
    TABLE,
    Object.entries(list).map(([name, paths]) =>
      rpmHeader({
        1000: name,
        1001: '1',
        1002: '1',
        1116: paths.map((_, index) => index),
        1117: paths.map((path) => path.slice(path.lastIndexOf('/') + 1)),
        1118: paths.map((path) => path.slice(0, path.lastIndexOf('/') + 1)),
      }),
    ),
  ).database;

/** A script of Python, whose package depends on a library, its data and the zones. */
const ofPackage: World = {
  ...python,
  '/app/main': script('#!/usr/bin/python3.11', 'import b'),
  '/usr/lib/python3/dist-packages/b.py':
    "open('/etc/b/b.conf')\nzones = '/usr/share/zoneinfo'\ndlopen('libother.so.1', 'libb.so.1', 'libmore.so.1')\n",
  '/etc/b/b.conf': '',
  '/usr/share/zoneinfo/UTC': '',
  ...Object.fromEntries(['b', 'more', 'other'].map((name) => [`${LIB}/lib${name}.so.1`, {}])),
  ...packages({
    'python3-b': {
      auto: true,
      depends: 'libb1, tzdata',
      files: ['/usr/lib/python3/dist-packages/b.py', '/etc/b', '/etc/b/b.conf'],
    },
    libb1: { auto: true, files: [`${LIB}/libb.so.1`] },
    tzdata: { files: ['/usr/share/zoneinfo', '/usr/share/zoneinfo/UTC'] },
    app: { depends: 'python3-b', files: ['/app/main'] },
  }),
};
const PYTHON = '/usr/bin/python3.11';
const MODULE = '/usr/lib/python3/dist-packages/b.py';

/** A program of a package of its own that loads Python, and a module each of two other packages. */
const toolWith = (needed: readonly string[], owners: Parameters<typeof packages>[0]): World => ({
  ...interpreter('/usr/bin/tool'),
  '/usr/bin/tool': program({ needed: [...needed, ...NEEDED] }),
  '/app/main': { link: '/usr/bin/tool' },
  [`${LIB}/libpython3.11.so.1.0`]: {},
  '/usr/lib/python3.11/os.py': '',
  '/usr/lib/python3/dist-packages/a/__init__.py': '',
  '/usr/lib/python3/dist-packages/b.py': '',
  ...packages({
    ...owners,
    'python3-a': { files: A },
    'python3-b': { auto: true, files: B },
    'libpython3.11': { files: [`${LIB}/libpython3.11.so.1.0`, '/usr/lib/python3.11/os.py'] },
  }),
});
/** The same by a plug-in, whose package depends on a module. */
const withPlugin: World = {
  ...toolWith(['libplug.so.1'], {
    tool: { files: ['/usr/bin/tool'] },
    plugin: { depends: 'python3-b', files: [`${LIB}/libplug.so.1`] },
  }),
  [`${LIB}/libplug.so.1`]: { needed: ['libpython3.11.so.1.0'] },
};

export const moduleRows: readonly Row[] = [
  {
    kind: 'modules',
    case: 'that someone installed by name for the package of a script, and none for that of the interpreter or of other programs',
    world: {
      ...python,
      '/usr/bin/tool': script('#!/usr/bin/python3.11'),
      '/app/main': { link: '/usr/bin/tool' },
      '/usr/lib/python3/dist-packages/user.py': '',
      ...packages({
        tool: { auto: true, files: ['/usr/bin/tool'] },
        'tool-plugin': { depends: 'tool', files: [...B, '/usr/bin/tool-plug'] },
        user: {
          depends: 'tool',
          files: ['/usr/bin/user', '/usr/lib/python3/dist-packages/user.py'],
        },
        python: { files: ['/usr/bin/python3.11', '/usr/lib/python3.11/os.py'] },
        other: { depends: 'python', files: A },
      }),
    },
    need: {
      because: '/usr/bin/python3.11 has its modules in /usr/lib/python3.11',
      files: ['/usr/lib/python3.11', B[0] as string],
      program: '/usr/bin/python3.11',
    },
    silent: { '/usr/lib/python3.11/os.py': undefined, [B[0] as string]: undefined },
  },
  {
    kind: 'dlopen-texts',
    case: 'that a typelib names, in a directory that a library puts together',
    world: {
      ...glibcWith(),
      '/usr/bin/gjs': program({ needed: ['libgirepository-1.0.so.1', 'libc.so.6'] }),
      '/app/main': { link: '/usr/bin/gjs' },
      [`${LIB}/libgirepository-1.0.so.1`]: texts('/usr/share', '/usr/lib/girepository-1.0'),
      '/usr/share/girepository-1.0/Pango-1.0.typelib': 'GOBJ\0libpango-1.0.so.0\0pango_',
      [`${LIB}/libpango-1.0.so.0`]: {},
    },
    need: {
      because: 'a typelib names libpango-1.0.so.0',
      opens: [{ name: 'libpango-1.0.so.0', from: '/app/main' }],
    },
    silent: { '/usr/share/girepository-1.0/Pango-1.0.typelib': 'GOBJ' },
  },
  {
    kind: 'tz',
    case: 'that a module of a script names',
    world: ofPackage,
    need: {
      program: PYTHON,
      because: `${MODULE} names /usr/share/zoneinfo`,
      files: ['/usr/share/zoneinfo'],
      except: ['posix', 'right', 'posixrules'],
    },
    silent: { [MODULE]: '' },
  },
  {
    kind: 'dlopen-texts',
    case: 'that a module of a script names, with what its package depends on',
    world: ofPackage,
    need: {
      program: PYTHON,
      because: `${MODULE} names libother.so.1`,
      opens: ['libother.so.1', 'libb.so.1', 'libmore.so.1'].map((name) => ({
        name,
        from: PYTHON,
      })),
    },
    silent: { '/var/lib/dpkg/info/libb1.list': '' },
  },
  {
    kind: 'dlopen-texts',
    case: 'that a module of a script names with a computed ending',
    world: {
      ...ofPackage,
      [MODULE]: 'ffi_lib "/usr/lib/#{arch}/libend.#{ending}", "/usr/lib/#{arch}/libnot.rb"\n',
      [`${LIB}/libend.so`]: {},
      '/var/lib/dpkg/info/libb1.list': `${LIB}/libend.so\n`,
    },
    need: {
      program: PYTHON,
      because: `${MODULE} names libend.so`,
      opens: [{ name: 'libend.so', from: PYTHON }],
    },
    silent: { '/var/lib/dpkg/info/libb1.list': '' },
  },
  {
    kind: 'tz',
    case: 'that a module names which a package of the script depends on, and no other',
    world: ofPackage,
    need: {
      program: PYTHON,
      because: `${MODULE} names /usr/share/zoneinfo`,
      files: ['/usr/share/zoneinfo'],
      except: ['posix', 'right', 'posixrules'],
    },
    // Someone asked for python3-b, and put the script there without a package.
    silent: packages({
      'python3-b': { depends: 'libb1, tzdata', files: [MODULE] },
      libb1: { files: [`${LIB}/libb.so.1`] },
      tzdata: { files: ['/usr/share/zoneinfo', '/usr/share/zoneinfo/UTC'] },
    }),
  },
  {
    kind: 'data',
    case: 'that a module of a script names, in a directory of programs',
    world: {
      ...ofPackage,
      [MODULE]: "HELPER = '/usr/libexec/b/table'\n",
      '/usr/libexec/b/table': '',
      '/var/lib/dpkg/info/libb1.list': '/usr/libexec/b\n/usr/libexec/b/table\n',
    },
    need: {
      program: PYTHON,
      because: `${MODULE} names /usr/libexec/b/table`,
      files: ['/usr/libexec/b/table'],
    },
    silent: { [MODULE]: '' },
  },
  {
    kind: 'config',
    case: 'that a module of a script names, of its package',
    world: ofPackage,
    need: {
      program: PYTHON,
      because: `${PYTHON} names /etc/b/b.conf`,
      files: ['/etc/b/b.conf'],
    },
    silent: { [MODULE]: "open('/etc/c/c.conf')" },
  },
  {
    kind: 'modules',
    case: 'of Octave, of one release from a prefix, and links to libraries as modules',
    world: {
      ...glibcWith(),
      '/usr/bin/octave': program({
        needed: ['liboctinterp.so.10', 'libc.so.6'],
        rpath: '/usr/lib/octave/7.3.0',
      }),
      '/app/main': { link: '/usr/bin/octave' },
      '/usr/lib/octave/7.3.0/liboctinterp.so.10': texts('lib/octave/7.3.0'),
      '/usr/lib/octave/7.3.0/oct/a.oct': '',
      '/usr/lib/octave/7.3.0/oct/b.so': { link: `${LIB}/libb.so.1` },
      [`${LIB}/libb.so.1`]: {},
      '/usr/share/octave/7.3.0/m/mean.m': '',
    },
    need: {
      because: '/app/main names /usr/lib/octave/7.3.0',
      files: ['/usr/lib/octave/7.3.0', '/usr/share/octave/7.3.0'],
      opens: [
        { name: '/usr/lib/octave/7.3.0/liboctinterp.so.10', from: '/app/main' },
        { name: '/usr/lib/octave/7.3.0/oct/b.so', from: '/app/main' },
      ],
    },
    silent: { '/usr/lib/octave/7.3.0/oct/a.oct': undefined },
  },
  {
    kind: 'modules',
    case: 'of Python, above the program, without what developers need',
    world: {
      ...interpreter('/opt/p/bin/python3.11'),
      '/opt/p/lib/python3.11/os.py': '',
      '/opt/p/lib/python3.11/lib-dynload/_ssl.so': {},
      '/opt/p/lib/python3.11/test/test_os.py': '',
      '/opt/p/lib/python3.11/config-3.11/libpython3.11.a': '',
      '/opt/p/lib/python3.11/config-3.11/libpython3.11.so': {},
    },
    need: {
      because: '/app/main has its modules in /opt/p/lib/python3.11',
      files: ['/opt/p/lib/python3.11'],
      except: [
        '/opt/p/lib/python3.11/test',
        '/opt/p/lib/python3.11/config-3.11/libpython3.11.a',
        '/opt/p/lib/python3.11/config-3.11/libpython3.11.so',
      ],
      opens: [{ name: '/opt/p/lib/python3.11/lib-dynload/_ssl.so', from: '/app/main' }],
    },
    silent: interpreter('/opt/p/bin/python3.12'),
  },
  {
    kind: 'modules',
    case: 'of a Python that is embedded',
    world: {
      ...interpreter('/usr/bin/gdb'),
      '/usr/bin/gdb': program({ needed: ['libpython3.11.so.1.0', ...NEEDED] }),
      [`${LIB}/libpython3.11.so.1.0`]: {},
      '/lib/python3.11/os.py': '',
    },
    need: {
      because: `${LIB}/libpython3.11.so.1.0 has its modules in /lib/python3.11`,
      files: ['/lib/python3.11'],
    },
    silent: { '/lib/python3.11/os.py': undefined },
  },
  {
    kind: 'modules',
    case: 'of a Python in a program of another package: those that it depends on',
    world: toolWith(['libpython3.11.so.1.0'], {
      tool: { depends: 'python3-b', files: ['/usr/bin/tool'] },
    }),
    need: {
      because: `${LIB}/libpython3.11.so.1.0 has its modules in /usr/lib/python3.11`,
      files: ['/usr/lib/python3.11', '/usr/lib/python3/dist-packages/b.py'],
    },
    silent: { '/usr/lib/python3.11/os.py': undefined },
  },
  {
    kind: 'modules',
    case: 'of a Python in a plug-in of another package: those that this depends on',
    world: withPlugin,
    need: {
      because: `${LIB}/libpython3.11.so.1.0 has its modules in /usr/lib/python3.11`,
      files: ['/usr/lib/python3.11', '/usr/lib/python3/dist-packages/b.py'],
    },
    silent: { '/usr/lib/python3.11/os.py': undefined },
  },
  {
    kind: 'modules',
    case: 'of a Python in a plug-in: those of the user too, whose application is added',
    world: withPlugin,
    options: { added: ['/srv/app.py'] },
    need: {
      because: `${LIB}/libpython3.11.so.1.0 has its modules in /usr/lib/python3.11`,
      files: ['/usr/lib/python3.11', '/usr/lib/python3/dist-packages'],
    },
    silent: { '/usr/lib/python3.11/os.py': undefined },
  },
  {
    kind: 'modules',
    case: 'with what pkg_resources asks for of a distribution that no package depends on',
    world: {
      ...python,
      '/app/main': { link: '/usr/bin/tool' },
      '/usr/bin/tool': script('#!/usr/bin/python3.11', 'import b'),
      [`${RESOURCES}/__init__.py`]: '',
      '/usr/lib/python3/dist-packages/b-1.dist-info/METADATA':
        'Name: b\nRequires-Dist: a_tool (>=4)\nRequires-Dist: c; extra == "c"\n',
      [`${A_TOOL}/requires.txt`]: 'b\n\n[dev]\nc\n',
      '/usr/lib/python3/dist-packages/c-2.dist-info/METADATA': 'Name: c\n',
      ...packages({
        tool: { depends: 'python3-b, resources', files: ['/usr/bin/tool'] },
        resources: { auto: true, files: [`${RESOURCES}/__init__.py`] },
        'python3-b': {
          auto: true,
          files: [...B, '/usr/lib/python3/dist-packages/b-1.dist-info/METADATA'],
        },
        'python3-a': { auto: true, files: [...A, `${A_TOOL}/requires.txt`] },
        'python3-c': {
          auto: true,
          files: ['/usr/lib/python3/dist-packages/c-2.dist-info/METADATA'],
        },
      }),
    },
    need: {
      program: '/usr/bin/python3.11',
      because: '/usr/bin/python3.11 has its modules in /usr/lib/python3.11',
      files: [
        '/usr/lib/python3.11',
        A_TOOL,
        '/usr/lib/python3/dist-packages/b-1.dist-info',
        ...B,
        RESOURCES,
      ],
    },
    silent: { '/usr/lib/python3.11/os.py': undefined, [B[0] ?? '']: undefined },
  },
  {
    kind: 'modules',
    case: 'of the system that a script of no package names, and none that it does not',
    world: {
      ...python,
      '/app/main': script('#!/usr/bin/python3.11\nimport b\n'),
      ...ONE_ASKED_FOR,
    },
    need: {
      program: '/usr/bin/python3.11',
      because: '/usr/bin/python3.11 has its modules in /usr/lib/python3.11',
      files: ['/usr/lib/python3.11', ...B],
    },
    silent: { '/usr/lib/python3.11/os.py': undefined, [B[0] ?? '']: undefined },
  },
  {
    kind: 'modules',
    case: 'of the system that someone installed by name, where a script has too much code to read',
    world: {
      ...python,
      '/app/main': { link: '/srv/app/start' },
      '/srv/app/start': script('#!/usr/bin/python3.11', ...MANY.map((name) => `import ${name}`)),
      ...Object.fromEntries(MANY.map((name) => [`/srv/app/${name}.py`, 'import b\n'])),
      ...ONE_ASKED_FOR,
    },
    need: {
      program: '/usr/bin/python3.11',
      because: '/usr/bin/python3.11 has its modules in /usr/lib/python3.11',
      files: [
        '/usr/lib/python3.11',
        ...MANY.map((name) => `/srv/app/${name}.py`).sort(),
        '/usr/lib/python3/dist-packages/a',
      ],
      opens: [{ name: '/usr/lib/python3/dist-packages/a/_speed.so', from: '/usr/bin/python3.11' }],
    },
    silent: {
      '/usr/lib/python3.11/os.py': undefined,
      ...Object.fromEntries(MANY.map((name) => [`/srv/app/${name}.py`, undefined])),
      [A[0] ?? '']: undefined,
      [A[1] ?? '']: undefined,
    },
  },
  {
    kind: 'modules',
    case: 'of the system that a module beside a script names',
    world: {
      ...python,
      '/app/main': { link: '/srv/app/start' },
      '/srv/app/start': script('#!/usr/bin/python3.11\nimport pages\n'),
      '/srv/app/pages.py': 'from b import c\n',
      ...ONE_ASKED_FOR,
    },
    need: {
      program: '/usr/bin/python3.11',
      because: '/usr/bin/python3.11 has its modules in /usr/lib/python3.11',
      files: ['/usr/lib/python3.11', '/srv/app/pages.py', ...B],
    },
    silent: {
      '/usr/lib/python3.11/os.py': undefined,
      '/srv/app/pages.py': undefined,
      [B[0] ?? '']: undefined,
    },
  },
  {
    kind: 'modules',
    case: 'of the system that the code of an added application names',
    world: {
      ...python,
      '/app/main': script('#!/usr/bin/python3.11'),
      '/srv/app.py': 'import b\n',
      ...packages({
        'python3-a': { files: A },
        'python3-b': { auto: true, files: B },
        app: { files: ['/app/main'] },
      }),
    },
    options: { added: ['/srv/app.py'] },
    need: {
      program: '/usr/bin/python3.11',
      because: '/usr/bin/python3.11 has its modules in /usr/lib/python3.11',
      files: ['/usr/lib/python3.11', ...B],
    },
    silent: { '/usr/lib/python3.11/os.py': undefined, [B[0] ?? '']: undefined },
  },
  {
    kind: 'modules',
    case: 'of a virtual environment, without those of the system',
    world: {
      ...python,
      '/app/bin/python': { link: '/usr/bin/python3.11' },
      '/app/main': script('#!/app/bin/python', 'import c'),
      '/app/pyvenv.cfg': 'home = /usr/bin\ninclude-system-site-packages = false\n',
      '/app/lib/python3.11/site-packages/c.py': '',
      '/app/lib64': { link: 'lib' },
      '/app/lib/python3.11/site-packages/d.pth': '# where d is\n/srv/d\nimport os\n/srv/nothing\n',
      '/srv/d/d.py': '',
    },
    need: {
      program: '/app/bin/python',
      because: '/app/bin/python has its modules in /usr/lib/python3.11',
      files: [
        '/usr/lib/python3.11',
        '/app/lib/python3.11/site-packages',
        '/app/pyvenv.cfg',
        '/srv/d',
      ],
    },
    silent: { '/app/main': script('#!/bin/sh'), '/bin/sh': program({ needed: NEEDED }) },
  },
  {
    kind: 'modules',
    case: 'of the system, where no package owns them',
    world: { ...python, '/app/main': { link: '/usr/bin/python3.11' } },
    need: {
      because: '/app/main has its modules in /usr/lib/python3.11',
      files: ['/usr/lib/python3.11', '/usr/lib/python3/dist-packages'],
      opens: [{ name: '/usr/lib/python3/dist-packages/a/_speed.so', from: '/app/main' }],
    },
    silent: { '/usr/lib/python3.11/os.py': undefined },
  },
  {
    kind: 'modules',
    case: 'of packages that were installed by name, and what these depend on',
    world: {
      ...python,
      '/app/main': { link: '/usr/bin/python3.11' },
      '/usr/lib/python3/dist-packages/c.py': '',
      ...packages({
        'python3-a': { depends: 'python3-c', files: A },
        'python3-b': { auto: true, files: B },
        'python3-c': { auto: true, files: ['/usr/lib/python3/dist-packages/c.py'] },
        other: { depends: 'python3-b', files: ['/usr/bin/other'] },
      }),
    },
    need: {
      because: '/app/main has its modules in /usr/lib/python3.11',
      files: [
        '/usr/lib/python3.11',
        '/usr/lib/python3/dist-packages/a',
        '/usr/lib/python3/dist-packages/c.py',
      ],
      opens: [{ name: '/usr/lib/python3/dist-packages/a/_speed.so', from: '/app/main' }],
    },
    silent: { '/usr/lib/python3.11/os.py': undefined },
  },
  {
    kind: 'other-modules',
    world: {
      ...python,
      '/app/main': { link: '/usr/bin/python3.11' },
      ...ONE_ASKED_FOR,
    },
    need: {
      because: 'it finds modules of python3-b',
      confidence: 'likely',
      files: B,
    },
    silent: packages({ 'python3-a': { files: A }, 'python3-b': { files: B } }),
  },
  {
    kind: 'other-modules',
    case: 'that the packages of the script do not need',
    world: {
      ...python,
      '/app/main': script('#!/usr/bin/python3.11'),
      ...packages({
        'python3-a': { auto: true, files: A },
        'python3-b': { files: B },
        app: { depends: 'python3-a', files: ['/app/main'] },
      }),
    },
    need: {
      program: '/usr/bin/python3.11',
      because: 'it finds modules of python3-b',
      confidence: 'possible',
      files: B,
    },
    silent: { [B[0] ?? '']: undefined },
  },
  {
    kind: 'other-modules',
    case: 'that an application may need that the user adds',
    world: {
      ...python,
      '/app/main': script('#!/usr/bin/python3.11'),
      ...packages({
        'python3-a': { auto: true, files: A },
        'python3-b': { files: B },
        app: { depends: 'python3-a', files: ['/app/main', '/srv/own.py'] },
      }),
    },
    options: { added: ['/srv/own.py', '/srv/app.key'] },
    need: {
      program: '/usr/bin/python3.11',
      because: 'it finds modules of python3-b',
      confidence: 'possible',
      files: B,
    },
    silent: { added: ['/srv/app.py'] },
  },
  {
    kind: 'modules',
    case: 'that are installed inside of the standard library',
    world: {
      ...interpreter('/usr/bin/python3.13'),
      '/usr/lib64/python3.13/os.py': '',
      '/usr/lib64/python3.13/lib-dynload/_ssl.so': {},
      '/usr/lib64/python3.13/site-packages/a/__init__.py': '',
      '/usr/lib64/python3.13/site-packages/a/_speed.so': {},
      '/usr/lib64/python3.13/site-packages/a/tests/test_a.py': '',
      '/usr/lib64/python3.13/site-packages/b/tests/a_testcase.py': '',
      '/usr/lib64/python3.13/site-packages/c/tests/latestcase.py': '',
    },
    need: {
      because: '/app/main has its modules in /usr/lib64/python3.13',
      files: ['/usr/lib64/python3.13', '/usr/lib64/python3.13/site-packages'],
      except: [
        '/usr/lib64/python3.13/site-packages',
        '/usr/lib64/python3.13/site-packages/a/tests',
        '/usr/lib64/python3.13/site-packages/b/tests',
      ],
      opens: ['lib-dynload/_ssl.so', 'site-packages/a/_speed.so'].map((name) => ({
        name: `/usr/lib64/python3.13/${name}`,
        from: '/app/main',
      })),
    },
    silent: { '/app/main': program() },
  },
  {
    kind: 'other-modules',
    case: 'that pacman says others need',
    world: {
      ...python,
      '/app/main': { link: '/usr/bin/python3.11' },
      '/var/lib/pacman/local/a-1/desc': '%NAME%\na\n\n',
      '/var/lib/pacman/local/a-1/files': `%FILES%\n${A.map((path) => path.slice(1)).join('\n')}\n`,
      '/var/lib/pacman/local/b-1/desc': '%NAME%\nb\n\n%REASON%\n1\n\n',
      '/var/lib/pacman/local/b-1/files': `%FILES%\n${B.map((path) => path.slice(1)).join('\n')}\n`,
    },
    need: { because: 'it finds modules of b', confidence: 'likely', files: B },
    silent: { '/var/lib/pacman/local/b-1/desc': '%NAME%\nb\n\n' },
  },
  {
    kind: 'other-modules',
    case: 'that zypper says others need',
    world: {
      ...python,
      '/app/main': { link: '/usr/bin/python3.11' },
      '/usr/lib/sysimage/rpm/rpmdb.sqlite': { bytes: rpmOf({ a: A, b: B }) },
      '/var/lib/zypp/AutoInstalled': '# written by zypper\nb\n',
    },
    need: { because: 'it finds modules of b', confidence: 'likely', files: B },
    silent: { '/var/lib/zypp/AutoInstalled': '' },
  },
  {
    kind: 'other-modules',
    case: 'that apk says others need',
    world: {
      ...python,
      '/app/main': { link: '/usr/bin/python3.11' },
      '/lib/apk/db/installed': `${apkOf('a', A)}\n${apkOf('b', B)}`,
      '/etc/apk/world': 'a>1\nc\n',
    },
    need: { because: 'it finds modules of b', confidence: 'likely', files: B },
    silent: { '/etc/apk/world': 'a@edge\nb=1\n' },
  },
  {
    kind: 'modules',
    case: 'that the package of a script depends on, and no others',
    world: {
      ...python,
      '/app/main': script('#!/usr/bin/python3.11', 'import b'),
      ...packages({
        'python3-a': { files: A },
        'python3-b': { auto: true, files: B },
        app: { depends: 'python3-b', files: ['/app/main'] },
      }),
    },
    need: {
      program: '/usr/bin/python3.11',
      because: '/usr/bin/python3.11 has its modules in /usr/lib/python3.11',
      files: ['/usr/lib/python3.11', ...B],
    },
    silent: { '/usr/lib/python3.11/os.py': undefined },
  },
  {
    kind: 'modules',
    case: 'of Perl, at paths in its data',
    world: {
      ...interpreter('/usr/bin/perl', '/etc/perl', '/usr/share/perl/5.36', '/usr/share/perl5'),
      '/usr/share/perl/5.36.0/strict.pm': '',
      '/usr/share/perl/5.36.0/auto/POSIX/POSIX.so': {},
      '/usr/share/perl/5.36.0/pod/perl.pod': '',
      ...Object.fromEntries(
        ['a', 'b', 'c', 'd'].map((name) => [`/usr/share/perl/5.36.0/${name}.dat`, '']),
      ),
      '/usr/share/perl/5.36': { link: '5.36.0' },
      '/usr/share/perl5/DBI.pm': '',
      '/etc/perl/sitecustomize.conf': '',
    },
    need: {
      because: '/app/main names /usr/share/perl/5.36',
      files: ['/usr/share/perl/5.36', '/usr/share/perl5'],
      except: ['/usr/share/perl/5.36.0/pod/perl.pod'],
      opens: [{ name: '/usr/share/perl/5.36/auto/POSIX/POSIX.so', from: '/app/main' }],
    },
    // Data of another kind at the same paths.
    silent: {
      '/usr/share/perl/5.36.0/strict.pm': undefined,
      '/usr/share/perl5/DBI.pm': undefined,
    },
  },
  {
    kind: 'modules',
    case: 'of Ruby, with its gems',
    world: {
      ...glibcWith(),
      '/app/main': program({ needed: ['libruby-3.1.so.3.1', ...NEEDED] }),
      [`${LIB}/libruby-3.1.so.3.1`]: texts('/usr/lib/ruby/3.1.0'),
      '/usr/lib/ruby/3.1.0/set.rb': '',
      '/usr/lib/ruby/gems/3.1.0/gems/a/lib/a.rb': '',
      '/var/lib/gems/3.1.0/gems/b/lib/b.rb': '',
    },
    need: {
      because: `${LIB}/libruby-3.1.so.3.1 names /usr/lib/ruby/3.1.0`,
      confidence: 'likely',
      files: ['/usr/lib/ruby/3.1.0', '/usr/lib/ruby/gems', '/var/lib/gems'],
    },
    silent: { '/usr/lib/ruby/3.1.0/set.rb': '', [`${LIB}/libruby-3.1.so.3.1`]: {} },
  },
  {
    kind: 'modules',
    case: 'of Ruby as Fedora has it, with its gems',
    world: {
      ...glibcWith(),
      '/app/main': program({ needed: ['libruby.so.3.3', ...NEEDED] }),
      [`${LIB}/libruby.so.3.3`]: texts('/usr/share/ruby', '/usr/lib64/ruby'),
      '/usr/share/ruby/set.rb': '',
      '/usr/lib64/ruby/rbconfig.rb': '',
      '/usr/share/gems/gems/a-1/lib/a.rb': '',
      '/usr/lib64/gems/ruby/b-1/b.so': {},
      '/usr/share/ruby/rubygems/defaults/operating_system.rb':
        'def places = ["/opt/dist/rubygems-own/#{version}", "/usr/share/bin"]',
      '/opt/dist/rubygems-own/3.3.0/gems/c-1/lib/c.rb': '',
    },
    need: {
      because: `${LIB}/libruby.so.3.3 names /usr/share/ruby`,
      confidence: 'likely',
      files: [
        '/usr/lib64/ruby',
        '/usr/share/ruby',
        '/opt/dist/rubygems-own',
        '/usr/lib64/gems/ruby',
        '/usr/share/gems',
      ],
      opens: [{ name: '/usr/lib64/gems/ruby/b-1/b.so', from: '/app/main' }],
    },
    silent: {
      '/usr/share/ruby/set.rb': undefined,
      '/usr/lib64/ruby/rbconfig.rb': undefined,
      [`${LIB}/libruby.so.3.3`]: {},
    },
  },
  {
    kind: 'modules',
    case: 'of Ruby: the gems that the code of an added application names, as Debian has them',
    world: {
      ...interpreter('/usr/bin/ruby'),
      '/usr/bin/ruby': program({ needed: ['libruby.so.3.1', ...NEEDED] }),
      [`${LIB}/libruby.so.3.1`]: texts('/usr/lib/ruby/3.1.0'),
      '/usr/lib/ruby/3.1.0/set.rb': '',
      ...Object.fromEntries(GEMS.map((path) => [path, ''])),
      '/app/main': script('#!/usr/bin/ruby'),
      '/srv/app.rb': "require 'b'\n",
      ...packages({
        'ruby-a': { files: GEMS.slice(0, 1) },
        'ruby-b': { auto: true, files: GEMS.slice(1) },
        app: { files: ['/app/main'] },
      }),
    },
    options: { added: ['/srv/app.rb'] },
    need: {
      program: '/usr/bin/ruby',
      because: `${LIB}/libruby.so.3.1 names /usr/lib/ruby/3.1.0`,
      files: ['/usr/lib/ruby/3.1.0', '/usr/share/rubygems-integration/all/gems/b-1'],
    },
    silent: { '/usr/lib/ruby/3.1.0/set.rb': undefined, [GEMS[1] ?? '']: undefined },
  },
  {
    kind: 'modules',
    case: 'of Lua, in the directory of a pattern',
    world: {
      ...interpreter('/usr/bin/lua5.4', '/usr/share/lua/5.4/?.lua;/usr/share/lua/5.4/?/init.lua'),
      '/usr/share/lua/5.4/lpeg.lua': '',
    },
    need: {
      because: '/app/main names /usr/share/lua/5.4',
      files: ['/usr/share/lua/5.4'],
    },
    silent: { '/usr/share/lua/5.4/lpeg.lua': undefined, '/usr/share/lua/5.4/readme.txt': '' },
  },
  {
    kind: 'modules',
    case: 'of Lua, that are all libraries',
    world: {
      ...interpreter('/usr/bin/lua5.4', '/usr/local/lib/lua/5.4/?.so;/usr/lib/lua/5.4/?.so'),
      '/usr/lib/lua/5.4/lpeg.so': {},
    },
    need: {
      because: '/app/main looks for modules in /usr/lib/lua/5.4',
      files: ['/usr/lib/lua/5.4'],
      opens: [{ name: '/usr/lib/lua/5.4/lpeg.so', from: '/app/main' }],
    },
    silent: interpreter('/usr/bin/lua5.4', '/usr/lib/lua/5.4'),
  },
  {
    kind: 'modules',
    case: 'of Lisp, from the directory of the program on',
    world: {
      ...interpreter('/usr/bin/sbcl', '../lib/sbcl', 'sbcl.core'),
      '/usr/lib/sbcl/sbcl.core': '',
    },
    need: { because: '/app/main names /usr/lib/sbcl', files: ['/usr/lib/sbcl'] },
    silent: interpreter('/opt/bin/sbcl', '../lib/sbcl', 'sbcl.core'),
  },
  {
    kind: 'modules',
    case: 'of Emacs, in each directory of its release',
    world: {
      ...interpreter('/usr/bin/emacs', '/usr/share/emacs/28.2/lisp'),
      '/usr/share/emacs/28.2/lisp/a.elc': '',
      '/usr/share/emacs/28.2/etc/charsets': '',
      '/usr/lib/emacs/28.2/native-lisp/a.eln': '',
      '/usr/lib/emacs/27.1/native-lisp/a.eln': '',
    },
    need: {
      because: '/app/main names /usr/share/emacs/28.2/lisp',
      files: ['/usr/lib/emacs/28.2', '/usr/share/emacs/28.2'],
    },
    silent: { '/usr/share/emacs/28.2/lisp/a.elc': undefined },
  },
  {
    kind: 'modules',
    case: 'of R, with the program that its launcher starts',
    world: {
      ...interpreter('/usr/bin/Rscript', '/usr/lib/R', '%s/bin/R', '%s/bin/other'),
      '/usr/lib/R/library/base/R/base.rdb': '',
      '/usr/lib/R/bin/R': script('#!/bin/sh'),
    },
    need: {
      because: '/app/main names /usr/lib/R',
      files: ['/usr/lib/R'],
      starts: ['/usr/lib/R/bin/R'],
    },
    silent: { '/usr/lib/R/library/base/R/base.rdb': undefined },
  },
  {
    kind: 'modules',
    case: 'of Erlang, around the program, with programs of its own',
    world: {
      ...interpreter('/usr/lib/erlang/erts-13/bin/beam.smp'),
      '/usr/lib/erlang/lib/kernel-8/ebin/kernel.beam': '',
      '/usr/lib/erlang/lib/crypto-5/priv/lib/crypto.so': {},
      '/usr/lib/erlang/erts-13/bin/inet_gethost': {
        ...program({ needed: NEEDED }),
      },
    },
    need: {
      because: '/app/main stands in /usr/lib/erlang',
      files: ['/usr/lib/erlang'],
      opens: [{ name: '/usr/lib/erlang/lib/crypto-5/priv/lib/crypto.so', from: '/app/main' }],
      starts: ['/usr/lib/erlang/erts-13/bin/inet_gethost'],
    },
    silent: { '/usr/lib/erlang/lib/kernel-8/ebin/kernel.beam': undefined },
  },
  {
    kind: 'modules',
    case: 'of a script in a package of npm, and those above it',
    world: {
      ...glibcWith(),
      '/usr/bin/node': program({ needed: NEEDED }),
      '/srv/app/bin/main.js': script('#!/usr/bin/node', "require('b')"),
      '/app/main': { link: '/srv/app/bin/main.js' },
      '/srv/app/package.json': '{}',
      '/srv/app/node_modules/b/build/b.node': { needed: NEEDED },
      '/srv/app/node_modules/b/prebuilds/musl/b.node': { needed: ['libc.musl-x86_64.so.1'] },
      '/srv/node_modules/c/index.js': '',
    },
    need: {
      program: '/usr/bin/node',
      because: '/app/main is of the package in /srv/app',
      files: ['/srv/app', '/srv/node_modules'],
      opens: [{ name: '/srv/app/node_modules/b/build/b.node', from: '/usr/bin/node' }],
    },
    silent: { '/app/main': { link: '/usr/bin/node' } },
  },
  {
    kind: 'modules',
    case: 'of a script that env starts with node, and not of one for a shell beside it',
    world: {
      ...glibcWith(),
      '/usr/bin/env': program({ needed: NEEDED }),
      '/usr/bin/nodejs': program({ needed: NEEDED }),
      '/bin/bash': program({ needed: NEEDED }),
      '/app/main': script('#!/usr/bin/env nodejs'),
      '/app/package.json': '{}',
      '/app/target/build.bin': '',
    },
    need: {
      program: '/usr/bin/nodejs',
      because: '/app/main is of the package in /app',
      files: ['/app'],
    },
    silent: { '/app/main': script('#!/bin/bash', 'echo') },
  },
  {
    kind: 'modules',
    case: 'beside a script, which it loads',
    world: {
      ...python,
      '/srv/app/main.py': script('#!/usr/bin/python3.11', 'from b import c', 'other = 1'),
      '/srv/app/b.py': 'import deep\n',
      '/srv/app/deep/__init__.py': '',
      '/srv/app/other.py': '',
      '/srv/app/package.json': '{}',
      '/srv/app/node_modules/e/index.js': '',
      '/app/main': { link: '/srv/app/main.py' },
      '/usr/lib/python3/dist-packages': { directory: true },
    },
    need: {
      program: '/usr/bin/python3.11',
      because: '/usr/bin/python3.11 has its modules in /usr/lib/python3.11',
      files: [
        '/usr/lib/python3.11',
        '/srv/app/b.py',
        '/srv/app/deep',
        '/usr/lib/python3/dist-packages',
      ],
      opens: [{ name: '/usr/lib/python3/dist-packages/a/_speed.so', from: '/usr/bin/python3.11' }],
    },
    silent: {
      '/app/main': script('#!/bin/sh'),
      '/bin/sh': program({ needed: NEEDED }),
    },
  },
  {
    kind: 'shell',
    case: 'of a module of node that starts programs by it',
    world: {
      ...glibcWith(),
      '/usr/bin/node': program({ needed: NEEDED }),
      '/bin/sh': program(),
      '/app/main': { link: '/srv/app/main.js' },
      '/srv/app/main.js': script('#!/usr/bin/node'),
      '/srv/app/package.json': '{}',
      '/srv/app/node_modules/promise-spawn/lib/index.js':
        "const { spawn } = require('child_process'); spawn('sh', ['-c', line])\n",
    },
    need: {
      program: '/usr/bin/node',
      because: '/srv/app/node_modules/promise-spawn/lib/index.js starts a shell',
      starts: ['/bin/sh'],
    },
    silent: {
      '/srv/app/node_modules/promise-spawn/lib/index.js':
        "const { spawn } = require('child_process'); spawn('shuf', [])\n",
    },
  },
  {
    kind: 'modules',
    case: 'where a variable leads',
    world: { ...interpreter('/usr/bin/x'), '/srv/modules/a.pm': '' },
    options: { environment: { PERL5LIB: '/srv/modules:/srv/nothing' } },
    need: { because: 'PERL5LIB has /srv/modules', files: ['/srv/modules'] },
    silent: {},
  },
];
