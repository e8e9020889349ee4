/**
 * Needs that no DT_NEEDED shows, proven by running: in a tree that `elfdeps copy` alone has made, a
 * program does what it does outside; with `--without NEED` it fails as its users know it.
 */
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { command, describeWith, findCommand } from '../support/requirement.js';
import {
  Containers,
  chrootRequirements,
  elfdeps,
  enterWith,
  type Result,
  run,
  succeed,
  sudo,
} from './containers.js';
import { startTlsServer } from './tls-server.js';

const SOURCES: Readonly<Record<string, string>> = {
  cancel: `#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
static void *wait_for_it(void *unused) { for (;;) pause(); return unused; }
int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, wait_for_it, 0);
  pthread_cancel(thread);
  pthread_join(thread, 0);
  puts("cancelled");
}`,
  backtrace: `#include <execinfo.h>
#include <stdio.h>
int main(void) { void *frames[8]; printf("%s\\n", backtrace(frames, 8) > 0 ? "frames" : "none"); }`,
  temporary: `#include <stdio.h>
#include <stdlib.h>
int main(void) { char name[] = "/tmp/xXXXXXX"; puts(mkstemp(name) < 0 ? "no file" : "a file"); }`,
  locale: `#include <locale.h>
#include <stdio.h>
int main(void) { puts(setlocale(LC_ALL, "") ? "set" : "not set"); }`,
  static: `#include <netdb.h>
#include <pwd.h>
#include <stdio.h>
int main(void) {
  struct passwd *root = getpwnam("root");
  struct addrinfo *found;
  printf("%s %d\\n", root ? root->pw_dir : "nobody", getaddrinfo("localhost", 0, 0, &found));
}`,
  conversion: `#include <iconv.h>
#include <stdio.h>
int main(void) { puts(iconv_open("UTF-8", "ISO-8859-15") == (iconv_t)-1 ? "no" : "yes"); }`,
  shell: `#include <stdlib.h>
int main(void) { return system("exit 0") == 0 ? 0 : 1; }`,
};

interface Row {
  readonly what: string;
  /** A program of this machine, or one of SOURCES. */
  readonly program: string;
  readonly args: readonly string[];
  readonly input?: string;
  /** Further options of copy. */
  readonly options?: readonly string[];
  /** Variables for the program, outside and inside. */
  readonly env?: readonly string[];
  /** The need whose absence changes the result, and how. */
  readonly without: string;
  readonly fails: (result: Result) => boolean;
}

const rows: readonly Row[] = [
  {
    what: 'a host name',
    program: 'getent',
    args: ['hosts', 'localhost'],
    without: 'hosts',
    fails: ({ status }) => status === 2,
  },
  {
    what: 'a user',
    program: 'getent',
    // The image does not get root's shell, so root has /bin/sh there.
    args: ['passwd', 'nobody'],
    // A module of nsswitch.conf may know root by itself.
    without: 'passwd,nss',
    fails: ({ status }) => status === 2,
  },
  {
    what: 'a group',
    program: 'getent',
    args: ['group', 'root'],
    without: 'passwd,nss',
    fails: ({ status }) => status === 2,
  },
  {
    what: 'a service',
    program: 'getent',
    args: ['services', 'https'],
    without: 'services',
    fails: ({ status }) => status === 2,
  },
  {
    what: 'a character set',
    program: 'iconv',
    args: ['-f', 'latin1', '-t', 'utf-8', '/input'],
    without: 'gconv',
    fails: ({ stderr }) => stderr.includes('conversion'),
  },
  {
    what: 'pthread_cancel',
    program: 'cancel',
    args: [],
    without: 'libgcc',
    fails: ({ stderr, status }) =>
      status !== 0 && stderr.includes('libgcc_s.so.1 must be installed for pthread_'),
  },
  {
    what: 'backtrace',
    program: 'backtrace',
    args: [],
    without: 'libgcc',
    fails: ({ stdout }) => stdout === 'none\n',
  },
  {
    what: 'a temporary file',
    program: 'temporary',
    args: [],
    without: 'tmp',
    fails: ({ stdout }) => stdout === 'no file\n',
  },
  {
    what: 'a time zone',
    program: 'date',
    args: ['-d', '@1700000000'],
    env: ['TZ=Europe/Paris'],
    without: 'tz',
    fails: ({ stdout }) => stdout.includes('Europe') && !stdout.includes('CET'),
  },
  {
    what: 'the list of locales',
    program: 'locale',
    args: ['-a'],
    without: 'locale',
    fails: ({ stdout }) => !/C\.utf-?8/i.test(stdout),
  },
  {
    what: 'the locale that the image sets',
    program: 'locale-test',
    args: [],
    options: ['--env', 'LANG=C.UTF-8'],
    env: ['LC_ALL=C.UTF-8'],
    without: 'locale',
    fails: ({ stdout }) => stdout === 'not set\n',
  },
  {
    what: 'a terminal',
    program: 'tput',
    args: ['-T', 'xterm', 'cols'],
    without: 'terminfo',
    fails: ({ stderr, status }) => status !== 0 && stderr.includes('xterm'),
  },
  {
    what: 'a shell',
    program: 'shell',
    args: [],
    options: ['--with', 'shell'],
    without: 'shell',
    fails: ({ status }) => status === 1,
  },
  {
    what: 'names in a static program',
    program: 'static',
    args: [],
    // Nobody knows the names of a stripped one.
    options: ['--with', 'static-nss'],
    without: 'static-nss,passwd,hosts',
    fails: ({ stdout }) => stdout.startsWith('nobody -'),
  },
  {
    what: 'names in a static program that is not stripped',
    program: 'static-named',
    args: [],
    without: 'passwd,hosts',
    fails: ({ stdout }) => stdout.startsWith('nobody -'),
  },
  {
    what: 'a character set in a static program',
    program: 'conversion',
    args: [],
    options: ['--with', 'static-gconv'],
    without: 'static-gconv',
    fails: ({ stdout }) => stdout === 'no\n',
  },
  {
    what: 'ssh',
    program: 'ssh',
    args: ['-V'],
    without: 'passwd,nss',
    fails: ({ stderr }) => /No user exists for uid 0/.test(stderr),
  },
  {
    what: 'libraries of .note.dlopen',
    program: 'noted',
    args: [],
    // The program has the library's directory and its name, which is evidence too.
    without: 'dlopen,dlopen-texts',
    fails: ({ stdout }) => stdout === 'no\n',
  },
];

const tools = [
  'gcc',
  'getent',
  'iconv',
  'date',
  'locale',
  'tput',
  'ssh',
  'curl',
  'openssl',
  'git',
  'su',
].map(command);

describeWith('needs at run time', [...chrootRequirements, ...tools], () => {
  let containers: Containers;
  let made: string;
  let input: string;

  beforeAll(() => {
    containers = new Containers();
    made = containers.makeDirectory();
    for (const [name, source] of Object.entries(SOURCES)) {
      writeFileSync(join(made, `${name}.c`), source);
      const flags =
        name === 'static' ? ['-static', '-s'] : [name === 'conversion' ? '-static' : '-pthread'];
      succeed('gcc', '-o', join(made, name), join(made, `${name}.c`), ...flags);
    }
    copyFileSync(join(made, 'locale'), join(made, 'locale-test'));
    succeed('gcc', '-static', '-o', join(made, 'static-named'), join(made, 'static.c'));
    compileNoted(made);
    input = join(made, 'input');
    writeFileSync(input, Buffer.from('caf\xe9\n', 'latin1'));
  });
  afterAll(() => containers.close());

  const pathOf = (name: string) =>
    name in SOURCES && name !== 'locale'
      ? join(made, name)
      : ['locale-test', 'noted', 'static-named'].includes(name)
        ? join(made, name)
        : (findCommand(name) ?? `/${name}`);

  /** The tree of a row, and what the program does in it. */
  const runIn = (row: Row, more: readonly string[]): Result => {
    const tree = join(containers.makeDirectory(), 'tree');
    const path = pathOf(row.program);
    // Not below /tmp, which is one of the needs.
    const place = path.startsWith(made) ? `/app/${row.program}` : path;
    elfdeps('copy', `${path}:${place}`, ...more, '-q', '--to', tree);
    copyFileSync(input, join(tree, 'input'));
    const result = enterWith(row.env ?? [], tree, place, ...row.args);
    sudo('rm', '-rf', '--one-file-system', tree);
    return result;
  };

  it.each(rows)('$what: as outside, and not --without $without', (row) => {
    const args = row.args.map((arg) => (arg === '/input' ? input : arg));
    const outside = run('env', ...(row.env ?? []), pathOf(row.program), ...args);
    expect(runIn(row, row.options ?? [])).toEqual(outside);
    const without = runIn(row, ['--without', row.without]);
    expect({ ...without, fails: row.fails(without) }).toMatchObject({ fails: true });
  });

  it('certificates: curl from a server whose authority is in the bundle', async () => {
    const curl = findCommand('curl') as string;
    const directory = containers.makeDirectory();
    const at = (name: string) => join(directory, name);
    const server = await startTlsServer(directory);
    const { port, certificate } = server;
    // A root of its own, so that this machine's bundle stays what it is.
    const root = at('root');
    elfdeps('copy', curl, '-q', '--to', root);
    const bundle = '/etc/ssl/certs/ca-certificates.crt';
    copyFileSync(certificate, join(root, bundle));
    try {
      const url = `https://localhost:${port}/`;
      const words = [
        '-sS',
        '--retry',
        '20',
        '--retry-connrefused',
        '--retry-delay',
        '1',
        '-o',
        '/dev/null',
        url,
      ];
      expect(run(curl, '--cacert', certificate, ...words)).toMatchObject({ status: 0 });
      const inTree = (name: string, ...more: readonly string[]) => {
        elfdeps('copy', '--root', root, curl, '-q', '--to', at(name), ...more);
        return enterWith([], at(name), curl, ...words);
      };
      expect(inTree('with')).toEqual({ status: 0, stdout: '', stderr: '' });
      const without = inTree('without', '--without', 'certs,config');
      expect(without.status).toBe(77);
      expect(without.stderr).toContain('error setting certificate');
    } finally {
      server.stop();
    }
  });

  it('a user that PAM lets in', () => {
    const su = findCommand('su') as string;
    const words = ['-s', '/bin/sh', '-c', 'exit 3', 'root'];
    const [tree, without] = [containers.makeDirectory(), containers.makeDirectory()];
    elfdeps('copy', su, '--with', 'shell', '-q', '--to', tree);
    expect(enterWith([], tree, su, ...words)).toEqual(sudo(su, ...words));
    elfdeps('copy', su, '--with', 'shell', '--without', 'pam', '-q', '--to', without);
    expect(enterWith([], without, su, ...words).status).not.toBe(3);
  });

  it('git over a local path, with the helper that --include names', () => {
    const git = findCommand('git') as string;
    const helper = join(run(git, '--exec-path').stdout.trim(), 'git-upload-pack');
    const tree = containers.makeDirectory();
    elfdeps('copy', git, '--with', 'shell', '--include', helper, ...TEMPLATES, '-q', '--to', tree);
    const repository = join(tree, 'repository');
    const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b.example'];
    succeed(git, 'init', '-q', repository);
    succeed(git, ...identity, '-C', repository, 'commit', '-q', '--allow-empty', '-m', 'first');
    const clone = enterWith([], tree, git, 'clone', '-q', 'file:///repository', '/clone');
    expect(clone).toMatchObject({ status: 0, stderr: '' });
    const log = enterWith([], tree, git, '-C', '/clone', 'log', '--format=%s');
    expect(log).toEqual({ status: 0, stdout: 'first\n', stderr: '' });
  });
});

const TEMPLATES = ['--include', '/usr/share/git-core/templates'];

/** A program with a note about a library that it opens, as systemd's have it. */
function compileNoted(directory: string): void {
  const note = JSON.stringify([{ soname: ['libnoted.so.1'], priority: 'recommended' }]);
  const source = `#include <dlfcn.h>
#include <stdio.h>
__attribute__((used, section(".note.dlopen"), aligned(4))) static const struct {
  struct { unsigned name, desc, type; } header; char owner[4]; char text[${note.length + 1}] __attribute__((aligned(4)));
} note = { { 4, ${note.length + 1}, 0x407c0c0a }, "FDO", ${JSON.stringify(note)} };
int main(void) { puts(dlopen("libnoted.so.1", RTLD_NOW) ? "yes" : "no"); }`;
  writeFileSync(join(directory, 'noted.c'), source);
  writeFileSync(join(directory, 'lib.c'), 'int noted;');
  const library = join(directory, 'libnoted.so.1');
  succeed('gcc', '-shared', '-o', library, '-Wl,-soname,libnoted.so.1', join(directory, 'lib.c'));
  const [out, c] = [join(directory, 'noted'), join(directory, 'noted.c')];
  succeed('gcc', '-o', out, c, `-Wl,-rpath,${directory}`, '-Wl,--disable-new-dtags');
}
