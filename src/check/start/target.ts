/**
 * The CPU of the program against that of the root: what the kernel refuses to start. Also files
 * that are no programs at all.
 * Source: fs/binfmt_elf.c (elf_check_arch).
 */
import type { ElfFile } from '../../elf/elf-file.js';
import { architectureOf, startsOn } from '../../elf/platform.js';
import { describeTarget } from '../../elf/target.js';
import type { Fact } from '../../finding.js';
import { shellCommand } from '../../root/shell-word.js';
import { type CheckedProgram, defineCheck } from '../check.js';
import { noProgram, refusal } from './kernel-refusal.js';

export const target = defineCheck({
  rules: [
    {
      code: 'NOT_A_PROGRAM',
      levels: ['error'],
      summary: 'The file is nothing that can be started.',
      cause: 'The kernel starts executables and position-independent executables only.',
      remedy: 'Name the program itself.',
    },
    {
      code: 'WRONG_CPU',
      levels: ['error', 'warning'],
      summary: 'The program is for another CPU than the system to run on.',
      cause: 'A kernel starts no file for another CPU without an emulator.',
      remedy: 'Build the program for that CPU, or take an image for the CPU of the program.',
    },
  ],
  check(checked) {
    const { kind, elf, path, shebang } = checked.closure.program;
    if (kind === 'script' && shebang === undefined) return [notAScript(path)];
    if (kind === 'script' || elf === undefined) return [];
    if (kind === 'relocatable' || kind === 'core' || elf.debugOnly)
      return [
        {
          code: 'NOT_A_PROGRAM',
          severity: 'error',
          path,
          message: `${path}: ${whatItIs(elf)}, which nothing runs`,
          ...noProgram(path),
        },
      ];
    return wrongCpu(checked, elf);
  },
});

/** A shell runs such a file by itself when execve(2) refuses it; a container runtime does not. */
function notAScript(path: string): Fact<'NOT_A_PROGRAM'> {
  return {
    code: 'NOT_A_PROGRAM',
    severity: 'error',
    path,
    message: `${path}: a text without a #! line, which the kernel does not start`,
    ...refusal('ENOEXEC', path, []),
    cause: 'the kernel starts a text only if its first line names the program that runs it',
    remedy: `name that program in a first line: ${shellCommand('sed', '-i', '1i #!/bin/sh', path)}`,
  };
}

function whatItIs({ debugOnly, kind }: ElfFile): string {
  if (debugOnly) return 'debug information';
  return kind === 'core' ? 'a core dump' : 'a relocatable object';
}

function wrongCpu(checked: CheckedProgram, elf: ElfFile): Fact<'WRONG_CPU'>[] {
  const { closure, cpu, system, options } = checked;
  const { path, kind } = closure.program;
  if (cpu === undefined || startsOn(cpu, elf.target)) return [];
  const platform = `linux/${architectureOf(cpu)}`;
  const own = describeTarget(elf.target);
  const isAsked = options.platform !== undefined;
  // A root of 32-bit programs may well run on a 64-bit kernel; only --platform says that it does not.
  const mayRun = !isAsked && startsOn(elf.target, { ...cpu, abi: null });
  const isStarted = kind === 'executable';
  const against = isAsked
    ? `not for ${platform} (--platform)`
    : `but the root is for ${platform} (${system.source})`;
  return [
    {
      code: 'WRONG_CPU',
      severity: mayRun ? 'warning' : 'error',
      path,
      message: `${path}: for ${own}, ${against}`,
      ...(isStarted ? noProgram(path) : { seen: `${path}: cannot open shared object file` }),
      refusedByKernel: isStarted && !mayRun,
      cause: `a kernel for ${platform} starts no file for ${own} without an emulator`,
      remedy: isAsked
        ? `build the program for ${platform}, or give the platform that it is for`
        : `build the program for ${platform}, or take the image of its own platform (--platform)`,
    },
  ];
}
