/**
 * Whether the loader and the C library are of one build. They share private data, so glibc supports
 * no other combination. Each names its build in a banner; the loader since 2.33.
 * Source: glibc version.h as printed by elf/rtld.c and csu/version.c.
 */

import { RELEASE_TEXT } from '../../loader/traits.js';
import type { RealPath } from '../../root/root.js';
import { type CheckedProgram, defineCheck } from '../check.js';

export const loaderBuild = defineCheck({
  rules: [
    {
      code: 'LOADER_LIBC_MISMATCH',
      levels: ['error', 'warning'],
      summary: 'The loader and the C library are not of one build.',
      cause: 'They share private data, which changes between builds.',
      remedy: 'Take both files from one package of one distribution.',
    },
  ],
  check({ closure, files }) {
    const { traits } = closure;
    const banners = traits?.banners;
    if (traits === null || banners === undefined || closure.interpreter?.realPath === undefined)
      return [];
    const libc = closure.objects.find(({ elf }) => traits.libc.test(elf.dynamic?.soname ?? ''));
    if (libc === undefined || libc.role === 'program') return [];
    const loaderPath = closure.interpreter.realPath;
    const loader =
      bannerOf(files, loaderPath, banners.inLoader) ?? releaseIn(loaderPath, banners.inLoaderPath);
    const library = bannerOf(files, libc.realPath, banners.inLibc);
    if (loader === undefined || library === undefined) return [];
    const otherRelease = loader.release !== library.release;
    const otherBuild = loader.build !== undefined && loader.build !== library.build;
    if (!otherRelease && !otherBuild) return [];
    return [
      {
        code: 'LOADER_LIBC_MISMATCH',
        severity: otherRelease ? 'error' : 'warning',
        path: libc.path,
        message: `${libc.path}: ${library.build} ${library.release}, but the loader ${loaderPath} is ${loader.build ?? closure.loader} ${loader.release}`,
        cause: 'the loader and libc share private data, which changes between builds',
        remedy: 'take both files from one package of one distribution; never mix two roots',
      },
    ];
  },
});

interface Banner {
  readonly build?: string;
  readonly release: string;
}

function bannerOf(
  files: CheckedProgram['files'],
  path: RealPath,
  pattern: RegExp,
): Banner | undefined {
  const object = files.elfAt(path);
  const texts = object === undefined ? [] : files.texts.find(object, RELEASE_TEXT);
  for (const text of texts) {
    const [, build, release] = pattern.exec(text) ?? [];
    if (build !== undefined && release !== undefined) return { build, release };
  }
  return undefined;
}

function releaseIn(path: string, pattern: RegExp): Banner | undefined {
  const release = pattern.exec(path)?.[1];
  return release === undefined ? undefined : { release };
}
