/**
 * Nothing outside the root is opened: the command runs under strace on a root whose links try to
 * leave it, and every path that a system call names must be in the root or be Node.js' own.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ELFDEPS } from '../support/built-cli.js';
import { buildElf } from '../support/elf-builder.js';
import { command, describeWith } from '../support/requirement.js';

/** Links by path: absolute, and with more `..` than there are directories. */
const LINKS: Readonly<Record<string, string>> = {
  'lib/libabsolute.so.1': '/usr/lib/x86_64-linux-gnu/libc.so.6',
  'lib/libdots.so.1': '../../../../../../../../../../usr/lib/x86_64-linux-gnu/libm.so.6',
  'lib/libloop.so.1': 'libloop.so.1',
  'etc/ld.so.cache': '/etc/ld.so.cache.of.the.host',
  'etc/ld.so.preload': '../../../../../../../../../etc/passwd',
  'usr/lib': '/../../../../lib',
  lib64: '/lib',
};

describeWith('a root whose links lead out of it', [command('strace')], () => {
  let directory = '';

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'elfdeps-escape-'));
    const write = (path: string, bytes: string | Uint8Array) => {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), bytes);
      chmodSync(join(directory, path), 0o755);
    };
    write(
      'bin/app',
      buildElf({
        interpreter: '/lib64/ld-linux-x86-64.so.2',
        needed: ['libabsolute.so.1', 'libdots.so.1', 'libloop.so.1', 'libnone.so.1', 'libc.so.6'],
        rpath: '/../../../../../../usr/lib:$ORIGIN/../../../../../../usr/lib/x86_64-linux-gnu',
      }),
    );
    write('lib/libc.so.6', buildElf({ soname: 'libc.so.6' }));
    write('etc/ld.so.conf', 'include /etc/ld.so.conf.d/*.conf\n/../../../usr/lib\n');
    for (const [path, target] of Object.entries(LINKS)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      symlinkSync(target, join(directory, path));
    }
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  /** Absolute paths that system calls of a run were given, but for Node.js' own files. */
  function pathsTouched(args: readonly string[]): string[] {
    const log = join(directory, '..', `${directory.split('/').pop()}.strace`);
    try {
      execFileSync(
        'strace',
        [
          ...['-f', '-qq', '-s', '4096', '-e', 'trace=%file', '-o', log],
          ...[process.execPath, ELFDEPS, ...args],
        ],
        { stdio: ['ignore', 'pipe', 'ignore'] },
      );
    } catch {
      // Something is missing, so the exit code is 1; what was opened is what counts here.
    }
    const text = execFileSync('cat', [log], { encoding: 'utf8', maxBuffer: 1 << 28 });
    rmSync(log);
    // PID CALL([AT_FDCWD, ]"PATH"...: only what a call is asked for, not what a link says.
    const call = /^(\d+) +(\w+)\((?:AT_FDCWD, )?"(\/(?:[^"\\]|\\.)*)"/gm;
    const calls = [...text.matchAll(call)];
    // tar reads file capabilities; which files it is asked for, its arguments say.
    const others = new Set(
      calls.flatMap(([, pid, name, path]) =>
        name === 'execve' && path !== process.execPath ? [pid] : [],
      ),
    );
    return calls
      .filter(([, pid, name]) => name !== 'execve' && !others.has(pid))
      .map((match) => match[3] as string);
  }

  it('opens, lists and looks up nothing outside it', () => {
    const own = new Set(pathsTouched(['--version']));
    for (const format of ['text', 'list', 'json']) {
      const args = ['--root', directory, '--verbose', '--format', format, '/bin/app', '/lib'];
      const touched = pathsTouched(args);
      expect(touched.some((path) => path.startsWith(`${directory}/`))).toBe(true);
      const outside = touched.filter(
        (path) =>
          path !== directory &&
          // The directories above the root, which its own name leads through (realpath).
          !directory.startsWith(`${path}/`) &&
          path !== '/dev/null' &&
          !path.startsWith(`${directory}/`) &&
          !own.has(path) &&
          // fast-glob, loaded for the include line, is a module of ours, and counts the CPUs.
          !path.includes('/node_modules') &&
          !/^\/(proc|sys)\/.*(stat|cpuinfo|cpufreq)/.test(path),
      );
      expect([...new Set(outside)]).toEqual([]);
    }
  });
});
