/**
 * The pitfalls of docs/pitfalls.md that show when a program starts: for each a root that has it, how
 * to start the program there, what then is seen, and the code by which `elfdeps check` says it before.
 */
import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { EM_AARCH64, ET_EXEC } from '../../src/elf/constants.js';
import type { CheckOptions, TraceOptions } from '../../src/index.js';
import { buildElf } from '../support/elf-builder.js';
import { GLIBC, LIBC, MAIN, MUSL, type PitfallRoot } from './pitfall-root.js';

/** What roots are made from, beside this machine's own files. */
export interface Surroundings {
  /** The directory of an unpacked libc6 of a Debian release. */
  readonly debian: (suite: string) => string;
  /** A TCP port of this machine where somebody listens, and says nothing. */
  readonly port: number;
}

export interface PitfallRow {
  /** The row of docs/pitfalls.md. */
  readonly row: number;
  readonly name: string;
  readonly code: string;
  /** Makes the root. */
  readonly make: (root: PitfallRoot, surroundings: Surroundings) => unknown;
  /** What to start; /app without it. */
  readonly start?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What is checked, where that is not the program that is started. */
  readonly checked?: string;
  readonly trace?: TraceOptions;
  readonly options?: CheckOptions;
  /** What the start prints. */
  readonly real: RegExp;
  /** The remedy: with it the code is no longer found, and the start prints `mended`. */
  readonly mend?: (root: PitfallRoot, surroundings: Surroundings) => unknown;
  readonly mended?: RegExp;
  /** Whether a line of the finding's `seen` must be among the lines that were printed. */
  readonly sameWords?: boolean;
}

/** Ends without a function of libc, so that it needs no version of it. */
const BARE = 'void _start(void) { asm("mov $60, %eax; xor %edi, %edi; syscall"); }';
const LIBRARY = 'int f(void) { return 0; }';
const USER = 'int f(void);\nint main(void) { return f(); }';
const GONE = 'int f(void) { return 0; }\nint gone(void) { return 0; }';
const DLOPEN =
  '#include <dlfcn.h>\n#include <stdio.h>\nint main(int c, char **v) {\n' +
  'if (!dlopen(v[1], RTLD_NOW)) puts(dlerror()); return 0; }';
const SYSTEM =
  '#include <stdio.h>\n#include <stdlib.h>\n#include <sys/wait.h>\n' +
  'int main(void) { printf("status %d\\n", WEXITSTATUS(system("true"))); return 0; }';
/** Opens what its note says, as systemd's programs do. */
const NOTED =
  '#include <dlfcn.h>\n#include <stdio.h>\n' +
  'static const struct { int name, desc, type; char owner[4], json[52]; } note\n' +
  '__attribute__((used, section(".note.dlopen"), aligned(4))) = { 4, 52, 0x407c0c0a, "FDO",\n' +
  '"[{\\"soname\\":[\\"libfdisk.so.1\\"],\\"priority\\":\\"required\\"}]" };\n' +
  'int main(void) { if (!dlopen("libfdisk.so.1", RTLD_NOW)) puts(dlerror()); return 0; }';
const AS_NOBODY =
  '#include <unistd.h>\nint main(int c, char **v) { return setuid(65534) || execv(v[1], v + 1); }';
/** As ping: raises what its file allows, then opens a raw socket. */
const RAW_SOCKET =
  '#include <errno.h>\n#include <stdio.h>\n#include <string.h>\n#include <sys/socket.h>\n' +
  'int capset(void *, void *);\nint main(void) {\n' +
  'unsigned head[2] = { 0x20080522, 0 }, sets[6] = { 1 << 13, 1 << 13, 0 };\n' +
  'capset(head, sets);\nif (socket(2, SOCK_RAW, 1) < 0) printf("socktype: SOCK_RAW\\n%s\\n", strerror(errno));\n' +
  'else puts("a socket"); return 0; }';
/** Runs the ELF file that stands behind itself, as packers do. */
const UNPACKER =
  '#define _GNU_SOURCE\n#include <sys/mman.h>\n#include <fcntl.h>\n#include <stdio.h>\n' +
  '#include <unistd.h>\nextern char **environ;\nint main(int c, char **v) {\nchar b[4096]; long n;\n' +
  'int in = open("/proc/self/exe", O_RDONLY), out = memfd_create("x", 0);\n' +
  'lseek(in, -(long)SIZE, SEEK_END); while ((n = read(in, b, sizeof b)) > 0) write(out, b, n);\n' +
  'fexecve(out, v, environ); perror("unpacked program"); return 1; }';

export const PITFALL_ROWS: readonly PitfallRow[] = [
  {
    row: 1,
    name: 'the interpreter is missing',
    code: 'INTERPRETER_MISSING',
    make: (root) => root.compile('/app', MAIN),
    real: /exec \/app: no such file or directory/,
    sameWords: true,
  },
  {
    row: 2,
    name: 'a library is missing',
    code: 'LIBRARY_NOT_FOUND',
    make: (root) =>
      root
        .glibc()
        .library('/lib/libx.so.1', LIBRARY)
        .compile('/app', USER, { flags: ['/lib/libx.so.1'] })
        .remove('/lib/libx.so.1'),
    real: /libx\.so\.1: cannot open shared object file: No such file or directory/,
    sameWords: true,
  },
  {
    row: 3,
    name: 'a glibc program in a musl root',
    code: 'LIBC_MISMATCH',
    make: (root) => root.musl().compile('/app', MAIN),
    real: /exec \/app: no such file or directory/,
    sameWords: true,
  },
  {
    row: 4,
    name: "symbols of glibc that libc6-compat's musl has not",
    code: 'SYMBOL_NOT_FOUND',
    make: (root) =>
      root
        .musl()
        .link(GLIBC, `..${MUSL}`)
        .compile(
          '/app',
          'int backtrace(void **, int);\nint main(void) { return backtrace(0, 0); }',
        ),
    real: /Error relocating \/app: backtrace: symbol not found/,
    sameWords: true,
  },
  {
    row: 5,
    name: 'a library for glibc in a process of musl',
    code: 'LIBRARY_NOT_FOUND',
    make: (root) =>
      root
        .musl()
        .library('/lib/libx.so', LIBRARY, ['-Wl,--no-as-needed', '-l:ld-linux-x86-64.so.2'])
        .compile('/app', USER, { compiler: 'musl-gcc', flags: ['/lib/libx.so'] }),
    real: /Error loading shared library ld-linux-x86-64\.so\.2: No such file or directory \(needed by \/lib\/libx\.so\)/,
    sameWords: true,
  },
  {
    row: 6,
    name: 'a program built for a newer glibc',
    code: 'VERSION_NOT_FOUND',
    make: (root, { debian }) => {
      takeGlibc(root, debian('bullseye'));
      root.compile('/app', 'int arc4random(void);\nint main(void) { return !arc4random(); }');
    },
    real: /version `GLIBC_2\.3\d' not found \(required by \/app\)/,
    sameWords: true,
  },
  {
    row: 7,
    name: 'loader and libc of different releases',
    code: 'LOADER_LIBC_MISMATCH',
    make: (root, { debian }) => {
      takeGlibc(root, debian('bullseye'));
      root
        .remove(GLIBC)
        .take(GLIBC)
        .compile('/app', BARE, {
          flags: ['-nostartfiles', '-Wl,--no-as-needed', '-lc'],
        });
    },
    real: /Inconsistency detected by ld\.so: .*_dl_call_libc_early_init/,
  },
  {
    row: 7,
    name: 'libc of a newer release than the loader',
    code: 'LOADER_LIBC_MISMATCH',
    make: (root, { debian }) => {
      takeGlibc(root, debian('bullseye'));
      root.take(LIBC).compile('/app', MAIN);
    },
    real: /ld-linux-x86-64\.so\.2: version `GLIBC_2\.35' not found \(required by .*libc\.so\.6\)/,
  },
  {
    row: 8,
    name: 'a program for another CPU',
    code: 'WRONG_CPU',
    make: (root) =>
      root.glibc().write('/app', buildElf({ type: ET_EXEC, machine: EM_AARCH64, dynamic: false })),
    real: /exec \/app: exec format error/,
    sameWords: true,
  },
  {
    row: 8,
    name: 'a library of another class',
    code: 'LIBRARY_WRONG_TARGET',
    make: (root) =>
      root
        .glibc()
        .library('/lib/libx.so', LIBRARY)
        .compile('/app', USER, { flags: ['/lib/libx.so'] })
        .write('/lib/libx.so', buildElf({ class: 32, soname: 'libx.so' })),
    real: /libx\.so: wrong ELF class: ELFCLASS32/,
    sameWords: true,
  },
  {
    row: 8,
    name: 'a library of another class, for musl',
    code: 'LIBRARY_NOT_FOUND',
    make: (root) =>
      root
        .musl()
        .library('/lib/libx.so', LIBRARY, ['-nostdlib'])
        .compile('/app', USER, { compiler: 'musl-gcc', flags: ['/lib/libx.so'] })
        .write('/lib/libx.so', buildElf({ class: 32, soname: 'libx.so' })),
    real: /Error loading shared library libx\.so: Exec format error \(needed by \/app\)/,
    sameWords: true,
  },
  {
    row: 20,
    name: 'system() without a shell',
    code: 'SHELL_MISSING',
    make: (root) => root.glibc().compile('/app', SYSTEM),
    real: /^status 127$/m,
  },
  {
    row: 21,
    name: 'the interpreter of a script is missing',
    code: 'SCRIPT_INTERPRETER_MISSING',
    make: (root) => root.write('/app', '#!/bin/bash\n'),
    real: /exec \/app: no such file or directory/,
    sameWords: true,
  },
  {
    row: 21,
    name: 'a script with CR LF',
    code: 'SCRIPT_CRLF',
    make: (root) => root.glibc().compile('/bin/sh', MAIN).write('/app', '#!/bin/sh\r\nexit\r\n'),
    real: /exec \/app: no such file or directory/,
    sameWords: true,
  },
  {
    row: 21,
    name: 'env finds no interpreter',
    code: 'SCRIPT_PROGRAM_MISSING',
    make: (root) =>
      root.glibc().take('/usr/bin/env').write('/app', '#!/usr/bin/env python3\nprint()\n'),
    real: /env: 'python3': No such file or directory/,
    sameWords: true,
  },
  {
    row: 21,
    name: 'env, and CR LF',
    code: 'SCRIPT_CRLF',
    make: (root) => root.glibc().take('/usr/bin/env').write('/app', '#!/usr/bin/env bash\r\n'),
    real: /env: 'bash\\r': No such file or directory/,
    sameWords: true,
  },
  {
    row: 22,
    name: 'a copy that followed the links of libraries',
    code: 'LINK_DEREFERENCED',
    make: (root, { debian }) =>
      root
        .glibc()
        .take(`${debian('bullseye')}/sbin/ldconfig`, '/sbin/ldconfig')
        .library('/lib/libx.so.1', LIBRARY)
        .take(root.at('/lib/libx.so.1'), '/lib/libx.so.1.0.0')
        .write('/etc/.keep', '')
        .compile('/app', USER, { flags: ['/lib/libx.so.1'] }),
    start: ['/sbin/ldconfig'],
    real: /\/lib\/libx\.so\.1 is not a symbolic link/,
    sameWords: true,
  },
  {
    row: 24,
    name: 'copied by the name of the file, not of the library',
    code: 'LIBRARY_NOT_FOUND',
    make: (root) =>
      root
        .glibc()
        .library('/lib/libx-2.28.so', LIBRARY, ['-Wl,-soname,libx.so.6'])
        .compile('/app', USER, { flags: ['/lib/libx-2.28.so'] }),
    real: /libx\.so\.6: cannot open shared object file/,
    sameWords: true,
  },
  {
    row: 25,
    name: 'a program for newer CPUs',
    code: 'CPU_LEVEL',
    make: (root) =>
      root
        .glibc()
        .take('/usr/bin/qemu-x86_64-static', '/qemu')
        .compile('/app', MAIN, { flags: ['-Wl,-z,x86-64-v3'] }),
    start: ['/qemu', '-cpu', 'qemu64', '/app'],
    options: { cpu: 'x86-64-v1' },
    real: /\/app: CPU ISA level is lower than required/,
    sameWords: true,
  },
  {
    row: 26,
    name: 'one file with two needed names, of which one was copied',
    code: 'LIBRARY_NOT_FOUND',
    make: (root) =>
      root
        .glibc()
        .library('/lib/libx.so', LIBRARY)
        .library('/lib/liby.so', 'int g(void) { return 0; }')
        .compile('/app', 'int f(void), g(void);\nint main(void) { return f() + g(); }', {
          flags: ['/lib/libx.so', '/lib/liby.so'],
        })
        .remove('/lib/liby.so'),
    real: /liby\.so: cannot open shared object file/,
    sameWords: true,
  },
  {
    row: 27,
    name: 'a program that was moved away from its $ORIGIN/../lib',
    code: 'LIBRARY_NOT_FOUND',
    make: (root) =>
      root
        .glibc()
        .library('/opt/java/lib/libjli.so', LIBRARY)
        .compile('/app', USER, {
          flags: ['/opt/java/lib/libjli.so', '-Wl,-rpath,$ORIGIN/../lib'],
        }),
    real: /libjli\.so: cannot open shared object file/,
    sameWords: true,
  },
  {
    row: 28,
    name: 'a library that only ld.so.cache leads to, and no cache',
    code: 'LIBRARY_NOT_FOUND',
    make: (root) =>
      root
        .glibc()
        .write('/etc/ld.so.conf', '/usr/local/lib\n', 0o644)
        .library('/usr/local/lib/libx.so', LIBRARY)
        .compile('/app', USER, { flags: ['/usr/local/lib/libx.so'] }),
    real: /libx\.so: cannot open shared object file/,
    sameWords: true,
  },
  {
    row: 33,
    name: 'a kernel that is older than libc',
    code: 'KERNEL_TOO_OLD',
    make: (root, { debian }) => {
      takeGlibc(root, debian('bullseye'));
      root.take('/usr/bin/qemu-x86_64-static', '/qemu').compile('/app', MAIN);
    },
    start: ['/qemu', '-r', '2.6.16', '/app'],
    options: { kernel: '2.6.16' },
    real: /FATAL: kernel too old/,
    sameWords: true,
  },
  {
    row: 34,
    name: 'LD_PRELOAD names a file that was not copied',
    code: 'PRELOAD_IGNORED',
    make: (root) => root.glibc().compile('/app', MAIN),
    env: { LD_PRELOAD: '/usr/lib/libjemalloc.so.2' },
    trace: { preload: '/usr/lib/libjemalloc.so.2' },
    real: /object '\/usr\/lib\/libjemalloc\.so\.2' from LD_PRELOAD cannot be preloaded/,
    sameWords: true,
  },
  {
    row: 34,
    name: '/etc/ld.so.preload names a file that was not copied',
    code: 'PRELOAD_IGNORED',
    make: (root) =>
      root.glibc().write('/etc/ld.so.preload', '/lib/libgone.so\n').compile('/app', MAIN),
    real: /object '\/lib\/libgone\.so' from \/etc\/ld\.so\.preload cannot be preloaded/,
    sameWords: true,
  },
  {
    row: 30,
    name: 'a library that only .note.dlopen names',
    code: 'DLOPEN_MISSING',
    make: (root) => root.glibc().compile('/app', NOTED),
    real: /^libfdisk\.so\.1: cannot open shared object file: No such file or directory$/m,
    sameWords: true,
  },
  {
    row: 31,
    name: "an addon's library in a package that is not there",
    code: 'LIBRARY_NOT_FOUND',
    make: (root) =>
      root
        .glibc()
        .library('/node_modules/vips/lib/libvips.so.42', LIBRARY)
        .library('/node_modules/sharp/sharp.node', USER.replace('main', 'g'), [
          '/node_modules/vips/lib/libvips.so.42',
          '-Wl,-rpath,$ORIGIN/../vips/lib',
        ])
        .remove('/node_modules/vips/lib/libvips.so.42')
        .compile('/app', DLOPEN),
    start: ['/app', '/node_modules/sharp/sharp.node'],
    checked: '/node_modules/sharp/sharp.node',
    real: /^libvips\.so\.42: cannot open shared object file: No such file or directory$/m,
  },
  {
    row: 35,
    name: 'a program that lost its file capabilities',
    code: 'CAPABILITIES',
    make: (root) =>
      root.glibc().compile('/as-nobody', AS_NOBODY).compile('/app', RAW_SOCKET).read('/app'),
    start: ['/as-nobody', '/app'],
    real: /^socktype: SOCK_RAW\nOperation not permitted$/m,
    sameWords: true,
  },
  {
    row: 36,
    name: 'a library that wants an executable stack, opened since glibc 2.41',
    code: 'EXECUTABLE_STACK',
    make: (root, { debian }) => {
      takeGlibc(root, debian('trixie'));
      root.library('/lib/libx.so', LIBRARY, ['-z', 'execstack']).compile('/app', DLOPEN);
    },
    start: ['/app', '/lib/libx.so'],
    checked: '/lib/libx.so',
    real: /cannot enable executable stack as shared object requires/,
    sameWords: true,
  },
  {
    row: 37,
    name: 'a library that wants much of the static TLS block',
    code: 'STATIC_TLS',
    make: (root) =>
      root
        .glibc()
        .library('/lib/libx.so', '__thread char big[9000];\nchar *f(void) { return big; }', [
          '-ftls-model=initial-exec',
        ])
        .compile('/app', DLOPEN),
    start: ['/app', '/lib/libx.so'],
    checked: '/lib/libx.so',
    real: /cannot allocate memory in static TLS block/,
    sameWords: true,
  },
  {
    row: 38,
    name: 'a static program that unpacks a dynamic one',
    code: 'PACKED',
    make: (root) => {
      root.compile('/inner', MAIN);
      const inner = root.read('/inner');
      root.compile('/app', UNPACKER, { flags: ['-static', `-DSIZE=${inner.length}`] });
      root.write('/app', Buffer.concat([root.read('/app'), inner])).remove('/inner');
    },
    real: /unpacked program: No such file or directory/,
  },
  {
    row: 39,
    name: "a driver's library",
    code: 'HOST_PROVIDED',
    make: (root) =>
      root
        .glibc()
        .library('/lib/libcuda.so.1', LIBRARY)
        .compile('/app', USER, { flags: ['/lib/libcuda.so.1'] })
        .remove('/lib/libcuda.so.1'),
    real: /libcuda\.so\.1: cannot open shared object file/,
    sameWords: true,
  },
  {
    row: 40,
    name: 'another build of a library lacks a symbol that is bound at start',
    code: 'SYMBOL_NOT_FOUND',
    make: (root) => makeOtherBuild(root, '-Wl,-z,now'),
    real: /\/app: symbol lookup error: \/app: undefined symbol: gone/,
    sameWords: true,
  },
  {
    row: 40,
    name: 'the same, bound at the first call',
    code: 'SYMBOL_NOT_FOUND',
    make: (root) => makeOtherBuild(root, '-Wl,-z,lazy'),
    real: /\/app: symbol lookup error: \/app: undefined symbol: gone/,
    sameWords: true,
  },
];

/** Loader and libc of an unpacked Debian package; up to 2.33 the loader's file has another name. */
function takeGlibc(root: PitfallRoot, directory: string): void {
  const libraries = '/lib/x86_64-linux-gnu';
  const loader = realpathSync(`${directory}${libraries}/ld-linux-x86-64.so.2`);
  root.take(`${directory}${libraries}/libc.so.6`, `${libraries}/libc.so.6`);
  root.take(loader, `${libraries}/${basename(loader)}`);
  root.link(GLIBC, `..${libraries}/${basename(loader)}`);
}

function makeOtherBuild(root: PitfallRoot, flag: string): void {
  root
    .glibc()
    .library('/lib/libx.so', GONE)
    .compile('/app', 'int gone(void);\nint main(void) { return gone(); }', {
      flags: [flag, '/lib/libx.so'],
    })
    .library('/lib/libx.so', LIBRARY);
}
