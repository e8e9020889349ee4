/**
 * Whether the loader and the C library are of one build. They share private data, so glibc supports
 * no other combination. Each names its build in a banner; the loader since 2.33.
 * Source: glibc version.h as printed by elf/rtld.c and csu/version.c.
 */

import { matchInFile } from '../../files/file-text.js';
import type { Check, CheckContext } from '../check.js';

const LOADER_BANNER = /ld\.so \(([^)\n]*)\) \w+ release version (2\.\d+)/;
const LIBC_BANNER = /GNU C Library \(([^)\n]*)\) \w+ release version (2\.\d+)/;

export const checkLoaderBuild: Check = ({ closure, files }) => {
  if (closure.loader !== 'glibc' || closure.interpreter?.realPath === undefined) return [];
  const libc = closure.objects.find(({ elf }) => /^libc\.so\.6/.test(elf.dynamic?.soname ?? ''));
  if (libc === undefined || libc.role === 'program') return [];
  const loaderPath = closure.interpreter.realPath;
  const loader = bannerOf(files, loaderPath, LOADER_BANNER) ?? releaseInName(loaderPath);
  const library = bannerOf(files, libc.realPath, LIBC_BANNER);
  if (loader === undefined || library === undefined) return [];
  const otherRelease = loader.release !== library.release;
  const otherBuild = loader.build !== undefined && loader.build !== library.build;
  if (!otherRelease && !otherBuild) return [];
  return [
    {
      code: 'LOADER_LIBC_MISMATCH',
      severity: otherRelease ? 'error' : 'warning',
      path: libc.path,
      message: `${libc.path}: ${library.build} ${library.release}, but the loader ${loaderPath} is ${loader.build ?? 'glibc'} ${loader.release}`,
      cause: 'the loader and libc share private data, which changes between builds',
      remedy: 'take both files from one package of one distribution; never mix two roots',
    },
  ];
};

interface Banner {
  readonly build?: string;
  readonly release: string;
}

function bannerOf(files: CheckContext['files'], path: string, pattern: RegExp): Banner | undefined {
  const [, build, release] = matchInFile(files, path, pattern) ?? [];
  return build === undefined || release === undefined ? undefined : { build, release };
}

/** Up to 2.33 the loader's file was called after its release. */
function releaseInName(path: string): Banner | undefined {
  const release = /\/ld-(2\.\d+)(?:\.\d+)*\.so$/.exec(path)?.[1];
  return release === undefined ? undefined : { release };
}
