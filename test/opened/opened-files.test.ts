/**
 * Which files of a root a log tells of: as the processes named them, behind chroot(), and not what the
 * kernel or the run itself made.
 */
import { describe, expect, it } from 'vitest';
import { RootFiles } from '../../src/files/root-files.js';
import { openedFiles } from '../../src/opened/opened-files.js';
import { LogReader } from '../../src/opened/read-log.js';
import { memoryRoot } from '../../src/root/memory-root.js';
import { memoryWorld, program } from '../support/world.js';

const files = new RootFiles(
  memoryRoot(
    memoryWorld({
      '/usr/bin/app': program(),
      '/usr/bin/chroot': program(),
      '/lib': { link: 'usr/lib' },
      '/usr/lib/libx.so': { link: 'libx.so.1' },
      '/usr/lib/libx.so.1': {},
      '/usr/lib/sub/file': '',
      '/etc/ld.so.cache': 'cache',
      '/etc/a': 'a',
      '/usr/lib/py/m.py': '',
      '/usr/lib/py/__pycache__/m.cpython-311.pyc': '',
      '/usr/lib/py/__pycache__/n.cpython-311.pyc': '',
      '/usr/lib/py/a.b-nspkg.pth': "p = os.path.join(d, *('a', 'b'));m = f('a', [p])",
      '/usr/lib/py/a/b/__init__.py': '',
      '/etc/b': 'b',
      '/jail/etc/b': 'b in the jail',
      '/proc/version': 'made by the kernel',
      '/sys/x': '',
      '/dev/null': '',
      '/var/log/app/old': '',
    }),
  ),
);

function opened(...lines: string[]) {
  const reader = new LogReader('/');
  reader.begin('log');
  reader.push(Buffer.from(lines.join('\n')));
  reader.end();
  return openedFiles(files, reader.result(), ['/usr/bin/app']);
}
const paths = (...lines: string[]) => opened(...lines).files.map(({ path }) => path);

const EXECUTED = 'execve("/usr/bin/app", ["app"], 0x7f /* 1 var */) = 0';

describe('the files of the root', () => {
  it('keep the names by which they were opened', () => {
    const found = opened('open("/lib/libx.so", O_RDONLY) = 3</usr/lib/libx.so.1>').files;
    expect(found).toMatchObject([{ path: '/lib/libx.so', realPath: '/usr/lib/libx.so.1' }]);
    expect(
      paths(
        'openat(AT_FDCWD</usr/lib>, "libx.so", O_RDONLY) = 3</usr/lib/libx.so.1>',
        'open("/etc/../etc/a", O_RDONLY) = 3',
      ),
    ).toEqual(['/usr/lib/libx.so', '/etc/../etc/a']);
  });

  it('have the first module of a namespace among them, which Python asks for at each start', () => {
    const path = '/usr/lib/py/a.b-nspkg.pth';
    expect(paths(path)).toEqual([path, '/usr/lib/py/a/b/__init__.py']);
  });

  it('have the source of byte code among them, without which Python does not read it', () => {
    const code = '/usr/lib/py/__pycache__/m.cpython-311.pyc';
    const alone = '/usr/lib/py/__pycache__/n.cpython-311.pyc';
    expect(paths(code, alone)).toEqual([code, '/usr/lib/py/m.py', alone]);
  });

  it('are not what the kernel makes, nor what the root lacks', () => {
    expect(paths('/proc/version', '/sys/x', '/dev/null', '/etc/none', '/etc/a')).toEqual([
      '/etc/a',
    ]);
  });

  it('a directory around what the run made keeps its name too', () => {
    const { directories } = opened(
      'open("/lib/sub/new", O_WRONLY|O_CREAT, 0644) = 3</usr/lib/sub/new>',
    );
    expect(directories).toEqual(['/lib/sub']);
  });

  it('what the run made is left out, and its directory is needed', () => {
    const { files: found, directories } = opened(
      'open("/var/log/app/new", O_WRONLY|O_CREAT, 0644) = 3',
      'open("/var/log/app/old", O_WRONLY|O_CREAT, 0644) = 4',
      'open("/nowhere/new", O_WRONLY|O_CREAT, 0644) = 4',
      'open("/new", O_WRONLY|O_CREAT, 0644) = 4',
      'open("/dev/shm", O_WRONLY|O_CREAT, 0644) = 4',
    );
    expect(found).toEqual([]);
    expect(directories).toEqual(['/var/log/app']);
  });

  it.each([
    ['only written', 'open("/etc/a", O_WRONLY|O_CREAT|O_APPEND, 0644) = 3', []],
    ['emptied', 'open("/etc/a", O_RDWR|O_CREAT|O_TRUNC, 0644) = 3', []],
    ['made by creat()', 'creat("/etc/a", 0644) = 3', []],
    ['written and read', 'open("/etc/a", O_RDWR|O_CREAT, 0644) = 3', ['/etc/a']],
    ['written, but not made where it is missing', 'open("/etc/a", O_WRONLY) = 3', ['/etc/a']],
    [
      'read and then written',
      'open("/etc/a", O_RDONLY) = 3\nopen("/etc/a", O_WRONLY|O_CREAT, 0644) = 3',
      ['/etc/a'],
    ],
    [
      'continued and then read',
      'open("/etc/a", O_WRONLY|O_CREAT|O_APPEND, 0644) = 3\nopen("/etc/a", O_RDONLY) = 3',
      ['/etc/a'],
    ],
    [
      'made and then read',
      'open("/etc/a", O_WRONLY|O_CREAT|O_TRUNC, 0644) = 3\nopen("/etc/a", O_RDONLY) = 3',
      [],
    ],
  ])('a file that is %s', (_, line, expected) => {
    expect(paths(line)).toEqual(expected);
  });
});

describe('behind chroot()', () => {
  it('paths are those of the root, and what the process opened before is not', () => {
    expect(
      paths(
        'open("/etc/a", O_RDONLY) = 3',
        'chroot("/t") = 0',
        'chdir("/") = 0',
        EXECUTED,
        'open("/etc/b", O_RDONLY) = 3',
      ).sort(),
    ).toEqual(['/etc/b', '/usr/bin/app']);
  });

  it('-y tells the same where the log has no chroot()', () => {
    expect(
      paths(
        'execve("/usr/bin/chroot", ["chroot", "/t"], 0x7f /* 1 var */) = 0',
        'open("/etc/ld.so.cache", O_RDONLY) = 3</etc/ld.so.cache>',
        'open("/etc/a", O_RDONLY) = 3</etc/a>',
        'open("/lib/libx.so", O_RDONLY) = 3</usr/lib/libx.so.1>',
        EXECUTED,
        'open("/etc/ld.so.cache", O_RDONLY) = 3</t/etc/ld.so.cache>',
        'openat(AT_FDCWD</t/etc>, "b", O_RDONLY) = 3</t/etc/b>',
      ),
    ).toEqual(['/usr/bin/app', '/etc/ld.so.cache', '/etc/b']);
  });

  it('of a program that jails itself, the jail is a part of the root', () => {
    expect(
      paths(
        EXECUTED,
        'open("/etc/a", O_RDONLY) = 3',
        'chroot("/jail") = 0',
        'open("/etc/b", 0) = 3',
      ).sort(),
    ).toEqual(['/etc/a', '/jail/etc/b', '/usr/bin/app']);
    expect(
      paths(
        EXECUTED,
        'open("/etc/a", O_RDONLY) = 3</t/etc/a>',
        'open("/etc/b", O_RDONLY) = 3</t/jail/etc/b>',
      ),
    ).toEqual(['/usr/bin/app', '/etc/a', '/jail/etc/b']);
  });

  it('a run elsewhere may have links that lead to other files', () => {
    expect(paths(EXECUTED, 'open("/lib/libx.so", O_RDONLY) = 3</usr/lib/libx.so.2>')).toEqual([
      '/usr/bin/app',
      '/lib/libx.so',
    ]);
  });
});
