/**
 * The options of a command line that another command needs to see the same files.
 */
import type { SharedOptions } from './options.js';

/** As words of a command line; undefined where the input can be read only once. */
export function repeatedOptions(options: SharedOptions): readonly string[] | undefined {
  if (options.root === '-' || options.opened?.includes('-')) return undefined;
  const { root, libraryPath, preload, loader, hwcaps, ldconfig, user, workdir, dlopen } = options;
  const single: readonly (readonly [string, string | undefined])[] = [
    ['--root', root],
    ['--max-unpacked', options.maxUnpacked],
    ['--library-path', libraryPath],
    ['--preload', preload],
    ['--loader', loader],
    ['--hwcaps', hwcaps],
    ['--user', user],
    ['--workdir', workdir],
    ['--dlopen', dlopen],
  ];
  const lists: readonly (readonly [string, readonly string[] | undefined])[] = [
    ['--include', options.include],
    ['--package', options.package],
    ['--opened', options.opened],
    ['--exclude', options.exclude],
  ];
  return [
    ...single.flatMap(([name, value]) => (value === undefined ? [] : [name, value])),
    ...(ldconfig ? ['--ldconfig'] : []),
    ...lists.flatMap(([name, values = []]) => values.flatMap((value) => [name, value])),
  ];
}
