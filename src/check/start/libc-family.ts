/**
 * Programs and libraries of one C library in a root of another: glibc in musl's world and the
 * reverse, and whether a compatibility layer (gcompat, libc6-compat) is there. The loaders tell which
 * names only files built for them have.
 */

import type { Closure } from '../../closure/closure.js';
import type { Fact } from '../../finding.js';
import type { LoadedObject, Loader } from '../../loader/loader.js';
import { baseName } from '../../root/path-text.js';
import { type CheckedProgram, defineCheck } from '../check.js';
import { loadersOf } from './interpreter.js';
import { noInterpreter } from './kernel-refusal.js';

/** What a program for another C library lacks in a root: the same remedy brings all of it. */
const CONSEQUENCES = ['INTERPRETER_MISSING', 'LIBRARY_NOT_FOUND', 'LIBRARY_WRONG_TARGET'];

export const libcFamily = defineCheck({
  rules: [
    {
      code: 'LIBC_MISMATCH',
      levels: ['error', 'warning'],
      summary: 'A file was built for another C library than the one that it meets.',
      cause: 'A program has one C library; glibc and musl are not interchangeable.',
      remedy: 'Take a build for the C library of the root, or link statically.',
    },
  ],
  check(checked) {
    const { closure, system, files, loaders } = checked;
    const { elf, kind } = closure.program;
    if (kind === 'script' || elf === undefined) return [];
    const wanted = loaderOfInterpreter(elf.interpreter, loaders);
    if (wanted !== undefined && system.libc !== undefined && wanted.libc !== system.libc)
      return otherRoot(closure, wanted, { ...system, libc: system.libc });
    const own = loaders.find(({ name }) => name === closure.loader);
    if (own === undefined) return [];
    return closure.objects.flatMap((object) =>
      foreignObject(object, own, loaders, files.root.name),
    );
  },
});

/** A program for the C library of `wanted` in a root that has another one. */
function otherRoot(
  { program, interpreter, libc: loaded }: Closure,
  { libc, traits }: Loader,
  system: CheckedProgram['system'] & { readonly libc: string },
): Fact<'LIBC_MISMATCH'>[] {
  const ofRoot = system.libc;
  const { path } = program;
  const isFound = interpreter?.status === 'found';
  if (isFound && loaded === libc) return [];
  // A layer that stands in for the loader may do: the symbols decide, and are checked too.
  const isLayer = isFound && loaded !== null;
  const layer = traits.layer === undefined ? '' : `, or install ${traits.layer} in the root`;
  return [
    {
      code: 'LIBC_MISMATCH',
      severity: isLayer ? 'warning' : 'error',
      path,
      message: `${path}: built for ${libc}, but the C library of the root is ${ofRoot}`,
      ...(isLayer ? { refusedByKernel: false } : noInterpreter(path)),
      explains: isLayer ? undefined : CONSEQUENCES,
      cause: isLayer
        ? `${interpreter?.path} is ${interpreter?.realPath}, a layer that does not have all of ${libc}`
        : `a program names the loader of its C library, and ${loadersOf(system, interpreter?.path ?? '') ?? `${ofRoot} has another one`}`,
      remedy: `build the program in an image with ${ofRoot}, or link it statically${layer}`,
    },
  ];
}

function foreignObject(
  { path, role, elf }: LoadedObject,
  own: Loader,
  loaders: readonly Loader[],
  root: string,
): Fact<'LIBC_MISMATCH'>[] {
  if (role === 'interpreter') return [];
  for (const name of elf.dynamic?.needed ?? []) {
    if (own.recognizesNeeds([name])) continue;
    const built = loaders.find((loader) => loader.recognizesNeeds([name]))?.libc;
    if (built === undefined) continue;
    return [
      {
        code: 'LIBC_MISMATCH',
        severity: 'warning',
        path,
        message: `${path}: built for ${built} (it needs ${name}), but runs with ${own.libc}`,
        cause: `a program has one C library, and what ${built} has beyond ${own.libc} is not there`,
        remedy: `take a build of this file for ${own.libc}${root === '/' ? '' : ` into ${root}`}`,
      },
    ];
  }
  return [];
}

function loaderOfInterpreter(
  interpreter: string | undefined,
  loaders: readonly Loader[],
): Loader | undefined {
  if (interpreter === undefined) return undefined;
  const names = [baseName(interpreter)];
  return loaders.find((loader) => loader.recognizesInterpreter(names));
}
