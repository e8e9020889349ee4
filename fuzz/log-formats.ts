/**
 * Logs of runs: strace, LD_DEBUG and lists of paths.
 */
import { RootFiles } from '../src/files/root-files.js';
import { openedFiles } from '../src/opened/opened-files.js';
import { LogReader } from '../src/opened/read-log.js';
import { memoryRoot } from '../src/root/memory-root.js';
import { encode } from '../test/support/elf-builder.js';
import type { Format } from './format.js';
import { mutateText } from './mutate-bytes.js';

function read(input: Uint8Array): boolean {
  const reader = new LogReader('/work');
  for (const name of ['log.12', 'log']) {
    reader.begin(name);
    const half = input.length >> 1;
    reader.push(input.subarray(0, half));
    reader.push(input.subarray(half));
    reader.end();
  }
  const log = reader.result();
  const root = memoryRoot({
    '/etc/a': 'a',
    '/lib/a.so': 'a',
    '/bin/sh': 'x',
    '/work/a/b': { link: '/etc/a' },
  });
  openedFiles(new RootFiles(root), log, ['/bin/sh']);
  return log.lines > log.unreadable;
}

const STRACE_WORDS = [
  'openat(AT_FDCWD, "',
  '", O_RDONLY|O_CLOEXEC) = 3',
  'execve("',
  '<unfinished ...>',
  '<... openat resumed>',
  'chdir("',
  'fchdir(3',
  'chroot("',
  'clone(',
  'vfork()',
  '[pid  12] ',
  '+++ exited with 0 +++',
  '\\303\\244',
  '\\x41',
  '"...',
  'AT_FDCWD</srv>',
  ' = -1 ENOENT',
  '3</lib/a.so>',
  '(deleted)',
  'dup2(3, 4',
  'close(3',
];
const strace: Format = {
  name: 'strace',
  words: STRACE_WORDS,
  seeds: () => [
    encode(
      'execve("/bin/sh", ["sh"], 0x7f /* 9 vars */) = 0\n12 openat(AT_FDCWD, "/etc/a", O_RDONLY|O_CLOEXEC) = 3</etc/a>\n12 chdir("/work") = 0\n[pid  13] open("a/b", O_RDONLY <unfinished ...>\n[pid  12] clone(child_stack=NULL, flags=CLONE_VM) = 14\n[pid  13] <... open resumed>) = 4\n13 fchdir(4) = 0\n13 chroot("/x") = 0\n13 openat2(4, "y\\303\\244", {flags=O_RDONLY}, 24) = 5\n13 dup2(5, 6) = 6\n12 close(3) = 0\n12 +++ exited with 0 +++\n',
    ),
  ],
  mutate: (random, input, other) => mutateText(random, input, other, STRACE_WORDS),
  run: read,
};

const DEBUG_WORDS = [
  '      7:\t',
  'calling init: /',
  'file=',
  ' [0];  generating link map',
  'initialize program: ',
  'find library=',
  'search cache=',
  '/lib/a.so',
];
const ldDebug: Format = {
  name: 'LD_DEBUG',
  words: DEBUG_WORDS,
  seeds: () => [
    encode(
      '      7:\tfind library=a.so [0]; searching\n      7:\t search cache=/etc/ld.so.cache\n      7:\t\n      7:\tfile=/lib/a.so [0];  generating link map\n      7:\tcalling init: /lib/a.so\n      7:\tinitialize program: /bin/sh\n/etc/a\n',
    ),
  ],
  mutate: (random, input, other) => mutateText(random, input, other, DEBUG_WORDS),
  run: read,
};

export const logFormats: readonly Format[] = [strace, ldDebug];
