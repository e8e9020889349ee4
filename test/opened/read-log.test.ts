/**
 * Lines of logs into events. The lines are those that strace 6.1 and glibc 2.36 print, and the variants
 * that strace(1) and older releases have.
 */
import { describe, expect, it } from 'vitest';
import { ElfdepsError } from '../../src/errors.js';
import type { OpenedEvent, OpenedLog } from '../../src/opened/opened-log.js';
import { LogReader } from '../../src/opened/read-log.js';
import { Random } from '../support/random.js';

function read(text: string, name = 'log', workdir = '/work'): OpenedLog {
  const reader = new LogReader(workdir);
  reader.begin(name);
  reader.push(Buffer.from(text));
  reader.end();
  return reader.result();
}

/** `how path`, with what differs from a plain event behind it. */
function told(event: OpenedEvent): string {
  const { how, path, real, creates, chroot, isReal } = event;
  const more = [
    isReal ? 'seen by the tracer' : '',
    real === undefined ? '' : `real ${real}`,
    creates ? 'creates' : '',
    chroot === '' ? '' : `in ${chroot}`,
  ].filter((text) => text !== '');
  return [`${how} ${path}`, ...more].join(', ');
}

const events = (...lines: string[]) => read(lines.join('\n')).events.map(told);

describe('a call of strace', () => {
  it.each([
    ['open', 'open("/etc/a", O_RDONLY|O_CLOEXEC) = 3', ['opened /etc/a']],
    ['openat', 'openat(AT_FDCWD, "/etc/a", O_RDONLY) = 3', ['opened /etc/a']],
    ['a result in a column', 'openat(AT_FDCWD, "/etc/a", O_RDONLY)     = 3', ['opened /etc/a']],
    [
      'openat2',
      'openat2(AT_FDCWD, "/etc/a", {flags=O_RDONLY|O_DIRECTORY, mode=0, resolve=RESOLVE_NO_XDEV}, 24) = 3',
      ['directory /etc/a'],
    ],
    ['creat', 'creat("/tmp/a", 0644) = 3', ['opened /tmp/a, creates']],
    ['a directory', 'open("/etc", O_RDONLY|O_DIRECTORY) = 3', ['directory /etc']],
    ['a relative path', 'open("a/b", O_RDONLY) = 3', ['opened /work/a/b']],
    ['a failure', 'open("/etc/a", O_RDONLY) = -1 ENOENT (No such file or directory)', []],
    [
      'execve',
      'execve("/bin/ls", ["ls", ") = -1"], 0x7ffd /* 9 vars */) = 0',
      ['executed /bin/ls'],
    ],
    [
      'execve that fails',
      'execve("/bin/ls", ["ls", ") = 0"], 0x7f /* 9 vars */) = -1 ENOENT (No)',
      [],
    ],
    [
      'execveat of a descriptor',
      'execveat(3</bin/ls>, "", ["ls"], NULL, AT_EMPTY_PATH) = 0',
      ['executed /bin/ls, seen by the tracer'],
    ],
    ['-y', 'open("/lib/a", O_RDONLY) = 3</usr/lib/a>', ['opened /lib/a, real /usr/lib/a']],
    [
      '-y of a directory',
      'openat(AT_FDCWD</srv>, "a", O_RDONLY) = 3</srv/b>',
      ['opened /srv/a, seen by the tracer, real /srv/b'],
    ],
    ['-yy', 'open("/dev/tty", O_RDWR) = 3</dev/tty<char 5:0>>', ['opened /dev/tty, real /dev/tty']],
    [
      'a deleted file',
      'open("/tmp/a", O_RDWR) = 3</tmp/a>(deleted)',
      ['opened /tmp/a, real /tmp/a'],
    ],
    ['-T', 'open("/etc/a", O_RDONLY) = 3 <0.000021>', ['opened /etc/a']],
    ['-f on a terminal', '[pid  4711] open("/etc/a", O_RDONLY) = 3', ['opened /etc/a']],
    ['-f -o', '4711  open("/etc/a", O_RDONLY) = 3', ['opened /etc/a']],
    ['--decode-pids=comm', '4711<app> open("/etc/a", O_RDONLY) = 3', ['opened /etc/a']],
    ['-t', '4711  12:01:02 open("/etc/a", O_RDONLY) = 3', ['opened /etc/a']],
    ['-ttt', '1700000000.123456 open("/etc/a", O_RDONLY) = 3', ['opened /etc/a']],
    ['-r', '     0.000123 open("/etc/a", O_RDONLY) = 3', ['opened /etc/a']],
    ['-i', '[00007f3c5a2b1d4e] open("/etc/a", O_RDONLY) = 3', ['opened /etc/a']],
    ['-n', '[   2] open("/etc/a", O_RDONLY) = 3', ['opened /etc/a']],
    ['escapes', String.raw`open("/a\"b\303\244\n\x41", O_RDONLY) = 3`, ['opened /a"bä\nA']],
    ['a path that is cut short', 'open("/etc/a"..., O_RDONLY) = 3', []],
  ])('%s', (_name, line, expected) => {
    expect(read(line)).toMatchObject({ lines: 1, unreadable: 0, tellsFiles: true });
    expect(events(line)).toEqual(expected);
  });

  it('follows chdir(), fchdir() and directories that are open', () => {
    expect(
      events(
        'chdir("/srv/app") = 0',
        'open("a", O_RDONLY) = 3',
        'open("/etc", O_RDONLY|O_DIRECTORY) = 4',
        'openat(4, "b", O_RDONLY) = 5',
        'fcntl(4, F_DUPFD_CLOEXEC, 10) = 10',
        'openat(10, "c", O_RDONLY) = 5',
        'fchdir(4) = 0',
        'open("d", O_RDONLY) = 5',
        'openat(77, "of a directory that the log does not know", O_RDONLY) = 6',
      ),
    ).toEqual([
      'opened /srv/app/a',
      'directory /etc',
      'opened /etc/b',
      'opened /etc/c',
      'opened /etc/d',
    ]);
  });

  it('joins a call that another process interrupts', () => {
    expect(
      events(
        '1 openat(AT_FDCWD, "/etc/a", O_RDONLY <unfinished ...>',
        '2 open("/etc/b", O_RDONLY) = 3',
        '1 <... openat resumed>) = 3',
        '2 <... open resumed>) = 4',
      ),
    ).toEqual(['opened /etc/b', 'opened /etc/a']);
  });

  it('gives a child what its parent has, also where the child is seen first', () => {
    expect(
      events(
        '1 chdir("/one") = 0',
        '1 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f) = 2',
        '1 chdir("/other") = 0',
        '2 open("a", O_RDONLY) = 3',
        '1 vfork( <unfinished ...>',
        '3 open("b", O_RDONLY) = 3',
        '1 <... vfork resumed>) = 3',
        '1 clone3({flags=CLONE_VM|CLONE_VFORK, exit_signal=SIGCHLD}, 88) = 4',
        '4 chdir("deep") = 0',
        '4 open("c", O_RDONLY) = 3',
      ),
    ).toEqual(['opened /one/a', 'opened /other/b', 'opened /other/deep/c']);
  });

  it('takes the process of a log of strace -ff from its name', () => {
    const reader = new LogReader('/');
    for (const [name, text] of [
      ['log.7', 'chdir("/srv") = 0\nfork() = 8\n'],
      ['log.8', 'open("a", O_RDONLY) = 3\n'],
    ] as const) {
      reader.begin(name);
      reader.push(Buffer.from(text));
      reader.end();
    }
    expect(reader.result().events.map(told)).toEqual(['opened /srv/a']);
  });

  it('knows the program of a process, and where it is after execve()', () => {
    const {
      events: [first, second],
    } = read(
      [
        '1 execve("/usr/bin/app", ["app"], 0x7f /* 1 var */) = 0',
        '1 openat(AT_FDCWD</t>, "/etc/ld.so.cache", O_RDONLY) = 3</t/etc/ld.so.cache>',
      ].join('\n'),
    );
    expect(first).toMatchObject({
      how: 'executed',
      path: '/usr/bin/app',
      witness: { path: '/etc/ld.so.cache', real: '/t/etc/ld.so.cache' },
    });
    expect(second).toMatchObject({ how: 'opened', program: '/usr/bin/app' });
  });

  it('follows chroot()', () => {
    expect(events('chroot("/t") = 0', 'chdir("/") = 0', 'open("/etc/a", O_RDONLY) = 3')).toEqual([
      'opened /etc/a, in /t',
    ]);
  });
});

describe('other lines', () => {
  it('LD_DEBUG=files tells the paths of libraries when it starts them', () => {
    const log = read(
      [
        '     19715:\t',
        '     19715:\tfile=libc.so.6 [0];  needed by /bin/ls [0]',
        '     19715:\tfile=/lib/libx.so [0];  generating link map',
        '     19715:\t  dynamic: 0x00007fb5  base: 0x00007fb5   size: 0x0000',
        '     19715:\tcalling init: /lib/x86_64-linux-gnu/libc.so.6',
        '     19715:\tinitialize program: /bin/ls',
      ].join('\n'),
    );
    expect(log.events.map(told)).toEqual([
      'loaded /lib/libx.so',
      'loaded /lib/x86_64-linux-gnu/libc.so.6',
      'executed /bin/ls',
    ]);
    expect(log).toMatchObject({ lines: 6, unreadable: 0, tellsFiles: false });
  });

  it('a path is an opened file', () => {
    expect(events('/etc/a', '/usr/share/b c\r', '')).toEqual([
      'opened /etc/a',
      'opened /usr/share/b c',
    ]);
  });

  it('what else strace says is read, and what the program says is not', () => {
    const lines = [
      'strace: Process 2 attached',
      '[pid 2] +++ exited with 0 +++',
      '--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED} ---',
      'mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, 3, 0) = 0x7f3c',
      'exit_group(0) = ?',
      'hello world',
      'open the door (please) = 3',
    ];
    expect(read(lines.join('\n'))).toMatchObject({ lines: 7, unreadable: 2, events: [] });
  });

  it('pieces may end anywhere, also inside of a character', () => {
    const bytes = Buffer.from('/etc/ä\n/etc/b');
    for (let cut = 0; cut <= bytes.length; cut++) {
      const reader = new LogReader();
      reader.begin('log');
      reader.push(bytes.subarray(0, cut));
      reader.push(bytes.subarray(cut));
      reader.end();
      expect(reader.result().events.map(told)).toEqual(['opened /etc/ä', 'opened /etc/b']);
    }
  });
});

describe('a hostile log', () => {
  const PARTS = [
    ...[
      'open(',
      'openat(',
      'execve(',
      'execveat(',
      'chdir(',
      'fchdir(',
      'chroot(',
      'clone(',
      'dup(',
    ],
    ...[
      '"/etc/a"',
      '"..',
      '\\',
      '\\377',
      '<',
      '>',
      '</t>',
      '(',
      ')',
      ' = 3',
      ') = 0',
      ' = -1',
      '\n',
    ],
    ...[
      '<unfinished ...>',
      '<... open resumed>',
      '1 ',
      '[pid 2] ',
      '3',
      'AT_FDCWD',
      ', ',
      '{flags=',
    ],
    ...['O_RDONLY|O_CREAT', '9:\tcalling init: /a', '\0', '\ud800', ' ', '/../../..', '12:00:00 '],
  ];

  it('gives events or unreadable lines, and throws nothing else', () => {
    const random = new Random(12);
    for (let round = 0; round < 3000; round++) {
      const text = Array.from({ length: 40 }, () => random.pick(PARTS)).join('');
      try {
        const { events: found } = read(text);
        for (const { path } of found) expect(path.startsWith('/')).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(ElfdepsError);
      }
    }
  });

  it('has paths that do not grow with it', () => {
    const lines = [...Array<string>(20_000).fill('chdir("deeper") = 0'), 'open("a", O_RDONLY) = 3'];
    const [event] = read(lines.join('\n')).events;
    expect(event?.path.length).toBeLessThan(10_000);
  });

  it('has descriptors and processes that are copied once', () => {
    const lines = Array.from({ length: 20_000 }, (_, index) =>
      index % 2 === 0
        ? `1 open("/d${index}", O_RDONLY|O_DIRECTORY) = ${index}`
        : `1 fork() = ${index + 10}`,
    );
    expect(read(lines.join('\n')).events).toHaveLength(10_000);
  });

  it('has lines without an end: they are not read, and the next one is', () => {
    expect(read(`${'x'.repeat(3 << 20)}\n/etc/a\n`)).toMatchObject({ lines: 2, unreadable: 1 });
    expect(read(`open("${'\\'.repeat(1 << 19)}\n${') = 3'.repeat(1 << 17)}`).events).toEqual([]);
  });
});
