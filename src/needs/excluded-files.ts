/**
 * Needs without the files that the user leaves out. Libraries are left out by the walk that loads them.
 */
import { Exclusions, exactPattern } from '../closure/exclusions.js';
import type { RootFiles } from '../files/root-files.js';
import { type CopiedDirectory, partWithout } from './copied-directory.js';
import type { RuntimeNeed } from './need.js';

/** The need without what is left out, and the same need where that is nothing. */
export function withoutExcluded(
  need: RuntimeNeed,
  exclusions: Exclusions,
  files: RootFiles,
): RuntimeNeed {
  if (exclusions.isEmpty) return need;
  const { except } = need;
  const isKept = (path: string) => {
    const file = files.resolve(path);
    return !exclusions.hasPath(...(file.found ? [path, file.path] : [path]));
  };
  return {
    ...need,
    files: need.files
      .filter(isKept)
      .flatMap((path) => keptPart({ path, except }, exclusions, files)),
    starts: need.starts.filter(isKept),
    dataLeftOut: need.dataLeftOut?.filter(isKept),
    directories: need.directories.filter(({ path }) => isKept(path)),
    generated: Object.fromEntries(Object.entries(need.generated).filter(([path]) => isKept(path))),
  };
}

/** What the needs would give, by the paths of links too, to be left out of others. */
export function excludedPaths(needs: readonly RuntimeNeed[], files: RootFiles): Exclusions {
  const paths = needs.flatMap((need) => [
    ...need.files,
    ...need.starts,
    ...Object.keys(need.generated),
  ]);
  const all = paths.flatMap((path) => {
    const file = files.resolve(path);
    return file.found ? [path, file.path] : [path];
  });
  return new Exclusions(all.map(exactPattern));
}

/** The path itself, or what is in the directory if something below it is left out. */
function keptPart(
  copied: CopiedDirectory,
  exclusions: Exclusions,
  files: RootFiles,
): readonly string[] {
  const { path } = copied;
  const start = files.resolve(path);
  if (!start.found || start.entry.kind !== 'directory') return [path];
  const part = partWithout(files, copied, (file) =>
    exclusions.hasPath(file.path, file.shown, ...(file.target ? [file.target.path] : [])),
  );
  return part?.paths ?? [path];
}
