/**
 * Programs and libraries of one C library in a root of another: glibc in musl's world and the
 * reverse, and whether a compatibility layer (gcompat, libc6-compat) is there.
 */

import type { LoadedObject } from '../../loader/loader.js';
import { baseName } from '../../root/path-text.js';
import type { Check } from '../check.js';

/** Needed names that only files built for glibc have; musl answers to `libc.so.6` too. */
const GLIBC_NAME = /^(?:libc\.so\.6(?:\.1)?|ld-linux[\w.-]*\.so\.\d|ld64\.so\.\d)$/;
const MUSL_NAME = /^(?:libc\.musl-[\w-]+\.so\.1|libc\.so)$/;

export const checkLibcFamily: Check = ({ closure, system, files }) => {
  const { program, interpreter } = closure;
  const elf = program.elf;
  if (program.kind === 'script' || elf === undefined) return [];
  const wanted = familyOfInterpreter(elf.interpreter);
  if (wanted !== undefined && system.libc !== undefined && wanted !== system.libc) {
    if (interpreter?.status === 'found' && closure.libc === wanted) return [];
    const layer = wanted === 'glibc' ? 'gcompat' : 'musl';
    const seen = wanted === 'glibc' && closure.libc === 'musl';
    return [
      {
        code: 'LIBC_MISMATCH',
        // A layer that stands in for the loader may do: the symbols decide, and are checked too.
        severity: seen ? 'warning' : 'error',
        path: program.path,
        message: `${program.path}: built for ${wanted}, but the C library of the root is ${system.libc}`,
        ...(seen ? {} : { seen: `exec ${program.path}: no such file or directory` }),
        cause: seen
          ? `${interpreter?.path} is ${interpreter?.realPath}, a layer that has not all of glibc`
          : `programs for ${wanted} name its loader, and ${system.libc} has another one`,
        remedy: `build the program in an image with ${system.libc}, or link it statically, or install ${layer} in the root`,
      },
    ];
  }
  return closure.objects.flatMap((object) => foreignObject(object, closure.libc, files.root.name));
};

function foreignObject(
  { path, role, elf }: LoadedObject,
  libc: string | null,
  root: string,
): ReturnType<Check> {
  if (role === 'interpreter') return [];
  const needed = elf.dynamic?.needed ?? [];
  const sign = needed.find((name) => (libc === 'musl' ? GLIBC_NAME : MUSL_NAME).test(name));
  if (sign === undefined || (libc !== 'musl' && libc !== 'glibc')) return [];
  const built = libc === 'musl' ? 'glibc' : 'musl';
  return [
    {
      code: 'LIBC_MISMATCH',
      severity: 'warning',
      path,
      message: `${path}: built for ${built} (it needs ${sign}), but runs with ${libc}`,
      cause: `a program has one C library, and what ${built} has beyond ${libc} is not there`,
      remedy: `take a build of this file for ${libc}${root === '/' ? '' : ` into ${root}`}`,
    },
  ];
}

function familyOfInterpreter(interpreter: string | undefined): string | undefined {
  if (interpreter === undefined) return undefined;
  const name = baseName(interpreter);
  if (/^ld-musl-/.test(name)) return 'musl';
  return /^(?:ld-linux|ld64?\.so|ld-2\.)/.test(name) ? 'glibc' : undefined;
}
