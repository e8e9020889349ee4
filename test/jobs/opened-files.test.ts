/** What counts as opened in logs of strace, whose lines are as strace 6.1 wrote them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { memoryRoot } from '../../src/root/memory-root.js';
import { bytesOf, openedFiles } from './opened-files.js';

const logs = mkdtempSync(join(tmpdir(), 'elfdeps-logs-'));
afterAll(() => rmSync(logs, { recursive: true, force: true }));

const root = memoryRoot({
  '/usr/bin/tool': '#! /bin/sh -e\n',
  '/usr/bin/sh': 'shell',
  '/bin': { link: 'usr/bin' },
  '/usr/bin/env': 'not in the job',
  '/usr/bin/chroot': 'nor this',
  '/etc/a.conf': '12',
  '/etc/b.conf': '345',
  '/srv/c': '',
});

test('files of the root that were opened or started, without what the job made', () => {
  writeFileSync(
    join(logs, '1'),
    [
      '7     execve("/usr/bin/env", ["env"], 0x7 /* 3 vars */) = 0',
      '7     openat(AT_FDCWD, "/etc/a.conf", O_RDONLY) = 3</etc/a.conf>',
      '7     execve("/usr/sbin/chroot", ["chroot"], 0x7 /* 3 vars */) = -1 ENOENT (No such file or directory)',
      '7     execve("/usr/bin/chroot", ["chroot"], 0x7 /* 3 vars */) = 0',
      '7     execve("/bin/tool", ["tool"], 0x7 /* 3 vars */) = 0',
      '7     openat(AT_FDCWD, "/etc/b.conf", O_RDONLY) = 3</t/etc/b.conf>',
      '7     openat(AT_FDCWD, "/etc/none", O_RDONLY) = -1 ENOENT (No such file or directory)',
      '7     openat(AT_FDCWD, "/tmp/made", O_RDWR|O_CREAT, 0600) = 4</t/tmp/made>',
      '8     openat(AT_FDCWD, "/srv", O_RDONLY|O_DIRECTORY) = 5</t/srv>',
      '8     openat(5</t/srv>, "c", O_RDONLY <unfinished ...>',
      '8     <... openat resumed>) = 6</t/srv/c>',
    ].join('\n'),
  );
  const files = openedFiles(root, logs, '/t');
  expect(files).toEqual(['/etc/b.conf', '/srv/c', '/usr/bin/sh', '/usr/bin/tool']);
  expect(bytesOf(root, files)).toBe(3 + 0 + 5 + 14);
});
