/**
 * Files that tell Python of distributions that others require: pkg_resources ends a program that lacks one, also
 * where the code of it is never loaded and no package depends on it.
 * Source: setuptools pkg_resources WorkingSet.resolve(); core metadata 2.1, Requires-Dist; requires.txt of eggs.
 */
import type { RootFiles } from '../../files/root-files.js';
import type { FileBelow } from '../files-below.js';

const CHECKS = '/pkg_resources/__init__.py';
/** `numpy-1.24.2.egg-info/PKG-INFO` */
const METADATA = /\/([\w.]+?)(?:-[^/]*)?\.(?:dist|egg)-info(?:\/([^/]*))?$/;
/** Without a condition, such as that of an extra. */
const REQUIRED = /^Requires-Dist: *([\w.-]+)[^;\n]*$/gm;
/** Of the lines in front of the first extra. */
const LINE = /^([\w.-]+)[^;\n]*$/gm;

/** Paths of such files among those that are not wanted; none where nothing that is wanted asks for them. */
export function requiredMetadata(
  files: RootFiles,
  found: readonly FileBelow[],
  isWanted: (file: FileBelow) => boolean,
): ReadonlySet<string> {
  const added = new Set<string>();
  if (!found.some((file) => file.path.endsWith(CHECKS) && isWanted(file))) return added;
  const all = found.flatMap((file) => {
    const [, name, part] = METADATA.exec(file.path) ?? [];
    return name === undefined ? [] : [{ file, name: normal(name), part }];
  });
  const pending = all.filter(({ file }) => isWanted(file));
  const seen = new Set(pending.map(({ name }) => name));
  for (const { file, part } of pending)
    for (const name of requirements(files.readText(file.path) ?? '', part)) {
      if (seen.has(name)) continue;
      seen.add(name);
      const needed = all.filter((each) => each.name === name);
      pending.push(...needed);
      for (const each of needed) added.add(each.file.path);
    }
  return added;
}

function requirements(text: string, part = ''): string[] {
  const matches =
    part === 'METADATA'
      ? text.matchAll(REQUIRED)
      : part === 'requires.txt'
        ? (text.split('[', 1)[0] as string).matchAll(LINE)
        : [];
  return [...matches].map(([, name = '']) => normal(name));
}

/** Source: PEP 503, "Normalized Names". */
function normal(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
