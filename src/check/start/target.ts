/**
 * The CPU of the program against that of the root: what the kernel refuses to start. Also files
 * that are no programs at all.
 * Source: fs/binfmt_elf.c (elf_check_arch); musl ldso/dynlink.c (map_library compares no machine).
 */

import { architectureOf, startsOn } from '../../elf/platform.js';
import { compatibleTargets, describeTarget } from '../../elf/target.js';
import type { Check } from '../check.js';

export const checkTarget: Check = ({ closure, cpu, system, options }) => {
  const { program } = closure;
  if (program.kind === 'script' || program.elf === undefined) return [];
  const { path } = program;
  const seen = `exec ${path}: exec format error\n${path}: cannot execute binary file: Exec format error`;
  if (program.kind === 'relocatable' || program.kind === 'core' || program.elf.debugOnly)
    return [
      {
        code: 'NOT_A_PROGRAM',
        severity: 'error',
        path,
        message: `${path}: ${program.elf.debugOnly ? 'debug information' : program.kind === 'core' ? 'a core dump' : 'a relocatable object'}, which nothing runs`,
        seen,
        cause: 'the kernel starts executables and position-independent executables only',
        remedy: 'name the program itself',
      },
    ];
  const { target } = program.elf;
  if (cpu === undefined || startsOn(cpu, target)) return [];
  const platform = `linux/${architectureOf(cpu)}`;
  // A root of 32-bit programs may well run on a 64-bit kernel; only --platform says that it does not.
  const mayRun = options.platform === undefined && startsOn(target, { ...cpu, abi: null });
  const isAsked = options.platform !== undefined;
  const against = isAsked
    ? `but it shall run on ${platform} (--platform)`
    : `but the root is for ${platform} (${system.evidence})`;
  return [
    {
      code: 'WRONG_CPU',
      severity: mayRun ? 'warning' : 'error',
      path,
      message: `${path}: for ${describeTarget(target)}, ${against}`,
      seen: program.kind === 'executable' ? seen : `${path}: cannot open shared object file`,
      cause: `a kernel for ${platform} starts no file for ${describeTarget(target)} without an emulator`,
      remedy: isAsked
        ? `build the program for ${platform}, or ask for the platform that it is for`
        : `build the program for ${platform}, or take the image of its own platform (--platform)`,
    },
  ];
};

/** musl maps files for any machine of the same class and byte order, and fails when it relocates. */
export const checkObjectTargets: Check = ({ closure }) => {
  const own = closure.program.elf?.target;
  if (own === undefined || closure.program.kind === 'script') return [];
  return closure.objects
    .filter(({ elf }) => !compatibleTargets(elf.target, own))
    .map(({ path, elf }) => ({
      code: 'LIBRARY_WRONG_TARGET',
      severity: 'error',
      path,
      message: `${path}: for ${describeTarget(elf.target)}, the program for ${describeTarget(own)}`,
      seen: `Error relocating ${path}: unsupported relocation type`,
      cause: `${closure.loader ?? 'the loader'} maps the file without a look at its CPU, and then cannot relocate it`,
      remedy: `put the library for ${describeTarget(own)} in its place`,
    }));
};
