/**
 * Nothing outside the root is opened and nothing is run: each command runs under strace on a root whose
 * links try to leave it, and every path that a system call names must be in the root or be Node.js' own.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ELFDEPS } from '../support/built-cli.js';
import { buildElf } from '../support/elf-builder.js';
import { dockerArchive } from '../support/image-builder.js';
import { PROJECT } from '../support/markdown.js';
import { command, describeWith } from '../support/requirement.js';
import { entriesOf, tar } from '../support/tar-builder.js';

/** Links by path: absolute, and with more `..` than there are directories. */
const LINKS: Readonly<Record<string, string>> = {
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

/** What Node.js looks up for the time zone of this machine, whatever the root is. */
const isTimeZone = (path: string) =>
  /^\/(?:etc|etc\/localtime|usr|usr\/share|usr\/share\/zoneinfo(?:\/.*)?)$/.test(path);

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
const FILES: Readonly<Record<string, string | Uint8Array>> = {
  'bin/app': APP,
  'bin/script': SCRIPT,
  'bin/sh': SCRIPT,
  'lib/libc.so.6': LIBC,
  'lib/ld-linux-x86-64.so.2': buildElf({ soname: 'ld-linux-x86-64.so.2' }),
  'etc/ld.so.conf':
    'include /etc/ld.so.conf.d/*.conf\ninclude ../../../../../etc/*.conf\n/../../../usr/lib\n',
  'etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
};

describeWith('a root whose links lead out of it', [command('strace')], () => {
  let base = '';
  let directory = '';

  beforeAll(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'elfdeps-escape-')));
    directory = join(base, 'root');
    mkdirSync(join(base, 'elsewhere'));
    const place = (path: string) => {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      return join(directory, path);
    };
    for (const [path, bytes] of Object.entries(FILES)) {
      writeFileSync(place(path), bytes);
      chmodSync(place(path), 0o755);
    }
    for (const [path, target] of Object.entries(LINKS)) symlinkSync(target, place(path));
    // Opening it would wait for a writer, for ever.
    execFileSync('mkfifo', [place('etc/ld-musl-x86_64.path'), place('etc/group')]);
    const links = Object.entries(LINKS).map(([path, link]) => [`/${path}`, { link }] as const);
    const files = Object.entries(FILES).map(([path, bytes]) => [`/${path}`, bytes] as const);
    const world = Object.fromEntries([...files, ...links]);
    const layer = tar(entriesOf(world));
    writeFileSync(join(base, 'root.tar'), layer);
    writeFileSync(join(base, 'image.tar'), dockerArchive([layer]));
  });
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  /** What a run was asked for by strace: paths of system calls, and programs that it started. */
  function traceRun(args: readonly string[]) {
    const log = join(base, 'strace.log');
    const cwd = join(base, 'elsewhere');
    const run = [process.execPath, ELFDEPS, ...args];
    const options = ['-f', '-qq', '-s', '4096', '-e', 'trace=%file,%process', '-o', log];
    // Something is missing, so the exit code may be 1; what was opened is what counts here.
    const { signal, stderr } = spawnSync('strace', [...options, ...run], {
      cwd,
      encoding: 'utf8',
      timeout: 120_000,
    });
    expect(signal, stderr).toBeNull();
    const text = readFileSync(log, 'utf8');
    // PID CALL([AT_FDCWD, ]"PATH"...: only what a call is asked for, not what a link says.
    const call = /^(\d+) +(\w+)\((?:AT_FDCWD, )?"((?:[^"\\]|\\.)*)"(.*)$/gm;
    const calls = [...text.matchAll(call)].map(([, pid, name, path = '', rest = '']) => {
      return { pid, name, path: path.startsWith('/') ? path : join(cwd, path), rest };
    });
    const started = calls.filter(
      ({ name, path }) => name === 'execve' && path !== process.execPath,
    );
    const others = new Set(started.map(({ pid }) => pid));
    // The text of a new link is nothing that is looked up.
    const isText = new Set(['execve', 'symlink']);
    const touched = calls.filter(({ pid, name = '' }) => !isText.has(name) && !others.has(pid));
    return { touched: touched.map(({ path }) => path), started };
  }

  const from = () => ['--root', directory];
  const rows: readonly [name: string, args: () => string[]][] = [
    ...['text', 'list', 'ldd', 'tree', 'json', 'ndjson', 'dot', 'mermaid', 'html'].map(
      (format): [string, () => string[]] => [
        `report, ${format}`,
        () => [
          ...from(),
          '--verbose',
          '--needs',
          '--format',
          format,
          '/bin/app',
          '/lib',
          '/bin/script',
        ],
      ],
    ),
    ['report with --ldconfig', () => [...from(), '--ldconfig', '/bin/app', '/bin/out']],
    ...['text', 'json', 'sarif'].map((format): [string, () => string[]] => [
      `check, ${format}`,
      () => ['check', ...from(), '--format', format, '/bin/app', '/bin/script', '/bin/out'],
    ]),
    ['why', () => ['why', ...from(), '--verbose', '/bin/app', 'libc.so.6']],
    ...['dockerfile', 'copy', 'tar', 'image'].map((name): [string, () => string[]] => [
      name,
      () => [
        ...[name, ...from(), '/bin/app', '/bin/script', '--with', 'all', '--include', '/etc/**'],
        ...['--allow-incomplete', ...(name === 'dockerfile' ? [] : ['--force'])],
        ...(name === 'copy' ? ['--to', join(base, 'out/tree')] : []),
        ...(name === 'tar' || name === 'image' ? ['-o', join(base, `out/${name}.tar`)] : []),
      ],
    ]),
    ['report of a tar', () => ['--root', join(base, 'root.tar'), '--verbose', '/bin/app']],
    [
      'copy out of an image',
      () => [
        'copy',
        '--root',
        join(base, 'image.tar'),
        '/bin/app',
        '--allow-incomplete',
        '--force',
        '--to',
        join(base, 'out/image'),
      ],
    ],
    [
      'slim',
      () => [
        'slim',
        join(base, 'image.tar'),
        '--keep',
        '/**',
        '--allow-incomplete',
        '--force',
        '-o',
        join(base, 'out/slim.tar'),
      ],
    ],
  ];

  it.each(rows)(
    '%s: opens, lists and looks up nothing outside it, and runs nothing',
    (name, args) => {
      mkdirSync(join(base, 'out'), { recursive: true });
      const own = new Set(traceRun(['--version']).touched);
      const { touched, started } = traceRun(args());
      if (!/tar|image|slim/.test(name) || name === 'tar' || name === 'image')
        expect(touched.some((path) => path.startsWith(`${directory}/`))).toBe(true);
      const outside = touched.filter(
        (path) =>
          !path.startsWith(`${base}/`) &&
          // The directories above it, which its own name leads through (realpath).
          !`${base}/`.startsWith(path.endsWith('/') ? path : `${path}/`) &&
          path !== '/dev/null' &&
          !own.has(path) &&
          // Modules of elfdeps, and of what it depends on.
          !path.startsWith(`${PROJECT}/`) &&
          !path.includes('/node_modules') &&
          // A descriptor of its own, of a file that was checked: the kernel copies from it.
          !/^\/proc\/self\/fd\/\d+$/.test(path) &&
          // Temporary files of its own.
          !path.startsWith(join(tmpdir(), 'elfdeps-')) &&
          // Node.js looks at its memory and its time zone, and fast-glob counts the CPUs.
          !/^\/(proc|sys)\/.*(stat|cpuinfo|cpufreq|overcommit_memory)/.test(path) &&
          !isTimeZone(path),
      );
      expect([...new Set(outside)]).toEqual([]);
      // What is beside the root is the archives and the output, and the root has no way to them.
      const beside = touched.filter(
        (path) => path.startsWith(`${base}/`) && !path.startsWith(`${directory}/`),
      );
      const allowed = /^\/(?:root(?:\.tar)?|image\.tar|elsewhere(?:\/.*)?|out(?:\/.*)?)$/;
      expect(beside.filter((path) => !allowed.test(path.slice(base.length)))).toEqual([]);
      // This machine's tar tells and sets file capabilities; nothing else is started.
      for (const { path, rest } of started) {
        expect(path).toMatch(/^(?:\/usr\/local|\/usr)?\/bin\/tar$/);
        expect(rest).toContain(`"--directory", "${base}/`);
      }
    },
  );
});
